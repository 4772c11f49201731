"""On top of the wall: battlements, and behind them hills and a moon."""

from __future__ import annotations

from functools import cache
from math import sin

from games.keep.art.masonry import COLUMNS, ROWS, flag_floor, side_stair
from games.keep.art.places import TILE, wall_side
from games.keep.art.sprite import Canvas, Sprite, speckle


@cache
def ground() -> Sprite:
    canvas = Canvas(COLUMNS * TILE, ROWS * TILE)
    _sky(canvas)
    _battlements(canvas)
    flag_floor(canvas)
    for row in range(2, ROWS):
        for column in (0, COLUMNS - 1):
            canvas.stamp(wall_side(speckle(column, row) % 6), column * TILE, row * TILE)
    for column in range(COLUMNS):
        canvas.stamp(wall_side(speckle(column, 9) % 6), column * TILE, (ROWS - 1) * TILE)
    side_stair(canvas, 0, 5 * TILE, 2 * TILE, up=False)
    return canvas.sprite("wall-walk-ground")


def _sky(canvas: Canvas) -> None:
    for y in range(2 * TILE):
        for x in range(COLUMNS * TILE):
            blend = y + (speckle(x, y, 81) % 5 - 2)
            canvas.dot(x, y, "u" if blend < 6 else "m" if blend < 12 else "M" if blend < 17 else "p")
    for star in range(26):
        canvas.dot(speckle(star, 1, 82) * 320 // 256, speckle(star, 2, 82) % 9, "w" if star % 3 else "W")
    canvas.oval(252, 7, 5.5, 5.5, "W")
    canvas.oval(254, 6, 4.5, 4.5, "u")
    for x in range(COLUMNS * TILE):
        far = 15 + int(3 * sin(x / 23) + 2 * sin(x / 9))
        near = 19 + int(2 * sin(x / 31 + 2) + 1.5 * sin(x / 7))
        canvas.box(x, far, 1, 2 * TILE - far, "u")
        canvas.box(x, near, 1, 2 * TILE - near, "g")
    canvas.box(178, 18, 26, 1, "c")
    canvas.box(183, 19, 14, 1, "U")


def _battlements(canvas: Canvas) -> None:
    for merlon in range(-1, 21):
        left = merlon * 16 + 2
        canvas.box(left, 17, 11, 15, "S")
        canvas.box(left, 17, 11, 2, "T")
        canvas.box(left + 10, 19, 1, 8, "s")
        canvas.box(left, 22, 11, 1, "s")
        canvas.box(left + 5, 19, 1, 3, "s")
    canvas.box(0, 26, COLUMNS * TILE, 6, "S")
    canvas.box(0, 26, COLUMNS * TILE, 1, "T")
    for x in range(0, COLUMNS * TILE, 8):
        canvas.box(x + 3, 27, 1, 4, "s")
    canvas.box(0, 31, COLUMNS * TILE, 1, "K")


@cache
def brazier() -> Sprite:
    canvas = Canvas(14, 24)
    for y in range(14, 23):
        canvas.dot(3 + (y - 14) // 4, y, "s")
        canvas.dot(10 - (y - 14) // 4, y, "s")
    canvas.box(6, 14, 2, 9, "s")
    canvas.oval(7, 11, 6, 4, "s")
    canvas.box(1, 9, 12, 2, "t")
    for x in range(2, 12):
        tall = 3 + speckle(x, 1, 91) % 6
        canvas.box(x, 10 - tall, 1, tall, "o")
        canvas.box(x, 10 - tall // 2, 1, tall // 2, "Y")
    canvas.outline("K")
    return canvas.sprite("brazier")


@cache
def rack() -> Sprite:
    """Practice swords and two spears."""
    canvas = Canvas(28, 32)
    canvas.box(1, 12, 26, 2, "b")
    canvas.box(1, 25, 26, 3, "N")
    for x in (2, 24):
        canvas.box(x, 10, 2, 21, "N")
    for x in (7, 12):
        canvas.box(x, 8, 2, 14, "T")
        canvas.box(x, 8, 1, 14, "W")
        canvas.box(x - 1, 21, 4, 1, "y")
        canvas.box(x, 22, 2, 3, "n")
    for x in (17, 21):
        canvas.box(x, 4, 1, 24, "b")
        canvas.box(x - 1, 2, 3, 3, "T")
        canvas.dot(x, 1, "W")
    canvas.outline("K")
    return canvas.sprite("rack")


@cache
def dummy() -> Sprite:
    """The man of straw. He has lost again."""
    canvas = Canvas(20, 32)
    canvas.box(9, 14, 2, 17, "N")
    canvas.box(5, 29, 10, 2, "n")
    canvas.box(2, 13, 16, 3, "b")
    canvas.oval(10, 17, 5, 6.5, "y")
    canvas.oval(10, 7, 4, 4.4, "B")
    for y in range(2, 25):
        for x in range(20):
            if canvas.at(x, y) in "yB" and speckle(x, y, 95) > 190:
                canvas.dot(x, y, "Y" if speckle(x, y, 96) > 128 else "b")
    canvas.box(8, 6, 1, 1, "K")
    canvas.box(11, 6, 1, 1, "K")
    canvas.box(8, 9, 4, 1, "n")
    canvas.box(6, 17, 8, 1, "r")
    canvas.box(9, 12, 1, 7, "R")
    canvas.outline("K")
    return canvas.sprite("dummy")
