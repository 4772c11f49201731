"""What a path does to the numbers of the state: from which values it can be taken, and to which it leads.

A path relates numbers of the state to others that may be anything (slots, facts that the game owns). Those are
eliminated here: what is left is, for each number of the state on its own, a range and what becomes of it. Where two
numbers of the state depend on each other, the path is taken apart into one for each value of all but one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from npc.exploration.paths import Path, Sum
from npc.exploration.solving import Bounds, Relation, project, solve
from npc.exploration.unknowns import Place
from npc.logic.symbols import Unresolved

COMBINATIONS = 20_000
"""Values that are tried for one path."""

_TOO_MANY = f"numbers depend on each other in more than {COMBINATIONS:,} ways"

Range = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Keep:
    """The number stays as it is."""


@dataclass(frozen=True, slots=True)
class Shift:
    """The number changes by so much."""

    by: int


@dataclass(frozen=True, slots=True)
class Become:
    """The number becomes any one in these ranges."""

    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What the number becomes depends on what it is: value → ranges."""

    rows: tuple[tuple[int, tuple[Range, ...]], ...]


Change = Keep | Shift | Become | Table
Numbers = dict[Place, tuple[Range, Change]]
"""For each number of the state that a path looks at or writes: where it must lie, and what becomes of it."""

_RESULT: Place = ("result",)


def number_parts(
    path: Path, is_state: Callable[[Place], bool], top: Callable[[Place], int], spend: Callable[[], None]
) -> Iterator[Numbers]:
    """The ways in which a path can be taken, each with every number of the state on its own.

    Args:
        path: the path.
        is_state: whether a number is part of the state.
        top: where a number without a bound is cut off when its values are tried one by one.
        spend: called now and then, and may end it.

    Raises:
        Unresolved: there are too many values to try.
    """
    targets = {
        place: value for place, value in path.writes.items() if is_state(place) and isinstance(value, tuple | int)
    }
    targets = {p: v for p, v in targets.items() if not isinstance(v, bool) and _is_number(v)}
    known = {place: value for place, value in targets.items() if isinstance(value, int)}
    sums: dict[Place, Sum] = {place: value for place, value in targets.items() if not isinstance(value, int)}
    fixed: Numbers = {p: (path.numbers.get(p, (None, None)), Become(((v, v),))) for p, v in known.items()}
    alternatives: list[list[Numbers]] = []
    for group, relations in _groups(path, sums):
        alternatives.append(_group_parts(path, group, relations, sums, is_state, top, spend))
    grouped = {place for group, _ in _groups(path, sums) for place in group}
    for place, bounds in path.numbers.items():
        if is_state(place) and place not in grouped and place not in fixed:
            fixed[place] = (bounds, Keep())
    for combination in product(*alternatives):
        found = dict(fixed)
        for part in combination:
            for place, (bounds, change) in part.items():
                if place in found:
                    # Its range comes from one group and its new value from another, or from neither.
                    other_bounds, other_change = found[place]
                    bounds = other_bounds if bounds == (None, None) else bounds
                    change = other_change if isinstance(change, Keep) else change
                found[place] = (bounds, change)
        for place, (bounds, change) in found.items():
            if bounds == (None, None) and place in path.numbers:
                found[place] = (path.numbers[place], change)
        yield found


def _is_number(value: object) -> bool:
    return isinstance(value, int) or (
        isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], tuple) and isinstance(value[1], int)
    )


def _groups(path: Path, sums: Mapping[Place, Sum]) -> list[tuple[frozenset[Place], list[Relation[Place]]]]:
    """Numbers that depend on each other, through relations or through what is written."""
    leader: dict[Place, Place] = {}

    def find(place: Place) -> Place:
        leader.setdefault(place, place)
        while leader[place] != place:
            place = leader[place]
        return place

    linked = [[place for place, _ in terms] for terms, _ in path.relations]
    linked += [[place for place, _ in terms] for terms, _ in sums.values()]
    for places in linked:
        for place in places:
            leader[find(place)] = find(places[0])
    members: dict[Place, set[Place]] = {}
    for place in list(leader):
        members.setdefault(find(place), set()).add(place)
    groups: list[tuple[frozenset[Place], list[Relation[Place]]]] = []
    for head, group in members.items():
        relations = [relation for relation in path.relations if find(relation[0][0][0]) == head]
        groups.append((frozenset(group), relations))
    return groups


