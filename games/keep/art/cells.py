"""The cells: forty steps down, damp, three doors of bars."""

from __future__ import annotations

from functools import cache

from games.keep.art.masonry import COLUMNS, ROWS, flag_floor, shade_under_wall, side_stair, stone_walls
from games.keep.art.places import TILE
from games.keep.art.sprite import Canvas, Sprite, speckle

DOORS = (3 * TILE, 9 * TILE, 15 * TILE)
DOOR = 2 * TILE


@cache
def ground() -> Sprite:
    canvas = Canvas(COLUMNS * TILE, ROWS * TILE)
    stone_walls(canvas)
    flag_floor(canvas)
    for left in DOORS:
        _cell(canvas, left)
        if left != DOORS[1]:
            canvas.stamp(bars(), left, 0)
    for left in (86, 128, 196, 232):
        _chain(canvas, left)
    _tally(canvas, 66)
    for x, y in ((90, 70), (214, 96), (140, 120)):
        _puddle(canvas, x, y)
    for y in range(2 * TILE, (ROWS - 1) * TILE):
        for x in range(TILE, (COLUMNS - 1) * TILE):
            if canvas.at(x, y) == "s" and speckle(x // 2, y // 2, 101) > 247:
                canvas.dot(x, y, "g")
    canvas.recolour({"T": "t", "t": "S"})
    shade_under_wall(canvas)
    side_stair(canvas, 0, 5 * TILE, 2 * TILE, up=True)
    return canvas.sprite("cells-ground")


def _cell(canvas: Canvas, left: int) -> None:
    """The dark behind a door: a bunk, a bit of wall, a window no larger than a slice of bread."""
    canvas.oval(left + 16, 12, 15, 11, "T")
    canvas.box(left + 1, 12, 30, 20, "T")
    canvas.oval(left + 16, 13, 12, 10, "K")
    canvas.box(left + 4, 13, 24, 19, "K")
    canvas.box(left + 6, 23, 20, 8, "k")
    canvas.box(left + 20, 24, 7, 3, "n")
    canvas.box(left + 20, 23, 7, 1, "B")
    canvas.box(left + 14, 6, 4, 3, "u")


@cache
def bars() -> Sprite:
    """The bars of a shut door, with gaps to look through."""
    canvas = Canvas(DOOR, 2 * TILE)
    for x in range(5, 28, 4):
        top = 13 - int(max(0.0, 100 - (x + 0.5 - 16) ** 2) ** 0.5 * 0.9)
        canvas.box(x, max(4, top), 1, 32 - max(4, top), "t")
        canvas.box(x + 1, max(4, top), 1, 32 - max(4, top), "s")
    for y in (12, 22):
        canvas.box(4, y, 24, 1, "t")
        canvas.box(4, y + 1, 24, 1, "s")
    canvas.box(22, 16, 5, 6, "y")
    canvas.box(22, 16, 5, 1, "Y")
    canvas.box(24, 18, 1, 3, "K")
    return canvas.sprite("bars")


@cache
def open_bars() -> Sprite:
    """The door swung wide: seen from its edge."""
    canvas = Canvas(DOOR, 2 * TILE)
    canvas.box(1, 6, 3, 26, "t")
    canvas.box(1, 6, 1, 26, "T")
    for y in (12, 22):
        canvas.box(0, y, 5, 2, "s")
    return canvas.sprite("open-bars")


def _chain(canvas: Canvas, left: int) -> None:
    canvas.box(left - 1, 7, 4, 2, "T")
    for link in range(5):
        canvas.box(left, 9 + link * 3, 2, 2, "t" if link % 2 else "s")
        canvas.dot(left, 11 + link * 3, "k")
    canvas.oval(left + 1, 26, 3, 2.4, "t")
    canvas.oval(left + 1, 26, 1.6, 1.2, "s")


def _tally(canvas: Canvas, left: int) -> None:
    """Days, in fives."""
    for group in range(3):
        for stroke in range(4):
            canvas.box(left + group * 8 - 26 + stroke * 2 + 36, 20, 1, 5, "T")
        for slash in range(7):
            canvas.dot(left + group * 8 + 9 + slash, 24 - slash * 5 // 7, "T")


def _puddle(canvas: Canvas, x: int, y: int) -> None:
    canvas.oval(x, y, 13, 4, "k")
    canvas.oval(x, y, 12, 3.2, "u")
    canvas.box(x - 5, y - 1, 5, 1, "U")


@cache
def straw() -> Sprite:
    canvas = Canvas(26, 13)
    canvas.oval(13, 9, 12, 4, "y")
    canvas.oval(10, 6, 7, 4, "y")
    for y in range(13):
        for x in range(26):
            if canvas.at(x, y) == "y":
                tone = speckle(x, y, 103)
                canvas.dot(x, y, "Y" if tone > 210 else "B" if tone < 90 else "y")
    canvas.outline("n")
    return canvas.sprite("straw")


@cache
def bucket() -> Sprite:
    canvas = Canvas(11, 13)
    canvas.box(2, 4, 7, 8, "b")
    canvas.box(1, 4, 9, 2, "N")
    canvas.box(2, 8, 7, 1, "s")
    canvas.oval(5.5, 4, 4, 1.4, "u")
    canvas.box(1, 1, 1, 3, "s")
    canvas.box(9, 1, 1, 3, "s")
    canvas.box(2, 0, 7, 1, "s")
    canvas.outline("K")
    return canvas.sprite("bucket")


@cache
def table() -> Sprite:
    """The warden's table: a stub of candle, a bowl, a ring without keys."""
    canvas = Canvas(28, 24)
    for x in (3, 22):
        canvas.box(x, 12, 3, 11, "n")
    canvas.box(1, 9, 26, 5, "N")
    canvas.box(1, 9, 26, 2, "b")
    canvas.box(6, 4, 3, 5, "W")
    canvas.box(7, 1, 1, 3, "Y")
    canvas.box(5, 8, 5, 1, "y")
    canvas.oval(18, 8, 4, 1.6, "B")
    canvas.oval(18, 7.6, 3, 1, "n")
    canvas.outline("K")
    return canvas.sprite("cell-table")
