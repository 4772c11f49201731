"""The openai backend, against a real server on the loopback interface."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from npc.backends import ModelRequest, Reply, Usage, allow_network
from npc.backends import openai as backend_module
from npc.backends.openai import OpenAIBackend, read_completion
from npc.engine.asking import ask
from npc.engine.judge import Judged
from npc.errors import BackendError, BackendSpecError, NetworkForbidden
from tests.backends import chat_server as server_module
from tests.backends.chat_server import Behaviour, ChatServer, completion, failure, send
from tests.backends.requests_for_tests import request

GOOD = '{"heard": ["greet"], "slots": {"offer_gold": null}, "response": "greet"}'
KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with allow_network("127.0.0.1"):
        yield


@asynccontextmanager
async def talking_to(*behaviours: Behaviour) -> AsyncIterator[tuple[OpenAIBackend, ChatServer]]:
    with ChatServer(*behaviours) as server:
        backend = OpenAIBackend("tiny", base_url=server.url)
        try:
            yield backend, server
        finally:
            await backend.aclose()


async def failing(*behaviours: Behaviour) -> BackendError:
    async with talking_to(*behaviours) as (backend, _):
        with pytest.raises(BackendError) as caught:
            await backend.reply(request())
        return caught.value


async def test_sends_the_messages_and_a_strict_schema() -> None:
    """What goes over the wire is the request's own messages and schema, at temperature 0."""
    asked = request("Give me the key!")
    async with talking_to(completion(GOOD)) as (backend, server):
        assert (await backend.reply(asked)).content == GOOD
    sent = server.asked[0]
    assert sent.path == "/v1/chat/completions"
    assert sent.body == {
        "model": "tiny",
        "messages": asked.messages,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "npc_reply", "strict": True, "schema": asked.schema},
        },
        "temperature": 0,
    }
    assert list(sent.body["response_format"]["json_schema"]["schema"]["properties"]) == ["heard", "slots", "response"]
    assert sent.body["messages"][1]["content"].endswith('<player_line>"Give me the key!"</player_line>')


@pytest.mark.parametrize("utterance", ["\ud800 key", "x" * 2_000_000, "鍵をくれ", '"}], "messages": [', "\x00"])
async def test_any_line_can_be_sent(utterance: str) -> None:
    """No line of a player breaks the request on the wire, or makes it huge."""
    async with talking_to(completion(GOOD)) as (backend, server):
        await backend.reply(request(utterance))
    assert len(server.asked[0].body["messages"]) == 2
    assert len(server.asked[0].body["messages"][1]["content"]) < 20_000


async def test_reports_tokens() -> None:
    """Tokens are reported as the server counted them, cached ones too."""
    usage = {"prompt_tokens": 900, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 768}}
    async with talking_to(completion(GOOD, usage=usage)) as (backend, _):
        assert await backend.reply(request()) == Reply(GOOD, Usage(900, 20, 768))


@pytest.mark.parametrize("usage", [None, [], "many", {"prompt_tokens": "900", "prompt_tokens_details": 3}, {"x": -1}])
async def test_odd_token_counts_are_no_counts(usage: object) -> None:
    """A server's strange token counts do not spoil a good reply."""
    async with talking_to(completion(GOOD, usage=usage)) as (backend, _):
        assert await backend.reply(request()) == Reply(GOOD)


