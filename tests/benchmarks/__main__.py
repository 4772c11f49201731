"""The figures of BENCHMARKS.md, measured anew: ``python -m tests.benchmarks``.

Times are of this machine; what should hold everywhere are the ratios. Machines that share their processor change
speed from second to second, so what can be repeated is: a figure is then the lowest of several medians.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import npc
from npc.logic.program import Context
from tests.benchmarks.casts import branching_cast, wide_cast
from tests.benchmarks.demo import first_frame_seconds, frame_milliseconds, megabytes

ROOT = Path(__file__).resolve().parents[2]


def milliseconds(call: Callable[[], object], repeats: int) -> list[float]:
    """Sorted times of single calls."""
    times = []
    for _ in range(repeats):
        started = perf_counter()
        call()
        times.append((perf_counter() - started) * 1000)
    return sorted(times)


def at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]


def turn_times(folder: Path, turns: int = 2_000) -> tuple[float, float]:
    """p50 and p99 in ms of a turn, all of it but the backend (whose replies are made beforehand); best of 7 runs."""
    cast = npc.load(folder)
    replies = [
        json.dumps({"heard": [f"ask_{n % 39}"], "slots": {}, "response": f"answer_{n % 39}"}) for n in range(turns)
    ]

    async def reads_the_prompt(request: npc.ModelRequest) -> str:
        assert request.messages
        assert request.schema
        return replies[int(request.utterance.rpartition(" ")[2])]

    async def measure() -> list[float]:
        session = npc.Session(cast, reads_the_prompt)
        times = []
        for number in range(turns):
            started = perf_counter()
            turn = await session.say("keeper", f"tell me of matter number {number}")
            times.append((perf_counter() - started) * 1000)
            assert turn.verdict == "accepted", (turn.verdict, turn.reason)
        return sorted(times[20:])

    runs = [asyncio.run(measure()) for _ in range(7)]
    return min((at(times, 0.5), at(times, 0.99)) for times in runs)


def enumeration_times(folder: Path) -> tuple[float, float]:
    """Cold (state never seen) and memoised enumeration of 40 outcomes, median ms."""
    cast = npc.load(folder)
    program = cast.character("keeper").program
    facts = dict(npc.Session(cast, npc.scripted()).facts)
    assert len(program.outcomes(facts, Context()).outcomes) == 40
    cold = []
    for count in range(200):
        facts["keeper.patience"] = count + 1
        started = perf_counter()
        program.outcomes(facts, Context())
        cold.append((perf_counter() - started) * 1000)
    warm = milliseconds(lambda: program.outcomes(facts, Context()), 2_000)
    return statistics.median(cold), at(warm, 0.5)


def import_time() -> float:
    """Median ms of ``import npc`` in a fresh process, less that of an empty one."""

    def process(code: str) -> float:
        return at(milliseconds(lambda: subprocess.run([sys.executable, "-c", code], check=True), 7), 0.5)

    return process("import npc") - process("pass")


def start_time() -> float:
    """Median ms of everything a program needs before its first turn, in a fresh process."""
    code = "import npc; npc.Session(npc.load('catalogs/keep'))"

    def process(code: str) -> float:
        return at(milliseconds(lambda: subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT), 5), 0.5)

    return process(code) - process("pass")


def many_sessions(folder: Path, count: int = 1_000) -> tuple[float, float]:
    """Seconds until all of `count` sessions had their answer of a 300 ms backend (best of 7), and KB a session."""
    cast = npc.load(folder)

    async def slow(request: npc.ModelRequest) -> dict[str, object]:
        await asyncio.sleep(0.3)
        return {"heard": ["ask_3"], "slots": {}, "response": "answer_3"}

    async def everyone() -> tuple[float, list[npc.Session]]:
        sessions = [npc.Session(cast, slow, seed=n) for n in range(count)]
        started = perf_counter()
        turns = await asyncio.gather(*(session.say("keeper", "tell me of it") for session in sessions))
        taken = perf_counter() - started
        assert all(turn.response == "answer_3" for turn in turns)
        return taken, sessions

    seconds = min(asyncio.run(everyone())[0] for _ in range(7))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    _, sessions = asyncio.run(everyone())
    kilobytes = (tracemalloc.get_traced_memory()[0] - before) / len(sessions) / 1024
    tracemalloc.stop()
    return seconds, kilobytes


def measure() -> list[tuple[str, str, str]]:
    """Rows of what, target and measured."""
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        small = wide_cast(Path(scratch) / "small", responses=100)
        large = wide_cast(Path(scratch) / "large", responses=5_000)
        branching = branching_cast(Path(scratch) / "branching")
        p50, p99 = turn_times(small)
        rows.append(("turn, 100 responses, 40 outcomes", "p50 < 0.3 ms, p99 < 1 ms", f"{p50:.3f} / {p99:.3f} ms"))
        p50, p99 = turn_times(large)
        rows.append(("turn, 5,000 responses", "p50 < 0.6 ms", f"{p50:.3f} / {p99:.3f} ms"))
        cold, warm = enumeration_times(branching)
        rows.append(("enumerate 40 outcomes, cold", "< 1 ms", f"{cold:.3f} ms"))
        rows.append(("enumerate 40 outcomes, memoised", "< 0.020 ms", f"{warm:.4f} ms"))
        npc.load(small)
        loading = at(milliseconds(lambda: npc.load(small), 9), 0.5)
        rows.append(("load and compile a character, 100 responses", "< 40 ms", f"{loading:.1f} ms"))
        rows.append(("import npc", "< 150 ms", f"{import_time():.0f} ms"))
        seconds, kilobytes = many_sessions(small)
        rows.append(("1,000 sessions, backend of 300 ms", "< 0.6 s", f"{seconds:.3f} s"))
        rows.append(("memory a session", "< 20 KB", f"{kilobytes:.1f} KB"))
        rows.append(("load the keep's cast and begin a session, fresh process", "", f"{start_time():.0f} ms"))
        rows.append(("first frame of the demo, whole process", "< 1.5 s", f"{first_frame_seconds():.2f} s"))
        idle, awaiting = frame_milliseconds()
        for what, times, target in (
            ("frame, nothing awaited", idle, ""),
            ("frame, 20 replies pending", awaiting, "max < 16.7 ms"),
        ):
            rows.append((what, target, f"p50 {at(times, 0.5):.1f}, p99 {at(times, 0.99):.1f}, max {times[-1]:.1f} ms"))
        if Path("/proc/self/status").exists():
            for when, held in megabytes().items():
                rows.append((f"memory of the demo, {when}", "< 200 MB", f"{held:.0f} MB"))
    return rows


def main() -> None:
    argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__).parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| what | target | measured |\n|---|---|---|")
    for row in measure():
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
