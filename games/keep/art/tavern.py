"""The Drowned Rat: planks, plaster, bottles, a fire."""

from __future__ import annotations

from functools import cache

from games.keep.art.masonry import COLUMNS, ROWS, shade_under_wall, side_door, stone_walls
from games.keep.art.places import TILE
from games.keep.art.sprite import Canvas, Sprite, draw, speckle

RAT = draw(
    "rat",
    """
    ..........KK....
    ...KKKKKKKttK...
    .KKttttttttKtK..
    KtttttttttttttK.
    KtttttttttttKttp
    .KttttttttttttK.
    p.KKtKKKKKtKKK..
    .ppK.K..K.K.....
    """,
)


@cache
def ground() -> Sprite:
    canvas = Canvas(COLUMNS * TILE, ROWS * TILE)
    stone_walls(canvas)
    _planks(canvas)
    _plaster(canvas)
    _shelves(canvas, 138)
    _slate(canvas, 246)
    canvas.stamp(RAT, 106, 12)
    canvas.box(103, 22, 22, 1, "n")
    _window(canvas, 20)
    side_door(canvas, 19 * TILE, 5 * TILE, 2 * TILE)
    shade_under_wall(canvas)
    return canvas.sprite("tavern-ground")


def _planks(canvas: Canvas) -> None:
    for row, y in enumerate(range(2 * TILE, (ROWS - 1) * TILE, 6)):
        tall = min(6, (ROWS - 1) * TILE - y)
        for x in range(TILE, (COLUMNS - 1) * TILE):
            plank = (x + row * 37) // 44
            tone = speckle(plank, row, 21)
            canvas.box(x, y, 1, tall, "b" if tone > 200 else "n" if tone < 36 else "N")
            if (x + row * 37) % 44 == 0:
                canvas.box(x, y, 1, tall, "n")
            if speckle(x // 5, y, 22) > 236:
                canvas.box(x, y + 2, 1, 1, "n")
        canvas.box(TILE, y + tall - 1, (COLUMNS - 2) * TILE, 1, "n")


def _plaster(canvas: Canvas) -> None:
    left, right = TILE, (COLUMNS - 1) * TILE
    for y in range(4, 2 * TILE):
        for x in range(left, right):
            canvas.dot(x, y, "b" if speckle(x // 2, y // 2, 31) > 212 else "B")
    for y, tall, letter in ((0, 5, "n"), (4, 1, "N"), (27, 5, "N"), (26, 1, "n")):
        canvas.box(left, y, right - left, tall, letter)
    for x in range(left, right, 48):
        canvas.box(x, 4, 4, 24, "N")
        canvas.box(x + 3, 4, 1, 24, "n")


def _shelves(canvas: Canvas, left: int) -> None:
    wide = 96
    canvas.box(left - 2, 5, wide + 4, 21, "n")
    for shelf, y in enumerate((14, 24)):
        for bottle in range(wide // 6):
            kind = speckle(bottle, shelf, 41)
            x = left + 1 + bottle * 6
            if kind % 5 == 0:
                continue
            tall = 4 + kind % 4
            glass = ("G", "r", "U", "y", "g", "t")[kind % 6]
            canvas.box(x, y - tall, 4, tall, glass)
            canvas.box(x, y - tall, 1, tall, {"G": "v", "r": "R", "U": "c", "y": "Y", "g": "G", "t": "T"}[glass])
            if kind % 3:
                canvas.box(x + 1, y - tall - 2, 2, 2, glass)
        canvas.box(left - 2, y, wide + 4, 2, "b")
        canvas.box(left - 2, y + 1, wide + 4, 1, "N")


def _slate(canvas: Canvas, left: int) -> None:
    canvas.box(left, 6, 30, 20, "N")
    canvas.box(left + 2, 8, 26, 16, "k")
    for line in range(5):
        canvas.box(left + 4, 10 + line * 3, 6 + speckle(line, 1, 51) % 8, 1, "T")
        canvas.box(left + 22, 10 + line * 3, 2 + speckle(line, 2, 51) % 4, 1, "w")


def _window(canvas: Canvas, left: int) -> None:
    canvas.box(left, 7, 14, 17, "n")
    canvas.box(left + 2, 9, 10, 13, "u")
    canvas.box(left + 2, 9, 10, 4, "U")
    canvas.box(left + 6, 9, 2, 13, "n")
    canvas.box(left + 2, 15, 10, 1, "n")


@cache
def hearth() -> Sprite:
    """The chimney with its fire; stands against the wall."""
    canvas = Canvas(44, 44)
    canvas.box(4, 0, 36, 30, "S")
    canvas.box(0, 18, 44, 24, "S")
    for course in range(11):
        for stone in range(-1, 7):
            left = stone * 8 + course % 2 * 4
            for x in range(left, left + 7):
                if canvas.at(x, course * 4) == "S":
                    canvas.dot(x, course * 4, "t")
            if canvas.at(left + 7, course * 4 + 1) in "St":
                canvas.box(left + 7, course * 4, 1, 4, "s")
        canvas.box(4 if course < 5 else 0, course * 4 + 3, 36 if course < 5 else 44, 1, "s")
    canvas.box(0, 16, 44, 3, "T")
    canvas.box(0, 18, 44, 1, "t")
    canvas.oval(22, 30, 14, 9, "K")
    canvas.box(8, 30, 28, 12, "K")
    for x in range(12, 33):
        tall = 3 + speckle(x // 2, 1, 61) % 8
        canvas.box(x, 40 - tall, 1, tall, "o")
        canvas.box(x, 40 - tall // 2, 1, tall // 2, "Y")
    canvas.box(10, 39, 25, 2, "n")
    canvas.box(13, 38, 18, 2, "N")
    canvas.box(10, 41, 25, 1, "R")
    canvas.outline("K")
    return canvas.sprite("hearth")


@cache
def bar() -> Sprite:
    """The bar, with mugs on it and the rat in its jar."""
    canvas = Canvas(70, 22)
    canvas.box(1, 8, 68, 13, "N")
    canvas.box(0, 8, 70, 4, "b")
    canvas.box(0, 8, 70, 1, "B")
    canvas.box(1, 12, 68, 1, "n")
    for x in range(6, 68, 9):
        canvas.box(x, 13, 1, 7, "n")
    canvas.box(1, 19, 68, 2, "n")
    for x in (6, 13, 56):
        canvas.box(x, 3, 4, 5, "t")
        canvas.box(x, 3, 1, 5, "T")
        canvas.box(x, 2, 4, 1, "W")
        canvas.dot(x + 4, 4, "t")
        canvas.dot(x + 4, 5, "t")
    canvas.box(44, 0, 7, 8, "c")
    canvas.box(44, 0, 7, 1, "T")
    canvas.box(45, 3, 5, 4, "s")
    canvas.dot(49, 4, "p")
    canvas.outline("K")
    return canvas.sprite("bar")


@cache
def table() -> Sprite:
    """A table with a candle and two mugs."""
    canvas = Canvas(34, 24)
    for x in (4, 27):
        canvas.box(x, 14, 3, 9, "n")
    canvas.oval(17, 12, 16, 6, "N")
    canvas.oval(17, 10.5, 16, 6, "b")
    canvas.oval(16, 9.5, 13, 4, "B")
    canvas.box(16, 3, 2, 6, "W")
    canvas.box(16, 1, 2, 2, "Y")
    canvas.dot(16, 0, "o")
    for x in (8, 24):
        canvas.box(x, 7, 3, 4, "t")
        canvas.box(x, 6, 3, 1, "W")
    canvas.outline("K")
    return canvas.sprite("tavern-table")


@cache
def stool() -> Sprite:
    canvas = Canvas(10, 11)
    canvas.box(1, 4, 2, 6, "n")
    canvas.box(7, 4, 2, 6, "n")
    canvas.oval(5, 3, 4.5, 2.6, "b")
    canvas.oval(5, 2.6, 3, 1.4, "B")
    canvas.outline("K")
    return canvas.sprite("stool")
