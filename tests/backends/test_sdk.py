"""The openai backend over a client of the `openai` package, against the server that our own connections face."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import openai
import pytest

import npc
from npc.backends import Reply, Usage, allow_network, forbid_network
from npc.backends.openai import OpenAIBackend
from npc.errors import BackendError, NetworkForbidden
from tests.backends.chat_server import Behaviour, ChatServer, completion, failure, hang, send
from tests.backends.requests_for_tests import request
from tests.backends.test_openai import FAILURES, GOOD, KEY

KEEP = Path(__file__).resolve().parents[2] / "catalogs" / "keep"


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with allow_network("127.0.0.1"):
        yield


@asynccontextmanager
async def talking_to(
    *behaviours: Behaviour, envelope: str | None = None
) -> AsyncIterator[tuple[OpenAIBackend, ChatServer]]:
    with ChatServer(*behaviours) as server:
        async with openai.AsyncOpenAI(base_url=server.url, api_key=KEY, max_retries=5) as client:
            backend = OpenAIBackend("tiny", client=client, envelope=envelope)
            yield backend, server
            await backend.aclose()


async def test_the_same_goes_over_the_wire() -> None:
    """A client sends the very body that our own connections send, and its own key."""
    asked = request("Give me the key, you \ud800 鍵!")
    async with talking_to(completion(GOOD)) as (backend, server):
        assert (await backend.reply(asked)).content == GOOD
        own = OpenAIBackend("tiny", base_url=server.url, api_key="another")
        await own.reply(asked)
        await own.aclose()
    over_client, over_own = server.asked
    assert over_client.path == over_own.path == "/v1/chat/completions"
    assert over_client.body == over_own.body
    assert over_client.headers["authorization"] == f"Bearer {KEY}"


async def test_speaks_the_responses_dialect() -> None:
    """In the envelope of the Responses API the client asks and is read in that dialect."""
    output = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": GOOD}]}]
    usage = {"input_tokens": 900, "output_tokens": 20, "input_tokens_details": {"cached_tokens": 768}}
    answer = send({"id": "r1", "object": "response", "status": "completed", "output": output, "usage": usage})
    async with talking_to(answer, envelope="responses") as (backend, server):
        assert await backend.reply(request()) == Reply(GOOD, Usage(900, 20, 768))
    assert server.asked[0].path == "/v1/responses"
    assert server.asked[0].body["text"]["format"]["strict"] is True


@pytest.mark.parametrize("case", FAILURES)
async def test_every_failure_has_its_reason(case: str) -> None:
    """Each way in which a server fails is the same failure over a client, asked once and no more."""
    behaviour, reason = FAILURES[case]
    async with talking_to(behaviour) as (backend, server):
        with pytest.raises(BackendError) as caught:
            await backend.reply(request())
    assert caught.value.reason == reason
    assert len(server.asked) == 1
    assert KEY not in str(caught.value)


async def test_a_huge_answer_is_not_read_to_its_end() -> None:
    """An answer of more than a megabyte is a failure, compressed or not."""
    bomb = gzip.compress(b" " * 50_000_000)
    for behaviour in (send(b" " * 3_000_000), send(bomb, content_encoding="gzip")):
        async with talking_to(behaviour) as (backend, _):
            with pytest.raises(BackendError, match="over 1,000,000 bytes"):
                await backend.reply(request())


async def test_no_message_holds_the_key() -> None:
    """A server that quotes the client's key in its error is not quoted."""
    async with talking_to(failure(400, f"the key {KEY} is odd")) as (backend, _):
        with pytest.raises(BackendError) as caught:
            await backend.reply(request())
    assert "[key]" in str(caught.value)
    assert KEY not in str(caught.value)


async def test_a_request_given_up_hangs_up() -> None:
    """A reply nobody waits for any more frees the client's connection."""
    async with talking_to(hang) as (backend, server):
        task = asyncio.create_task(backend.reply(request()))
        await asyncio.to_thread(server.arrived.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.hung_up.wait, 10)


async def test_connection_refused() -> None:
    """A server that is not there is a failure like any other."""
    with ChatServer(completion(GOOD)) as server:
        url = server.url
    async with openai.AsyncOpenAI(base_url=url, api_key=KEY) as client:
        with pytest.raises(BackendError) as caught:
            await OpenAIBackend("tiny", client=client).reply(request())
    assert caught.value.reason == "transport"


async def test_forbidden_network_opens_no_connection() -> None:
    """The switch holds for clients of others as well."""
    async with talking_to(completion(GOOD)) as (backend, server):
        with forbid_network(), pytest.raises(NetworkForbidden):
            await backend.reply(request())
    assert server.asked == []


async def test_the_owner_closes_the_client() -> None:
    """Sessions come and go; the client stays open until its owner closes it."""
    with ChatServer(completion(GOOD)) as server:
        client = openai.AsyncOpenAI(base_url=server.url, api_key=KEY)
        for _ in range(2):
            backend = OpenAIBackend("tiny", client=client)
            await backend.reply(request())
            await backend.aclose()
            assert not client.is_closed()
        await client.close()


async def test_a_turn_over_a_client() -> None:
    """A session whose backend has a client takes a turn with it."""
    answer = '{"heard": ["greet"], "slots": {}, "response": "greet"}'
    with ChatServer(completion(answer)) as server:
        async with openai.AsyncOpenAI(base_url=server.url, api_key=KEY) as client:
            session = npc.Session(npc.load(KEEP), backend=OpenAIBackend("tiny", client=client))
            turn = await session.say("warden", "good day to you")
            await session.aclose()
    assert turn.response == "greet"
    assert [attempt.backend for attempt in turn.trace.attempts] == [f"openai:tiny@{server.url}"]


@pytest.mark.parametrize("given", [{"base_url": "http://127.0.0.1:1/v1"}, {"api_key": KEY}])
def test_a_client_brings_server_and_key(given: dict[str, str]) -> None:
    """Server or key beside a client would be silently ignored, and are refused."""
    client = openai.AsyncOpenAI(base_url="http://127.0.0.1:2/v1", api_key=KEY)
    with pytest.raises(TypeError, match="the client's own"):
        OpenAIBackend("tiny", client=client, **given)  # type: ignore[arg-type]


def test_a_client_of_openai_itself() -> None:
    """A client without a server of its own speaks to OpenAI, and is called as its model is."""
    backend = OpenAIBackend("tiny", client=openai.AsyncOpenAI(api_key=KEY))
    assert (backend.name, backend.server) == ("openai:tiny", "https://api.openai.com/v1")