FAILURES: dict[str, tuple[Behaviour, str]] = {
    "refusal": (completion(None, refusal="I will not."), "refusal"),
    "content filter": (completion("{", finish="content_filter"), "refusal"),
    "content filter status": (failure(400, "no", code="content_filter"), "refusal"),
    "length": (completion('{"heard": ["gr', finish="length"), "truncated"),
    "empty": (completion(""), "empty"),
    "blank": (completion(" \n "), "empty"),
    "null": (completion(None), "empty"),
    "content of another type": (completion({"a": 1}), "transport"),
    "no choices": (send({"choices": []}), "transport"),
    "choices of another type": (send({"choices": {"0": GOOD}}), "transport"),
    "no message": (send({"choices": [{"finish_reason": "stop"}]}), "transport"),
    "a list": (send([1, 2]), "transport"),
    "garbage": (send(b"\xff\xfe{{{"), "transport"),
    "deep garbage": (send(b"[" * 100_000), "transport"),
    "nothing": (send(b""), "transport"),
    "wrong content type": (send(b"<html>hello</html>", content_type="text/html"), "transport"),
    "redirect": (send(b"", status=302, location="/elsewhere"), "transport"),
    "429": (failure(429, "slow down", code="rate_limit_exceeded"), "rate-limited"),
    "500": (failure(500, "oops"), "transport"),
    "503 in HTML": (send(b"<html>", status=503, content_type="text/html"), "transport"),
    "504": (failure(504), "timeout"),
    "408": (failure(408), "timeout"),
    "401": (failure(401, "bad key"), "transport"),
    "404": (failure(404, "no such model"), "transport"),
    "dropped midway": (server_module.drop_midway, "transport"),
    "dropped at once": (server_module.drop_at_once, "transport"),
}


@pytest.mark.parametrize("case", FAILURES)
async def test_every_failure_has_its_reason(case: str) -> None:
    """Whatever a server does instead of answering becomes one reason code, asked once, never retried."""
    behaviour, reason = FAILURES[case]
    async with talking_to(behaviour) as (backend, server):
        with pytest.raises(BackendError) as caught:
            await backend.reply(request())
    assert caught.value.reason == reason
    assert str(caught.value)
    assert len(server.asked) == 1


async def test_a_good_body_of_another_content_type_is_read() -> None:
    """A server that labels its JSON as text is understood all the same."""
    body = json.dumps({"choices": [{"message": {"content": GOOD}}]}).encode()
    async with talking_to(send(body, content_type="text/plain")) as (backend, _):
        assert (await backend.reply(request())).content == GOOD


async def test_connection_refused() -> None:
    """Where nothing listens, the reason is `transport`, and the message names the host."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        backend = OpenAIBackend("tiny", base_url=f"http://127.0.0.1:{unused.getsockname()[1]}/v1")
        with pytest.raises(BackendError, match=r"127\.0\.0\.1") as caught:
            await backend.reply(request())
        await backend.aclose()
    assert caught.value.reason == "transport"


async def test_cancelling_closes_the_connection() -> None:
    """A cancelled request hangs up: nothing goes on costing tokens behind the game's back."""
    async with talking_to(server_module.hang) as (backend, server):
        asking = asyncio.create_task(backend.reply(request()))
        assert await asyncio.to_thread(server.arrived.wait, server_module.PATIENCE_SECONDS)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asyncio.to_thread(server.hung_up.wait, server_module.PATIENCE_SECONDS)


async def test_a_request_never_outlives_the_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an engine's deadline a request still ends."""
    monkeypatch.setattr(backend_module, "CEILING_SECONDS", 0.05)
    assert (await failing(server_module.hang)).reason == "timeout"


async def test_a_model_without_temperature_is_asked_without() -> None:
    """Where a model refuses the temperature it is left out, then and from then on."""
    refused = failure(400, "Unsupported value", param="temperature", code="unsupported_value")
    async with talking_to(refused, completion(GOOD)) as (backend, server):
        for _ in range(2):
            assert (await backend.reply(request())).content == GOOD
    assert ["temperature" in asked.body for asked in server.asked] == [True, False, False]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500])
