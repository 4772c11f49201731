"""What a turn over HTTP adds: ``python -m tests.benchmarks.servers``, against a server process that answers at once."""

from __future__ import annotations

import asyncio
from time import perf_counter

import npc
from tests.backends.hostile_server import GOOD, hostile_server

TURNS, FIRST, AT_ONCE = 400, 50, 200


async def function(request: npc.ModelRequest) -> dict[str, object]:
    """What the same turn costs without HTTP: prompt and schema are made, as a server needs them."""
    assert request.messages
    assert request.schema
    return GOOD


async def seconds(session: npc.Session) -> float:
    started = perf_counter()
    turn = await session.say("warden", "Hm.")
    assert turn.verdict == "accepted", turn.trace.attempts
    return perf_counter() - started


def shown(times: list[float]) -> str:
    times = sorted(times)
    return f"p50 {times[len(times) // 2] * 1000:.2f}, p99 {times[int(len(times) * 0.99)] * 1000:.2f} ms"


async def measure(url: str) -> None:
    cast, spec = npc.load("catalogs/keep"), f"openai:good@{url}"
    for name, backend in (("a function", function), ("a server", spec)):
        session = npc.Session(cast, backend)
        print(f"turn with {name}: {shown([await seconds(session) for _ in range(TURNS)][FIRST:])}")
    sessions = [npc.Session(cast, spec) for _ in range(AT_ONCE)]
    for _ in range(3):
        print(f"{AT_ONCE} turns begun at once: {shown(await asyncio.gather(*map(seconds, sessions)))}")
    for session in sessions:
        await session.aclose()


if __name__ == "__main__":
    with hostile_server() as url, npc.allow_network("127.0.0.1"):
        asyncio.run(measure(url))
