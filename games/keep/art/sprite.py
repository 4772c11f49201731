"""Sprites: small pictures made of palette letters, drawn by hand as character grids or by code on a canvas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from games.keep.art.palette import CLEAR, PALETTE


@dataclass(frozen=True, eq=False)
class Sprite:
    """A picture; each character of a row is a letter of the palette, or `.` for see-through. Compared by identity."""

    name: str
    rows: tuple[str, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            strangers = set(row) - PALETTE.keys() - {CLEAR}
            if len(row) != self.width or strangers:
                raise ValueError(f"sprite {self.name}: bad row {row!r} {sorted(strangers)}")

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def height(self) -> int:
        return len(self.rows)


def draw(name: str, picture: str) -> Sprite:
    """A sprite from a block of text; short rows are filled up on the right."""
    rows = [row.strip() for row in picture.strip().splitlines()]
    width = max(map(len, rows))
    return Sprite(name, tuple(row.ljust(width, CLEAR) for row in rows))


class Canvas:
    """A grid of palette letters to draw on with code; what falls outside is cut off."""

    def __init__(self, width: int, height: int, letter: str = CLEAR) -> None:
        self.width, self.height = width, height
        self._cells = [[letter] * width for _ in range(height)]

    def dot(self, x: int, y: int, letter: str) -> None:
        if 0 <= x < self.width and 0 <= y < self.height:
            self._cells[y][x] = letter

    def at(self, x: int, y: int) -> str:
        return self._cells[y][x] if 0 <= x < self.width and 0 <= y < self.height else CLEAR

    def box(self, x: int, y: int, width: int, height: int, letter: str) -> None:
        for row in range(y, y + height):
            for column in range(x, x + width):
                self.dot(column, row, letter)

    def oval(self, x: float, y: float, across: float, along: float, letter: str, *, bottom: int | None = None) -> None:
        """A filled ellipse around (x, y) with these radii, cut off above the row `bottom`."""
        for row in range(self.height if bottom is None else bottom):
            for column in range(self.width):
                if ((column + 0.5 - x) / across) ** 2 + ((row + 0.5 - y) / along) ** 2 <= 1:
                    self._cells[row][column] = letter

    def stamp(self, sprite: Sprite, x: int, y: int) -> None:
        for row, line in enumerate(sprite.rows):
            for column, letter in enumerate(line):
                if letter != CLEAR:
                    self.dot(x + column, y + row, letter)

    def recolour(self, letters: Mapping[str, str]) -> None:
        self._cells = [[letters.get(letter, letter) for letter in row] for row in self._cells]

    def outline(self, letter: str) -> None:
        """Draw a line of this letter around everything that is not see-through."""
        edge = [
            (x, y)
            for y in range(self.height)
            for x in range(self.width)
            if self.at(x, y) == CLEAR
            and any(self.at(x + i, y + j) != CLEAR for i, j in ((1, 0), (-1, 0), (0, 1), (0, -1)))
        ]
        for x, y in edge:
            self.dot(x, y, letter)

    def sprite(self, name: str) -> Sprite:
        return Sprite(name, tuple("".join(row) for row in self._cells))


def speckle(x: int, y: int, salt: int = 0) -> int:
    """A number from 0 to 255 that looks random and is the same for the same place every time."""
    value = (x * 374761393 + y * 668265263 + salt * 2246822519) & 0xFFFFFFFF
    value = ((value ^ (value >> 13)) * 1274126177) & 0xFFFFFFFF
    return (value >> 16) & 0xFF
