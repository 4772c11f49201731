"""Turns that raise or lower resources, and which of them together give something for nothing.

A *resource* is a whole-number fact, or the count of an item in a bag, that some effect changes and that belongs to no
character. Of a trade only the most that it gives is known here, whatever is heard and whatever the state; so what is
ruled out here is out of the question, and what is left is still to be played.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf, prod

from npc.catalog.types import BagType, IntType
from npc.exploration.paths import Path
from npc.exploration.solving import Bounds, Relation, project, solve
from npc.exploration.unknowns import Place
from npc.logic import nodes
from npc.logic.cast import Cast
from npc.logic.footprint import walk
from npc.logic.symbols import Unresolved

TRADES = 5
"""Trades of one round that are combined."""
COMBINATIONS = 5_000
"""Combinations of trades that are looked at."""
CHOICES = 500
"""Choices of one path for each trade of a combination, for which the amounts are added up one by one."""

_Of = tuple[int, Place]
"""A number on one of several paths."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Paths that raise and lower the same resources by the same amounts.

    Attributes:
        paths: the paths.
        gains: resource → by how much it rises at most.
        capped: resources that must be below some number, other than the end of their range.
    """

    paths: tuple[Path, ...]
    gains: Mapping[Place, float]
    capped: frozenset[Place]


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


Narrowed = Callable[[Path], Mapping[Place, Bounds] | None]
"""Closer bounds, on a path, of the numbers that amounts depend on; None for a path that no conversation takes."""


def kinds_of(cast: Cast, paths: Iterable[Path], resources: frozenset[Place], narrowed: Narrowed) -> list[Kind]:
    """The paths that trade, by what they give."""
    found: dict[tuple[frozenset[tuple[Place, float]], frozenset[Place]], list[Path]] = {}
    for path in paths:
        gains = _gains(path, resources, narrowed)
        if any(gains.values()):
            capped = frozenset(place for place in resources if _is_capped(cast, path, place, gains.get(place, 0)))
            found.setdefault((frozenset(gains.items()), capped), []).append(path)
    return [Kind(tuple(several), dict(sorted(gains)), capped) for (gains, capped), several in found.items()]


def _gains(path: Path, resources: frozenset[Place], narrowed: Narrowed) -> dict[Place, float]:
    if path.void is not None or not path.whole:
        return {}
    gains: dict[Place, float] = {}
    mixed: dict[Place, tuple[tuple[tuple[Place, int], ...], int]] = {}
    for place in sorted(resources & path.writes.keys()):
        value = path.writes[place]
        if not isinstance(value, tuple) or (place, 1) not in value[0]:
            return {}  # it is set to something, and not raised or lowered
        rest = tuple(term for term in value[0] if term[0] != place)
        if rest:
            mixed[place] = (rest, value[1])
        else:
            gains[place] = value[1]
    bounds = narrowed(path)
    if bounds is None:
        return {}
    return gains | {place: _most(path, bounds, *value) for place, value in mixed.items()}


def _most(path: Path, narrowed: Mapping[Place, Bounds], terms: tuple[tuple[Place, int], ...], offset: int) -> float:
    """The largest value of a sum on a path."""
    result: Place = ("result",)
    equal = (((result, 1), *((place, -factor) for place, factor in terms)), -offset)
    other = (((result, -1), *terms), offset)
    bounds = {**path.numbers, **narrowed, result: (None, None)}
    limits = project(bounds, [*path.relations, equal, other], result)
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
    # `min(most, number + gain)` leaves the sum alone only where it is below the end: one below counts, too.
    return most is None or high < most - max(gain, 0) - 1


def adds_up(chosen: Sequence[Kind], narrowed: Narrowed) -> bool:
    """Whether amounts can be chosen, all at once, for which nothing is lost and something gained."""
    if prod(len(kind.paths) for kind in chosen) > CHOICES:
        return True
    resources = {place for kind in chosen for place in kind.gains}
    return any(_adds_up(paths, resources, narrowed) for paths in product(*(kind.paths for kind in chosen)))


def _adds_up(paths: Sequence[Path], resources: Iterable[Place], narrowed: Narrowed) -> bool:
    bounds: dict[_Of, Bounds] = {}
    relations: list[Relation[_Of]] = []
    totals: dict[Place, tuple[dict[_Of, int], int]] = {place: ({}, 0) for place in resources}
    everything: dict[_Of, int] = {}
    for number, path in enumerate(paths):
        limits = {**path.numbers, **(narrowed(path) or {})}
        bounds |= {(number, place): limit for place, limit in limits.items()}
        relations += [(tuple(((number, p), f) for p, f in terms), offset) for terms, offset in path.relations]
        for place in totals.keys() & path.writes.keys():
            sums, offset = totals[place]
            for term, factor in path.writes[place][0]:
                if term != place:
                    sums[number, term] = sums.get((number, term), 0) + factor
                    everything[number, term] = everything.get((number, term), 0) + factor
            totals[place] = (sums, offset + path.writes[place][1])
    # At least 0 each, and at least 1 together: that their negations are at most 0, and at most -1.
    relations += [(tuple((key, -f) for key, f in sums.items() if f), -offset) for sums, offset in totals.values()]
    least = 1 - sum(offset for _, offset in totals.values())
    relations.append((tuple((key, -f) for key, f in everything.items() if f), least))
    try:
        return solve(bounds, relations) is not None
    except Unresolved:
        return True


class TooManyCombinations(Exception):
    """There are more than `COMBINATIONS` combinations of trades."""


def combinations(kinds: Sequence[Kind]) -> Iterator[tuple[Kind, ...]]:
    """Trades that together give something for nothing, fewest first.

    Raises:
        TooManyCombinations: there are more than are looked at.
    """
    pending: deque[tuple[Kind, ...]] = deque((kind,) for kind in kinds if any(gain > 0 for gain in kind.gains.values()))
    looked_at = 0
    seen: set[frozenset[tuple[int, int]]] = set()
    while pending:
        looked_at += 1
        if looked_at > COMBINATIONS:
            raise TooManyCombinations(f"more than {COMBINATIONS:,} combinations of trades")
        chosen = pending.popleft()
        total = _total(chosen)
        if all(gain >= 0 for gain in total.values()):
            rising = {place for place, gain in total.items() if gain > 0}
            if rising and not any(kind.capped & rising for kind in chosen):
                yield chosen
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


def _total(chosen: Iterable[Kind]) -> dict[Place, float]:
    total: dict[Place, float] = {}
    for kind in chosen:
        for place, gain in kind.gains.items():
            # What one trade gives without limit no other trade makes up for: it is limited by what there is.
            total[place] = total.get(place, 0) + gain
    return total
