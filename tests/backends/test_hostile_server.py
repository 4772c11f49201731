"""Whole turns against a server process that answers well, badly, late or never."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import openai
import pytest

import npc
from npc.backends.envelopes import ENVELOPES
from npc.backends.openai import OpenAIBackend
from npc.prompts import SchemaMode
from tests.backends.hostile_server import ANSWERS, hostile_server
from tests.backends.requests_for_tests import request

DESIGN = Path(__file__).parents[1] / "casts" / "design"
DEADLINE = 0.6

UNDERSTOOD = {"good", "wrong-type", "twice", "thinking", "fenced", "reasoning-field"}
REASONS = {
    "thought-only": "empty",
    "ignores-schema": "not-json",
    "invents": "unknown-response",
    "another-form": "schema",
    "truncated": "truncated",
    "refuses": "refusal",
    "filtered": "refusal",
    "empty": "empty",
    "busy": "rate-limited",
    "gateway-timeout": "timeout",
    "drips": "timeout",
    "hang": "timeout",
    "late": "timeout",
    "anothers": "unknown-response",
}
CALLED_TWICE = {"thought-only", "ignores-schema", "invents", "anothers", "another-form", "truncated", "empty"}
FAULTS = sorted(ANSWERS.keys() - UNDERSTOOD - {"obedient", "strict", "chat-only"})


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with hostile_server() as url:
        yield url


@pytest.fixture
def url(server: str, request: pytest.FixtureRequest) -> str:
    """A URL of the test's own, since what is known of a server outlives sessions."""
    return f"{server}/{blake2b(request.node.name.encode()).hexdigest()[:16]}"


@pytest.fixture(autouse=True)
def _loopback() -> Iterator[None]:
    with npc.allow_network("127.0.0.1"):
        yield


@pytest.fixture(scope="module")
def cast() -> npc.Cast:
    return npc.load(DESIGN)


@pytest.mark.parametrize("model", sorted(UNDERSTOOD))
async def test_a_good_answer_is_found_wherever_it_was_put(cast: npc.Cast, url: str, model: str) -> None:
    """Thinking before it, a fence around it, or the field for reasoning: the answer is read, and judged."""
    session = npc.Session(cast, f"openai:{model}@{url}")
    turn = await session.say("warden", "Hm.")
    await session.aclose()
    assert (turn.response, turn.verdict, turn.reason) == ("shrug", "accepted", None)


@pytest.mark.parametrize("model", FAULTS)
async def test_every_misbehaviour_ends_in_the_line_written_for_it(cast: npc.Cast, url: str, model: str) -> None:
    """The turn ends with the `otherwise` line and a reason, changes nothing, and leaves no task behind."""
    session = npc.Session(cast, f"openai:{model}@{url}", deadline=DEADLINE)
    before = session.facts.snapshot()
    turn = await session.say("warden", "Give me the key!")
    await session.aclose()
    assert turn.verdict == "fallback"
    assert turn.response == cast.character("warden").declaration.otherwise
    assert turn.reason == REASONS.get(model, "transport")
    assert len(turn.trace.attempts) == (2 if model in CALLED_TWICE else 1)
    assert session.facts.snapshot() == before
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("model", FAULTS)
async def test_the_same_holds_over_a_client_of_the_sdk(cast: npc.Cast, url: str, model: str) -> None:
    """Over a client of the `openai` package each misbehaviour has the same reason, and leaves no task behind either."""
    async with openai.AsyncOpenAI(base_url=url, api_key="none") as client:
        session = npc.Session(cast, [OpenAIBackend(model, client=client)], deadline=DEADLINE)
        before = session.facts.snapshot()
        turn = await session.say("warden", "Give me the key!")
        await session.aclose()
    assert turn.verdict == "fallback"
    assert turn.reason == REASONS.get(model, "transport")
    assert len(turn.trace.attempts) == (2 if model in CALLED_TWICE else 1)
    assert session.facts.snapshot() == before
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_answer_that_nobody_asked_for_answers_nothing(cast: npc.Cast, url: str) -> None:
    """What a server sends besides an answer is not taken for the answer to the next request on the connection."""
    session = npc.Session(cast, f"openai:twice@{url}")
    turns = [await session.say("warden", "Hm.") for _ in range(5)]
    await session.aclose()
    assert [turn.response for turn in turns] == ["shrug"] * 5
    assert {turn.verdict for turn in turns} == {"accepted"}


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files as Linux shows them")
async def test_faulty_turns_leave_no_task_and_no_socket(cast: npc.Cast, url: str) -> None:
    """After turns with every misbehaviour at once, on shared connections, nothing is left running or open."""
    open_before = len(os.listdir("/proc/self/fd"))
    sessions = [
        npc.Session(cast, f"openai:{model}@{url}-{model}", deadline=DEADLINE) for model in FAULTS for _ in "123"
    ]
    turns = await asyncio.gather(*(session.say("warden", "Give me the key!") for session in sessions))
    await asyncio.gather(*(session.aclose() for session in sessions))
    assert {turn.verdict for turn in turns} == {"fallback"}
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert len(os.listdir("/proc/self/fd")) <= open_before


