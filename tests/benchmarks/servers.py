"""What a turn over HTTP adds: ``python -m tests.benchmarks.servers``, against a server process that answers at once.

A bare client, which writes a request made beforehand to a socket and reads until the answer is there, shows what server
and sockets take by themselves in the same run.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from functools import partial
from time import perf_counter

import npc
from npc.backends.encoding import encode
from npc.backends.envelopes import body_of
from tests.backends.hostile_server import GOOD, hostile_server

TURNS, FIRST, AT_ONCE, BURSTS = 400, 50, 200, 7


async def function(request: npc.ModelRequest) -> dict[str, object]:
    """What the same turn costs without HTTP: prompt and schema are made, as a server needs them."""
    assert request.messages
    assert request.schema
    return GOOD


class Bare:
    """The least that a client can do."""

    def __init__(self, url: str, body: bytes) -> None:
        host, _, port = url.split("/")[2].partition(":")
        self._address = host, int(port)
        self._request = b"POST /v1/x HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body) + body
        self._kept: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self) -> None:
        reader, writer = self._kept.pop() if self._kept else await asyncio.open_connection(*self._address)
        writer.write(self._request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]))
        self._kept.append((reader, writer))

    def close(self) -> None:
        for _, writer in self._kept:
            writer.close()


async def seconds(call: Awaitable[object]) -> float:
    started = perf_counter()
    await call
    return perf_counter() - started


async def take(session: npc.Session) -> None:
    turn = await session.say("warden", "Hm.")
    assert turn.verdict == "accepted", turn.trace.attempts


def at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


async def one_by_one(call: Callable[[], Awaitable[object]]) -> list[float]:
    return [await seconds(call()) for _ in range(TURNS)][FIRST:]


async def at_once(calls: list[Callable[[], Awaitable[object]]]) -> list[list[float]]:
    """Of several bursts, the times of the calls of each; the first opens the connections and is left out."""
    return [await asyncio.gather(*(seconds(call()) for call in calls)) for _ in range(BURSTS + 1)][1:]


async def measure(url: str) -> None:
    cast, spec = npc.load("catalogs/keep"), f"openai:good@{url}"
    sessions = [npc.Session(cast, spec) for _ in range(AT_ONCE)]
    asked = sessions[0].preview_request("warden", "Hm.")
    bare = Bare(url, encode(body_of(sessions[0].backends[0].manner, asked.messages, asked.schema)))
    plain = [npc.Session(cast, function) for _ in range(AT_ONCE)]
    ways: list[tuple[str, list[Callable[[], Awaitable[object]]]]] = [
        ("a bare client", [bare.ask] * AT_ONCE),
        ("turns with a function", [partial(take, session) for session in plain]),
        ("turns with a server", [partial(take, session) for session in sessions]),
    ]
    gc.collect()
    gc.freeze()  # as a server does once it is set up: what stays for good is not looked through again and again
    for name, calls in ways:
        times = await one_by_one(calls[0])
        print(f"{name}, one by one: p50 {at(times, 0.5):.2f}, p99 {at(times, 0.99):.2f} ms")
    for name, calls in ways:
        bursts = await at_once(calls)
        p50, p99 = min((at(times, 0.5), at(times, 0.99)) for times in bursts)
        worst = max(at(times, 0.99) for times in bursts)
        print(f"{name}, {AT_ONCE} at once: p50 {p50:.1f}, p99 {p99:.1f} ms (best of {BURSTS}; worst p99 {worst:.1f})")
    bare.close()
    for session in sessions:
        await session.aclose()


if __name__ == "__main__":
    with hostile_server() as url, npc.allow_network("127.0.0.1"):
        asyncio.run(measure(url))
