"""The window of the real library, on the library's display without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from games.keep.window_pygame import SMALLEST, PygameWindow


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[PygameWindow]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    opened = PygameWindow("test")
    opened.poll()
    yield opened
    opened.close()


def flips(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One entry for each time that the screen is filled anew, from now on."""
    made: list[None] = []
    monkeypatch.setattr(pygame.display, "flip", lambda: made.append(None))
    return made


def show(window: PygameWindow, left: int) -> None:
    window.fill(left, 0, 20, 20, (200, 0, 0))
    window.text(0, 40, "hello", 18, (255, 255, 255))
    window.present()


def test_the_same_picture_is_not_drawn_twice(window, monkeypatch, tmp_path: Path):
    """A frame like the one before costs no drawing; one that differs is drawn, and saved as it is."""
    made = flips(monkeypatch)
    for left in (0, 0, 0, 100, 100):
        show(window, left)
    assert len(made) == 2
    window.save_picture(tmp_path / "x.png")
    picture = pygame.image.load(tmp_path / "x.png")
    assert picture.get_at((105, 5))[:3] == (200, 0, 0)
    assert picture.get_at((5, 5))[:3] != (200, 0, 0)


def test_a_window_that_was_covered_is_drawn_again(window, monkeypatch):
    """After the system says that the window's content may be lost, the same picture is drawn anew."""
    made = flips(monkeypatch)
    show(window, 0)
    pygame.event.post(pygame.event.Event(pygame.VIDEOEXPOSE))
    window.poll()
    show(window, 0)
    assert len(made) == 2


@pytest.mark.parametrize(
    ("shrunk", "kept"), [((1000, 200), (1000, 270)), ((100, 100), SMALLEST), ((700, 500), (700, 500))]
)
def test_a_window_cannot_be_shrunk_until_it_is_unreadable(window, shrunk, kept):
    """A window made smaller than half the picture grows back to that; a larger one stays as it is."""
    pygame.display.set_mode(shrunk, pygame.RESIZABLE)
    pygame.event.post(pygame.event.Event(pygame.VIDEORESIZE, size=shrunk, w=shrunk[0], h=shrunk[1]))
    window.poll()
    assert pygame.display.get_surface().get_size() == kept
