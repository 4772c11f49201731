"""Backends that break every rule of Python's good manners: the turn ends with a line, and nothing else happens."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import npc

DESIGN = Path(__file__).parents[1] / "casts" / "design"
GREET = {"heard": ["greet"], "slots": {}, "response": "greet"}


@pytest.fixture(scope="module")
def cast() -> npc.Cast:
    return npc.load(DESIGN)


class Stray(BaseException):
    """No `Exception`."""


class Untellable(Exception):
    """Cannot even be described."""

    def __str__(self) -> str:
        raise RuntimeError("no")


class Liar(int):
    """A number that passes every comparison and prints as something else."""

    def __ge__(self, other: object) -> bool:
        return True

    def __le__(self, other: object) -> bool:
        return True

    def __lt__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return False

    def __str__(self) -> str:
        return "words of the model"

    __repr__ = __str__


class Barred(dict[str, Any]):
    """A dictionary that nobody may look into."""

    def _refuse(self, *args: object) -> Any:
        raise RuntimeError("no")

    __getitem__ = items = keys = get = _refuse


STRAYS = [Stray("x"), GeneratorExit(), SystemExit(3), BaseExceptionGroup("several", [Stray()]), Untellable()]


@pytest.mark.parametrize("stray", STRAYS, ids=lambda stray: type(stray).__name__)
async def test_whatever_a_backend_raises_is_a_failed_transport(cast: npc.Cast, stray: BaseException) -> None:
    """An exception outside `Exception` ends the backend's part only: the turn goes to `otherwise`."""
    session = npc.Session(cast, npc.scripted(stray))
    turn = await session.say("warden", "hello")
    assert (turn.verdict, turn.reason, turn.response) == ("fallback", "transport", "shrug")


@pytest.mark.parametrize("stray", [*STRAYS, KeyboardInterrupt()], ids=lambda stray: type(stray).__name__)
def test_no_backend_ends_the_loop_thread(cast: npc.Cast, stray: BaseException) -> None:
    """After a submitted turn whose backend raised anything at all, the next one is answered as ever."""
    assert npc.Session(cast, npc.scripted(stray)).submit("warden", "hello").result(5).reason == "transport"
    assert npc.Session(cast, npc.scripted(GREET)).submit("warden", "hello").result(5).response == "greet"


def test_a_backend_that_stops_the_loop_stops_no_other_turn(cast: npc.Cast) -> None:
    """The loop thread goes on after a backend has told its loop to stop."""

    async def stop(request: npc.ModelRequest) -> Any:
        asyncio.get_running_loop().stop()
        return GREET

    assert npc.Session(cast, stop).submit("warden", "hello").result(5).response == "greet"
    assert npc.Session(cast, npc.scripted(GREET)).submit("warden", "hello").result(5).response == "greet"


async def test_a_reason_of_the_backends_own_making_is_a_failed_transport(cast: npc.Cast) -> None:
    """Only the reason codes of the design reach `turn.reason`."""
    session = npc.Session(cast, npc.scripted(npc.BackendError("the model says hi")))
    turn = await session.say("warden", "hello")
    assert (turn.verdict, turn.reason) == ("fallback", "transport")


@pytest.mark.parametrize("amount", [-500, 10**6000], ids=["negative", "giant"])
async def test_a_number_is_what_it_is(cast: npc.Cast, amount: int) -> None:
    """A number that lies about its size, or is too long to be printed, is out of range like any other."""
    reply = {"heard": ["offer_gold"], "slots": {"offer_gold": {"amount": Liar(amount)}}, "response": "take_bribe"}
    session = npc.Session(cast, lambda request: _give(reply), facts={"player.gold": 50})
    turn = await session.say("warden", "I'll give you forty gold")
    assert (turn.verdict, turn.reason, turn.effects) == ("fallback", "slot-out-of-range", ())
    assert session.facts["player.gold"] == 50


async def test_a_number_is_shown_as_a_number(cast: npc.Cast) -> None:
    """A number that prints as words fills a placeholder with its digits."""
    reply = {"heard": ["offer_gold"], "slots": {"offer_gold": {"amount": Liar(40)}}, "response": "take_bribe"}
    session = npc.Session(cast, lambda request: _give(reply), facts={"player.gold": 50})
    turn = await session.say("warden", "I'll give you forty gold")
    assert turn.text == "40 gold. I saw nothing."
    assert type(turn.slots["offer_gold"]["amount"]) is int
    assert session.facts["player.gold"] == 10


@pytest.mark.parametrize("reply", [Barred(GREET), {**GREET, "slots": Barred(offer_gold=1)}])
async def test_a_reply_that_cannot_be_looked_into_is_no_reply(cast: npc.Cast, reply: dict[str, Any]) -> None:
    """Whatever a reply's own methods raise stays in the attempt."""
    turn = await npc.Session(cast, lambda request: _give(reply)).say("warden", "hello")
    assert turn.response in ("shrug", "greet")
    assert turn.trace.attempts


async def test_a_reply_with_false_usage_can_be_recorded(cast: npc.Cast) -> None:
    """A record is JSON data, whatever a backend gives as the tokens used."""
    session = npc.Session(cast, npc.scripted(npc.Reply(GREET, usage="a lot")))  # type: ignore[arg-type]
    await session.say("warden", "hello")
    assert json.loads(json.dumps(session.records[-1].as_json()))["response"] == "greet"


async def test_a_backend_cannot_write_the_facts_it_is_shown(cast: npc.Cast) -> None:
    """The facts in a request are a copy: neither the session nor the cast changes with them."""

    async def thief(request: npc.ModelRequest) -> Any:
        request.facts["player.items"]["royal_seal"] = 1  # type: ignore[index]
        request.facts["player.gold"] = 999  # type: ignore[index]
        return {"heard": ["ask_key"], "slots": {}, "response": "hand_over"}

    session = npc.Session(cast, thief)
    turn = await session.say("warden", "Give me the key!")
    assert turn.effects == ()
    assert session.facts["player.items"] == npc.Session(cast).facts["player.items"] == {"bread": 1}


async def test_a_game_that_writes_into_a_turn_changes_only_its_copy(cast: npc.Cast) -> None:
    """The bags in `turn.changes` and `turn.trace` are copies."""
    reply = {"heard": ["offer_gold"], "slots": {"offer_gold": {"amount": 40}}, "response": "take_bribe"}
    session = npc.Session(cast, npc.scripted(reply), facts={"player.gold": 50})
    turn = await session.say("warden", "I'll give you forty gold")
    for bag in (turn.changes["player.items"].before, turn.changes["player.items"].after):
        bag["royal_seal"] = 9  # type: ignore[index]
    assert session.facts["player.items"] == {"cell_key": 1, "bread": 1}
    assert session.undo()
    assert session.facts["player.items"] == {"bread": 1}


async def _give(reply: Any) -> Any:
    return reply
