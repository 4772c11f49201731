"""The places of the keep and where everything stands in them. A new character needs a line here: a spawn point.

Distances are logical pixels, whole numbers; `x` and `y` of a thing are the middle of its feet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TILE = 48
COLUMNS, ROWS = 20, 10
WIDTH, HEIGHT = COLUMNS * TILE, ROWS * TILE

WALL_FOOT = 2 * TILE + 20
"""No body is above this line but in the gate: closer to the wall, a head would be up among the torches."""


class Impossible(Exception):
    """A command cannot be carried out; the text says why, to the player."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: `x` and `y` are its top left corner."""

    x: int
    y: int
    width: int
    height: int

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def distance(self, other: Box) -> int:
        """The larger of the horizontal and the vertical gap between two rectangles; 0 where they touch."""
        across = max(self.x - other.x - other.width, other.x - self.x - self.width, 0)
        along = max(self.y - other.y - other.height, other.y - self.y - self.height, 0)
        return max(across, along)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that stands in a place, or a way out of it.

    Attributes:
        id: its name; for a character, the character's id; no two things share one.
        kind: what it is drawn as.
        box: the ground it takes up.
        prompt: what E does there, such as ``search the hay``; empty for decoration.
        is_character: whether one can talk to it.
        leads_to: for a way out, the id of the place behind it.
    """

    id: str
    kind: str
    box: Box
    prompt: str = ""
    is_character: bool = False
    leads_to: str = ""

    @property
    def x(self) -> int:
        return self.box.x + self.box.width // 2

    @property
    def y(self) -> int:
        return self.box.y + self.box.height


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where one stands after coming from another place, and how one faces."""

    x: int
    y: int
    facing: str


@dataclass(frozen=True, slots=True)
class Place:
    """A screen of the keep.

    Attributes:
        name: with its article, such as ``the tavern``.
        told: what it looks like, in words, for the terminal.
        things: what stands in it, and the ways out.
        arrivals: for each place with a way here, where one comes in.
        gate: the gap in the back wall that one can walk into once the gate is open; None in a place without.
    """

    id: str
    name: str
    told: str
    things: tuple[Thing, ...]
    arrivals: Mapping[str, Arrival]
    gate: Box | None = None
    _by_id: dict[str, Thing] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_id.update({thing.id: thing for thing in self.things})

    def thing(self, name: str) -> Thing | None:
        return self._by_id.get(name)

    @property
    def characters(self) -> tuple[str, ...]:
        """The ids of those one can talk to here."""
        return tuple(thing.id for thing in self.things if thing.is_character)