async def test_no_message_holds_the_key(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """Even when a server repeats the key, or a part of it, no message and no traceback shows it."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    error = await failing(failure(status, f"Incorrect API key: {KEY}, sk-test-*****cdef\x1b[2J", code=f"{KEY} bad"))
    shown = f"{error}{error!r}{error.__cause__}"
    assert "0123456789" not in shown
    assert "cdef" not in shown
    assert "\x1b" not in shown
    assert error.__suppress_context__


async def test_the_key_goes_into_the_header_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the environment is sent as a bearer token; a local server without one gets a placeholder."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    async with talking_to(completion(GOOD)) as (backend, server):
        await backend.reply(request())
        assert KEY not in backend.name
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps(server.asked[0].body)
    monkeypatch.delenv("OPENAI_API_KEY")
    async with talking_to(completion(GOOD)) as (backend, server):
        await backend.reply(request())
    assert server.asked[0].headers["authorization"] == "Bearer none"


def test_no_key_is_a_clear_error() -> None:
    """Without a key and without a server, the error says how to set one."""
    with pytest.raises(BackendSpecError, match="export OPENAI_API_KEY="):
        OpenAIBackend("gpt-4.1-mini")


@pytest.mark.parametrize("key", ["sk-\N{HORIZONTAL ELLIPSIS}", "sk test", "sk-\ntest", "sk-\x1btest"])
def test_a_key_that_cannot_be_one_is_refused_unseen(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """A key with a space, a line break or a typographic character is refused at once, and not repeated."""
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(BackendSpecError, match="holds characters that no key has") as caught:
        OpenAIBackend("gpt-4.1-mini")
    assert key not in str(caught.value)


async def test_white_space_around_a_key_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key read from a file brings its line break along."""
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\n")
    async with talking_to(completion(GOOD)) as (backend, server):
        await backend.reply(request())
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"


async def test_a_deadline_of_the_engine_hangs_up() -> None:
    """A server that is too slow for the turn is left behind: the reason is `timeout` and the connection closed."""

    def judge(raw: object) -> Judged:
        raise AssertionError("there is no reply to judge")

    async def corroborate(judged: Judged, request: ModelRequest) -> Judged:
        raise AssertionError("there is nothing to corroborate")

    async with talking_to(completion(GOOD), server_module.hang) as (backend, server):
        await backend.reply(request())  # opens the connection, so that the deadline falls into the waiting
        answer = await ask(request(), [backend], judge, corroborate, 0.5)
        assert answer.reason == "timeout"
        assert await asyncio.to_thread(server.hung_up.wait, server_module.PATIENCE_SECONDS)


async def test_forbidden_network_opens_no_connection() -> None:
    """While the network is forbidden, nothing reaches the server."""
    with ChatServer(completion(GOOD)) as server, allow_network("example.org"):
        backend = OpenAIBackend("tiny", base_url=server.url)
        with pytest.raises(NetworkForbidden, match=r"127\.0\.0\.1"):
            await backend.reply(request())
        await backend.aclose()
    assert server.asked == []


def test_each_event_loop_has_its_own_client() -> None:
    """A backend outlives event loops: each gets a client of its own, and those of closed loops are let go."""
    with ChatServer(completion(GOOD)) as server:
        backend = OpenAIBackend("tiny", base_url=server.url)
        for _ in range(3):
            assert asyncio.run(backend.reply(request())).content == GOOD
        gc.collect()
        assert len(backend._clients) == 1
        asyncio.run(backend.aclose())
        assert len(backend._clients) == 0


async def test_many_requests_at_once_share_a_client() -> None:
    """Requests run side by side, each with its own answer."""
    async with talking_to(completion(GOOD)) as (backend, server):
        replies = await asyncio.gather(*(backend.reply(request(f"line {n}")) for n in range(20)))
        assert [reply.content for reply in replies] == [GOOD] * 20
        assert len(backend._clients) == 1
    said = {asked.body["messages"][1]["content"].rsplit("<player_line>")[1] for asked in server.asked}
    assert len(said) == 20


def test_a_completion_without_extras_is_enough() -> None:
    """The least that a server may answer is a choice with a message with content."""
    assert read_completion(json.dumps({"choices": [{"message": {"content": "{}"}}]}).encode()).content == "{}"


@pytest.mark.parametrize("missing", ["h11", "truststore"])
def test_a_missing_package_names_the_extra(missing: str) -> None:
    """Without the packages of the extra the error is the line to type, not a traceback of imports."""
    script = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "import npc.backends\n"
        "try: npc.backends.resolve('openai:m@http://localhost:1/v1')\n"
        "except npc.errors.MissingExtra as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith('install it with: pip install "npc[openai]"')
