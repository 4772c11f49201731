"""Draws the place the player is in: ground, everything that stands there sorted by depth, and the light."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from games.keep.art import cells, courtyard, gatehouse, people, places, tavern, wall_walk
from games.keep.art.palette import INK
from games.keep.art.sprite import Sprite, speckle
from games.keep.layout import HEIGHT, TILE, WIDTH, Thing
from games.keep.simulation import Keep
from games.keep.story import Story
from games.keep.using import CELL, GATE, HOUR, SEARCHED
from games.keep.weather import draw_weather
from games.keep.window import Colour, Window

SCALE = 3
CATS = ((640, 168, False), (222, 412, True))


@dataclass(frozen=True)
class Scenery:
    """How a place looks and is lit.

    Attributes:
        ground: the picture of floor and walls.
        torches: where torches hang, by the top left corner of the flame's place, in pixels.
        glows: further lights: x, y, radius, colour.
        veil: the colour of the air and how thick it is (0-255), by the time of day.
    """

    ground: Callable[[], Sprite]
    torches: tuple[tuple[int, int], ...]
    glows: tuple[tuple[int, int, int, Colour], ...]
    veil: Mapping[str, tuple[Colour, int]]


OUTDOORS: Mapping[str, tuple[Colour, int]] = {
    "afternoon": ((24, 20, 58), 48),
    "dusk": ((34, 16, 62), 84),
    "night": ((10, 12, 48), 122),
}
INDOORS: Mapping[str, tuple[Colour, int]] = dict.fromkeys(("afternoon", "dusk", "night"), ((28, 14, 24), 70))
BELOW: Mapping[str, tuple[Colour, int]] = dict.fromkeys(("afternoon", "dusk", "night"), ((10, 12, 34), 104))
FIRE: Colour = (64, 36, 14)
CANDLE: Colour = (46, 30, 12)

SCENERY: Mapping[str, Scenery] = {
    "courtyard": Scenery(
        courtyard.ground, ((392, 62), (544, 62), (130, 62), (800, 62)), ((790, 286, 120, (40, 24, 12)),), OUTDOORS
    ),
    "tavern": Scenery(
        tavern.ground,
        (),
        ((192, 100, 230, FIRE), (300, 300, 110, CANDLE), (690, 366, 110, CANDLE), (560, 120, 170, CANDLE)),
        INDOORS,
    ),
    "gatehouse": Scenery(
        gatehouse.ground,
        ((284, 56), (566, 56)),
        ((465, 160, 120, CANDLE), (494, 80, 150, (58, 34, 22)), (494, 240, 150, (38, 22, 14))),
        INDOORS,
    ),
    "wall_walk": Scenery(
        wall_walk.ground, (), ((390, 150, 150, FIRE), (850, 164, 150, FIRE), (752, 20, 60, (34, 34, 46))), OUTDOORS
    ),
    "cells": Scenery(
        cells.ground,
        ((266, 56), (668, 56)),
        ((800, 130, 110, CANDLE), (24, 290, 90, (30, 28, 34)), (474, 56, 90, (96, 78, 54))),
        BELOW,
    ),
}

FURNISHINGS: Mapping[str, Callable[[], Sprite]] = {
    "hay": places.hay,
    "cart": places.cart,
    "barrel": places.barrel,
    "crate": places.crate,
    "tree": places.tree,
    "mule": lambda: people.MULE,
    "bar": tavern.bar,
    "table": tavern.table,
    "stool": tavern.stool,
    "hearth": tavern.hearth,
    "desk": gatehouse.desk,
    "shelf": gatehouse.shelf,
    "stack": gatehouse.stack,
    "bench": gatehouse.bench,
    "dummy": wall_walk.dummy,
    "brazier": wall_walk.brazier,
    "rack": wall_walk.rack,
    "straw": cells.straw,
    "bucket": cells.bucket,
    "cell_table": cells.table,
}
PART_OF_THE_WALL = ("gate", "way", "cell_door", "prisoner")


def draw_place(window: Window, keep: Keep, story: Story, time: int) -> None:
    """The place the player is in, after `time` steps; changes nothing."""
    scenery = SCENERY[keep.place.id]
    window.sprite(scenery.ground(), 0, 0, SCALE)
    if keep.place.id == "courtyard":
        window.fill(TILE, 2 * TILE, WIDTH - 2 * TILE, 12, INK, 90)
        window.sprite(places.gate(story.gate_open), 9 * TILE, 0, SCALE)
    if keep.place.id == "cells":
        _cell(window, keep, time)
    _standing(window, keep, time)
    if scenery.veil is OUTDOORS:
        draw_weather(window, str(keep.facts[HOUR]), time)
    _light(window, keep, scenery, time)


def _cell(window: Window, keep: Keep, time: int) -> None:
    """The prisoner behind his bars, swaying a little, for he sings."""
    stride = time // 24 % people.STRIDES if not keep.facts[CELL] else 0
    picture = people.person("prisoner", "down", stride)
    window.sprite(picture, 469 - picture.width * SCALE // 2, 96 - picture.height * SCALE, SCALE)
    window.sprite(cells.open_bars() if keep.facts[CELL] else cells.bars(), 9 * TILE, 0, SCALE)


def _standing(window: Window, keep: Keep, time: int) -> None:
    drawn = [
        (thing.y, _picture(thing, keep), thing.x, False)
        for thing in keep.place.things
        if thing.kind not in PART_OF_THE_WALL
    ]
    if keep.place.id == "courtyard":
        for number, (x, y, mirrored) in enumerate(CATS):
            cat = people.CAT_BLINKING if time % (170 + 41 * number) < 9 else people.CAT_SITTING
            drawn.append((y, cat, x, mirrored))
    stride = keep.steps // 7 % people.STRIDES if keep.walking else 0
    facing = "right" if keep.facing == "left" else keep.facing
    player = people.person("player", facing, stride)
    drawn.append((keep.y, player, keep.x, keep.facing == "left"))
    for y, picture, x, mirrored in sorted(drawn, key=lambda entry: entry[0]):
        shade = max(4, picture.width * 2 // 3)
        window.fill(x - shade * SCALE // 2, y - 6, shade * SCALE, 9, INK, 80)
        left = x - picture.width * SCALE // 2
        window.sprite(picture, left, y - picture.height * SCALE + 3, SCALE, mirrored=mirrored)


def _picture(thing: Thing, keep: Keep) -> Sprite:
    if thing.is_character:
        return people.person(thing.id, _towards(thing, keep))
    if thing.kind == "well":
        return places.well("well" not in keep.facts[SEARCHED])
    return FURNISHINGS[thing.kind]()


def _towards(thing: Thing, keep: Keep) -> str:
    """Characters look at a player who comes near."""
    across = keep.x - thing.x
    if abs(across) > 110 or abs(keep.y - thing.y) > 110 or abs(across) < 36 or across < 0:
        return "down"
    return "right"


def _light(window: Window, keep: Keep, scenery: Scenery, time: int) -> None:
    colour, thickness = scenery.veil[str(keep.facts[HOUR])]
    window.fill(0, 0, WIDTH, HEIGHT, colour, thickness)
    for number, (x, y) in enumerate(scenery.torches):
        flicker = speckle(time // 9, number) % 3
        window.sprite(places.torch(flicker), x, y - 20, SCALE)
        window.glow(x + 12, y, 150 + 6 * flicker, (58, 34, 14))
    for x, y, radius, glow in scenery.glows:
        window.glow(x, y, radius, glow)
    if keep.place.id == "courtyard" and keep.facts[GATE]:
        window.glow(10 * TILE, 80, 130, (64, 42, 18))
