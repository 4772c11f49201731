"""All outcomes of a state: the same program run again and again with an oracle that tries every answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Generic, Protocol, TypeVar

from npc.catalog.model import Intent
from npc.catalog.types import BagType, FactType, FactValue, IntType, OneOfType
from npc.logic.execution import Execution, Void
from npc.logic.expressions import Spoken
from npc.logic.program import Context, Outcome, OutcomeTable, Violation
from npc.logic.symbols import Name, Number, Unresolved, Variable

PATH_LIMIT = 2_000
"""Outcomes that are enumerated; a state with more gets an over-approximation."""

WORK_LIMIT = 200_000
"""Steps over all paths of one state; beyond it, too, the table is an over-approximation."""

MEMO_SIZE = 256
"""States that one program remembers what it made for, the least recently used given up first."""


class Enumerable(Protocol):
    """What the enumeration needs of a compiled program."""

    @property
    def otherwise(self) -> str: ...

    @property
    def intents(self) -> Mapping[str, Intent]: ...

    @property
    def responses(self) -> Mapping[str, int]:
        """Every response id with its place in the catalog."""
        ...

    def execute(self, run: Execution) -> Spoken | None:
        """Run the logic's body; raises `Void`."""
        ...


class Explorer:
    """An oracle that answers every question in every way, one path after the other, depth first.

    A path is the list of ways taken at its forks. After each run the last fork with a way left is sent that way, and
    the program runs again from the start.
    """

    def __init__(self, intents: Mapping[str, Intent]) -> None:
        self.intents = intents
        self.asked: set[str] = set()
        self.exact = True
        self.conditions: list[str | _Slot] = []
        self._taken: list[int] = []
        self._ways: list[int] = []
        self._position = 0

    def fork(self, ways: int) -> int:
        """See `npc.logic.symbols.Forks`."""
        position = self._position
        self._position = position + 1
        if position < len(self._taken):
            return self._taken[position]
        self._taken.append(0)
        self._ways.append(ways)
        return 0

    def approximate(self) -> None:
        """See `npc.logic.symbols.Forks`."""
        self.exact = False

    def next_path(self) -> bool:
        """Turn to the next path; False when all have been taken."""
        self.conditions = []
        self._position = 0
        while self._taken and self._taken[-1] + 1 == self._ways[-1]:
            self._taken.pop()
            self._ways.pop()
        if not self._taken:
            return False
        self._taken[-1] += 1
        return True

    def heard(self, intent: str) -> bool:
        self.asked.add(intent)
        if self.fork(2) == 0:
            self.conditions.append(f"heard.{intent}")
            return True
        self.conditions.append(f"not heard.{intent}")
        return False

    def slot(self, intent: str, slot: str) -> Any:
        declared = self.intents[intent].slots[slot]
        name = f"heard.{intent}.{slot}"
        if declared.optional and self.fork(2) == 1:
            self.conditions.append(f"{name} is None")
            return None
        value: Number | Name
        if isinstance(declared.type, IntType):
            value = Number(Variable(self, name, declared.type.min, declared.type.max))
        else:
            names = declared.type.options if isinstance(declared.type, OneOfType) else declared.type.items
            value = Name(self, name, names)
        self.conditions.append(_Slot(name, value))
        return value

    def chance(self, probability: float) -> bool:
        happens = self.fork(2) == 0
        self.conditions.append(f"{'' if happens else 'not '}chance({probability:g})")
        return happens

    def choose(self, candidates: tuple[str, ...]) -> str:
        # The choice decides nothing but the line itself; `enumerate_outcomes` lists every candidate.
        return candidates[0]


class _Slot:
    """What a path has come to demand of a slot."""

    __slots__ = ("declared", "name", "value")

    def __init__(self, name: str, value: Number | Name) -> None:
        self.name, self.value = name, value
        self.declared: Any = (value.variable.low, value.variable.high) if isinstance(value, Number) else value.options

    def conditions(self) -> list[str]:
        if isinstance(self.value, Number):
            return self._of_number(self.value.variable.low, self.value.variable.high)
        left, declared = self.value.options, self.declared
        if len(left) == len(declared):
            return []
        if len(left) == 1:
            return [f'{self.name} == "{left[0]}"']
        gone = tuple(name for name in declared if name not in left)
        if len(gone) == 1:
            return [f'{self.name} != "{gone[0]}"']
        few, word = (left, "in") if len(left) <= len(gone) else (gone, "not in")
        return [f"{self.name} {word} ({', '.join(_quoted(name) for name in few)})"]

    def _of_number(self, low: int | None, high: int | None) -> list[str]:
        if (low, high) == self.declared:
            return []
        if low == high:
            return [f"{self.name} == {low}"]
        lower = [] if low == self.declared[0] else [f"{self.name} >= {low}"]
        return lower if high == self.declared[1] else [*lower, f"{self.name} <= {high}"]


