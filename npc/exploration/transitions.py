"""The cast as a system of transitions over small numbers.

A variable is anything of the state that one value is asked of: a fact, a name in a set, a count in a bag, a
character's last line and number of turns. Its values are put into *atoms* that nothing in the cast tells apart. Sets
of atoms are whole numbers, bit by bit. A way is a path with, for each variable, the atoms from which it can be taken
and the atoms it leads to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from npc.catalog.model import Catalog
from npc.catalog.types import BagType, FactValue, IntType
from npc.exploration.numbers import Become, Change, Keep, Numbers, Range, Shift, Table, number_parts
from npc.exploration.paths import Path
from npc.exploration.unknowns import Place
from npc.logic.symbols import Unresolved

ATOMS = 4_096
"""Atoms of one number at most. Beyond that, neighbouring values are taken together, which may lead too far, never not
far enough; what was found is then confirmed by running it."""
MARGIN = 8
"""By how much the values of a number without a bound are followed beyond those that the cast mentions."""
SMALL = 64
"""A number with no more values than this has one atom for each."""

Box = tuple[tuple[int, int], ...]
"""For some variables, in order, the atoms allowed; every atom is allowed of the others."""

Values = tuple[tuple[Any, ...], ...]


@dataclass(slots=True)
class Variable:
    """A variable and its atoms.

    Attributes:
        place: what it is.
        names: its values, where it is no number.
        lows: the least value of each atom of a number; the first is None where there is no bound.
        high: the greatest value, or None.
        exact: False where values that the cast tells apart share an atom.
        size: how many atoms there are.
        full: all atoms.
    """

    place: Place
    names: tuple[Any, ...] = ()
    lows: tuple[int | None, ...] = ()
    high: int | None = None
    exact: bool = True
    size: int = field(init=False)
    full: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.names) or len(self.lows)
        self.full = (1 << self.size) - 1

    def atom_of(self, value: Any) -> int:
        """The atom that a value is in."""
        if self.names:
            return self.names.index(value)
        if self.lows[0] is None:
            return bisect_right(self.lows[1:], value) if len(self.lows) > 1 else 0
        return bisect_right(self.lows, value) - 1

    def range_of(self, atom: int) -> Range:
        """The values of a number's atom."""
        following = self.lows[atom + 1] if atom + 1 < len(self.lows) else None
        return self.lows[atom], self.high if following is None else following - 1

    def mask_of(self, low: int | None, high: int | None) -> int:
        """The atoms that lie in a range, at least in part."""
        if self.high is not None and (high is None or high > self.high):
            high = self.high
        least = self.lows[0]
        if least is not None and (low is None or low < least):
            low = least
        if low is not None and high is not None and low > high:
            return 0
        first = 0 if low is None else self.atom_of(low)
        last = self.size - 1 if high is None else self.atom_of(high)
        return (1 << (last + 1)) - (1 << first)


@dataclass(frozen=True, slots=True)
class Way:
    """A path, or part of one, over atoms.

    Attributes:
        path: the path.
        box: from which atoms it can be taken.
        updates: variable → the atoms it leads to: one mask, or one for each atom it comes from.
    """

    path: Path
    box: Box
    updates: tuple[tuple[int, int | tuple[int, ...]], ...]


@dataclass(slots=True)
class _Raw:
    path: Path
    names: dict[Place, tuple[Any, ...]]
    numbers: Numbers
    writes: dict[Place, tuple[Any, ...]]


