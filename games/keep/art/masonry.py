"""What the rooms have in common: walls around them and ways out of them."""

from __future__ import annotations

from functools import cache

from games.keep.art.places import TILE, wall_face, wall_side, wall_top
from games.keep.art.sprite import Canvas, Sprite, speckle

COLUMNS, ROWS = 20, 10
WALL_VARIANTS = 6


def stone_walls(canvas: Canvas, *, roofed: bool = True) -> None:
    """Walls all around; the back one is two tiles high, its upper half battlements unless there is a roof."""
    for column in range(COLUMNS):
        variant = speckle(column, 0) % WALL_VARIANTS
        top = wall_face(variant) if roofed else wall_top(variant)
        canvas.stamp(top, column * TILE, 0)
        canvas.stamp(wall_face(speckle(column, 1) % WALL_VARIANTS), column * TILE, TILE)
        canvas.stamp(wall_side(variant), column * TILE, (ROWS - 1) * TILE)
    for row in range(2 if roofed else 1, ROWS):
        for column in (0, COLUMNS - 1):
            canvas.stamp(wall_side(speckle(column, row) % WALL_VARIANTS), column * TILE, row * TILE)


def side_door(canvas: Canvas, x: int, y: int, tall: int, *, leaf: str = "b") -> None:
    """A door in a side wall, seen along the wall: dark within, a wooden frame, a sill."""
    canvas.box(x, y, TILE, tall, "N")
    canvas.box(x + 1, y + 2, TILE - 2, tall - 4, "K")
    canvas.box(x + 3, y + 4, TILE - 6, tall - 8, "n")
    for plank in range(y + 6, y + tall - 4, 4):
        canvas.box(x + 3, plank, TILE - 6, 1, leaf)
    canvas.box(x, y, TILE, 1, "B")
    canvas.box(x, y + tall - 2, TILE, 1, "B")


def side_stair(canvas: Canvas, x: int, y: int, tall: int, *, up: bool) -> None:
    """A stair in a side wall: its steps get lighter upwards, or darker downwards."""
    canvas.box(x, y, TILE, tall, "K")
    shades = "sSSttT" if up else "SssdkK"
    for step in range(TILE // 3 + 1):
        shade = shades[min(step, len(shades) - 1)]
        left = x + TILE - 3 * (step + 1) if x == 0 else x + 3 * step
        canvas.box(left, y + 2, 2, tall - 4, shade)
        canvas.box(left, y + 2, 2, 1, "t")
    canvas.box(x, y, TILE, 2, "s")
    canvas.box(x, y + tall - 2, TILE, 2, "s")


def shade_under_wall(canvas: Canvas) -> None:
    """The strip of floor that lies in the back wall's shadow."""
    darker = {"S": "s", "s": "d", "d": "k", "N": "n", "b": "N", "t": "s", "B": "b"}
    for y in range(2 * TILE, 2 * TILE + 4):
        for x in range(TILE, (COLUMNS - 1) * TILE):
            canvas.dot(x, y, darker.get(canvas.at(x, y), canvas.at(x, y)))


@cache
def flags(variant: int) -> Sprite:
    """A floor tile of four large flagstones."""
    canvas = Canvas(TILE, TILE, "k")
    for row in range(2):
        shift = (row + variant) % 2 * 3
        for stone in range(-1, 3):
            tone = speckle(stone, row, variant + 60)
            letter = "S" if tone > 240 else "d" if tone < 70 else "s"
            canvas.box(stone * 8 + shift, row * 8, 7, 7, letter)
            canvas.box(stone * 8 + shift, row * 8 + 6, 7, 1, "d")
    return canvas.sprite(f"flags-{variant}")


def flag_floor(canvas: Canvas) -> None:
    for row in range(2, ROWS - 1):
        for column in range(1, COLUMNS - 1):
            canvas.stamp(flags(speckle(column, row, 3) % 6), column * TILE, row * TILE)
