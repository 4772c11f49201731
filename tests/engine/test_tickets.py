"""Tickets: turns for frame loops, on a real loop thread."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

import npc

GREET = {"heard": ["greet"], "slots": {}, "response": "greet"}
BRIBE = {"heard": ["offer_gold"], "slots": {"offer_gold": {"amount": 40}}, "response": "take_bribe"}


class Gate:
    """A backend that answers when the test lets it."""

    def __init__(self, reply: Any = GREET) -> None:
        self.reply = reply
        self.asked = threading.Event()
        self.cancelled = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._open: asyncio.Event

    async def __call__(self, request: npc.ModelRequest) -> Any:
        self._loop, self._open = asyncio.get_running_loop(), asyncio.Event()
        self.asked.set()
        try:
            await self._open.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return self.reply

    def open(self) -> None:
        assert self.asked.wait(5)
        self._loop.call_soon_threadsafe(self._open.set)


def test_submit_and_done_never_wait(cast: npc.Cast) -> None:
    """While the backend thinks, `done` is False and nothing has changed; the result is the turn."""
    gate = Gate()
    session = npc.Session(cast, gate)
    ticket = session.submit("warden", "hello")
    assert not ticket.done()
    assert session.transcript == []
    gate.open()
    assert ticket.result(timeout=5).response == "greet"
    assert ticket.done()
    assert len(session.transcript) == 1


def test_the_game_changes_only_inside_done(cast: npc.Cast) -> None:
    """However long ago the answer came, facts change on the game's own thread when it looks."""
    gate = Gate(BRIBE)
    session = npc.Session(cast, gate, facts={"player.gold": 50})
    ticket = session.submit("warden", "40 gold")
    gate.open()
    other = npc.Session(cast, gate_free())
    other.submit("warden", "hello").result(timeout=5)
    assert session.facts["player.gold"] == 50
    ticket.result(timeout=5)
    assert session.facts["player.gold"] == 10


def gate_free() -> Any:
    async def answer(request: npc.ModelRequest) -> Any:
        return GREET

    return answer


def test_a_cancelled_ticket_changes_nothing(cast: npc.Cast) -> None:
    """Cancelling ends the backend call; the result says so; a turn that has ended is not taken back."""
    gate = Gate(BRIBE)
    session = npc.Session(cast, gate, facts={"player.gold": 50})
    ticket = session.submit("warden", "40 gold")
    assert gate.asked.wait(5)
    assert ticket.cancel()
    assert ticket.cancelled()
    assert ticket.done()
    assert gate.cancelled.wait(5)
    with pytest.raises(npc.TurnCancelled):
        ticket.result()
    assert session.facts["player.gold"] == 50
    ended = session.submit("warden", event="approach")
    assert ended.result().response == "shrug"
    assert not ended.cancel()


def test_tickets_of_one_character_queue(cast: npc.Cast) -> None:
    """A second line waits for the first; asking for the second's result ends both in order."""
    session = npc.Session(
        cast,
        npc.scripted(
            {"heard": ["ask_key"], "slots": {}, "response": "quote_price"},
            {"heard": ["yes"], "slots": {}, "response": "show_me_the_coin"},
        ),
    )
    first, second = session.submit("warden", "the key"), session.submit("warden", "yes")
    assert second.result(timeout=5).response == "show_me_the_coin"
    assert first.done()
    assert [entry.response for entry in session.transcript] == ["quote_price", "show_me_the_coin"]


def test_a_cancelled_ticket_lets_the_next_go_on(cast: npc.Cast) -> None:
    """Cancelling the head of the queue does not hold up what stands behind it."""
    gate = Gate()
    session = npc.Session(cast, gate)
    first = session.submit("warden", "hello")
    second = session.submit("warden", event="approach")
    first.cancel()
    assert second.result(timeout=5).response == "shrug"


