"""HTTP/1.1 as asking a model needs it: one POST at a time on a connection, kept open for the next.

A client for all purposes spends more on a request than a whole turn takes, and the more so the more requests are under
way (BENCHMARKS.md has the figures). It also takes what a server sent unasked for the answer to the next request on the
connection, which would be the answer to somebody else's line: here such a connection is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import quote, urlsplit

import h11
import truststore

from npc.errors import BackendError

LARGEST_BODY = 1_000_000
"""Bytes of an answer that are read; a reply has a few hundred."""

LARGEST_HEAD = 65_536
"""Bytes of a status line and headers."""

IDLE_CONNECTIONS = 256
IDLE_SECONDS = 30.0
"""How long a connection that nobody uses is kept open."""

CLOSING_SECONDS = 1.0

NEXT_ADDRESS_SECONDS = 0.25
"""After which a host's next address is tried beside the one that has not answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the status, the headers by their names in lower case, the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connections:
    """The connections of one event loop to one server.

    Args:
        base_url: beginning with ``http://`` or ``https://``; paths are appended to its own.
        headers: sent with every request.
    """

    def __init__(self, base_url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(base_url)
        assert parts.hostname is not None
        self._host = parts.hostname
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._path = quote(parts.path.rstrip("/"), safe="/%:@!$&'()*+,;=~")
        host = f"[{self._host}]" if ":" in self._host else self._host.encode("idna").decode("ascii")
        sent = {"host": host if parts.port is None else f"{host}:{parts.port}", **headers}
        assert all(value.isascii() and value.isprintable() for value in sent.values()), "a header of one plain line"
        self._head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        self._context: ssl.SSLContext | None = None
        self._idle: list[_Connection] = []
        self._open: set[_Connection] = set()
        self._closed = False

    async def post(self, path: str, body: bytes) -> Answer:
        """Send a request and read its answer. Cancelled, it hangs up.

        Raises:
            BackendError: ``transport``: there is no connection, or no whole answer that is HTTP came.
        """
        connection = self._kept() or await self._connected()
        head = f"POST {self._path}{path} HTTP/1.1\r\n{self._head}content-length: {len(body)}\r\n\r\n"
        try:
            answer = await connection.exchange(head.encode("ascii"), body)
        except BaseException:
            connection.abort()
            raise
        if connection.usable and not self._closed and len(self._idle) < IDLE_CONNECTIONS:
            self._idle.append(connection)
        else:
            connection.abort()
        return answer

    def is_closed(self) -> bool:
        """Whether `aclose` was called."""
        return self._closed

    async def aclose(self) -> None:
        """Close all connections; what is under way fails."""
        self._closed = True
        closing = [connection.lost for connection in self._open]
        for connection in list(self._open):
            connection.abort()
        if closing:
            await asyncio.wait(closing, timeout=CLOSING_SECONDS)

    def _kept(self) -> _Connection | None:
        now = monotonic()
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and now - connection.used_at < IDLE_SECONDS:
                return connection
            connection.abort()
        return None

    async def _connected(self) -> _Connection:
        if self._tls and self._context is None:
            self._context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(
                lambda: _Connection(self._open),
                self._host,
                self._port,
                ssl=self._context if self._tls else None,
                happy_eyeballs_delay=NEXT_ADDRESS_SECONDS,
            )
        except (OSError, UnicodeError) as error:
            raise BackendError("transport", f"no connection to {self._host}: {type(error).__name__}") from None
        return connection


# h11 reads answers, and for that must know that something was asked; what is sent are the bytes written here.
_ASKED = h11.Request(method="POST", target="/", headers=[("host", "server")])
_END = h11.EndOfMessage()


class _Connection(asyncio.Protocol):
    """One connection, which adds itself to the set of those that are open while it is."""

    def __init__(self, among: set[_Connection]) -> None:
        self._among = among
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._busy = False
        self.usable = True
        self.used_at = 0.0
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._among.add(self)

    def data_received(self, data: bytes) -> None:
        if self._busy:
            self._receive(data)
        else:
            self.abort()  # nobody asked: it must not become the answer to what is asked next

    def eof_received(self) -> bool:
        if self._busy:
            self._receive(b"")
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        self._among.discard(self)
        if self._busy:
            self._receive(b"")
        if not self.lost.done():
            self.lost.set_result(None)

    def abort(self) -> None:
        """Hang up at once."""
        self.usable = False
        if self._transport is not None:
            self._transport.abort()

    async def exchange(self, head: bytes, body: bytes) -> Answer:
        assert self._transport is not None
        self._busy = True
        try:
            self._http.send(_ASKED)
            self._http.send(_END)
            self._transport.writelines((head, body))
            return await self._answer()
        except h11.RemoteProtocolError:
            raise BackendError("transport", "the server's answer is not HTTP, or broke off") from None
        finally:
            self._busy = False
            self.used_at = monotonic()

    async def _answer(self) -> Answer:
        http = self._http
        status, headers, body, size = 0, {}, [], 0
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                await self._more()
            elif isinstance(event, h11.Response):
                status = event.status_code
                headers = {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}
                if headers.get("content-encoding", "identity") != "identity":
                    raise BackendError("transport", "the server compressed its answer, though asked not to")
            elif isinstance(event, h11.Data):
                body.append(bytes(event.data))
                size += len(event.data)
                if size > LARGEST_BODY:
                    raise BackendError("transport", f"the server's answer is over {LARGEST_BODY:,} bytes")
            elif isinstance(event, h11.EndOfMessage):
                break
            elif not isinstance(event, h11.InformationalResponse):
                raise BackendError("transport", "the connection was closed before the answer came")
        left, ended = http.trailing_data
        if left or ended or http.our_state is not h11.DONE or http.their_state is not h11.DONE:
            self.usable = False
        else:
            http.start_next_cycle()
        return Answer(status, headers, b"".join(body))

    async def _more(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _receive(self, data: bytes) -> None:
        with contextlib.suppress(h11.RemoteProtocolError, RuntimeError):  # after the end: next_event tells of it
            self._http.receive_data(data)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
