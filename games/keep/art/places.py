"""The ground, the walls and what stands in the yard, drawn by code."""

from __future__ import annotations

from functools import cache

from games.keep.art.sprite import Canvas, Sprite, speckle

TILE = 16
COBBLES = 6


@cache
def cobbles(variant: int) -> Sprite:
    """A floor tile: rounded stones in uneven rows, most of them alike so that the eye rests."""
    canvas = Canvas(TILE, TILE, "k")
    for row in range(4):
        left = -((row * 3 + variant * 2) % 5)
        stone = 0
        while left < TILE:
            width = 4 + speckle(stone, row, variant) % 3
            tone = speckle(stone, row, variant + 9)
            letter = "S" if tone > 247 else "d" if tone < 90 else "s"
            canvas.box(left, row * 4, width, 3, letter)
            canvas.dot(left + width - 1, row * 4 + 2, "d")
            if tone < 8:
                canvas.box(left, row * 4 + 2, width, 1, "g")
            left += width + 1
            stone += 1
    return canvas.sprite(f"cobbles-{variant}")


@cache
def wall_top(variant: int) -> Sprite:
    """The battlements, seen from the yard."""
    canvas = Canvas(TILE, TILE, "K")
    canvas.box(0, 7, TILE, 9, "S")
    for left in (0, 8):
        canvas.box(left, 1, 6, 8, "S")
        canvas.box(left, 1, 6, 2, "T")
        canvas.box(left + 5, 3, 1, 6, "s")
    for y in (9, 12):
        canvas.box(0, y, TILE, 1, "s")
    _weather(canvas, variant)
    return canvas.sprite(f"wall-top-{variant}")


@cache
def wall_face(variant: int) -> Sprite:
    """Courses of stone, darker towards the ground."""
    canvas = Canvas(TILE, TILE, "s")
    for course in range(4):
        for stone in range(-1, 3):
            left = stone * 8 + (course % 2) * 4
            tone = speckle(stone, course, variant)
            letter = "t" if tone > 210 and course < 3 else "S" if course < 3 else "s"
            canvas.box(left, course * 4, 7, 3, letter)
            canvas.box(left, course * 4, 7, 1, "t" if letter == "S" else letter)
    for x in range(TILE):
        canvas.dot(x, 15, "K" if x % 3 else "g")
    _weather(canvas, variant)
    return canvas.sprite(f"wall-face-{variant}")


@cache
def wall_side(variant: int) -> Sprite:
    """The top of a wall that runs towards the viewer."""
    canvas = Canvas(TILE, TILE, "k")
    for course in range(2):
        canvas.box(1, course * 8, 14, 7, "s")
        canvas.box(1, course * 8, 14, 1, "S")
        canvas.box(7 if speckle(variant, course) % 2 else 9, course * 8, 1, 7, "k")
    _weather(canvas, variant)
    return canvas.sprite(f"wall-side-{variant}")


def _weather(canvas: Canvas, variant: int) -> None:
    for y in range(canvas.height):
        for x in range(canvas.width):
            if speckle(x, y, variant + 40) > 248 and canvas.at(x, y) in "StT":
                canvas.dot(x, y, "s")


@cache
def gate(is_open: bool) -> Sprite:
    """The gate to the cells, two tiles wide."""
    canvas = Canvas(32, 32, "s")
    for course in range(8):
        for stone in range(-1, 5):
            left = stone * 8 + (course % 2) * 4
            canvas.box(left, course * 4, 7, 3, "S")
            canvas.box(left, course * 4, 7, 1, "t")
    canvas.oval(16, 13, 14, 12, "T")
    canvas.box(2, 13, 28, 19, "T")
    for notch in range(13, 32, 5):
        canvas.box(2, notch, 28, 1, "t")
    canvas.oval(16, 14, 11, 10, "K")
    canvas.box(5, 14, 22, 18, "K")
    if is_open:
        for step in range(5):
            canvas.box(8 + step, 30 - step * 3, 16 - 2 * step, 2, "sskkk"[step])
        canvas.box(5, 8, 2, 24, "n")
        canvas.box(25, 8, 2, 24, "n")
        canvas.box(15, 14, 2, 2, "o")
        canvas.dot(15, 13, "Y")
    else:
        for x in range(6, 27, 4):
            top = 14 - int(max(0.0, 100 - (x + 0.5 - 16) ** 2) ** 0.5 * 0.9)
            canvas.box(x, max(4, top), 2, 32 - max(4, top), "t")
            canvas.box(x, max(4, top), 1, 32 - max(4, top), "T")
        for y in (12, 20, 28):
            canvas.box(5, y, 22, 2, "s")
            canvas.box(5, y, 22, 1, "t")
        canvas.box(14, 18, 5, 6, "y")
        canvas.box(14, 18, 5, 1, "Y")
        canvas.box(16, 20, 1, 3, "K")
    return canvas.sprite(f"gate-{'open' if is_open else 'shut'}")


