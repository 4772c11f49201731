"""How the player walks about the keep and uses what is there. Knows no window.

Distances are logical pixels, whole numbers; `x` and `y` of a body are the middle of its feet. A step is 1/60 second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush

from games.keep.layout import (
    COLUMNS,
    COURTYARD,
    PLACES,
    ROWS,
    TILE,
    WALL_FOOT,
    Box,
    Impossible,
    Place,
    Thing,
    find_thing,
    place_of,
)
from games.keep.using import CELL, GATE, HOUR, USES, Facts, Happening, hour_after

STEPS_PER_SECOND = 60
SPEED = 3
DIAGONAL_SPEED = 2
REACH = 30
BODY_WIDTH = 24
BODY_HEIGHT = 14

THRESHOLD = 2 * TILE - BODY_HEIGHT
"""Whoever stands above this line is in the gate."""


class Keep:
    """The keep and the player in it.

    Args:
        facts: the facts of the dialogue session; the keep reads and sets those that belong to the game.

    Attributes:
        place: where the player is.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.place = COURTYARD
        self.x, self.y = 10 * TILE, 8 * TILE
        self.facing = "up"
        self.walking = False
        self.steps = 0
        self._path: list[tuple[int, int]] = []

    @property
    def won(self) -> bool:
        return bool(self.facts[CELL])

    @property
    def body(self) -> Box:
        return _body(self.x, self.y)

    @property
    def walking_somewhere(self) -> bool:
        """Whether a path is being followed."""
        return bool(self._path)

    def stand(self, x: object, y: object, facing: object, place: object = COURTYARD.id) -> None:
        """Put the player where a save says, or leave them where they are if one cannot stand there."""
        before = self.place
        self.place = PLACES.get(str(place), self.place)
        if isinstance(x, int) and isinstance(y, int) and not self.blocked(x, y):
            self.x, self.y = x, y
        else:
            self.place = before
        if facing in ("up", "down", "left", "right"):
            self.facing = str(facing)

    def enter(self, place: Place) -> None:
        """Go over to another place, by the way from the one the player is in."""
        arrival = place.arrivals[self.place.id]
        self.place, self._path = place, []
        self.x, self.y, self.facing = arrival.x, arrival.y, arrival.facing

    def blocked(self, x: int, y: int) -> bool:
        """Whether the player cannot stand with the middle of their feet at (x, y)."""
        body = _body(x, y)
        gate = self.place.gate
        before_gate = gate is not None and body.x >= gate.x and body.x + body.width <= gate.x + gate.width
        if body.y < WALL_FOOT and not before_gate:
            return True
        if body.x < TILE or body.x + body.width > (COLUMNS - 1) * TILE or body.y + body.height > (ROWS - 1) * TILE:
            return True
        if body.y < 2 * TILE and not (self.facts[GATE] and body.y >= TILE):
            return True
        return any(thing.kind != "gate" and body.overlaps(thing.box) for thing in self.place.things)

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
        """The time of one step passes; whoever has walked into the gate comes to the cells."""
        self.steps += 1
        if self.place.gate is not None and self.y < THRESHOLD:
            self.enter(PLACES["cells"])

    def pass_time(self, turns: int) -> str:
        """Let the day pass by so many turns of talk; what is told of it, mostly nothing."""
        hour = hour_after(turns)
        if self.facts[HOUR] == hour:
            return ""
        self.facts[HOUR] = hour
        return {"dusk": "Dusk falls over the keep.", "night": "Night falls over the keep."}.get(hour, "")

    def within_reach(self) -> Thing | None:
        """The thing that E would use: the nearest one within reach that has a use."""
        return self.within_reach_of(self.x, self.y)

    def within_reach_of(self, x: int, y: int) -> Thing | None:
        """As `within_reach`, for a player who stands at (x, y)."""
        body = _body(x, y)
        usable = [thing for thing in self.place.things if thing.prompt and body.distance(thing.box) <= REACH]
        return min(
            usable,
            key=lambda thing: (body.distance(thing.box), abs(x - thing.x) + abs(y - thing.y)),
            default=None,
        )

    def head_for(self, goal: Callable[[int, int], bool]) -> bool:
        """Lay the shortest path to the nearest place that `goal` accepts; False when there is none."""
        path = _shortest_path((self.x, self.y), goal, self.blocked)
        self._path = path or []
        return path is not None

    def go_through_gate(self) -> None:
        """Start walking through the open gate."""
        self.head_for(lambda _x, y: y < THRESHOLD)

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

    def perform(self, keep: Keep) -> Happening | None:
        keep.walk(self.across, self.along)
        return None


@dataclass(frozen=True, slots=True)
class WalkTo:
    """Start walking to the place nearest to (x, y) that the player can stand on."""

    x: int
    y: int

    def perform(self, keep: Keep) -> Happening | None:
        if not keep.head_for(lambda x, y: max(abs(x - self.x), abs(y - self.y)) <= GRID):
            raise Impossible("There is no way to get there.")
        return None


@dataclass(frozen=True, slots=True)
class Approach:
    """Start walking to a thing or a character, until it is within reach."""

    thing: str

    def perform(self, keep: Keep) -> Happening | None:
        target = _here(keep, self.thing)
        # Beside it if that can be, else as far off as it can be reached, as over a bar.
        if not any(_head_near(keep, target, distance) for distance in (REACH // 3, REACH)):
            raise Impossible(f"There is no way to the {target.id}.")
        return None


@dataclass(frozen=True, slots=True)
class Interact:
    """Use whatever is within reach: talk to a character, search a thing, take a way out, try the gate."""

    def perform(self, keep: Keep) -> Happening:
        thing = keep.within_reach()
        if thing is None:
            raise Impossible("There is nothing here to use.")
        if thing.is_character:
            return Happening("talk", subject=thing.id)
        if thing.leads_to:
            keep.enter(PLACES[thing.leads_to])
            return Happening("moved", f"You come to {keep.place.name}.", keep.place.id)
        if thing.kind == "gate" and keep.facts[GATE]:
            keep.go_through_gate()
            return Happening("told", "You walk through the gate.", thing.id)
        return USES[thing.id](keep.facts)


@dataclass(frozen=True, slots=True)
class Talk:
    """Talk to a character, who must be within reach."""

    character: str

    def perform(self, keep: Keep) -> Happening:
        thing = _here(keep, self.character)
        if not thing.is_character:
            raise Impossible(f"The {thing.id} has nothing to say.")
        if keep.body.distance(thing.box) > REACH:
            raise Impossible(f"The {thing.id} is too far away to talk to.")
        return Happening("talk", subject=thing.id)


Command = Walk | WalkTo | Approach | Interact | Talk


def _here(keep: Keep, name: str) -> Thing:
    thing = find_thing(name)
    if keep.place.thing(name) is None:
        raise Impossible(f"The {thing.id} is not here but in {place_of(name).name}.")
    return thing


def _head_near(keep: Keep, target: Thing, distance: int) -> bool:
    return keep.head_for(
        lambda x, y: (
            _body(x, y).distance(target.box) <= distance and (not target.prompt or keep.within_reach_of(x, y) is target)
        )
    )


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


def _body(x: int, y: int) -> Box:
    return Box(x - BODY_WIDTH // 2, y - BODY_HEIGHT, BODY_WIDTH, BODY_HEIGHT)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
