"""The demo in a window of a real X server, as a player has it: every scene against a picture that somebody looked at.

A picture is taken anew, after a change that was meant, by
``SDL_VIDEODRIVER=dummy python demo.py --script NAME.keep --screenshot NAME.png --home EMPTY_FOLDER``,
so that nobody's own settings show in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PICTURES = sorted(
    script
    for folder in (CHECKOUT / "docs" / "screenshots", CHECKOUT / "tests" / "games" / "pictures")
    for script in folder.glob("*.keep")
    if script.with_suffix(".png").exists()
)
DIFFERENT = 24
"""Levels (of 255) that a colour may be off before a pixel counts as different."""

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server to start: Debian's xvfb")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A display of its own, on a free number that the server picks itself."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)


@pytest.mark.parametrize("script", PICTURES, ids=lambda script: script.stem)
def test_the_picture_is_what_a_window_shows(script: Path, display: str, tmp_path: Path) -> None:
    """Played in a real window, the script of a picture ends with that picture."""
    taken = take_picture(display, tmp_path, "--script", str(script))
    assert different_share(taken, pygame.image.load(script.with_suffix(".png"))) < 0.02


def test_the_title_is_what_a_window_shows(display: str, tmp_path: Path) -> None:
    """The first thing a player sees, after a few frames, is the picture of it."""
    taken = take_picture(display, tmp_path, "--frames", "20")
    expected = CHECKOUT / "tests" / "games" / "pictures" / "title.png"
    assert different_share(taken, pygame.image.load(expected)) < 0.02


CREDITS = """
import sys
from games.keep.casting import open_session
from games.keep.game import Game
from games.keep.launch import open_window
from games.keep.window import KeyDown

game = Game(open_session("embedded", 0), open_window("credits"), clock=lambda: 0.0)
game.advance(2)
for key in ("down", "down", "down", "return"):
    game.feed(KeyDown(key))
    game.advance(2)
game.window.save_picture(sys.argv[1])
game.session.close()
"""


def test_the_credits_are_what_a_window_shows(display: str, tmp_path: Path) -> None:
    """From the title, the fourth entry down: the page that says who made what."""
    picture = tmp_path / "taken.png"
    seen = os.environ | {"DISPLAY": display, "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}
    command = [sys.executable, "-c", CREDITS, str(picture)]
    done = subprocess.run(command, cwd=CHECKOUT, env=seen, capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    expected = CHECKOUT / "tests" / "games" / "pictures" / "credits.png"
    assert different_share(pygame.image.load(picture), pygame.image.load(expected)) < 0.02


def take_picture(display: str, folder: Path, *options: str) -> pygame.Surface:
    """What the demo's window shows at the end, started with these options."""
    picture = folder / "taken.png"
    environment = {
        k: v for k, v in os.environ.items() if k not in ("SDL_VIDEODRIVER", "NPC_BACKEND", "WAYLAND_DISPLAY")
    }
    done = subprocess.run(
        [sys.executable, "demo.py", *options, "--screenshot", str(picture), "--home", str(folder)],
        cwd=CHECKOUT,
        env=environment | {"DISPLAY": display, "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return pygame.image.load(picture)


def different_share(one: pygame.Surface, other: pygame.Surface) -> float:
    """The share of pixels that differ visibly."""
    assert one.get_size() == other.get_size()
    pixels, expected = pygame.image.tobytes(one, "RGB"), pygame.image.tobytes(other, "RGB")
    far = sum(
        any(abs(a - b) > DIFFERENT for a, b in zip(pixels[at : at + 3], expected[at : at + 3], strict=True))
        for at in range(0, len(pixels), 3)
        if pixels[at : at + 3] != expected[at : at + 3]
    )
    return far * 3 / len(pixels)