def test_a_blocked_loop_thread_cannot_hold_a_turn(cast: npc.Cast) -> None:
    """A backend that blocks the loop thread itself costs the turn its reply, not its end."""
    release = threading.Event()

    async def blocks(request: npc.ModelRequest) -> Any:
        release.wait(5)
        return GREET

    session = npc.Session(cast, blocks, deadline=0.05)
    try:
        turn = session.submit("warden", "hello").result(timeout=4)
    finally:
        release.set()
    assert (turn.verdict, turn.reason) == ("fallback", "timeout")


def test_result_gives_up_after_its_timeout(cast: npc.Cast) -> None:
    """Waiting has its own bound; the turn goes on and can still be fetched."""
    gate = Gate()
    ticket = npc.Session(cast, gate).submit("warden", "hello")
    with pytest.raises(TimeoutError):
        ticket.result(timeout=0.01)
    gate.open()
    assert ticket.result(timeout=5).response == "greet"


def test_submit_takes_words_or_an_event(cast: npc.Cast) -> None:
    """Neither or both is wrong use; unknown names are errors at once."""
    session = npc.Session(cast, npc.scripted())
    with pytest.raises(ValueError, match="one of them"):
        session.submit("warden")
    with pytest.raises(ValueError, match="one of them"):
        session.submit("warden", "hello", event="approach")
    with pytest.raises(npc.UnknownName):
        session.submit("nobody", "hello")
    with pytest.raises(npc.UnknownName):
        session.submit("warden", event="nothing")


def test_an_error_of_the_games_world_reaches_the_game(cast: npc.Cast) -> None:
    """A World that cannot be read fails the ticket's result, not the frame that submitted it."""

    class Broken:
        def read(self) -> Any:
            raise LookupError("the game is not loaded")

        def apply(self, effects: Any, changes: Any) -> None:
            raise AssertionError("never reached")

    ticket = npc.Session(cast, npc.scripted(), world=Broken()).submit("warden", "hello")
    assert ticket.done()
    with pytest.raises(LookupError, match="not loaded"):
        ticket.result()


def test_closing_a_session_cancels_what_is_under_way(cast: npc.Cast) -> None:
    """After `close` no ticket of the session is left open."""
    gate = Gate()
    session = npc.Session(cast, gate)
    ticket = session.submit("warden", "hello")
    assert gate.asked.wait(5)
    session.close()
    assert ticket.cancelled()
    assert gate.cancelled.wait(5)


class Game:
    """A World that does something of the test's own when it is told of a turn."""

    def __init__(self) -> None:
        self.on_apply: Any = None

    def read(self) -> dict[str, Any]:
        return {"player.gold": 50}

    def apply(self, effects: Any, changes: Any) -> None:
        self.on_apply()


def test_a_turn_being_committed_cannot_be_cancelled(cast: npc.Cast) -> None:
    """Called off from within the World's `apply`, the turn stays committed, and `cancel` says so."""
    game = Game()
    session = npc.Session(cast, npc.scripted(BRIBE), world=game)
    ticket = session.submit("warden", "take 40 gold")
    answers: list[bool] = []
    game.on_apply = lambda: answers.append(ticket.cancel())
    assert ticket.result(5).response == "take_bribe"
    assert answers == [False]


def test_a_world_that_is_interrupted_ends_the_turn(cast: npc.Cast) -> None:
    """Ctrl-C while effects are applied goes to the caller at once; the ticket has ended, with nothing changed."""
    game = Game()
    session = npc.Session(cast, npc.scripted(BRIBE, GREET), world=game)
    ticket = session.submit("warden", "take 40 gold")

    def interrupt() -> None:
        raise KeyboardInterrupt

    game.on_apply = interrupt
    with pytest.raises(KeyboardInterrupt):
        ticket.result(5)
    assert ticket.done()
    assert session.facts["warden.has_key"] is True
    game.on_apply = lambda: None
    assert session.submit("warden", "hello").result(5).response == "greet"
