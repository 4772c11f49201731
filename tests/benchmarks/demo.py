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
