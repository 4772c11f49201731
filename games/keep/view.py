"""Draws the courtyard: ground, walls, everything that stands there sorted by depth, and the light."""

from __future__ import annotations

from functools import cache

from games.keep.art import people, places
from games.keep.art.palette import INK
from games.keep.art.sprite import Canvas, Sprite, speckle
from games.keep.simulation import HEIGHT, PLAN, SEARCHED, THINGS, TILE, WIDTH, Courtyard, Thing
from games.keep.story import Story
from games.keep.window import Window

SCALE = 3
TORCHES = ((392, 62), (544, 62), (130, 62), (800, 62))
BANNERS = ((262, 42), (668, 42))
TUFTS = tuple(
    (60 + speckle(n, 1) * 3 + n * 7 % 60, 130 + speckle(n, 2) * 11 // 10, n)
    for n in range(18)
    if 60 < 60 + speckle(n, 1) * 3 < 860
)


def draw_courtyard(window: Window, courtyard: Courtyard, story: Story, time: int) -> None:
    """The courtyard after `time` steps; changes nothing."""
    window.sprite(_ground(), 0, 0, SCALE)
    window.fill(TILE, 2 * TILE, WIDTH - 2 * TILE, 12, INK, 90)
    window.sprite(places.gate(story.gate_open), 9 * TILE, 0, SCALE)
    _standing(window, courtyard, time)
    _light(window, story.gate_open, time)


@cache
def _ground() -> Sprite:
    """Floor and walls in one picture: drawn as tiles, they would be most of a frame's work."""
    canvas = Canvas(WIDTH // SCALE, HEIGHT // SCALE)
    for row, line in enumerate(PLAN):
        for column, ground in enumerate(line):
            variant = speckle(column, row) % places.COBBLES
            if row == 0:
                picture = places.wall_top(variant)
            elif row == 1 and ground == "#":
                picture = places.wall_face(variant)
            elif ground == "#":
                picture = places.wall_side(variant)
            else:
                picture = places.cobbles(variant)
            canvas.stamp(picture, column * places.TILE, row * places.TILE)
    for x, y in BANNERS:
        canvas.stamp(places.banner(), x // SCALE, (y - 20) // SCALE)
    for x, y, variant in TUFTS:
        canvas.stamp(places.tuft(variant), x // SCALE, y // SCALE)
    return canvas.sprite("ground")


def _standing(window: Window, courtyard: Courtyard, time: int) -> None:
    drawn = [(thing.y, _picture(thing, courtyard, time), thing.x, False) for thing in THINGS if thing.kind != "gate"]
    cat = people.CAT_BLINKING if time % 170 < 9 else people.CAT_SITTING
    drawn.append((168, cat, 640, False))
    drawn.append((412, people.CAT_SITTING if time % 211 > 8 else people.CAT_BLINKING, 222, True))
    stride = courtyard.steps // 7 % people.STRIDES if courtyard.walking else 0
    facing = "right" if courtyard.facing == "left" else courtyard.facing
    player = people.person("player", facing, stride)
    drawn.append((courtyard.y, player, courtyard.x, courtyard.facing == "left"))
    for y, picture, x, mirrored in sorted(drawn, key=lambda entry: entry[0]):
        shade = max(4, picture.width * 2 // 3)
        window.fill(x - shade * SCALE // 2, y - 6, shade * SCALE, 9, INK, 80)
        left = x - picture.width * SCALE // 2
        window.sprite(picture, left, y - picture.height * SCALE + 3, SCALE, mirrored=mirrored)


def _picture(thing: Thing, courtyard: Courtyard, time: int) -> Sprite:
    match thing.kind:
        case "warden" | "pedlar":
            return people.person(thing.kind, _towards(thing, courtyard))
        case "well":
            return places.well("well" not in courtyard.facts[SEARCHED])
        case "mule":
            return people.MULE
        case kind:
            return {"hay": places.hay, "cart": places.cart, "barrel": places.barrel, "crate": places.crate}.get(
                kind, places.tree
            )()


def _towards(thing: Thing, courtyard: Courtyard) -> str:
    """Characters look at a player who comes near."""
    across = courtyard.x - thing.x
    if abs(across) > 110 or abs(courtyard.y - thing.y) > 110 or abs(across) < 36 or across < 0:
        return "down"
    return "right"


def _light(window: Window, gate_open: bool, time: int) -> None:
    window.fill(0, 0, WIDTH, HEIGHT, (24, 20, 58), 48)
    for number, (x, y) in enumerate(TORCHES):
        flicker = speckle(time // 9, number) % 3
        window.sprite(places.torch(flicker), x, y - 20, SCALE)
        window.glow(x + 12, y, 150 + 6 * flicker, (58, 34, 14))
    window.glow(790, 286, 120, (40, 24, 12))
    if gate_open:
        window.glow(10 * TILE, 80, 130, (64, 42, 18))
