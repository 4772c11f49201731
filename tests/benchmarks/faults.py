"""Turns against servers that misbehave: ``python -m tests.benchmarks.faults [TURNS]``.

Every misbehaviour of `tests.backends.hostile_server` in turn, many turns at a time on shared connections. Counted are
turns that end later than 50 ms after their deadline, tasks and sockets left over, and memory: what the process holds
after the first tenth of the turns, and at the end. A watch beside them tells how late the event loop itself was.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

import npc
from npc.backends.breaker import Breaker
from npc.backends.concurrency import Concurrency
from npc.backends.openai import OpenAIBackend
from tests.backends.hostile_server import ANSWERS, hostile_server

TURNS, AT_ONCE = 10_000, 20
DEADLINE, GRACE = 0.25, 0.05
KEPT = {"good", "wrong-type", "twice", "thinking", "fenced", "reasoning-field", "obedient", "strict", "chat-only"}
FAULTS = sorted(ANSWERS.keys() - KEPT)


class Never(Breaker):
    """Lets every call through, so that every turn meets its fault."""

    def admit(self) -> None:
        """Yes."""

    def rest(self) -> None:
        """No."""


class Unlimited(Concurrency):
    """Takes no 429 for an answer."""

    def too_many(self) -> None:
        """Never."""


async def turn(cast: npc.Cast, backend: OpenAIBackend) -> tuple[float, npc.Turn]:
    """Seconds that a turn took, and what came of it."""
    session = npc.Session(cast, backend, deadline=DEADLINE)
    started = perf_counter()
    taken = await session.say("warden", "Give me the key!")
    return perf_counter() - started, taken


async def lateness(times: list[float]) -> None:
    """How late the loop runs what is due."""
    while True:
        due = perf_counter() + 0.01
        await asyncio.sleep(0.01)
        times.append(perf_counter() - due)


def sockets() -> int:
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0


def memory() -> float:
    """Megabytes that the process holds; 0 where that is not told as Linux tells it."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if told.is_file() else 0.0


async def measure(url: str, turns: int) -> bool:
    cast = npc.load("tests/casts/design")
    backends = {model: OpenAIBackend(model, base_url=url) for model in FAULTS}
    for backend in backends.values():
        backend._breaker, backend._endpoint.concurrency = Never(), Unlimited(1_000)
    before, late, loop_late = sockets(), [], []
    watch = asyncio.create_task(lateness(loop_late))
    gc.collect()
    gc.freeze()  # as a server does once it is set up: what stays for good is not looked through again and again
    models = islice(cycle(FAULTS), turns)
    done, wrong, first = 0, 0, 0

    async def worker() -> None:
        nonlocal done, wrong, first
        for model in models:
            seconds, taken = await turn(cast, backends[model])
            late.append(seconds - DEADLINE)
            wrong += taken.verdict != "fallback" or bool(taken.changes)
            done += 1
            if done == turns // 10:
                first = memory()

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    watch.cancel()
    for backend in backends.values():
        await backend.aclose()
    await asyncio.gather(watch, return_exceptions=True)
    gc.collect()
    tasks, left = len(asyncio.all_tasks()) - 1, sockets() - before
    over = sum(seconds > GRACE for seconds in late)
    print(f"{done} turns, {len(FAULTS)} misbehaviours, {AT_ONCE} at once, deadline {DEADLINE * 1000:.0f} ms")
    print(f"ended later than {GRACE * 1000:.0f} ms after it: {over}; latest: {max(late) * 1000:.1f} ms after it")
    print(f"the loop itself was late by at most {max(loop_late) * 1000:.1f} ms")
    print(f"turns that were no fallback or changed something: {wrong}")
    print(f"left over: {tasks} tasks, {left} sockets")
    print(f"memory of the process: {first:.1f} MB after a tenth of them, {memory():.1f} MB at the end")
    return not (over or wrong or tasks or left > 0)


if __name__ == "__main__":
    number = int(sys.argv[1]) if sys.argv[1:] else TURNS
    with hostile_server() as url, npc.allow_network("127.0.0.1"):
        sys.exit(not asyncio.run(measure(url, number)))
