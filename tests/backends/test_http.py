"""HTTP as asking a model needs it, against sockets that send what they are told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from npc.backends import http
from npc.backends.http import Connections
from npc.errors import BackendError

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@asynccontextmanager
async def serving(*answers: bytes, then: Callable[[asyncio.StreamWriter], None] | None = None) -> AsyncIterator[Served]:
    """A socket that sends the answers one after the other, one to a request, whatever was asked."""
    served = Served(list(answers), then)
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/"
    served.client = Connections(served.url, {"x-key": "k"})
    try:
        yield served
    finally:
        await served.client.aclose()
        server.close()


class Served:
    def __init__(self, answers: list[bytes], then: Callable[[asyncio.StreamWriter], None] | None) -> None:
        self.answers, self.then = answers, then
        self.url = ""
        self.client: Connections
        self.connections = 0
        self.asked: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked.append(head + await reader.readexactly(2))
                writer.write(self.answers.pop(0))
                if self.then is not None:
                    self.then(writer)
                await writer.drain()
            await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def test_a_connection_serves_one_request_after_the_other() -> None:
    """Requests have their path, headers and body, and share a connection."""
    async with serving(OK, OK, OK) as served:
        for _ in range(3):
            answer = await served.client.post("/chat", b"{}")
            assert (answer.status, answer.body) == (200, b"{}")
    assert served.connections == 1
    head = served.asked[0].decode()
    assert head.startswith("POST /v1/chat HTTP/1.1\r\n")
    assert head.endswith("\r\n\r\n{}")
    assert f"host: {served.url.split('/')[2]}\r\n" in head.lower()
    assert "x-key: k\r\n" in head.lower()
    assert "content-length: 2\r\n" in head.lower()


async def test_answers_in_chunks_and_to_the_end_are_read() -> None:
    """Chunks are put together; a body without a length ends with the connection, which is not used again."""
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    informed = b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK
    async with serving(chunked, informed, OK) as served:
        for _ in range(3):
            assert (await served.client.post("", b"{}")).body == b"{}"
    assert served.connections == 1
    async with serving(b"HTTP/1.1 200 OK\r\n\r\n{}", then=lambda writer: writer.close()) as served:
        assert (await served.client.post("", b"{}")).body == b"{}"


@pytest.mark.parametrize(
    "answer", [OK + OK, OK + b"x", b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"]
)
async def test_a_connection_with_more_on_it_is_not_used_again(answer: bytes) -> None:
    """What comes after an answer, unasked, is never read as the next one."""
    async with serving(answer, OK) as served:
        assert (await served.client.post("", b"{}")).body == b"{}"
        assert (await served.client.post("", b"{}")).body == b"{}"
    assert served.connections == 2


async def test_what_comes_while_nobody_asks_closes_the_connection() -> None:
    """Bytes that arrive on an idle connection are not waited for by anybody."""
    async with serving(OK, OK) as served:
        await served.client.post("", b"{}")
        (connection,) = served.client._idle
        connection.data_received(OK)
        assert (await served.client.post("", b"{}")).body == b"{}"
    assert served.connections == 2


async def test_a_connection_that_was_closed_meanwhile_is_not_used() -> None:
    """A server that hangs up after its answer is connected to anew."""
    async with serving(OK, OK, then=lambda writer: writer.close()) as served:
        await served.client.post("", b"{}")
        (connection,) = served.client._idle
        await connection.lost
        await served.client.post("", b"{}")
    assert served.connections == 2


async def test_connections_left_idle_for_long_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while a server may have forgotten a connection: a new one is opened."""
    async with serving(OK, OK) as served:
        await served.client.post("", b"{}")
        monkeypatch.setattr(http, "IDLE_SECONDS", 0.0)
        await served.client.post("", b"{}")
    assert served.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x" * 70_000,
        b"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2000000\r\n\r\n" + b" " * 1_100_000,
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    ],
)
async def test_what_is_no_answer_is_a_transport_failure(answer: bytes) -> None:
    """Whatever else comes ends the request with reason `transport`, and the connection with it."""
    async with serving(answer, then=lambda writer: writer.close()) as served:
        with pytest.raises(BackendError) as caught:
            await served.client.post("", b"{}")
        assert caught.value.reason == "transport"
        assert served.client._idle == []


async def test_a_server_without_a_known_certificate_is_not_talked_to() -> None:
    """HTTPS means that certificates are looked at: a plain server, and one unknown, get no request."""
    async with serving(OK) as served:
        client = Connections(served.url.replace("http:", "https:"), {})
        with pytest.raises(BackendError, match="no connection"):
            await client.post("", b"{}")
        assert client._context is not None
        assert client._context.verify_mode is ssl.CERT_REQUIRED
        assert client._context.check_hostname
        await client.aclose()
    assert served.asked == []


async def test_closing_ends_what_is_under_way() -> None:
    """A request that waits fails when its connections are closed, and none is left open."""
    async with serving(b"HTTP/1.1 200 OK\r\n") as served:
        asking = asyncio.create_task(served.client.post("", b"{}"))
        while not served.asked:
            await asyncio.sleep(0)
        await served.client.aclose()
        with pytest.raises(BackendError):
            await asking
        assert served.client.is_closed()
        assert served.client._open == set()