def _quoted(name: str) -> str:
    return f'"{name}"'


def enumerate_outcomes(
    program: Enumerable,
    facts: Mapping[str, FactValue],
    context: Context,
    approximate: Callable[[], tuple[Iterable[str], Iterable[str]]],
) -> OutcomeTable:
    """All outcomes of a state.

    Args:
        program: the compiled program.
        facts: the state.
        context: what else the program reads.
        approximate: the responses and intents of a sound over-approximation, asked for when the paths are too many.
    """
    explorer = Explorer(program.intents)
    outcomes: list[Outcome] = []
    work = 0
    while True:
        run = Execution(facts, explorer, context)
        try:
            outcomes.extend(_said(program, run, program.execute(run), explorer))
        except Void as void:
            violation = Violation(void.reason, void.message, run.trail[-1] if run.trail else 0)
            outcomes.append(Outcome(_rendered(explorer.conditions), program.otherwise, (), violation))
        except Unresolved:
            return _table(program, *approximate())
        work += len(run.trail)
        if not explorer.next_path():
            break
        if len(outcomes) >= PATH_LIMIT or work >= WORK_LIMIT:
            return _table(program, *approximate())
    said = {outcome.response for outcome in outcomes}
    return _table(program, said, explorer.asked, tuple(outcomes) if explorer.exact else None)


def _said(program: Enumerable, run: Execution, spoken: Spoken | None, explorer: Explorer) -> list[Outcome]:
    effects = tuple([_shown_effect(name, args) for name, args in run.effects])
    conditions = _rendered(explorer.conditions)
    if spoken is None:
        return [Outcome(conditions, program.otherwise, effects)]
    if len(spoken.candidates) == 1:
        return [Outcome(conditions, spoken.response, effects)]
    return [Outcome((*conditions, f'choice == "{line}"'), line, effects) for line in spoken.candidates]


def _rendered(conditions: list[str | _Slot]) -> tuple[str, ...]:
    found: list[str] = []
    for condition in conditions:
        if isinstance(condition, str):
            found.append(condition)
        else:
            found.extend(condition.conditions())
    return tuple(found)


def _shown_effect(name: str, args: tuple[tuple[str, Any], ...]) -> str:
    return f"{name}({', '.join([_quoted(value) if isinstance(value, str) else str(value) for _, value in args])})"


def _table(
    program: Enumerable, said: Iterable[str], intents: Iterable[str], outcomes: tuple[Outcome, ...] | None = None
) -> OutcomeTable:
    places = program.responses
    declared = {intent: place for place, intent in enumerate(program.intents)}
    return OutcomeTable(
        outcomes=outcomes or (),
        allowed=tuple(sorted({*said, program.otherwise}, key=places.__getitem__)),
        intents=tuple(sorted(intents, key=declared.__getitem__)),
        exact=outcomes is not None,
    )


Kept = TypeVar("Kept")


class Memo(Generic[Kept]):
    """What was made for a state, by what it depends on: the footprint's values, and what is read of the context.

    Args:
        fact_types: types of the facts in the footprint.
        context: of ``last``, ``turn`` and ``event``, those the program reads.
    """

    def __init__(self, fact_types: Mapping[str, FactType], context: frozenset[str]) -> None:
        bags = tuple(name for name, declared in fact_types.items() if isinstance(declared, BagType))
        self._plain = _getter(tuple(name for name in fact_types if name not in bags))
        self._bags = bags
        self._last, self._turn, self._event = (name in context for name in ("last", "turn", "event"))
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, facts: Mapping[str, FactValue], context: Context, make: Callable[[], Kept]) -> Kept:
        """What is kept for a state; made when there is nothing."""
        key = self._key(facts, context)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        kept = make()
        with self._lock:
            self._kept[key] = kept
            if len(self._kept) > MEMO_SIZE:
                self._kept.popitem(last=False)
        return kept

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def _key(self, facts: Mapping[str, FactValue], context: Context) -> Hashable:
        event = context.event
        return (
            self._plain(facts),
            tuple([tuple(facts[bag].items()) for bag in self._bags]),  # type: ignore[union-attr]
            context.last if self._last else None,
            context.turn if self._turn else 0,
            event if self._event else event is None,
        )


def _getter(names: tuple[str, ...]) -> Callable[[Mapping[str, FactValue]], Any]:
    return itemgetter(*names) if names else lambda facts: ()
