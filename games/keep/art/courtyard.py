"""The courtyard's ground: cobbles, walls, banners, weeds, and the doors that lead off it."""

from __future__ import annotations

from functools import cache

from games.keep.art.masonry import COLUMNS, ROWS, side_door, side_stair, stone_walls
from games.keep.art.places import COBBLES, TILE, banner, cobbles, tuft
from games.keep.art.sprite import Canvas, Sprite, speckle

BANNERS = (87, 222)


@cache
def ground() -> Sprite:
    canvas = Canvas(COLUMNS * TILE, ROWS * TILE)
    for row in range(2, ROWS):
        for column in range(COLUMNS):
            canvas.stamp(cobbles(speckle(column, row) % COBBLES), column * TILE, row * TILE)
    stone_walls(canvas, roofed=False)
    for x in BANNERS:
        canvas.stamp(banner(), x, 7)
    for number in range(18):
        x, y = 20 + speckle(number, 1) + number * 7 % 60 // 3, 43 + speckle(number, 2) * 11 // 30
        if 20 < 20 + speckle(number, 1) < 286:
            canvas.stamp(tuft(number), x, y)
    side_door(canvas, 0, 5 * TILE + 8, 20)
    side_stair(canvas, 19 * TILE, 5 * TILE, 20, up=True)
    _front_door(canvas)
    return canvas.sprite("ground")


def _front_door(canvas: Canvas) -> None:
    """The gatehouse's door in the near wall, of which one sees the top and the mat."""
    left, top = 9 * TILE, 9 * TILE
    canvas.box(left, top, 2 * TILE, TILE, "N")
    canvas.box(left + 2, top + 1, 2 * TILE - 4, TILE - 1, "K")
    canvas.box(left + 4, top + 3, 2 * TILE - 8, TILE - 3, "n")
    for plank in range(left + 6, left + 2 * TILE - 5, 4):
        canvas.box(plank, top + 3, 1, TILE - 3, "b")
    canvas.box(left, top, 2 * TILE, 1, "B")
    canvas.box(left + 6, top - 5, 2 * TILE - 12, 4, "b")
    canvas.box(left + 6, top - 5, 2 * TILE - 12, 1, "B")