def _thing(id_: str, kind: str, x: int, y: int, width: int, height: int, prompt: str = "") -> Thing:
    """A thing whose feet's middle is at (x, y)."""
    return Thing(id_, kind, Box(x - width // 2, y - height, width, height), prompt, is_character=prompt == "talk")


def _way(id_: str, box: Box, prompt: str, leads_to: str) -> Thing:
    return Thing(id_, "way", box, prompt, leads_to=leads_to)


def _by_the_wall(id_: str, x: int, y: int) -> Thing:
    """A character whose ground reaches back to the wall, so that nobody squeezes in behind."""
    return _thing(id_, "person", x, y, 26, y - WALL_FOOT, "talk")


def _counter(id_: str, x: int, y: int, width: int) -> Thing:
    """What somebody stands behind; its ground reaches back to the wall, so that nobody else does."""
    return _thing(id_, id_, x, y, width, y - WALL_FOOT)


GATE_BOX = Box(9 * TILE, TILE, 2 * TILE, TILE)

COURTYARD = Place(
    "courtyard",
    "the courtyard",
    "A courtyard. A warden on a stool by an iron gate; a pedlar with a painted cart and a mule. A well, a haystack, "
    "some crates. Several cats, officially none. A door to the tavern, one to the gatehouse, and a stair up to the "
    "wall walk. Behind the gate are the cells.",
    (
        Thing("gate", "gate", GATE_BOX, "use the gate"),
        _way("tavern_door", Box(0, 5 * TILE + 24, TILE, 60), "go into the tavern", "tavern"),
        _way("gatehouse_door", Box(9 * TILE, 9 * TILE, 2 * TILE, TILE), "go into the gatehouse", "gatehouse"),
        _way("wall_stair", Box(19 * TILE, 5 * TILE, TILE, 60), "climb to the wall walk", "wall_walk"),
        _by_the_wall("warden", 576, 156),
        _thing("pedlar", "person", 676, 316, 26, 14, "talk"),
        _thing("well", "well", 196, 268, 84, 40, "look down the well"),
        _thing("hay", "hay", 130, 414, 110, 44, "search the hay"),
        _thing("crate", "crate", 372, 136, 40, 26, "look behind the crates"),
        _thing("cart", "cart", 780, 330, 124, 44),
        _thing("mule", "mule", 858, 398, 62, 18),
        _thing("barrel", "barrel", 632, 140, 34, 22),
        _thing("barrel2", "barrel", 88, 142, 34, 22),
        _thing("tree", "tree", 868, 176, 34, 20),
        _thing("crate2", "crate", 410, 132, 36, 22),
    ),
    {
        "tavern": Arrival(66, 300, "right"),
        "gatehouse": Arrival(480, 426, "up"),
        "wall_walk": Arrival(890, 276, "left"),
        "cells": Arrival(480, 138, "down"),
    },
    gate=GATE_BOX,
)

TAVERN = Place(
    "tavern",
    "the tavern",
    "The Drowned Rat. A low room with a fire in it, a bar, and behind the bar an alewife polishing one mug. Over the "
    "shelf a slate with many names, and a jar with one rat. The door leads back to the courtyard.",
    (
        _way("tavern_exit", Box(19 * TILE, 5 * TILE, TILE, 2 * TILE), "go out to the courtyard", "courtyard"),
        _by_the_wall("alewife", 560, 184),
        _counter("bar", 560, 200, 204),
        _thing("table", "table", 300, 330, 96, 34),
        _thing("table2", "table", 690, 396, 96, 34),
        _thing("stool", "stool", 226, 340, 24, 14),
        _thing("stool2", "stool", 374, 344, 24, 14),
        _thing("stool3", "stool", 612, 406, 24, 14),
        _thing("keg", "barrel", 690, 150, 34, 22),
        _thing("keg2", "barrel", 730, 146, 34, 22),
        _thing("keg3", "barrel", 76, 410, 34, 22),
        _thing("hearth", "hearth", 192, 126, 120, 10),
    ),
    {"courtyard": Arrival(890, 300, "left")},
)

GATEHOUSE = Place(
    "gatehouse",
    "the gatehouse",
    "An office. Shelves of scrolls up to the ceiling, a narrow window, and behind a desk a clerk who does not look up. "
    "A line is painted on the floor. The door leads back to the courtyard.",
    (
        _way("gatehouse_exit", Box(0, 5 * TILE, TILE, 2 * TILE), "go out to the courtyard", "courtyard"),
        _by_the_wall("clerk", 520, 194),
        _counter("desk", 520, 210, 140),
        _thing("shelf", "shelf", 150, 136, 80, 20),
        _thing("shelf2", "shelf", 236, 136, 80, 20),
        _thing("shelf3", "shelf", 822, 136, 80, 20),
        _thing("stack", "stack", 416, 200, 44, 22),
        _thing("stack2", "stack", 640, 196, 44, 22),
        _thing("stack3", "stack", 680, 208, 44, 22),
        _thing("stack4", "stack", 868, 420, 44, 22),
        _thing("bench", "bench", 330, 410, 96, 26),
        _thing("bench2", "bench", 690, 410, 96, 26),
    ),
    {"courtyard": Arrival(72, 312, "right")},
)

WALL_WALK = Place(
    "wall_walk",
    "the wall walk",
    "The top of the wall, and a good deal of sky. A captain with a sword at her side and a key at her belt, and a man "
    "of straw who has had a hard day. A brazier. The stair leads down to the courtyard.",
    (
        _way("wall_exit", Box(0, 5 * TILE, TILE, 2 * TILE), "climb down to the courtyard", "courtyard"),
        _thing("captain", "person", 560, 250, 26, 14, "talk"),
        _thing("dummy", "dummy", 680, 230, 36, 18),
        _thing("brazier", "brazier", 390, 196, 36, 20),
        _thing("brazier2", "brazier", 850, 210, 36, 20),
        _thing("rack", "rack", 774, 140, 78, 20),
        _thing("barrel3", "barrel", 250, 140, 34, 22),
        _thing("crate3", "crate", 880, 420, 40, 26),
        _thing("crate4", "crate", 838, 424, 36, 22),
    ),
    {"courtyard": Arrival(72, 312, "right")},
)

CELLS = Place(
    "cells",
    "the cells",
    "Forty steps down. Damp, an echo, and three doors of bars. Behind the middle one is a young man with straw in his "
    "hair, who is singing, in tune. The stair leads up to the courtyard.",
    (
        _way("cells_exit", Box(0, 5 * TILE, TILE, 2 * TILE), "climb up to the courtyard", "courtyard"),
        Thing("prisoner", "prisoner", Box(456, TILE, 26, TILE), "talk", is_character=True),
        Thing("cell_door", "cell_door", Box(9 * TILE + 54, TILE, 42, TILE), "use the cell door"),
        _thing("straw", "straw", 820, 420, 72, 24),
        _thing("straw2", "straw", 250, 160, 72, 24),
        _thing("bucket", "bucket", 640, 142, 28, 14),
        _thing("cell_table", "cell_table", 820, 180, 78, 24),
        _thing("barrel4", "barrel", 130, 142, 34, 22),
    ),
    {"courtyard": Arrival(72, 312, "right")},
)

PLACES: Mapping[str, Place] = {place.id: place for place in (COURTYARD, TAVERN, GATEHOUSE, WALL_WALK, CELLS)}


def place_of(name: str) -> Place:
    """The place in which a thing is.

    Raises:
        Impossible: nothing goes by that name.
    """
    for place in PLACES.values():
        if place.thing(name):
            return place
    raise Impossible(f"There is no {name} here.")


def find_thing(name: str) -> Thing:
    """The thing of that name, wherever it is.

    Raises:
        Impossible: there is none.
    """
    thing = place_of(name).thing(name)
    assert thing is not None
    return thing


def way_to(start: str, goal: str) -> Thing | None:
    """The first way out to take from the place `start` to come to the place `goal`; the gate leads to the cells."""
    first: dict[str, Thing | None] = {start: None}
    queue = [start]
    for place in queue:
        for thing in PLACES[place].things:
            leads_to = "cells" if thing.kind == "gate" else thing.leads_to
            if leads_to and leads_to not in first:
                first[leads_to] = first[place] or thing
                queue.append(leads_to)
    return first.get(goal)
