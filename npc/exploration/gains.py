"""Turns that can be repeated for ever and give something for nothing.

A *resource* is a whole-number fact, or the count of an item in a bag, that some effect changes and that belongs to no
character. A turn *trades* when it raises or lowers resources by so much. An endless gain is a round of turns, the game
changing nothing in between, after which everything is as it was before but for resources, of which none is less and
some are more; and nothing in it asks that a resource which grows be below some number (the end of its own range does
not count). Such a round can be gone again and again, until the range of what grows is full.

Rounds of up to `TRADES` trades are looked for, with any turns that trade nothing between them. First without regard to
when a trade is possible, which is enough to rule out nearly all; then what is left is played, twice in a row.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import inf
from typing import Any

from npc.catalog.types import BagType, IntType
from npc.exploration.paths import Path
from npc.exploration.slices import Action, Budget, Search, Slice, State
from npc.exploration.solving import project
from npc.exploration.transitions import Box, System, Way, value_at
from npc.exploration.unknowns import Place
from npc.exploration.witness import Situation, Step, Storyteller
from npc.logic import nodes
from npc.logic.cast import Cast
from npc.logic.footprint import walk
from npc.logic.symbols import Unresolved

TRADES = 5
"""Trades of one round that are combined."""
COMBINATIONS = 5_000
"""Combinations of trades that are looked at."""
STATES = 3_000
"""States of a slice in which a round is looked for."""

Classes = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Trade:
    """A path that raises or lowers resources.

    Attributes:
        path: the path.
        gains: resource → by how much it rises at most.
        capped: resources that must be below some number, other than the end of their range.
    """

    path: Path
    gains: Mapping[Place, float]
    capped: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Gain:
    """A round that gives something for nothing.

    Attributes:
        trade: the trade that it is about.
        gained: resource → by how much one round raises it.
        before: a conversation to where the round begins.
        turns: one round.
    """

    trade: Trade
    gained: Mapping[Place, int]
    before: tuple[Step, ...]
    turns: tuple[Step, ...]


def resources_of(cast: Cast) -> frozenset[Place]:
    """The resources of a cast."""
    found: set[Place] = set()
    for tree in cast.trees.effects.values():
        for node in walk(tree):
            match node:
                case nodes.AssignFact(fact) | nodes.AssignCount(fact):
                    declared = cast.catalog.facts[fact].type
                    if fact.partition(".")[0] in cast.characters:
                        continue
                    if isinstance(declared, IntType):
                        found.add(("fact", fact))
                    elif isinstance(declared, BagType):
                        found |= {("part", fact, item) for item in declared.items}
    return frozenset(found)


def trades_of(cast: Cast, paths: Iterable[Path], resources: frozenset[Place]) -> list[Trade]:
    """The paths that trade."""
    found = [trade for path in paths if (trade := _trade(cast, path, resources)) is not None]
    return [trade for trade in found if any(trade.gains.values())]


def _trade(cast: Cast, path: Path, resources: frozenset[Place]) -> Trade | None:
    if path.void is not None or not path.whole:
        return None
    gains: dict[Place, float] = {}
    for place in resources & path.writes.keys():
        value = path.writes[place]
        if not isinstance(value, tuple) or (place, 1) not in value[0]:
            return None  # it is set to something, and not raised or lowered
        rest = tuple(term for term in value[0] if term[0] != place)
        gains[place] = value[1] if not rest else _most(path, rest, value[1])
    capped = frozenset(place for place in resources if _is_capped(cast, path, place, gains.get(place, 0)))
    return Trade(path, gains, capped)


def _most(path: Path, terms: tuple[tuple[Place, int], ...], offset: int) -> float:
    """The largest value of a sum on a path."""
    result: Place = ("result",)
    equal = (((result, 1), *((place, -factor) for place, factor in terms)), -offset)
    other = (((result, -1), *terms), offset)
    limits = project({**path.numbers, result: (None, None)}, [*path.relations, equal, other], result)
    return inf if limits is None or limits[0][1] is None else limits[0][1]


def _is_capped(cast: Cast, path: Path, place: Place, gain: float) -> bool:
    if place not in path.numbers:
        return False
    limits = project(path.numbers, path.relations, place)
    high = None if limits is None else limits[0][1]
    if high is None:
        return False
    declared = cast.catalog.facts[place[1]].type
    most = declared.max if isinstance(declared, IntType) else None
    return most is None or high < most - max(gain, 0)


def combinations(trades: Sequence[Trade]) -> Iterator[tuple[Trade, ...]]:
    """Trades that together give something for nothing, fewest first; one for each manner of doing so."""
    by_gains: dict[Any, list[Trade]] = {}
    for trade in trades:
        by_gains.setdefault((frozenset(trade.gains.items()), trade.capped), []).append(trade)
    kinds = [several[0] for several in by_gains.values()]
    pending: deque[tuple[Trade, ...]] = deque(
        (kind,) for kind in kinds if any(gain > 0 for gain in kind.gains.values())
    )
    looked_at = 0
    seen: set[frozenset[tuple[int, int]]] = set()
    while pending and looked_at < COMBINATIONS:
        looked_at += 1
        chosen = pending.popleft()
        total = _total(chosen)
        if all(gain >= 0 for gain in total.values()):
            rising = {place for place, gain in total.items() if gain > 0}
            if rising and not any(kind.capped & rising for kind in chosen):
                yield from _members(chosen, by_gains)
            continue
        if len(chosen) == TRADES:
            continue
        lacking = {place for place, gain in total.items() if gain < 0}
        for kind in kinds:
            if any(kind.gains.get(place, 0) > 0 for place in lacking):
                together = (*chosen, kind)
                mark = frozenset((id(one), together.count(one)) for one in together)
                if mark not in seen:
                    seen.add(mark)
                    pending.append(together)


def _members(chosen: tuple[Trade, ...], by_gains: Mapping[Any, list[Trade]]) -> Iterator[tuple[Trade, ...]]:
    """The same combination with other paths of the same gains, a few at most."""
    lists = [by_gains[(frozenset(kind.gains.items()), kind.capped)][:4] for kind in chosen]
    for number in range(max(map(len, lists))):
        yield tuple(several[min(number, len(several) - 1)] for several in lists)


def _total(chosen: Iterable[Trade]) -> dict[Place, float]:
    total: dict[Place, float] = {}
    for trade in chosen:
        for place, gain in trade.gains.items():
            before = total.get(place, 0)
            # What one trade gives without limit no other trade makes up for: it is limited by what there is.
            total[place] = before + gain
    return total


class GainSeeker:
    """Looks for rounds that give something for nothing."""

    def __init__(self, cast: Cast, system: System, teller: Storyteller, budget: Budget) -> None:
        self._cast, self._system, self._teller, self._budget = cast, system, teller, budget
        self._resources = resources_of(cast)
        paths = {id(way.path): way.path for way in system.ways}
        self._trades = trades_of(cast, paths.values(), self._resources)
        self._trading = {id(trade.path) for trade in self._trades}
        self._ways: dict[int, list[Way]] = {}
        for way in system.ways:
            self._ways.setdefault(id(way.path), []).append(way)
        self._only = frozenset(n for n, v in enumerate(system.variables) if v.place not in self._resources)

    def gains(self) -> Iterator[Gain]:
        """Every manner of gaining for nothing, each with one round."""
        told: list[frozenset[Any]] = []
        for chosen in combinations(self._trades):
            self._budget.spend(0, 0)
            mark = frozenset((trade.path.character, max(trade.path.lines, default=0)) for trade in chosen)
            if any(one <= mark for one in told):
                continue
            try:
                gain = self._round(chosen)
            except Unresolved:
                gain = None
            if gain is not None:
                told.append(mark)
                yield gain

    def _round(self, chosen: tuple[Trade, ...]) -> Gain | None:
        part = Slice(self._system, only=self._only)
        boxes: list[Box] = [way.box for trade in chosen for way in self._ways[id(trade.path)]]
        part.split([tuple(pair for pair in box if pair[0] in self._only) for box in boxes])
        part.refine(lambda: self._budget.spend(0, 0))
        search = Search(part, self._budget)
        search.find(None, STATES)
        orders = {tuple(map(id, order)): order for order in permutations(chosen)}
        for order in list(orders.values())[:24]:
            for states, labels in self._cycles(part, search, order):
                gain = self._played(part, search, order, states, labels)
                if gain is not None:
                    return gain
        return None

    def _cycles(self, part: Slice, search: Search, order: tuple[Trade, ...]) -> Iterator[tuple[list[State], list[int]]]:
        """Rounds through the states of a slice: the states after each turn, and which trade it is (-1: none)."""
        trades = [[step for way in self._ways[id(trade.path)] for step in part.steps(way)] for trade in order]
        idle = {
            step
            for way in self._system.ways
            if id(way.path) not in self._trading and way.path.whole
            for action, _ in part.changes(way)
            if action
            for step in part.steps(way)
        }
        for number, start in enumerate(search.reached.parents):
            if number > 200:
                return
            if not any(_fits(box, start) for box, _ in trades[0]):
                continue
            first = (start, 0)
            before: dict[tuple[State, int], tuple[tuple[State, int], int]] = {}
            pending = deque([first])
            while pending and len(before) < STATES:
                state, done = node = pending.popleft()
                following = [(after, done) for after in _after(idle, state)] if done else []
                if done < len(order):
                    following += [(after, done + 1) for after in _after(trades[done], state)]
                for after in following:
                    if after not in before and after != first:
                        before[after] = (node, after[1] - 1 if after[1] > done else -1)
                        pending.append(after)
                if (start, len(order)) in before:
                    states: list[State] = []
                    labels: list[int] = []
                    at = (start, len(order))
                    while at != first:
                        states.append(at[0])
                        at, label = before[at]
                        labels.append(label)
                    yield states[::-1], labels[::-1]
                    break

    def _played(
        self, part: Slice, search: Search, order: tuple[Trade, ...], states: list[State], labels: list[int]
    ) -> Gain | None:
        """The round, played twice from a situation that a conversation leads to; None where that cannot be done."""
        found = self._teller.walk_to(part, search.reached.steps_to(states[-1]))
        if found is None:
            return None
        before, situation = found
        for begin in (situation, self._well_off(situation, order)):
            at = begin
            turns: list[Step] = []
            rounds: list[Situation] = [begin]
            for _ in range(2):
                for after, label in zip(states, labels, strict=True):
                    if label >= 0:
                        ways: Iterable[Way] = self._ways[id(order[label].path)]
                    else:
                        ways = [way for way in self._system.ways if id(way.path) not in self._trading]
                    taken = self._teller.turn(part, at, after, ways, game_stays=bool(turns))
                    if taken is None:
                        break
                    turns.append(taken[0])
                    at = taken[1]
                else:
                    rounds.append(at)
                    continue
                break
            if len(rounds) == 3 and (gained := self._gained(*rounds[1:])):
                game = {n: v for n, v in begin.facts.items() if v != situation.facts[n]} | dict(turns[0].game)
                first = replace(turns[0], game=game)
                return Gain(order[0], gained, before, (first, *turns[1 : len(states)]))
        return None

    def _well_off(self, situation: Situation, order: Iterable[Trade]) -> Situation:
        """The same, the game having given plenty of what it owns."""
        facts: dict[str, Any] = dict(situation.facts)
        for place in sorted({place for trade in order for place in trade.gains}):
            fact = self._cast.catalog.facts[place[1]]
            if not fact.game_owned:
                continue
            if isinstance(fact.type, IntType):
                low, high = fact.type.min or 0, fact.type.max
                facts[place[1]] = low + 1_000 if high is None else (low + high) // 2
            elif isinstance(fact.type, BagType):
                facts[place[1]] = {i: max(facts[place[1]].get(i, 0), 5 * (i == place[2])) for i in fact.type.items}
                facts[place[1]] = {item: count for item, count in facts[place[1]].items() if count}
        return Situation(facts, situation.contexts)

    def _gained(self, before: Situation, after: Situation) -> dict[Place, int]:
        """What a round has raised; nothing where it has lowered something, or changed something else."""
        gained: dict[Place, int] = {}
        for place in self._resources:
            difference = value_at(place, after.facts, {}) - value_at(place, before.facts, {})
            if difference < 0:
                return {}
            if difference:
                gained[place] = difference
        atoms = zip(self._teller.atoms(before), self._teller.atoms(after), strict=True)
        if any(one != other for n, (one, other) in enumerate(atoms) if n in self._only):
            return {}
        return gained


def _fits(box: Classes, state: State) -> bool:
    return all(mask >> state[place] & 1 for place, mask in box)


def _after(steps: Iterable[tuple[Classes, Action]], state: State) -> Iterator[State]:
    for box, action in steps:
        if _fits(box, state):
            after = list(state)
            for place, target in action:
                after[place] = target
            yield tuple(after)
