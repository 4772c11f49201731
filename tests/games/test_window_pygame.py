"""The window of the real library, on the library's display without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from games.keep.art.palette import PALETTE
from games.keep.art.sprite import Sprite
from games.keep.window import HEIGHT, WIDTH
from games.keep.window_pygame import MOST_SPRITE_PIXELS, SMALLEST, PygameWindow


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


def alike(seen: pygame.Color, wanted: tuple[int, int, int]) -> bool:
    """Whether they differ by no more than what is lost in smoothing."""
    return all(abs(part - other) <= 3 for part, other in zip(seen[:3], wanted, strict=True))


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


@pytest.mark.parametrize(
    "size", [(960, 540), (1280, 720), (1366, 768), (1600, 1200), (1920, 1080), (2560, 1440), (700, 400)]
)
def test_a_window_of_any_size_shows_the_whole_picture(window, size: tuple[int, int]):
    """The corners and the middle are where they belong, and what the picture leaves over is dark."""
    screen = pygame.display.set_mode(size, pygame.RESIZABLE)
    red, green, blue = (200, 0, 0), (0, 200, 0), (0, 0, 200)
    window.fill(0, 0, WIDTH, HEIGHT, green)
    window.fill(0, 0, 60, 60, red)
    window.fill(WIDTH - 60, HEIGHT - 60, 60, 60, blue)
    window.present()
    factor = min(size[0] / WIDTH, size[1] / HEIGHT)
    left, top = (round((length - factor * drawn) / 2) for length, drawn in zip(size, (WIDTH, HEIGHT), strict=True))
    assert alike(screen.get_at((left + 3, top + 3)), red)
    assert alike(screen.get_at((size[0] // 2, size[1] // 2)), green)
    assert alike(screen.get_at((size[0] - left - 4, size[1] - top - 4)), blue)
    assert top < 4 or sum(screen.get_at((size[0] // 2, top // 2))[:3]) < 100


@pytest.mark.parametrize("times", [2, 4])
def test_whole_multiples_are_shown_dot_for_dot(window, times: int):
    screen = pygame.display.set_mode((WIDTH * times, HEIGHT * times), pygame.RESIZABLE)
    window.fill(100, 50, 1, 1, (250, 250, 250))
    window.present()
    lit = {
        (x, y)
        for x in range(95 * times, 106 * times)
        for y in range(45 * times, 56 * times)
        if screen.get_at((x, y))[0] > 200
    }
    assert lit == {(100 * times + x, 50 * times + y) for x in range(times) for y in range(times)}


def test_sprites_of_places_left_behind_make_room(window):
    """However many large sprites are shown one after another, few are held, and the one shown is drawn right."""
    letters = sorted(PALETTE)
    for turn in range(12):
        sprite = Sprite(f"place {turn}", (letters[turn % len(letters)] * 320,) * 180)
        window.sprite(sprite, 0, 0, 3)
        window.present()
        assert sum(made.get_width() * made.get_height() for made in window._sprites.values()) <= MOST_SPRITE_PIXELS
        expected = window._sprites[sprite, 3, False].get_at((500, 300))
        assert window._picture.get_at((500, 300))[:3] == expected[:3]


def test_panes_darken_only_what_they_cover(window):
    window.fill(0, 0, WIDTH, HEIGHT, (200, 200, 200))
    window.fill(100, 100, 50, 50, (0, 0, 0), 128)
    window.fill(300, 300, 20, 20, (250, 0, 0), 64)
    window.present()
    seen = [window._picture.get_at(place)[:3] for place in ((99, 99), (120, 120), (150, 150), (310, 310), (320, 320))]
    assert seen[0] == seen[2] == seen[4] == (200, 200, 200)
    assert 95 <= seen[1][0] <= 105
    assert seen[3][0] > seen[3][1]
