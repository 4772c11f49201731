"""The courtyard: where everything stands, how the player walks, and what using things does. Knows no window.

Distances are logical pixels, whole numbers; `x` and `y` of a body are the middle of its feet. A step is 1/60 second.
The state of the story (gold, items, the gate) is not kept here but in the facts of the dialogue session, so that there
is one truth about it and a save of the session is a save of the game.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

STEPS_PER_SECOND = 60
TILE = 48
SPEED = 3
DIAGONAL_SPEED = 2
REACH = 30
BODY_WIDTH = 24
BODY_HEIGHT = 14

GOLD = "player.gold"
ITEMS = "player.items"
GATE = "gate.open"
SEARCHED = "yard.searched"
GOLD_LIMIT = 999

PLAN = (
    "####################",
    "#########GG#########",
    "#..................#",
    "#..................#",
    "#..................#",
    "#..................#",
    "#..................#",
    "#..................#",
    "#..................#",
    "####################",
)
"""The ground: `#` wall, `G` gate, `.` floor. What stands on it is in `THINGS`."""

WIDTH = len(PLAN[0]) * TILE
HEIGHT = len(PLAN) * TILE

THRESHOLD = 2 * TILE - BODY_HEIGHT
"""Whoever stands above this line is in the gate."""

WALL_FOOT = 2 * TILE + 20
"""No body is above this line but before the gate: closer to the wall, a head would be up among the torches."""


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
    """Something that stands in the courtyard.

    Attributes:
        id: its name; for a character, the character's id.
        kind: what it is drawn as.
        box: the ground it takes up.
        prompt: what E does there, such as ``search the hay``; empty for decoration.
        is_character: whether one can talk to it.
    """

    id: str
    kind: str
    box: Box
    prompt: str = ""
    is_character: bool = False

    @property
    def x(self) -> int:
        return self.box.x + self.box.width // 2

    @property
    def y(self) -> int:
        return self.box.y + self.box.height


def _thing(id_: str, kind: str, x: int, y: int, width: int, height: int, prompt: str = "") -> Thing:
    """A thing whose feet's middle is at (x, y)."""
    return Thing(id_, kind, Box(x - width // 2, y - height, width, height), prompt, is_character=prompt == "talk")


GATE_THING = Thing("gate", "gate", Box(9 * TILE, TILE, 2 * TILE, TILE), "use the gate")

GATE_LEFT, GATE_RIGHT = GATE_THING.box.x, GATE_THING.box.x + GATE_THING.box.width

THINGS = (
    GATE_THING,
    # His ground reaches back to the wall, so that nobody squeezes in behind him.
    _thing("warden", "warden", 576, 156, 26, 156 - WALL_FOOT, "talk"),
    _thing("pedlar", "pedlar", 676, 316, 26, 14, "talk"),
    _thing("well", "well", 196, 268, 84, 40, "look down the well"),
    _thing("hay", "hay", 130, 414, 110, 44, "search the hay"),
    _thing("crate", "crate", 372, 136, 40, 26, "look behind the crates"),
    _thing("cart", "cart", 780, 330, 124, 44),
    _thing("mule", "mule", 858, 398, 62, 18),
    _thing("barrel", "barrel", 632, 140, 34, 22),
    _thing("barrel2", "barrel", 88, 142, 34, 22),
    _thing("tree", "tree", 868, 176, 34, 20),
    _thing("crate2", "crate", 410, 132, 36, 22),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something came of a command.

    Attributes:
        kind: ``talk``, ``found``, ``gate`` or ``told``.
        text: what the player is told; empty for ``talk``.
        subject: the character talked to, or the thing used.
    """

    kind: str
    text: str = ""
    subject: str = ""


class Courtyard:
    """The courtyard and the player in it.

    Args:
        facts: the facts of the dialogue session; the courtyard reads and sets those that belong to the game.
    """

    def __init__(self, facts: MutableMapping[str, Any]) -> None:
        self.facts = facts
        self.x, self.y = 10 * TILE, 8 * TILE
        self.facing = "up"
        self.walking = False
        self.steps = 0
        self.won = False
        self._path: list[tuple[int, int]] = []

    @property
    def body(self) -> Box:
        return _body(self.x, self.y)

    @property
    def walking_somewhere(self) -> bool:
        """Whether a path is being followed."""
        return bool(self._path)

    def stand(self, x: object, y: object, facing: object) -> None:
        """Put the player where a save says, or leave them where they are if one cannot stand there."""
        if isinstance(x, int) and isinstance(y, int) and not self.blocked(x, y):
            self.x, self.y = x, y
        if facing in ("up", "down", "left", "right"):
            self.facing = str(facing)

    def blocked(self, x: int, y: int) -> bool:
        """Whether the player cannot stand with the middle of their feet at (x, y)."""
        body = _body(x, y)
        if body.y < WALL_FOOT and not (body.x >= GATE_LEFT and body.x + body.width <= GATE_RIGHT):
            return True
        for column in range(body.x // TILE, (body.x + body.width - 1) // TILE + 1):
            for row in range(body.y // TILE, (body.y + body.height - 1) // TILE + 1):
                if not (0 <= row < len(PLAN) and 0 <= column < len(PLAN[0])):
                    return True
                ground = PLAN[row][column]
                if ground == "#" or (ground == "G" and not self.facts[GATE]):
                    return True
        return any(thing is not GATE_THING and body.overlaps(thing.box) for thing in THINGS)

    def walk(self, across: int, along: int) -> None:
        """One step of walking; each direction is -1, 0 or 1. Slides along what is in the way. Forgets any path."""
        self._path = []
        self._move(across, along, DIAGONAL_SPEED if across and along else SPEED)

    def follow_path(self) -> bool:
        """One step along the path that `head_for` laid; False when there is none (any more)."""
        if not self._path:
            self.walking = False
            return False
        target_x, target_y = self._path[0]
        across, along = _sign(target_x - self.x), _sign(target_y - self.y)
        speed = min(SPEED, max(abs(target_x - self.x), abs(target_y - self.y)))
        before = (self.x, self.y)
        self._move(across, along, speed)
        if (self.x, self.y) == before:
            self._path = []
        elif abs(self.x - target_x) < SPEED and abs(self.y - target_y) < SPEED:
            self.x, self.y = target_x, target_y
            self._path.pop(0)
        return True

    def tick(self) -> None:
        """The time of one step passes."""
        self.steps += 1
        if self.facts[GATE] and self.y < THRESHOLD and PLAN[1][self.x // TILE] == "G":
            self.won = True

    def within_reach(self) -> Thing | None:
        """The thing that E would use: the nearest one within reach that has a use."""
        usable = [thing for thing in THINGS if thing.prompt and self.body.distance(thing.box) <= REACH]
        return min(usable, key=lambda thing: (self.body.distance(thing.box), _apart(self, thing)), default=None)

    def head_for(self, goal: Callable[[int, int], bool]) -> bool:
        """Lay the shortest path to the nearest place that `goal` accepts; False when there is none."""
        path = _shortest_path((self.x, self.y), goal, self.blocked)
        self._path = path or []
        return path is not None

    def go_through_gate(self) -> None:
        """Start walking through the open gate."""
        self.head_for(lambda x, y: y < THRESHOLD and PLAN[1][x // TILE] == "G")

    def _move(self, across: int, along: int, speed: int) -> None:
        self.walking = bool(across or along)
        if along:
            self.facing = "down" if along > 0 else "up"
        if across:
            self.facing = "right" if across > 0 else "left"
        for _ in range(speed):
            if across and not self.blocked(self.x + across, self.y):
                self.x += across
            elif across and not along and TILE * 2 <= self.body.y < WALL_FOOT and not self.blocked(self.x, self.y + 1):
                # Sideways from before the gate: step away from the wall rather than stick at its corner.
                self.y += 1
            if along and not self.blocked(self.x, self.y + along):
                self.y += along


@dataclass(frozen=True, slots=True)
class Walk:
    """Walk for one step; each direction is -1, 0 or 1."""

    across: int
    along: int

    def perform(self, courtyard: Courtyard) -> Happening | None:
        courtyard.walk(self.across, self.along)
        return None


@dataclass(frozen=True, slots=True)
class WalkTo:
    """Start walking to the place nearest to (x, y) that the player can stand on."""

    x: int
    y: int

    def perform(self, courtyard: Courtyard) -> Happening | None:
        if not courtyard.head_for(lambda x, y: max(abs(x - self.x), abs(y - self.y)) <= GRID):
            raise Impossible("There is no way to get there.")
        return None


@dataclass(frozen=True, slots=True)
class Approach:
    """Start walking to a thing or a character, until it is within reach."""

    thing: str

    def perform(self, courtyard: Courtyard) -> Happening | None:
        target = find_thing(self.thing)
        if not courtyard.head_for(lambda x, y: _body(x, y).distance(target.box) <= REACH // 3):
            raise Impossible(f"There is no way to the {target.id}.")
        return None


@dataclass(frozen=True, slots=True)
class Interact:
    """Use whatever is within reach: talk to a character, search a thing, try the gate."""

    def perform(self, courtyard: Courtyard) -> Happening:
        thing = courtyard.within_reach()
        if thing is None:
            raise Impossible("There is nothing here to use.")
        if thing.is_character:
            return Happening("talk", subject=thing.id)
        if thing is GATE_THING and courtyard.facts[GATE]:
            courtyard.go_through_gate()
            return Happening("told", "You walk through the gate.", thing.id)
        return _USES[thing.id](courtyard.facts)


@dataclass(frozen=True, slots=True)
class Talk:
    """Talk to a character, who must be within reach."""

    character: str

    def perform(self, courtyard: Courtyard) -> Happening:
        thing = find_thing(self.character)
        if not thing.is_character:
            raise Impossible(f"The {thing.id} has nothing to say.")
        if courtyard.body.distance(thing.box) > REACH:
            raise Impossible(f"The {thing.id} is too far away to talk to.")
        return Happening("talk", subject=thing.id)


Command = Walk | WalkTo | Approach | Interact | Talk


def find_thing(name: str) -> Thing:
    """The thing of that name.

    Raises:
        Impossible: there is none.
    """
    for thing in THINGS:
        if thing.id == name:
            return thing
    raise Impossible(f"There is no {name} here.")


def use_gate(facts: MutableMapping[str, Any]) -> Happening:
    """Turn the key in the gate.

    Raises:
        Impossible: the player has no key.
    """
    if facts[GATE]:
        return Happening("told", "The gate stands open.", "gate")
    if not _count(facts, "cell_key"):
        raise Impossible("Locked. The key hangs at the warden's belt.")
    facts[GATE] = True
    return Happening("gate", "The key turns. The gate swings open.", "gate")


def search_well(facts: MutableMapping[str, Any]) -> Happening:
    """Fetch what shines in the well; that takes a rope, which is not used up.

    Raises:
        Impossible: there is nothing (left) to be had.
    """
    if "well" in facts[SEARCHED]:
        raise Impossible("Only water now, and your own face.")
    if not _count(facts, "rope"):
        raise Impossible("Something brass glints far below. You would need a rope.")
    _find(facts, "well", "mule_bell")
    return Happening("found", "You climb down the rope and back up, wet to the neck, with a bell.", "well")


def search_hay(facts: MutableMapping[str, Any]) -> Happening:
    """Rummage in the hay.

    Raises:
        Impossible: there is nothing left to be had.
    """
    if "hay" in facts[SEARCHED]:
        raise Impossible("Only hay now. It has had enough of you, too.")
    _find(facts, "hay", "silver_spoon")
    return Happening("found", "Straw, straw, mouse, straw, and a silver spoon.", "hay")


def search_crate(facts: MutableMapping[str, Any]) -> Happening:
    """Look behind the crates.

    Raises:
        Impossible: there is nothing left to be had.
    """
    if "crate" in facts[SEARCHED]:
        raise Impossible("Dust, and a spider who remembers you.")
    facts[SEARCHED] = facts[SEARCHED] | {"crate"}
    facts[GOLD] = min(GOLD_LIMIT, facts[GOLD] + 4)
    return Happening("found", "Four gold pieces, rolled behind the crates.", "crate")


_USES: Mapping[str, Callable[[MutableMapping[str, Any]], Happening]] = {
    "gate": use_gate,
    "well": search_well,
    "hay": search_hay,
    "crate": search_crate,
}

GRID = 12
"""The path finder's grid, in pixels."""


def _shortest_path(
    start: tuple[int, int], goal: Callable[[int, int], bool], blocked: Callable[[int, int], bool]
) -> list[tuple[int, int]] | None:
    """Dijkstra over a grid through `start`; None when no reachable place fits."""
    costs = {start: 0}
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    queue = [(0, start)]
    while queue:
        cost, place = heappop(queue)
        if cost > costs[place]:
            continue
        if goal(*place):
            path = [place]
            while path[-1] in origins:
                path.append(origins[path[-1]])
            return path[-2::-1]
        for across, along in ((0, -GRID), (0, GRID), (-GRID, 0), (GRID, 0)):
            following = (place[0] + across, place[1] + along)
            # Half-way too, so that no path cuts through something thinner than the grid.
            if blocked(place[0] + across // 2, place[1] + along // 2) or blocked(*following):
                continue
            if cost + GRID < costs.get(following, 1 << 30):
                costs[following] = cost + GRID
                origins[following] = place
                heappush(queue, (cost + GRID, following))
    return None


def _find(facts: MutableMapping[str, Any], place: str, item: str) -> None:
    facts[SEARCHED] = facts[SEARCHED] | {place}
    facts[ITEMS] = {**facts[ITEMS], item: _count(facts, item) + 1}


def _count(facts: Mapping[str, Any], item: str) -> int:
    return int(facts[ITEMS].get(item, 0))


def _body(x: int, y: int) -> Box:
    return Box(x - BODY_WIDTH // 2, y - BODY_HEIGHT, BODY_WIDTH, BODY_HEIGHT)


def _apart(courtyard: Courtyard, thing: Thing) -> int:
    return abs(courtyard.x - thing.x) + abs(courtyard.y - thing.y)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
