"""Hedged chains: the next backend is begun with as well where one is slower than it mostly is."""

from __future__ import annotations

import asyncio

import npc
from npc.engine.accounting import TIMES_NEEDED
from npc.engine.turn import Attempt
from tests.engine.replies import reply

GREETING = reply("greet", "greet")


class Waiting(npc.Backend):
    """Answers when it is let; tells whether it was cancelled."""

    def __init__(self, name: str, answer: object = GREETING) -> None:
        self.name, self.answer = name, answer
        self.let, self.called, self.cancelled = asyncio.Event(), asyncio.Event(), False

    async def reply(self, request: npc.ModelRequest) -> npc.Reply:
        self.called.set()
        try:
            await self.let.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if isinstance(self.answer, Exception):
            raise self.answer
        return npc.Reply(self.answer)  # type: ignore[arg-type]


def mostly(account: npc.Account, backend: str, seconds: float) -> npc.Account:
    """The account of one whose calls took so long so far."""
    for _ in range(TIMES_NEEDED):
        account.add_call("warden", Attempt(backend, None, None, "", seconds))
    return account


async def test_a_backend_slower_than_its_p95_is_overtaken(cast: npc.Cast) -> None:
    """The next one is begun with, its reply counts, and the slow call is cancelled."""
    slow = Waiting("slow")
    session = npc.Session(cast, [slow, npc.scripted(GREETING)], account=mostly(npc.Account(), "slow", 0.0), hedge=True)
    turn = await session.say("warden", "hello")
    assert (turn.response, turn.backend, turn.verdict) == ("greet", "scripted", "repaired")
    given_up = next(attempt for attempt in turn.trace.attempts if attempt.backend == "slow")
    assert given_up.reason == "timeout"
    assert given_up.detail == "given up: scripted answered first"
    assert slow.cancelled
    assert session.account.backends["slow"].reasons == {"timeout": 1}
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_backend_that_is_in_time_is_not_overtaken(cast: npc.Cast) -> None:
    """Within its p95 nobody else is called; before there is one, the next waits as in any chain."""
    for account in (mostly(npc.Account(), "quick", 60.0), npc.Account()):
        quick, second = Waiting("quick"), npc.scripted(GREETING)
        quick.let.set()
        turn = await npc.Session(cast, [quick, second], account=account, hedge=True).say("warden", "hello")
        assert (turn.backend, turn.verdict, second.requests) == ("quick", "accepted", [])


async def test_the_slow_one_may_still_win(cast: npc.Cast) -> None:
    """Where the one begun with later cannot be used, or is slower still, the first one's reply counts."""
    for failure in (npc.BackendError("refusal"), None):
        first, second = Waiting("first"), Waiting("second", failure or GREETING)
        account = mostly(npc.Account(), "first", 0.0)
        session = npc.Session(cast, [first, second], account=account, hedge=True)
        turn = asyncio.ensure_future(session.say("warden", "hello"))
        await second.called.wait()
        if failure:
            second.let.set()
            await asyncio.sleep(0)
        first.let.set()
        assert (await turn).backend == "first"
        assert second.cancelled is (failure is None)


async def test_a_failure_brings_the_next_at_once(cast: npc.Cast) -> None:
    """Nobody waits for the p95 of a backend that has failed already."""
    down = npc.scripted(npc.BackendError("transport"))
    session = npc.Session(
        cast, [down, npc.scripted(GREETING)], account=mostly(npc.Account(), "scripted", 60.0), hedge=True
    )
    turn = await session.say("warden", "hello")
    assert [attempt.reason for attempt in turn.trace.attempts] == ["transport", None]


async def test_all_may_fail(cast: npc.Cast) -> None:
    """Then the turn ends with the last reason, and one re-ask was made in all."""
    first, second = npc.scripted("no", "no"), npc.scripted("no", "no")
    turn = await npc.Session(cast, [first, second], hedge=True).say("warden", "hello")
    assert (turn.verdict, turn.reason) == ("fallback", "not-json")
    assert [attempt.again for attempt in turn.trace.attempts] == [False, True, False]


async def test_the_deadline_holds_for_all_of_them(cast: npc.Cast) -> None:
    """Backends that never answer end with the deadline, and are cancelled."""
    first, second = Waiting("first"), Waiting("second")
    account = mostly(npc.Account(), "first", 0.0)
    session = npc.Session(cast, [first, second], account=account, hedge=True, deadline=0.05)
    turn = await session.say("warden", "hello")
    assert (turn.verdict, turn.reason) == ("fallback", "timeout")
    assert len(turn.trace.attempts) == 2
    assert first.cancelled
    assert second.cancelled


async def test_cancelling_the_turn_cancels_them_all(cast: npc.Cast) -> None:
    """No call goes on when the turn is called off, and the calls are counted."""
    first, second = Waiting("first"), Waiting("second")
    account = mostly(npc.Account(), "first", 0.0)
    session = npc.Session(cast, [first, second], account=account, hedge=True)
    turn = asyncio.ensure_future(session.say("warden", "hello"))
    await second.called.wait()
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    assert first.cancelled
    assert second.cancelled
    assert account.backends["second"].reasons == {"cancelled": 1}
    assert asyncio.all_tasks() == {asyncio.current_task()}
