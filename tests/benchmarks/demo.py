"""The demo's figures: how soon its first frame is there, and what frames cost while replies are awaited."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, sleep, time

import npc
from games.keep.casting import open_session
from games.keep.game import FRAME, Game
from games.keep.memory import give_back_large_blocks
from games.keep.script import play_script
from games.keep.window import KeyDown

ROOT = Path(__file__).resolve().parents[2]
FRAMES = 400
PENDING = 20


def first_frame_seconds() -> float:
    """Seconds from starting the process until the demo's first frame is drawn and saved; best of 7."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(7):
            picture = Path(folder) / f"{number}.png"
            command = [sys.executable, "demo.py", "--frames", "1", "--screenshot", str(picture)]
            started = time()
            subprocess.run(command, cwd=ROOT, check=True, env=os.environ | _SILENT, capture_output=True)
            times.append(picture.stat().st_mtime - started)
    return min(times)


def frame_milliseconds() -> tuple[list[float], list[float]]:
    """Sorted times of frames with nothing awaited, and with 20 replies pending, of one game in one run."""
    os.environ.update(_SILENT)
    from games.keep.window_pygame import PygameWindow

    async def slow(request: npc.ModelRequest) -> dict[str, object]:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    game = Game(open_session("embedded", 0), PygameWindow("frames"), with_title=False)
    cast = game.session.cast
    game.feed(KeyDown("right"))
    _frames(game, [], 60)
    idle = _frames(game, [], FRAMES)
    sessions = [npc.Session(cast, slow, seed) for seed in range(PENDING)]
    tickets = [session.submit("warden", "tell me about the cats") for session in sessions]
    awaiting = _frames(game, tickets, FRAMES)
    for session in sessions:
        session.close()
    return sorted(idle), sorted(awaiting)


def megabytes() -> dict[str, float]:
    """Memory that the demo holds, in MB, at its first frame, and after a whole game in which all characters and places
    were met: when their brains were learnt in it, and when they had been learnt before."""
    with tempfile.TemporaryDirectory() as cache:
        new, known = (_played({"NPC_CACHE_DIR": cache}) for _ in range(2))
    return {"first frame": known[0], "whole game, brains known": known[1], "whole game, brains learnt": new[1]}


def _played(settings: dict[str, str]) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.benchmarks.demo"]
    played = subprocess.run(
        command, cwd=ROOT, check=True, env=os.environ | _SILENT | settings, capture_output=True, text=True
    )
    first, last = played.stdout.split()[-2:]
    return float(first), float(last)


def _play_whole_game() -> None:
    """Print what this process holds at the first frame and at the end, in MB."""
    from games.keep.launch import open_window

    give_back_large_blocks()
    game = Game(open_session("embedded", 0), open_window("memory"), with_title=False)
    game.run(1)
    first = _resident()
    lines = (ROOT / "tests" / "games" / "scripts" / "gentle.keep").read_text(encoding="utf-8").splitlines()
    play_script(game, "\n".join(line for line in lines if not line.startswith("expect")))
    print(first, _resident())


def _resident() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _frames(game: Game, tickets: list[npc.Ticket], count: int) -> list[float]:
    times = []
    for _ in range(count):
        started = perf_counter()
        assert sum(ticket.done() for ticket in tickets) == 0
        game.advance(1)
        times.append((perf_counter() - started) * 1000)
        rest = FRAME - (perf_counter() - started)
        if rest > 0:
            # The loop thread gets its share of the interpreter between frames, as it does while a window waits.
            sleep(rest)
    return times


_SILENT = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}

if __name__ == "__main__":
    _play_whole_game()
