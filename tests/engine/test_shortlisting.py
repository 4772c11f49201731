"""Shortlisting and embedded first: what the embedded brain spares a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import npc
from npc.backends import resolve
from npc.engine.shortlisting import shortlisted
from tests.engine.replies import reply

KEEP = Path(__file__).parents[2] / "catalogs" / "keep"
MOST = 8


@pytest.fixture(scope="module")
def keep() -> npc.Cast:
    return npc.load(KEEP)


@pytest.mark.parametrize("line", ["Could you give me the key?", "zzz", "I have the royal seal and 40 gold"])
@pytest.mark.parametrize("mode", ["full", "residual"])
async def test_a_model_is_offered_the_likeliest_and_what_can_follow(keep: npc.Cast, line: str, mode: str) -> None:
    """No more intents than asked for, among them the one expressed; `otherwise` is always there; the schema follows."""
    backend = npc.scripted(reply("shrug"))
    session = npc.Session(keep, backend, shortlist=MOST, pseudocode=mode, schema_mode="dynamic")  # type: ignore[arg-type]
    whole = session.preview_request("warden", line)
    turn = await session.say("warden", line)
    (request,) = backend.requests
    assert len(request.intents) == MOST < len(whole.intents)
    assert set(request.allowed) < set(whole.allowed)
    assert keep.character("warden").declaration.otherwise in request.allowed
    assert set(request.responses) == set(request.allowed)
    schema = request.schema["properties"]
    assert schema["heard"]["items"]["enum"] == list(request.intents)
    assert schema["response"]["enum"] == list(request.allowed)
    if "key" in line:
        assert "ask_key" in request.intents
        assert {"quote_price", "shrug"} <= set(request.allowed)
        assert "thanked" not in request.allowed
    told = request.messages[1]["content"]
    assert len(told) < len(whole.messages[1]["content"])
    assert turn.verdict == "accepted"


async def test_what_was_not_offered_may_still_be_heard(keep: npc.Cast) -> None:
    """A reply is judged against the state, not against the shortlist: nothing that is true is lost."""
    answer = reply("thanked", "thanks")
    session = npc.Session(keep, npc.scripted(answer), shortlist=1)
    turn = await session.say("warden", "Could you give me the key?")
    assert (turn.response, turn.verdict) == ("thanked", "accepted")


async def test_few_intents_are_offered_as_they_are(cast: npc.Cast) -> None:
    """Where no more than that matter, the request is the same, and the brain is not asked."""
    backend = npc.scripted(reply("greet", "greet"))
    session = npc.Session(cast, backend, shortlist=50)
    await session.say("warden", "hello")
    assert set(backend.requests[0].intents) == set(session.outcomes("warden").intents)
    with pytest.raises(ValueError, match="at least 1"):
        npc.Session(cast, backend, shortlist=0)


async def test_a_brain_that_takes_too_long_is_not_waited_for(keep: npc.Cast) -> None:
    """Then the model is offered everything."""
    session = npc.Session(keep, npc.scripted())
    whole = session.preview_request("warden", "hello")

    class Slow(npc.Backend):
        name = "slow"

        async def reply(self, request: npc.ModelRequest) -> npc.Reply:
            raise TimeoutError

    assert await shortlisted(whole, session.outcomes("warden"), 3, "shrug", Slow(), 1.0) is whole


async def test_what_the_brain_is_certain_of_needs_no_model(keep: npc.Cast) -> None:
    """`embedded:certain` answers such a line; any other goes on to the model, and that is no failure."""
    model = npc.scripted(reply("shrug"))
    session = npc.Session(keep, ["embedded:certain", model, "embedded"])
    turn = await session.say("warden", "give me the key")
    assert (turn.backend, turn.verdict, turn.reason) == ("embedded:certain", "accepted", None)
    assert model.requests == []
    turn = await session.say("warden", "mumble mumble, the what of the whom")
    assert (turn.backend, turn.verdict, turn.reason) == ("scripted", "accepted", None)
    assert [attempt.reason for attempt in turn.trace.attempts] == ["unsure", None]
    assert session.account.backends["embedded:certain"].cost == 0
    assert session.account.total.unpriced == 0


async def test_alone_it_says_the_line_for_that(keep: npc.Cast) -> None:
    """With nobody behind it, what it is not certain of ends in `otherwise`, with its reason."""
    turn = await npc.Session(keep, "embedded:certain").say("warden", "mumble mumble")
    assert (turn.verdict, turn.reason) == ("fallback", "unsure")
    assert [backend.name for backend in resolve("embedded:certain|embedded")] == ["embedded:certain", "embedded"]
    assert json.dumps(turn.trace.attempts[0].notes) == "{}"
