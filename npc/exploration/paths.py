"""Every path through a character's logic, whatever the state: the compiled program run again and again.

The program runs on facts that are not known. Whenever something depends on one, the path forks; a path comes to a
condition on the state before the turn, what it writes, and the line said. What is heard, slots, chance and the facts
that the game owns are unknown in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from npc.catalog.model import Catalog
from npc.catalog.types import BagType, BoolType, FactValue, IntType, OneOfType, SetType, TextType
from npc.exploration.merging import Elsewhere, Seen, placed
from npc.exploration.solving import Relation, solve
from npc.exploration.unknowns import Number, Place, Unknown, UnknownBag, UnknownName, UnknownSet
from npc.logic.compiler import CompiledProgram
from npc.logic.execution import Execution, Void, violation_of
from npc.logic.program import Violation
from npc.logic.symbols import Deferred

PATH_LIMIT = 100_000
"""Paths of one character that are told apart; a character with more is reported as not explored."""

Condition = Callable[[Mapping[str, FactValue]], bool]
Sum = tuple[tuple[tuple[Place, int], ...], int]
"""A written number: coefficients of unknown numbers, and an offset."""


class TooManyPaths(Exception):
    """A character's logic has more paths than `PATH_LIMIT`, or unknowns meet in a way that cannot be told apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """One way through the logic, for all states that its conditions admit.

    Attributes:
        character: whose logic it is.
        event: the event that brought the turn about, or None.
        names: what each thing that was looked at may be; truth values are here, too.
        numbers: bounds of each number that was looked at.
        relations: what numbers have to do with each other.
        heard: what was asked about, and the answer.
        slots: the slots that were read: False for one that was not said.
        chances: how chance fell, in order.
        writes: what is written: a name, truth value or number, or a `Sum` of unknown numbers.
        effects: the effects, in order, with arguments as in `writes`.
        candidates: the lines of which one is said.
        void: why nothing comes of the turn, or None.
        lines: lines of the file that run.
        speaks: whether the logic itself returned a line.
        broken: numbers of the invariants that hold before the turn and not after it.
        whole: False when the rest of the path is also the rest of another one with weaker conditions.
    """

    character: str
    event: str | None
    names: Mapping[Place, tuple[Any, ...]]
    numbers: Mapping[Place, tuple[int | None, int | None]]
    relations: tuple[Relation[Place], ...]
    heard: Mapping[str, bool]
    slots: Mapping[tuple[str, str], bool]
    chances: tuple[bool, ...]
    writes: Mapping[Place, Any]
    effects: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
    candidates: tuple[str, ...]
    void: Violation | None
    lines: frozenset[int]
    speaks: bool = False
    broken: tuple[int, ...] = ()
    whole: bool = True


class _Context:
    """What a run reads beside facts, each decided when it is read."""

    def __init__(self, finder: PathFinder, character: str, lines: tuple[str, ...], event: str | None) -> None:
        self.event = event
        self._finder, self._character, self._lines = finder, character, lines

    @property
    def last(self) -> Any:
        return self._finder.last(self._character, self._lines)

    @property
    def turn(self) -> Any:
        return self._finder.number(("turn", self._character), 0, None)


class _Facts(Mapping[str, Any]):
    """The facts of a state of which nothing is known."""

    def __init__(self, finder: PathFinder, catalog: Catalog) -> None:
        self._finder, self._facts = finder, catalog.facts

    def __getitem__(self, name: str) -> Any:
        fact, place = self._facts[name], ("fact", name)
        match fact.type:
            case BoolType():
                return self._finder.truth(place)
            case IntType(low, high):
                return self._finder.number(place, low, high)
            case OneOfType(options):
                return self._finder.name(place, options)
            case SetType():
                return UnknownSet(self._finder, name, self._finder.universe(name), {})
            case BagType(items):
                return UnknownBag(self._finder, name, items, {})
            case TextType():
                return fact.initial

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


class _After(Mapping[str, Any]):
    """The facts after what a run has written."""

    def __init__(self, facts: Mapping[str, Any], overlay: Mapping[str, Any]) -> None:
        self._facts, self._overlay = facts, overlay

    def __getitem__(self, name: str) -> Any:
        return self._overlay[name] if name in self._overlay else self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


class PathFinder:
    """Takes every path of something that reads unknown facts; the oracle of its runs.

    Args:
        catalog: the cast's declarations.
        universes: the names that each set fact may hold.
        spend: called before every run, and may end it.
    """

    def __init__(
        self, catalog: Catalog, universes: Mapping[str, tuple[str, ...]], spend: Callable[[], None] = lambda: None
    ) -> None:
        self.catalog = catalog
        self._spend = spend
        self._universes = universes
        self._taken: list[int] = []
        self._options: list[list[int]] = []
        self.facts = _Facts(self, catalog)
        self.limit = PATH_LIMIT
        self._reset()

    def _reset(self) -> None:
        self._position = 0
        self._sums = 0
        self._names: dict[Place, Any] = {}
        self._numbers: dict[Place, Unknown] = {}
        self._relations: list[tuple[tuple[tuple[Unknown, int], ...], int]] = []
        self._quotients: dict[Any, Unknown] = {}
        self._chances: list[bool] = []
        self._intents: Mapping[str, Any] = {}

    def all_paths(self, once: Callable[[], Path | None]) -> Iterator[Path]:
        """Run something once for each path; the paths that can be taken."""
        runs = 0
        while True:
            self._spend()
            self._reset()
            path = once()
            runs += 1
            if runs > self.limit:
                raise TooManyPaths(f"more than {self.limit:,} paths")
            if path is not None and self.possible():
                yield path
            while self._taken:
                options = self._options[-1]
                place = options.index(self._taken[-1]) + 1
                if place < len(options):
                    self._taken[-1] = options[place]
                    break
                self._taken.pop()
                self._options.pop()
            if not self._taken:
                return

    # --- what the unknown values ask

    def fork(self, ways: int) -> int:
        return self._decide(lambda: list(range(ways)))

    def _decide(self, options: Callable[[], list[int]]) -> int:
        position = self._position
        self._position = position + 1
        if position == len(self._taken):
            possible = options()
            self._taken.append(possible[0])
            self._options.append(possible)
        return self._taken[position]

    def approximate(self) -> None:
        """Never called: these values stay exact."""

    def relate(self, terms: tuple[tuple[Unknown, int], ...], offset: int) -> bool:
        yes = (terms, offset)
        no = (tuple((unknown, -factor) for unknown, factor in terms), 1 - offset)

        def options() -> list[int]:
            return [way for way, relation in enumerate((yes, no)) if self.possible(relation)] or [0]

        way = self._decide(options)
        relation = (yes, no)[way]
        if relation not in self._relations:
            self._relations.append(relation)
        return way == 0

    def quotient(self, dividend: Number, divisor: int) -> Number:
        key = (_written(dividend), divisor)
        if key in self._quotients:
            return Number(self, ((self._quotients[key], 1),))
        self._sums += 1
        low, high = dividend.interval
        place = ("sum", str(self._sums))
        unknown = Unknown(place, None if low is None else low // divisor, None if high is None else high // divisor)
        self._numbers[place] = self._quotients[key] = unknown
        rest = dividend - Number(self, ((unknown, divisor),))
        # The remainder is from 0 to divisor - 1.
        self._relations.append((tuple((u, -f) for u, f in rest.terms), -rest.offset))
        self._relations.append((rest.terms, rest.offset - divisor + 1))
        return Number(self, ((unknown, 1),))

    def truth(self, place: Place) -> bool:
        if place not in self._names:
            self._names[place] = self.fork(2) == 1
        return bool(self._names[place])

    def name(self, place: Place, options: tuple[str, ...]) -> UnknownName:
        if place not in self._names:
            self._names[place] = UnknownName(self, ".".join(place), options)
        found: UnknownName = self._names[place]
        return found

    def number(self, place: Place, low: int | None, high: int | None) -> Number:
        if place not in self._numbers:
            self._numbers[place] = Unknown(place, low, high)
        return Number(self, ((self._numbers[place], 1),))

    def count(self, place: Place) -> Number:
        return self.number(place, 0, None)

    def last(self, character: str, lines: tuple[str, ...]) -> Any:
        place = ("last", character)
        if place not in self._names:
            self._names[place] = None if self.fork(2) == 0 else UnknownName(self, ".".join(place), lines)
        return self._names[place]

    def universe(self, fact: str) -> tuple[str, ...]:
        return self._universes[fact]

    # --- the oracle of a run

    def heard(self, intent: str) -> bool:
        # Hearing nothing comes first, so that what falls through to the same place later is known already.
        return self.fork(2) == 1

    def slot(self, intent: str, slot: str) -> Any:
        declared = self._intents[intent].slots[slot]
        if declared.optional and self.fork(2) == 1:
            return None
        place = ("slot", intent, slot)
        if isinstance(declared.type, IntType):
            return self.number(place, declared.type.min, declared.type.max)
        return self.name(place, declared.type.options if isinstance(declared.type, OneOfType) else declared.type.items)

    def chance(self, probability: float) -> bool:
        happens = self.fork(2) == 0
        self._chances.append(happens)
        return happens

    def choose(self, candidates: tuple[str, ...]) -> str:
        return candidates[0]

    # --- what a path comes to

    def possible(self, *more: tuple[tuple[tuple[Unknown, int], ...], int]) -> bool:
        """Whether the relations, and one more, can hold."""
        if not self._relations and not more:
            return True
        relations = [placed(relation) for relation in (*self._relations, *more)]
        mentioned = {place for terms, _ in relations for place, _ in terms}
        return solve({place: self._bounds(place) for place in mentioned}, relations) is not None

    def _bounds(self, place: Place) -> tuple[int | None, int | None]:
        unknown = self._numbers[place]
        return unknown.low, unknown.high

    def program_paths(
        self, program: CompiledProgram, event: str | None, invariants: tuple[tuple[Condition, frozenset[str]], ...]
    ) -> Iterator[Path]:
        """Every path of a character's logic.

        Args:
            program: the logic.
            event: the event that brings the turn about, or None for words.
            invariants: what to look at before and after, each with the facts it reads.

        Raises:
            TooManyPaths: there are more than can be told apart.
            npc.logic.symbols.Unresolved: unknown numbers meet in a way that is not exact.
        """
        character = program.declaration.id
        lines = tuple(dict.fromkeys((*sorted(program.touched.responses), program.otherwise)))
        seen = Seen(program)

        def once() -> Path | None:
            self._intents = program.intents
            context: Any = _Context(self, character, lines, event)
            run = Execution(self.facts, self, context)
            run.silent = True

            def before(number: int, run: Execution) -> None:
                if number and self._position >= len(self._taken):
                    seen.check(number, run, self._snapshot(), tuple(self._relations))

            spoken, void, whole = None, None, True
            try:
                spoken = program.execute(run, 0, before)
            except Void as problem:
                void = violation_of(run, problem)
            except Elsewhere:
                whole = False
            broken: tuple[int, ...] = ()
            if void is None and whole:
                self._settle(run)
                broken = tuple(
                    number
                    for number, (holds, reads) in enumerate(invariants)
                    if not reads.isdisjoint(run.overlay)
                    and holds(self.facts)
                    and not holds(_After(self.facts, run.overlay))
                )
            return self._path(run, character, event, spoken, program.otherwise, void, whole, broken)

        return self.all_paths(once)

    def condition_paths(self, holds: Condition) -> Iterator[Path]:
        """Every path on which a condition over facts is true."""

        def once() -> Path | None:
            if not holds(self.facts):
                return None
            names, numbers = self._snapshot()
            relations = tuple(map(placed, self._relations))
            return Path("", None, names, numbers, relations, {}, {}, (), {}, (), (), None, frozenset())

        return self.all_paths(once)

    def _settle(self, run: Execution) -> None:
        """Decide what is written as a whole from another set or bag."""
        for fact, value in run.overlay.items():
            if isinstance(value, UnknownSet) and value.fact != fact:
                run.overlay[fact] = frozenset(value)

    def _snapshot(self) -> tuple[dict[Place, tuple[Any, ...]], dict[Place, tuple[int | None, int | None]]]:
        names = {p: v.options if isinstance(v, UnknownName) else (v,) for p, v in self._names.items()}
        return names, {p: (u.low, u.high) for p, u in self._numbers.items()}

    def _path(
        self,
        run: Execution,
        character: str,
        event: str | None,
        spoken: Any,
        otherwise: str,
        void: Violation | None,
        whole: bool,
        broken: tuple[int, ...],
    ) -> Path:
        idle = void is not None or not whole
        names, numbers = self._snapshot()
        return Path(
            character,
            event,
            names,
            numbers,
            tuple(map(placed, self._relations)),
            dict(run.hearing),
            {key: value is not None for key, value in run.slots.items()},
            tuple(self._chances),
            {} if idle else self._writes(run.overlay),
            ()
            if idle
            else tuple((name, tuple((arg, _written(value)) for arg, value in args)) for name, args in run.effects),
            spoken.candidates if spoken is not None else (otherwise,),
            void,
            frozenset(run.trail),
            spoken is not None,
            broken,
            whole,
        )

    def _writes(self, overlay: Mapping[str, Any]) -> dict[Place, Any]:
        writes: dict[Place, Any] = {}
        for fact, value in overlay.items():
            match self.catalog.facts[fact].type:
                case TextType():
                    continue
                case SetType():
                    if isinstance(value, UnknownSet):
                        writes |= {("part", fact, name): held for name, held in value.changed.items()}
                    else:
                        writes |= {("part", fact, name): name in value for name in self.universe(fact)}
                case BagType(items):
                    counts = value.changed if isinstance(value, UnknownBag) else {i: value.get(i, 0) for i in items}
                    writes |= {("part", fact, item): _written(count) for item, count in counts.items()}
                case _:
                    writes[("fact", fact)] = _written(value)
        return {place: value for place, value in writes.items() if value != (((place, 1),), 0)}


def _written(value: Any) -> Any:
    """A written value in a form that outlives the run."""
    if isinstance(value, Number):
        return tuple(sorted((unknown.place, factor) for unknown, factor in value.terms)), value.offset
    if isinstance(value, UnknownName | Deferred):
        return value.concrete() if isinstance(value, Deferred) or len(value.options) == 1 else value.options
    return value
