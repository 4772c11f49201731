"""How many calls a server gets at once."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

import npc
from npc.backends.concurrency import Concurrency
from npc.backends.openai import OpenAIBackend, seconds_of
from tests.backends.chat_server import ChatServer, completion, send
from tests.backends.requests_for_tests import request

GOOD = '{"heard": ["greet"], "slots": {"offer_gold": null}, "response": "greet"}'


async def test_fewer_after_too_many_and_more_again() -> None:
    """A 429 halves the calls under way; as many answers as there are calls make one more."""
    calls = Concurrency(100)
    for _ in range(8):
        await calls.enter()
    calls.too_many()
    assert calls.limit == 4
    for _ in range(5):
        calls.answered()
    assert calls.limit == 5
    for _ in range(100):
        calls.too_many()
    assert calls.limit == 1
    for _ in range(100_000):
        calls.answered()
    assert calls.limit == 100


async def test_those_who_wait_are_let_in_in_order() -> None:
    """First come, first served; one that gives up makes room for the next."""
    calls = Concurrency(1)
    await calls.enter()
    order: list[int] = []

    async def one(number: int) -> None:
        await calls.enter()
        order.append(number)
        calls.leave()

    waiting = [asyncio.create_task(one(number)) for number in range(4)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    calls.leave()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert order == [0, 2, 3]
    await asyncio.wait_for(calls.enter(), 1)


async def test_one_that_gives_up_when_let_in_lets_the_next_in() -> None:
    """No place is lost where giving up and being let in meet."""
    calls = Concurrency(1)
    await calls.enter()
    first, second = (asyncio.create_task(calls.enter()) for _ in range(2))
    await asyncio.sleep(0)
    calls.leave()
    first.cancel()
    await asyncio.wait_for(second, 1)


def test_event_loops_share_the_limit() -> None:
    """One that waits in another thread's loop is let in from this one."""
    calls, entered = Concurrency(1), threading.Event()
    asyncio.run(calls.enter())

    async def other() -> None:
        await calls.enter()
        entered.set()

    thread = threading.Thread(target=lambda: asyncio.run(other()))
    thread.start()
    assert not entered.is_set()
    calls.leave()
    thread.join(10)
    assert entered.is_set()


async def test_a_server_that_has_had_enough_gets_fewer_calls() -> None:
    """After a 429 without a rest, calls of every backend of the server come one by one; too late is `rate-limited`."""
    many, none = send({}, status=429, retry_after="0"), completion(GOOD)
    with ChatServer(many, none) as server, npc.allow_network("127.0.0.1"):
        backend = OpenAIBackend("tiny", base_url=server.url)
        calls = backend._endpoint.concurrency
        with pytest.raises(npc.BackendError, match="HTTP 429"):
            await backend.reply(request())
        assert (await backend.reply(request())).content == GOOD
        assert calls.limit < 3
        while calls._busy < calls.limit:
            await calls.enter()
        with pytest.raises(npc.BackendError, match="calls at once") as caught:
            await backend.reply(replace(request(), seconds=0.01))
        assert caught.value.reason == "rate-limited"
        assert len(server.asked) == 2
        await backend.aclose()


async def test_a_server_that_counts_down_is_believed() -> None:
    """When the last request of a period was answered, the next waits until the period has passed."""
    spent = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m30s"}
    body = {"choices": [{"message": {"content": GOOD}}]}
    with ChatServer(send(body, **spent)) as server, npc.allow_network("127.0.0.1"):
        backend = OpenAIBackend("tiny", base_url=server.url)
        assert (await backend.reply(request())).content == GOOD
        with pytest.raises(npc.BackendError, match="s more of rest") as caught:
            await backend.reply(request())
        assert caught.value.reason == "rate-limited"
        await backend.aclose()


def test_times_as_servers_write_them() -> None:
    """Seconds, and the hours, minutes and milliseconds of rate limit headers; a date is no number of seconds."""
    written = {"7": 7.0, "1.5": 1.5, "1s": 1.0, "6m0s": 360.0, "1h2m3.5s": 3723.5, "20ms": 0.02}
    assert {text: seconds_of(text) for text in written} == written
    for text in (None, "", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "1e9", "9" * 400 + "s"):
        assert seconds_of(text) is None