@cache
def torch(flicker: int) -> Sprite:
    """A torch on the wall; three flickers."""
    canvas = Canvas(8, 14)
    canvas.box(3, 7, 2, 6, "N")
    canvas.box(2, 7, 4, 1, "s")
    canvas.oval(4, 4.5, 2.6, 3, "o")
    canvas.oval(4 + (flicker - 1) * 0.5, 4.8, 1.5, 2.2, "Y")
    canvas.dot(4 + flicker - 1, flicker % 2, "o")
    return canvas.sprite(f"torch-{flicker}")


@cache
def banner() -> Sprite:
    """A banner with the three locks."""
    canvas = Canvas(12, 24)
    canvas.box(0, 0, 12, 20, "r")
    canvas.box(1, 0, 10, 20, "R")
    for y in range(4):
        canvas.box(1, 20 + y, 5 - y, 1, "R")
        canvas.box(6 + y, 20 + y, 5 - y, 1, "R")
    canvas.box(0, 0, 12, 2, "y")
    for y in (4, 9, 14):
        canvas.box(4, y + 1, 4, 3, "Y")
        canvas.dot(4, y, "Y")
        canvas.dot(7, y, "Y")
        canvas.box(5, y + 2, 1, 2, "r")
    return canvas.sprite("banner")


