"""A window that nobody sees: it plays back scripted input and records what was drawn. For tests and `--headless`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import Path

from games.keep.art.font import text_width
from games.keep.art.sprite import Sprite
from games.keep.sounds import SOUNDS, Sound
from games.keep.window import Colour, Input


class NullWindow:
    """See `games.keep.window.Window`.

    Attributes:
        texts: the texts of the picture last shown, in the order drawn.
        sprites: the names of its sprites.
        pictures: how many pictures were shown.
        played: the sounds played, each with its volume, in order.
        ambience: how loud the ambience is.
        copied: what was last put on the clipboard.
        fills_screen: whether it was told to fill the screen.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.sprites: list[str] = []
        self.pictures = 0
        self.closed = False
        self.fills_screen = False
        self.copied = ""
        self.played: list[tuple[Sound, float]] = []
        self.ambience = 0.0
        self._input: deque[Input] = deque()
        self._drawn_texts: list[str] = []
        self._drawn_sprites: list[str] = []

    def feed(self, *inputs: Input) -> None:
        """Have these read by the next `poll`."""
        self._input.extend(inputs)

    def poll(self) -> list[Input]:
        inputs = list(self._input)
        self._input.clear()
        return inputs

    def fill(self, x: int, y: int, width: int, height: int, colour: Colour, alpha: int = 255) -> None:
        _check_colour(colour)

    def sprite(self, sprite: Sprite, x: int, y: int, scale: int = 1, *, mirrored: bool = False) -> None:
        self._drawn_sprites.append(sprite.name)

    def glow(self, x: int, y: int, radius: int, colour: Colour) -> None:
        _check_colour(colour)

    def text(self, x: int, y: int, text: str, size: int, colour: Colour) -> None:
        _check_colour(colour)
        self._drawn_texts.append(text)

    def text_width(self, text: str, size: int) -> int:
        return text_width(text, size)

    def copy(self, text: str) -> None:
        self.copied = text

    def full_screen(self, on: bool) -> None:
        self.fills_screen = on

    def play(self, sound: Sound, volume: float) -> None:
        if sound.name not in SOUNDS or not 0 < volume <= 1:
            raise ValueError(f"not to be played: {sound} at {volume}")
        self.played.append((sound, volume))

    def surround(self, volume: float) -> None:
        self.ambience = volume

    def present(self) -> None:
        self.texts, self._drawn_texts = self._drawn_texts, []
        self.sprites, self._drawn_sprites = self._drawn_sprites, []
        self.pictures += 1

    def save_picture(self, path: Path) -> None:
        raise RuntimeError("the null window has no picture to save; leave out --headless")

    def close(self) -> None:
        self.closed = True

    def shows(self, *parts: str) -> bool:
        """Whether the picture last shown has all of these somewhere in its text."""
        shown = " ".join(self.texts)
        return all(part in shown for part in parts)


def _check_colour(colour: Iterable[int]) -> None:
    if not all(0 <= part <= 255 for part in colour):
        raise ValueError(f"not a colour: {colour}")