@dataclass
class System:
    """All variables and ways of a cast.

    Attributes:
        variables: in the order that boxes number them.
        index: place → number.
        ways: every way that a turn can go.
        initial: the atom of each variable at the start.
    """

    variables: list[Variable]
    index: dict[Place, int]
    ways: list[Way] = field(default_factory=list)
    initial: tuple[int, ...] = ()
    by_variable: dict[int, list[Way]] = field(default_factory=dict)

    def boxes(self, path: Path, parts: Iterable[Numbers]) -> list[Box]:
        """Where the conditions of a path hold."""
        return [
            self._box(_names_of(path, self.index), {place: limits for place, (limits, _) in part.items()})
            for part in parts
        ]

    def limited_to(self, only: Collection[int]) -> System:
        """The same with the conditions and changes of some variables only."""
        ways = [way for way in projected(self.ways, only) if way.updates]
        found = System(self.variables, self.index, ways, self.initial)
        found.index_ways()
        return found

    def index_ways(self) -> None:
        """Note which ways change which variables."""
        for way in self.ways:
            for number, _ in way.updates:
                self.by_variable.setdefault(number, []).append(way)

    def _box(self, names: Mapping[Place, tuple[Any, ...]], numbers: Mapping[Place, Range]) -> Box:
        box: list[tuple[int, int]] = []
        for place, options in names.items():
            variable = self.variables[self.index[place]]
            mask = sum(1 << number for number, value in enumerate(variable.names) if value in options)
            if mask != variable.full:
                box.append((self.index[place], mask))
        for place, limits in numbers.items():
            if place in self.index:
                variable = self.variables[self.index[place]]
                mask = variable.mask_of(*limits)
                if mask != variable.full:
                    box.append((self.index[place], mask))
        return tuple(sorted(box))

    def state_of(self, facts: Mapping[str, FactValue], contexts: Mapping[str, tuple[str | None, int]]) -> list[Any]:
        """The value of every variable in a state."""
        return [value_at(variable.place, facts, contexts) for variable in self.variables]


def projected(ways: Iterable[Way], only: Collection[int]) -> list[Way]:
    """What ways test and change of some variables, the same thing once."""
    found: dict[Any, Way] = {}
    for way in ways:
        box = tuple(pair for pair in way.box if pair[0] in only)
        updates = tuple(pair for pair in way.updates if pair[0] in only)
        found.setdefault((box, updates), Way(way.path, box, updates))
    return list(found.values())


def value_at(place: Place, facts: Mapping[str, Any], contexts: Mapping[str, tuple[str | None, int]]) -> Any:
    """What stands at a place in a state."""
    match place:
        case ("fact", name):
            return facts[name]
        case ("part", fact, name):
            held = facts[fact]
            return held.get(name, 0) if isinstance(held, Mapping) else name in held
        case ("last", character):
            return contexts[character][0]
        case ("turn", character):
            return contexts[character][1]
    raise KeyError(place)


def _names_of(path: Path, places: Mapping[Place, Any]) -> dict[Place, tuple[Any, ...]]:
    return {place: options for place, options in path.names.items() if place in places}