async def test_a_server_that_asks_for_rest_gets_it(cast: npc.Cast, url: str) -> None:
    """After a 429 with a long Retry-After nobody waits for it, and no session of the process calls again."""
    first, second = (npc.Session(cast, f"openai:busy@{url}|embedded") for _ in range(2))
    turn = await first.say("warden", "Good morning!")
    assert [attempt.reason for attempt in turn.trace.attempts] == ["rate-limited", None]
    turn = await second.say("warden", "Good morning!")
    assert turn.trace.attempts[0].reason == "rate-limited"
    assert "more of rest" in turn.trace.attempts[0].detail
    assert turn.backend == "embedded"
    await first.aclose()
    await second.aclose()


async def test_a_server_that_is_down_is_left_alone(cast: npc.Cast, url: str) -> None:
    """After five failures in a row the circuit opens, for every session: the next backend answers at once."""
    session = npc.Session(cast, f"openai:storm@{url}|embedded")
    reasons = [(await session.say("warden", "Good morning!")).trace.attempts[0].reason for _ in range(7)]
    assert reasons == ["transport"] * 5 + ["circuit-open"] * 2
    other = npc.Session(cast, f"openai:storm@{url}")
    assert (await other.say("warden", "Good morning!")).reason == "circuit-open"
    await session.aclose()
    await other.aclose()


async def test_sessions_share_a_client_and_the_last_closes_it(cast: npc.Cast, url: str) -> None:
    """Sessions of one server share its connections, which go when the last of them is closed."""
    sessions = [npc.Session(cast, f"openai:good@{url}") for _ in range(10)]
    await asyncio.gather(*(session.say("warden", "Hm.") for session in sessions))
    backends = [session.backends[0] for session in sessions]
    clients = {id(client) for backend in backends for client in backend._clients.values()}
    assert len(clients) == 1
    client = next(iter(backends[0]._clients.values()))
    for session in sessions[:-1]:
        await session.aclose()
    assert not client.is_closed()
    await sessions[-1].aclose()
    assert client.is_closed()


@pytest.mark.parametrize("envelope", [name for name in ENVELOPES if name not in {"prompt", "grammar"}])
async def test_each_envelope_carries_the_schema(url: str, envelope: str) -> None:
    """A server that keeps to the schema it finds answers with a reply that fits, in both dialects."""
    backend = OpenAIBackend("obedient", base_url=url, envelope=envelope)
    reply = await backend.reply(request())
    await backend.aclose()
    assert '"response": "greet"' in str(reply.content)


@pytest.mark.parametrize("mode", ["static", "dynamic"])
@pytest.mark.parametrize("folder", ["keep", "helpdesk"])
async def test_the_shipped_casts_keep_to_the_rules_of_strict_schemas(url: str, folder: str, mode: SchemaMode) -> None:
    """A server that rejects what strict structured output does not allow takes every character's schema."""
    shipped = npc.load(Path(__file__).parents[2] / "catalogs" / folder)
    for envelope in ("json_schema", "responses", "tool"):
        session = npc.Session(shipped, OpenAIBackend("strict", base_url=url, envelope=envelope), schema_mode=mode)
        for character in shipped.characters:
            attempt, *_ = (await session.say(character, "Hm.")).trace.attempts
            assert attempt.content is not None, attempt.detail
            assert attempt.reason in ({None, "not-allowed"} if mode == "static" else {None})
        await session.aclose()


async def test_a_schema_that_is_not_strict_is_told_of(url: str) -> None:
    """What the server says of a schema it does not take is in the message, with the command that finds out more."""
    backend = OpenAIBackend("strict", base_url=url)
    loose = {"type": "object", "properties": {"heard": {"type": "array", "allOf": []}}, "required": []}
    with pytest.raises(npc.BackendError, match="Invalid schema") as caught:
        await backend.reply(replace(request(), make_schema=lambda request: {**loose, "additionalProperties": True}))
    await backend.aclose()
    assert caught.value.reason == "transport"
    assert "npc probe openai:strict@" in str(caught.value)
