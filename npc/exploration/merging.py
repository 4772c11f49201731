"""Where paths fall together: a run that comes to a place as another did, with the same values, need not go on."""

from __future__ import annotations

from typing import Any

from npc.exploration.solving import Relation
from npc.exploration.unknowns import Number, Place, Unknown, UnknownBag, UnknownName, UnknownSet
from npc.logic import nodes
from npc.logic.compiler import CompiledProgram
from npc.logic.execution import Execution
from npc.logic.footprint import walk
from npc.logic.symbols import Deferred


class Elsewhere(Exception):
    """The rest of the path was taken already, under weaker conditions."""


class Seen:
    """Where runs have been between two statements of the body, and under what conditions."""

    def __init__(self, program: CompiledProgram) -> None:
        body = program.tree.body
        in_helpers = _intents_in(tuple(program.tree.helpers.values()))
        later: list[frozenset[str]] = [in_helpers]
        for statement in reversed(body):
            later.append(later[-1] | _intents_in(statement))
        self._later = list(reversed(later))
        self._seen: dict[Any, list[Any]] = {}

    def check(self, number: int, run: Execution, snapshot: Any, relations: tuple[Any, ...]) -> None:
        """Note where a run is.

        Raises:
            Elsewhere: another run was here with the same values under weaker conditions.
        """
        later = self._later[number]
        if any(intent in later for intent, _ in run.slots):
            return
        try:
            key = (
                number,
                _same(run.overlay),
                _same(run.locals),
                _same(run.effects),
                tuple(sorted((intent, answer) for intent, answer in run.hearing.items() if intent in later)),
            )
        except _Entangled:
            return
        names, numbers = snapshot
        related = frozenset(map(placed, relations))
        # A slot that is not read any more, and that nothing was related to, might as well have another value.
        entangled = {place for terms, _ in related for place, _ in terms}
        conditions = (
            {place: frozenset(options) for place, options in names.items() if place[0] != "slot"},
            {place: bounds for place, bounds in numbers.items() if place[0] != "slot" or place in entangled},
            related,
        )
        before = self._seen.setdefault(key, [])
        if any(_implies(conditions, weaker) for weaker in before):
            raise Elsewhere
        before.append(conditions)


def placed(relation: tuple[tuple[tuple[Unknown, int], ...], int]) -> Relation[Place]:
    """A relation between unknown numbers as one between their places."""
    terms, offset = relation
    return tuple((unknown.place, factor) for unknown, factor in terms), offset


class _Entangled(Exception):
    """A value depends on a slot."""


def _same(value: Any) -> Any:
    """A value in a form that is equal for equal values only."""
    match value:
        case Number():
            if any(unknown.place[0] in ("slot", "sum") for unknown, _ in value.terms):
                raise _Entangled
            return (tuple((unknown.place, factor) for unknown, factor in value.terms), value.offset)
        case UnknownName() | Deferred():
            raise _Entangled
        case UnknownSet():
            return (value.fact, tuple(sorted(value.changed.items())))
        case UnknownBag():
            return (value.fact, tuple((item, _same(count)) for item, count in sorted(value.changed.items())))
        case dict():
            return tuple((name, _same(value[name])) for name in sorted(value))
        case tuple() | list():
            return tuple(_same(element) for element in value)
        case bool():
            return (bool, value)
    return value


def _implies(conditions: Any, weaker: Any) -> bool:
    names, numbers, relations = conditions
    weaker_names, weaker_numbers, weaker_relations = weaker
    return (
        weaker_relations <= relations
        and all(place in names and names[place] <= options for place, options in weaker_names.items())
        and all(place in numbers and _inside(numbers[place], bounds) for place, bounds in weaker_numbers.items())
    )


def _inside(bounds: tuple[int | None, int | None], wider: tuple[int | None, int | None]) -> bool:
    (low, high), (least, most) = bounds, wider
    return (least is None or (low is not None and low >= least)) and (
        most is None or (high is not None and high <= most)
    )


def _intents_in(node: Any) -> frozenset[str]:
    return frozenset(part.intent for part in walk(node) if isinstance(part, nodes.HeardRef | nodes.SlotRef))
