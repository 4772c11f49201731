"""What the game needs of a window: a few things to draw and to play, and what the player did.

Implementations are elsewhere. All coordinates are logical pixels of a picture of `WIDTH` by `HEIGHT`; a window
scales the picture to its own size.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from games.keep.art.sprite import Sprite
from games.keep.sounds import Sound

WIDTH = 960
HEIGHT = 540

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class KeyDown:
    """A key went down; `key` is its name, such as ``e``, ``left``, ``return``, ``f1``."""

    key: str
    shift: bool = False
    control: bool = False


@dataclass(frozen=True, slots=True)
class KeyUp:
    """A key came up."""

    key: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Text was typed (after dead keys and input methods have done their part) or pasted."""

    text: str


@dataclass(frozen=True, slots=True)
class Composed:
    """An input method holds text ready that is not typed yet; empty when it no longer does."""

    text: str


@dataclass(frozen=True, slots=True)
class Click:
    """The main mouse button went down at a place of the picture."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Scroll:
    """The mouse wheel turned; `lines` is above 0 for up."""

    lines: int


@dataclass(frozen=True, slots=True)
class Close:
    """The player closed the window."""


Input = KeyDown | KeyUp | Typed | Composed | Click | Scroll | Close


class Window(Protocol):
    """Somewhere to draw and something to read input from."""

    def poll(self) -> list[Input]:
        """What the player did since the last call, in order."""
        ...

    def fill(self, x: int, y: int, width: int, height: int, colour: Colour, alpha: int = 255) -> None:
        """A filled rectangle; `alpha` from 0, not there, to 255, opaque."""
        ...

    def sprite(self, sprite: Sprite, x: int, y: int, scale: int = 1, *, mirrored: bool = False) -> None:
        """A sprite with its top left corner at (x, y)."""
        ...

    def glow(self, x: int, y: int, radius: int, colour: Colour) -> None:
        """Light added around a point, fading to nothing at `radius`."""
        ...

    def text(self, x: int, y: int, text: str, size: int, colour: Colour) -> None:
        """One line of text; (x, y) is its top left corner, `size` its height in pixels."""
        ...

    def text_width(self, text: str, size: int) -> int:
        """How wide `text` would be."""
        ...

    def copy(self, text: str) -> None:
        """Put text on the clipboard, where there is one."""
        ...

    def full_screen(self, on: bool) -> None:
        """Fill the whole screen, or be a window again."""
        ...

    def play(self, sound: Sound, volume: float) -> None:
        """Play a sound once; `volume` from 0, silent, to 1."""
        ...

    def surround(self, volume: float) -> None:
        """Play the ambience over and over, this loud; 0 stops it."""
        ...

    def present(self) -> None:
        """Show what was drawn, and begin an empty picture."""
        ...

    def save_picture(self, path: Path) -> None:
        """Write the picture last shown to a PNG file."""
        ...

    def close(self) -> None:
        """Give the window back."""
        ...
