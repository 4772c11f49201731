"""The clerk's office: shelves to the ceiling, a desk, and far too much paper."""

from __future__ import annotations

from functools import cache

from games.keep.art.masonry import COLUMNS, ROWS, flag_floor, shade_under_wall, side_door, stone_walls
from games.keep.art.places import TILE
from games.keep.art.sprite import Canvas, Sprite, speckle

SPINES = ("r", "N", "g", "u", "m", "b", "B", "s")


@cache
def ground() -> Sprite:
    canvas = Canvas(COLUMNS * TILE, ROWS * TILE)
    stone_walls(canvas)
    flag_floor(canvas)
    for left in (104, 206):
        _pigeonholes(canvas, left)
    _window(canvas, 156)
    _notices(canvas, 292 - 34)
    shade_under_wall(canvas)
    _carpet(canvas)
    side_door(canvas, 0, 5 * TILE, 2 * TILE)
    return canvas.sprite("gatehouse-ground")


def _pigeonholes(canvas: Canvas, left: int) -> None:
    canvas.box(left, 4, 44, 24, "N")
    for row in range(3):
        for column in range(6):
            x, y = left + 2 + column * 7, 6 + row * 7
            canvas.box(x, y, 6, 6, "n")
            for scroll in range(speckle(column, row, left) % 4):
                canvas.oval(x + 1.5 + scroll % 2 * 3, y + 4.5 - scroll // 2 * 3, 1.6, 1.6, "w")
                canvas.dot(x + 1 + scroll % 2 * 3, y + 4 - scroll // 2 * 3, "B")
    canvas.box(left, 3, 44, 1, "b")


def _window(canvas: Canvas, left: int) -> None:
    canvas.oval(left + 9, 9, 8, 8, "T")
    canvas.box(left + 1, 9, 16, 18, "T")
    canvas.oval(left + 9, 10, 6, 7, "o")
    canvas.box(left + 3, 10, 12, 15, "o")
    canvas.box(left + 3, 10, 12, 5, "p")
    canvas.box(left + 3, 20, 12, 5, "y")
    for x in (left + 6, left + 11):
        canvas.box(x, 4, 1, 21, "n")
    for y in (10, 16, 21):
        canvas.box(left + 3, y, 12, 1, "n")


def _notices(canvas: Canvas, left: int) -> None:
    canvas.box(left, 6, 34, 21, "n")
    canvas.box(left + 1, 7, 32, 19, "b")
    for note in range(5):
        x, y = left + 3 + note % 3 * 10, 9 + note // 3 * 9
        canvas.box(x, y, 8, 7, "W" if note % 2 else "w")
        for line in range(2, 6, 2):
            canvas.box(x + 1, y + line, 4 + note % 3, 1, "s")
        canvas.dot(x + 3, y, "R")


def _carpet(canvas: Canvas) -> None:
    canvas.box(112, 84, 96, 34, "r")
    canvas.box(114, 86, 92, 30, "R")
    canvas.box(117, 89, 86, 24, "r")
    for x in range(112, 208, 3):
        canvas.dot(x, 83, "y")
        canvas.dot(x, 118, "y")
    for x in range(TILE, (COLUMNS - 1) * TILE):
        if x % 7 < 5:
            canvas.box(x, 78, 1, 1, "y")


@cache
def desk() -> Sprite:
    """The desk: a candle, an inkwell, a ledger, and what is waiting."""
    canvas = Canvas(48, 26)
    canvas.box(1, 12, 46, 13, "N")
    canvas.box(0, 11, 48, 4, "b")
    canvas.box(0, 11, 48, 1, "B")
    for x in (3, 33):
        canvas.box(x, 16, 12, 8, "n")
        for y in (16, 20):
            canvas.box(x + 1, y, 10, 3, "b")
            canvas.dot(x + 6, y + 1, "Y")
    canvas.box(14, 8, 18, 4, "W")
    canvas.box(22, 8, 2, 4, "w")
    for line in (9, 10):
        canvas.box(15, line, 6, 1, "t")
        canvas.box(25, line, 5, 1, "t")
    canvas.box(36, 7, 5, 4, "u")
    canvas.box(37, 2, 1, 6, "W")
    canvas.dot(38, 1, "W")
    canvas.dot(38, 2, "w")
    canvas.box(4, 4, 3, 7, "W")
    canvas.box(5, 1, 1, 3, "Y")
    canvas.box(3, 10, 5, 1, "y")
    canvas.outline("K")
    return canvas.sprite("desk")


@cache
def shelf() -> Sprite:
    """A bookcase of ledgers."""
    canvas = Canvas(28, 38)
    canvas.box(1, 1, 26, 36, "N")
    for row in range(4):
        y = 3 + row * 8
        canvas.box(3, y, 22, 7, "n")
        for book in range(7):
            tone = speckle(book, row, 71)
            tall = 5 + tone % 2
            canvas.box(3 + book * 3, y + 7 - tall, 3, tall, SPINES[tone % len(SPINES)])
            canvas.dot(4 + book * 3, y + 8 - tall, "y")
            canvas.box(5 + book * 3, y + 7 - tall, 1, tall, "n")
    canvas.box(1, 1, 26, 1, "b")
    canvas.outline("K")
    return canvas.sprite("bookcase")


@cache
def stack() -> Sprite:
    """A stack of ledgers that leans."""
    canvas = Canvas(18, 20)
    for book in range(6):
        lean = (0, 1, 1, 0, 2, 1)[book]
        canvas.box(1 + lean, 16 - book * 3, 14, 3, SPINES[book * 3 % len(SPINES)])
        canvas.box(12 + lean, 16 - book * 3, 3, 2, "w")
    canvas.outline("K")
    return canvas.sprite("stack")


@cache
def bench() -> Sprite:
    canvas = Canvas(34, 16)
    for x in (4, 27):
        canvas.box(x, 7, 3, 8, "n")
    canvas.box(1, 4, 32, 4, "b")
    canvas.box(1, 4, 32, 1, "B")
    canvas.box(1, 7, 32, 1, "N")
    canvas.outline("K")
    return canvas.sprite("bench")