def _group_parts(
    path: Path,
    group: frozenset[Place],
    relations: list[Relation[Place]],
    sums: Mapping[Place, Sum],
    is_state: Callable[[Place], bool],
    top: Callable[[Place], int],
    spend: Callable[[], None],
) -> list[Numbers]:
    state = sorted(place for place in group if is_state(place))
    targets = [(place, value) for place, value in sums.items() if value[0][0][0] in group]
    bounds: dict[Place, Bounds] = {place: path.numbers[place] for place in group}
    if not relations and len(targets) == 1 and len(targets[0][1][0]) == 1:
        simple = _simple(targets[0][0], targets[0][1], bounds, state)
        if simple is not None:
            return [simple]
    if not state and not targets:
        return [{}]
    own = [place for place, _ in targets if place in group]
    main = own[0] if len(targets) == 1 and own else (max(state, key=lambda p: _size(bounds[p])) if state else None)
    tabled = main is not None and len(targets) == 1 and bool(own)
    if main is not None and targets and not tabled:
        main = None  # every number of the state is taken value by value, for what is written depends on it
    pinned = [place for place in state if place != main]
    found: list[Numbers] = []
    tried = [_tried(place, bounds[place], top) for place in pinned]
    tabled_values = len(_tried(main, bounds[main], top)) if tabled and main is not None else 1
    if prod(map(len, tried)) * tabled_values > COMBINATIONS:
        raise Unresolved(_TOO_MANY)
    for values in product(*tried):
        spend()
        chosen = dict(zip(pinned, values, strict=True))
        rest = [_put(relation, chosen) for relation in relations]
        left = {place: limits for place, limits in bounds.items() if place not in chosen}
        part: Numbers = {place: ((value, value), Keep()) for place, value in chosen.items()}
        if main is None:
            found += _joint(part, left, rest, [(t, _put_sum(s, chosen)) for t, s in targets])
        elif tabled:
            table = _table(main, _put_sum(targets[0][1], chosen), left, rest, top)
            if table.rows:
                part[main] = (bounds[main], table)
                found.append(part)
        else:
            for limits in _possible(main, left, rest, top):
                found.append({**part, main: (limits, Keep())})
        if len(found) > COMBINATIONS:
            raise Unresolved(_TOO_MANY)
    return found


def _size(bounds: Bounds) -> float:
    low, high = bounds
    return float("inf") if low is None or high is None else high - low


def _simple(target: Place, value: Sum, bounds: Mapping[Place, Bounds], state: list[Place]) -> Numbers | None:
    """A write of one unknown number that nothing else depends on."""
    ((place, factor),), offset = value
    if place == target and factor == 1:
        return {target: (bounds[place], Shift(offset))}
    if not state and factor in (1, -1):
        low, high = bounds[place]
        ends = (None if low is None else factor * low + offset, None if high is None else factor * high + offset)
        return {target: ((None, None), Become((ends if factor > 0 else ends[::-1],)))}
    return None


def _tried(place: Place, bounds: Bounds, top: Callable[[Place], int]) -> range:
    low, high = bounds
    least = -top(place) - 1 if low is None else low
    most = max(top(place) + 1, least) if high is None else high
    if most - least > COMBINATIONS:
        raise Unresolved(".".join(place))
    return range(least, most + 1)


def _put(relation: Relation[Place], values: Mapping[Place, int]) -> Relation[Place]:
    terms, offset = relation
    offset += sum(factor * values[place] for place, factor in terms if place in values)
    return tuple(term for term in terms if term[0] not in values), offset


_put_sum = _put


def _possible(
    place: Place, bounds: Mapping[Place, Bounds], relations: list[Relation[Place]], top: Callable[[Place], int]
) -> list[Range]:
    """The values of a number for which the relations can hold, as ranges."""
    found = project(bounds, relations, place)
    if found is None:
        return []
    limits, exact = found
    if exact:
        return [limits]
    values = [v for v in _tried(place, limits, top) if solve({**bounds, place: (v, v)}, relations) is not None]
    return _as_ranges(values)


def _as_ranges(values: list[int]) -> list[Range]:
    ranges: list[Range] = []
    for value in values:
        if ranges and ranges[-1][1] == value - 1:
            ranges[-1] = (ranges[-1][0], value)
        else:
            ranges.append((value, value))
    return ranges


def _results(value: Sum, bounds: Mapping[Place, Bounds], relations: list[Relation[Place]]) -> list[Range]:
    """The values that a sum can take, as ranges."""
    terms, offset = value
    if not terms:
        return [(offset, offset)] if solve(bounds, relations) is not None else []
    equal = (((_RESULT, 1), *((place, -factor) for place, factor in terms)), -offset)
    other = (((_RESULT, -1), *terms), offset)
    return _possible(_RESULT, {**bounds, _RESULT: (None, None)}, [*relations, equal, other], lambda place: COMBINATIONS)


def _table(
    place: Place,
    value: Sum,
    bounds: Mapping[Place, Bounds],
    relations: list[Relation[Place]],
    top: Callable[[Place], int],
) -> Table:
    rows = []
    rest = {other: limits for other, limits in bounds.items() if other != place}
    for before in _tried(place, bounds[place], top):
        chosen = {place: before}
        ranges = _results(_put_sum(value, chosen), rest, [_put(relation, chosen) for relation in relations])
        if ranges:
            rows.append((before, tuple(ranges)))
    return Table(tuple(rows))


def _joint(
    part: Numbers,
    bounds: Mapping[Place, Bounds],
    relations: list[Relation[Place]],
    targets: list[tuple[Place, Sum]],
) -> list[Numbers]:
    """Several numbers written from the same unknowns: all but the last of them value by value."""
    if not targets:
        return [part] if solve(bounds, relations) is not None else []
    (target, value), *others = targets
    guard = part[target][0] if target in part else (None, None)
    ranges = _results(value, bounds, relations)
    if not others:
        return [{**part, target: (guard, Become(tuple(ranges)))}] if ranges else []
    found: list[Numbers] = []
    terms, offset = value
    for low, high in ranges:
        if low is None or high is None or high - low > COMBINATIONS:
            raise Unresolved(".".join(target))
        for result in range(low, high + 1):
            equal = (terms, offset - result)
            other = (tuple((place, -factor) for place, factor in terms), result - offset)
            became = {**part, target: (guard, Become(((result, result),)))}
            found += _joint(became, bounds, [*relations, equal, other], others)
    return found