class SystemBuilder:
    """Makes a `System` from the paths of all characters and the conditions that matter.

    Args:
        catalog: the cast's declarations.
        paths: every path of every character.
        conditions: paths of goals, which only test.
        lines: what each character may have said last.
        universes: the names that each set fact may hold.
        spend: called for every path, and may end it.
    """

    def __init__(
        self,
        catalog: Catalog,
        paths: Sequence[Path],
        conditions: Sequence[Path],
        lines: Mapping[str, tuple[str, ...]],
        universes: Mapping[str, tuple[str, ...]],
        spend: Callable[[], None] = lambda: None,
    ) -> None:
        self._catalog = catalog
        self._spend = spend
        self._lines = lines
        self._universes = universes
        self._tested: dict[Place, None] = {}
        for path in (*paths, *conditions):
            for place in (*path.names, *path.numbers):
                if self.is_state(place):
                    self._tested[place] = None
            for value in path.writes.values():
                if isinstance(value, tuple) and value and isinstance(value[0], tuple):
                    self._tested |= {place: None for place, _ in value[0] if self.is_state(place)}
        self._tops: dict[Place, int] = {}
        self._find_tops((*paths, *conditions))
        self.not_followed: list[str] = []
        self._raw = [raw for path in paths for raw in self._ways_of(path)]
        self.conditions: list[tuple[Path, list[Numbers]]] = []
        self.conditions_left_out: dict[int, str] = {}
        for path in conditions:
            try:
                self.conditions.append((path, list(self.parts(path))))
            except Unresolved as problem:
                self.conditions_left_out[id(path)] = str(problem)
        variables = [self._variable(place) for place in self._tested]
        variables = [variable for variable in variables if variable.size > 1]
        self.system = System(variables, {variable.place: number for number, variable in enumerate(variables)})
        self._fill()

    def is_state(self, place: Place) -> bool:
        """Whether a place is part of the state; what the game owns may be anything at any time, and is not."""
        if place[0] in ("fact", "part"):
            return not self._catalog.facts[place[1]].game_owned
        return place[0] in ("last", "turn")

    def parts(self, path: Path) -> Iterable[Numbers]:
        """See `number_parts`."""
        return number_parts(path, self.is_state, lambda place: self._tops.get(place, MARGIN), self._spend)

    def _find_tops(self, paths: Sequence[Path]) -> None:
        facts = {name: fact.initial for name, fact in self._catalog.facts.items()}
        for place in self._tested:
            if place[0] in ("fact", "part"):
                value = value_at(place, facts, {})
                if type(value) is int:
                    self._tops[place] = abs(value) + MARGIN
        for path in paths:
            for place, bounds in path.numbers.items():
                for bound in bounds:
                    if bound is not None:
                        self._tops[place] = max(self._tops.get(place, MARGIN), min(abs(bound), ATOMS // 2) + MARGIN)
            for place, value in path.writes.items():
                if type(value) is int:
                    self._tops[place] = max(self._tops.get(place, MARGIN), min(abs(value), ATOMS // 2) + MARGIN)

    def _ways_of(self, path: Path) -> list[_Raw]:
        self._spend()
        try:
            return list(self._raw_ways(path))
        except Unresolved as problem:
            line = max(path.lines, default=0)
            self.not_followed.append(f"{path.character}: a path to line {line} was left out: {problem}")
            return []

    def _raw_ways(self, path: Path) -> Iterable[_Raw]:
        names = _names_of(path, self._tested)
        writes: dict[Place, tuple[Any, ...]] = {}
        if path.whole:
            for place, value in path.writes.items():
                if place in self._tested and not _numeric(value):
                    writes[place] = value if isinstance(value, tuple) else (value,)
            if ("last", path.character) in self._tested:
                writes[("last", path.character)] = path.candidates
        for part in self.parts(path):
            numbers = {place: change for place, change in part.items() if place in self._tested}
            turn = ("turn", path.character)
            if path.whole and turn in self._tested:
                numbers[turn] = (numbers[turn][0] if turn in numbers else (0, None), Shift(1))
            yield _Raw(path, names, numbers, writes)

    # --- atoms

    def _variable(self, place: Place) -> Variable:
        match place:
            case ("last", character):
                return Variable(place, (None, *self._lines[character]))
            case ("turn", _):
                return self._number(place, 0, None, 0)
        fact = self._catalog.facts[place[1]]
        if isinstance(fact.type, IntType):
            return self._number(place, fact.type.min, fact.type.max, fact.initial)
        if isinstance(fact.type, BagType):
            assert isinstance(fact.initial, Mapping)
            return self._number(place, 0, None, fact.initial.get(place[2], 0))
        options: tuple[Any, ...] = getattr(fact.type, "options", (False, True))
        return Variable(place, options)

    def _number(self, place: Place, low: int | None, high: int | None, initial: Any) -> Variable:
        if low is not None and high is not None and high - low < SMALL:
            return Variable(place, lows=tuple(range(low, high + 1)), high=high)
        uses = [raw.numbers[place] for raw in self._raw if place in raw.numbers]
        uses += [part[place] for _, parts in self.conditions for part in parts if place in part]
        top = self._tops.get(place, MARGIN)
        bottom = -top if low is None else low
        ceiling = bottom + top if high is None else high
        cuts = {initial, initial + 1}
        shifts: set[tuple[Range, int]] = set()
        for limits, change in uses:
            _cut(cuts, limits)
            match change:
                case Become(ranges):
                    for limits in ranges:
                        _cut(cuts, limits)
                case Shift(by):
                    shifts.add((limits, by))
                case Table(rows):
                    for value, ranges in rows:
                        cuts |= {value, value + 1}
                        for limits in ranges:
                            _cut(cuts, limits)
        exact = _close(cuts, shifts, bottom, ceiling, low is None, high is None)
        inside = sorted(cut for cut in cuts if (low is None or cut > low) and (high is None or cut <= high))
        return Variable(place, lows=(low, *inside), high=high, exact=exact)

    # --- ways

    def _fill(self) -> None:
        system = self.system
        facts = {name: fact.initial for name, fact in self._catalog.facts.items()}
        contexts = dict.fromkeys(self._lines, (None, 0))
        state = system.state_of(facts, contexts)
        system.initial = tuple(variable.atom_of(value) for variable, value in zip(system.variables, state, strict=True))
        for raw in self._raw:
            self._spend()
            updates: dict[int, int | tuple[int, ...]] = {}
            for place, options in raw.writes.items():
                if place in system.index:
                    variable = system.variables[system.index[place]]
                    updates[system.index[place]] = sum(1 << variable.names.index(option) for option in options)
            box = {}
            for place, (limits, change) in raw.numbers.items():
                if place in system.index:
                    variable = system.variables[system.index[place]]
                    update = _update(variable, limits, change)
                    box[place] = limits
                    if update is not None:
                        updates[system.index[place]] = update
            rows = system._box(raw.names, box)
            tables = {number: update for number, update in updates.items() if isinstance(update, tuple)}
            if tables:
                rows = _only_where(rows, tables, system)
            if all(mask for _, mask in rows):
                system.ways.append(Way(raw.path, rows, tuple(sorted(updates.items()))))
        system.index_ways()


def _numeric(value: Any) -> bool:
    return type(value) is int or (isinstance(value, tuple) and bool(value) and isinstance(value[0], tuple))


def _cut(cuts: set[int], limits: Range) -> None:
    low, high = limits
    if low is not None:
        cuts.add(low)
    if high is not None:
        cuts.add(high + 1)


def _close(
    cuts: set[int], shifts: set[tuple[Range, int]], bottom: int, ceiling: int, no_low: bool, no_high: bool
) -> bool:
    """Add the cuts that shifts carry others to, so that every atom is shifted into one; whether that came to an end."""
    pending = list(cuts)
    exact = True
    while pending:
        cut = pending.pop()
        for (low, high), by in shifts:
            before = cut - by
            if before in cuts or (low is not None and before <= low) or (high is not None and before > high):
                continue
            if not bottom < before <= ceiling:
                exact = exact and not ((before > ceiling and no_high) or (before <= bottom and no_low))
                continue
            if len(cuts) >= ATOMS:
                return False
            cuts.add(before)
            pending.append(before)
    return exact


def _update(variable: Variable, limits: Range, change: Change) -> int | tuple[int, ...] | None:
    match change:
        case Keep():
            return None
        case Become(ranges):
            mask = 0
            for low, high in ranges:
                mask |= variable.mask_of(low, high)
            return mask
        case Shift(by):
            masks = []
            for atom in range(variable.size):
                low, high = variable.range_of(atom)
                low = limits[0] if low is None else low if limits[0] is None else max(low, limits[0])
                high = limits[1] if high is None else high if limits[1] is None else min(high, limits[1])
                if low is not None and high is not None and low > high:
                    masks.append(0)
                else:
                    masks.append(
                        variable.mask_of(None if low is None else low + by, None if high is None else high + by)
                    )
            return tuple(masks)
        case Table(rows):
            found = [0] * variable.size
            for value, ranges in rows:
                for low, high in ranges:
                    found[variable.atom_of(value)] |= variable.mask_of(low, high)
            return tuple(found)


def _only_where(box: Box, tables: Mapping[int, tuple[int, ...]], system: System) -> Box:
    """The box, without the atoms for which a table leads nowhere."""
    masks = dict(box)
    for number, table in tables.items():
        somewhere = sum(1 << atom for atom, mask in enumerate(table) if mask)
        mask = masks.get(number, system.variables[number].full) & somewhere
        if mask != system.variables[number].full:
            masks[number] = mask
    return tuple(sorted(masks.items()))