@cache
def well(has_bell: bool) -> Sprite:
    """The well, with something that glints in it until it is fetched."""
    canvas = Canvas(32, 36)
    canvas.oval(16, 26, 14, 8, "t")
    canvas.box(2, 22, 28, 6, "t")
    canvas.oval(16, 28.5, 14, 7, "S")
    for x in range(3, 30, 6):
        canvas.box(x, 25 + (1 if 8 < x < 24 else 0), 1, 7, "s")
    canvas.oval(16, 21, 13.5, 6.5, "T")
    canvas.oval(16, 21, 11, 4.8, "K")
    canvas.oval(16, 22.5, 8.5, 2.8, "u")
    if has_bell:
        canvas.dot(18, 22, "Y")
        canvas.dot(17, 23, "y")
    canvas.box(3, 5, 2, 17, "N")
    canvas.box(27, 5, 2, 17, "N")
    canvas.box(5, 9, 22, 2, "b")
    canvas.box(15, 11, 1, 6, "B")
    for row in range(7):
        canvas.box(4 - row // 2 + 2, 1 + row, 22 + 2 * (row // 2) - 2, 1, "r" if row % 3 == 2 else "R")
    canvas.outline("K")
    return canvas.sprite("well")


@cache
def hay() -> Sprite:
    """A haystack with a fork in it."""
    canvas = Canvas(40, 28)
    canvas.oval(20, 20, 18, 12, "y")
    canvas.oval(14, 12, 9, 8, "y")
    canvas.box(3, 22, 34, 5, "y")
    for y in range(28):
        for x in range(40):
            if canvas.at(x, y) == "y":
                tone = speckle(x // 2 + y // 5, y, 11)
                canvas.dot(x, y, "Y" if tone > 214 else "B" if tone < 80 or y > 23 else "y")
    canvas.box(29, 0, 1, 15, "N")
    canvas.box(26, 12, 7, 1, "t")
    canvas.outline("n")
    return canvas.sprite("hay")


@cache
def cart() -> Sprite:
    """The pedlar's painted cart, wares on its board."""
    canvas = Canvas(46, 42)
    for stripe in range(8):
        canvas.box(1 + stripe * 5 + stripe // 2, 3, 6, 9, "R" if stripe % 2 else "W")
        canvas.oval(4 + stripe * 5.5, 12, 2.8, 3, "R" if stripe % 2 else "W")
    canvas.box(1, 2, 44, 2, "r")
    canvas.box(3, 12, 2, 16, "N")
    canvas.box(41, 12, 2, 16, "N")
    canvas.box(5, 15, 36, 9, "n")
    canvas.box(2, 24, 42, 10, "U")
    canvas.box(2, 24, 42, 2, "b")
    canvas.box(2, 32, 42, 2, "u")
    for x in range(6, 42, 9):
        canvas.oval(x + 2, 29, 2.6, 2, "Y")
        canvas.dot(x + 1, 28, "W")
    canvas.box(8, 19, 5, 5, "B")
    canvas.box(9, 18, 3, 1, "y")
    canvas.box(16, 17, 3, 7, "y")
    canvas.box(16, 19, 3, 3, "Y")
    canvas.oval(25, 22, 3.2, 2.2, "p")
    canvas.oval(31, 22, 3, 2.4, "v")
    canvas.oval(37, 21.5, 2.5, 3, "c")
    for centre in (11, 35):
        canvas.oval(centre, 35, 6.5, 6.5, "n")
        canvas.oval(centre, 35, 5, 5, "b")
        canvas.oval(centre, 35, 3.6, 3.6, "n")
        canvas.box(int(centre) - 5, 34, 10, 1, "b")
        canvas.box(int(centre), 30, 1, 10, "b")
        canvas.oval(centre, 35, 1.4, 1.4, "y")
    canvas.outline("K")
    return canvas.sprite("cart")


@cache
def barrel() -> Sprite:
    canvas = Canvas(15, 18)
    canvas.box(2, 3, 11, 14, "b")
    canvas.box(1, 5, 13, 10, "b")
    for x in (4, 8, 11):
        canvas.box(x, 3, 1, 14, "N")
    canvas.box(1, 6, 13, 1, "s")
    canvas.box(1, 12, 13, 1, "s")
    canvas.oval(7.5, 3, 5.2, 2, "B")
    canvas.oval(7.5, 3, 4, 1.2, "N")
    canvas.outline("K")
    return canvas.sprite("barrel")


@cache
def crate() -> Sprite:
    canvas = Canvas(16, 17)
    canvas.box(1, 1, 14, 15, "b")
    canvas.box(1, 1, 14, 4, "B")
    for y in (8, 12):
        canvas.box(1, y, 14, 1, "N")
    canvas.box(1, 5, 2, 11, "N")
    canvas.box(13, 5, 2, 11, "N")
    for i in range(10):
        canvas.box(3 + i, 5 + i, 1, 2, "N")
    canvas.outline("K")
    return canvas.sprite("crate")


@cache
def tree() -> Sprite:
    canvas = Canvas(44, 50)
    canvas.box(19, 28, 6, 20, "N")
    canvas.box(19, 28, 2, 20, "b")
    canvas.box(17, 45, 10, 3, "N")
    for x, y, radius in ((22, 13, 12), (11, 20, 10), (33, 20, 10), (22, 26, 12)):
        canvas.oval(x, y, radius, radius * 0.85, "g")
    for x, y, radius in ((20, 10, 9), (10, 17, 7), (30, 17, 7), (20, 22, 8)):
        canvas.oval(x, y, radius, radius * 0.75, "G")
    for y in range(50):
        for x in range(44):
            if canvas.at(x, y) == "G" and speckle(x, y, 5) > 205:
                canvas.dot(x, y, "v")
            elif canvas.at(x, y) == "g" and speckle(x, y, 6) > 220:
                canvas.dot(x, y, "G")
    canvas.outline("K")
    return canvas.sprite("tree")


@cache
def tuft(variant: int) -> Sprite:
    """Weeds between the stones."""
    canvas = Canvas(8, 6)
    for blade in range(5):
        tall = 2 + speckle(blade, variant) % 4
        canvas.box(1 + blade + (variant % 2), 6 - tall, 1, tall, "v" if blade % 2 else "G")
    if variant % 3 == 0:
        canvas.dot(3, 1, "W")
    return canvas.sprite(f"tuft-{variant}")
