"""One state and hearing out of a region, and what both versions really come to there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from npc.catalog.types import BagType, FactValue, SetType, SlotValue
from npc.logic.cast import Cast
from npc.logic.program import Context, Run
from npc.testing.difference.domain import NEW, OLD, FactDomain, SlotDomain
from npc.testing.difference.lockstep import Region
from npc.testing.difference.solver import solve
from npc.testing.difference.unknowns import COUNT, Unknowns

TRIES = 20_000
"""Combinations of values that are tried one by one where conditions are no sums."""

HearingValues = Mapping[str, Mapping[str, SlotValue]]


@dataclass(frozen=True, slots=True)
class Example:
    """A state and a hearing in which both versions were run, and what came of it.

    Attributes:
        facts: the state, as either version has it.
        context: the rest of it.
        hearings: what either version hears.
        draws: the fractions drawn for `chance`.
        runs: what either version comes to.
    """

    facts: tuple[Mapping[str, FactValue], Mapping[str, FactValue]]
    context: Context
    hearings: tuple[HearingValues, HearingValues]
    draws: tuple[float, ...]
    runs: tuple[Run, Run]


class ExampleOracle:
    """Answers from an example; of several lines the first is said."""

    def __init__(self, hearing: HearingValues, draws: tuple[float, ...]) -> None:
        self._hearing = hearing
        self._draws = iter(draws)

    def heard(self, intent: str) -> bool:
        return intent in self._hearing

    def slot(self, intent: str, slot: str) -> SlotValue | None:
        return self._hearing[intent].get(slot)

    def chance(self, probability: float) -> bool:
        return next(self._draws, 0.5) < probability

    def choose(self, candidates: tuple[str, ...]) -> str:
        return candidates[0]


@dataclass(frozen=True, slots=True)
class State:
    """A state and a hearing, as either version has it; attributes as in `Example`."""

    facts: tuple[dict[str, FactValue], dict[str, FactValue]]
    context: Context
    hearings: tuple[HearingValues, HearingValues]
    draws: tuple[float, ...]

    def run(self, casts: tuple[Cast, Cast], character: str) -> tuple[Run, Run]:
        """What both versions come to."""
        old, new = (
            cast.characters[character].program.run(facts, ExampleOracle(heard, self.draws), self.context)
            for cast, facts, heard in zip(casts, self.facts, self.hearings, strict=True)
        )
        return old, new


def example_of(region: Region, casts: tuple[Cast, Cast], character: str) -> Example | None:
    """A state and hearing of the region in which running both versions shows that they differ; None if none is found.

    Values are as near to the initial ones as the region allows.
    """
    for state in states_of(region.unknowns, casts):
        runs = state.run(casts, character)
        if run_differences(casts, state.facts, runs):
            return Example(state.facts, state.context, state.hearings, state.draws, runs)
    return None


def states_of(unknowns: Unknowns, casts: tuple[Cast, Cast]) -> Iterator[State]:
    """States and hearings that a path stands for: at least one, where one is found."""
    for numbers in _numbers(unknowns, casts):
        old, new = (_facts(unknowns, numbers, cast, version) for version, cast in enumerate(casts))
        heard = (_hearing(unknowns, numbers, OLD), _hearing(unknowns, numbers, NEW))
        draws = tuple((low + high) / 2 for low, high in unknowns.draws)
        yield State((old, new), _context(unknowns, numbers), heard, draws)


def _numbers(unknowns: Unknowns, casts: tuple[Cast, Cast]) -> Iterator[Mapping[str, int]]:
    """Values for the numbers of a path that meet its conditions."""
    space = unknowns.space
    free = {name: bounds for name, bounds in space.bounds.items() if name not in space.made}
    wanted = _wanted(unknowns, casts)
    if not space.unruly:
        found = solve(space.rows, space.bounds, wanted)
        if found is not None:
            yield found
        return
    plain = [row for row in space.rows if not any(name in space.made for name, _ in row.terms)]
    guesses: list[Mapping[str, int]] = [wanted, *({n: e[i] for n, e in free.items()} for i in (0, 1))]
    solved = [found for guess in guesses if (found := solve(plain, free, guess)) is not None]
    few = prod(high - low + 1 for low, high in free.values()) <= TRIES
    every = (dict(zip(free, values, strict=True)) for values in product(*(range(a, b + 1) for a, b in free.values())))
    for values in (*solved, *(every if few else ())):
        whole = dict(values)
        for name, compute in space.made.items():
            whole[name] = compute(whole)
        in_bounds = all(low <= whole[name] <= high for name, (low, high) in space.bounds.items())
        if in_bounds and all(row.value(whole) <= 0 for row in space.rows):
            yield whole


def _wanted(unknowns: Unknowns, casts: tuple[Cast, Cast]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for cast in casts:
        for name, fact in cast.catalog.facts.items():
            if isinstance(fact.initial, Mapping):
                found.update({COUNT.format(name, item): count for item, count in fact.initial.items()})
            elif isinstance(fact.initial, int):
                found[name] = fact.initial
    return found


def _facts(unknowns: Unknowns, numbers: Mapping[str, int], cast: Cast, version: int) -> dict[str, FactValue]:
    found: dict[str, FactValue] = {}
    for name, fact in cast.catalog.facts.items():
        known = unknowns.domain.facts[name]
        found[name] = _fact(unknowns, numbers, name, known, fact.initial, version)
    return found


def _fact(
    unknowns: Unknowns, numbers: Mapping[str, int], name: str, known: FactDomain, initial: FactValue, version: int
) -> FactValue:
    match known.kind:
        case "bool":
            return unknowns.truths.get(name, bool(initial))
        case "int":
            low, high = known.range
            assert isinstance(initial, int)
            return numbers.get(name, min(max(initial, low), high))
        case "one_of":
            options = unknowns.names[name].options if name in unknowns.names else known.names[version]
            return str(initial) if initial in options else options[0]
        case "bag":
            assert isinstance(initial, Mapping)
            counts = {
                item: numbers.get(COUNT.format(name, item), min(initial.get(item, 0), known.range[1]))
                for item in known.names[version]
            }
            return {item: count for item, count in counts.items() if count}
        case "set":
            assert isinstance(initial, frozenset)
            truths = unknowns.truths
            names = known.names[version]
            return frozenset(n for n in names if truths.get(COUNT.format(name, n), n in initial))
    return known.values[version]  # type: ignore[no-any-return]


def _context(unknowns: Unknowns, numbers: Mapping[str, int]) -> Context:
    event = unknowns.names["event"].options[0] if "event" in unknowns.names else None
    if unknowns.event and event is None:
        event = unknowns.domain.events[0]
    if unknowns.first is not False:
        return Context(None, 0, event)
    lines = unknowns.names["last"].options if "last" in unknowns.names else unknowns.domain.lines
    return Context(lines[0], numbers.get("turn", 1), event)


def _hearing(unknowns: Unknowns, numbers: Mapping[str, int], version: int) -> dict[str, dict[str, SlotValue]]:
    found: dict[str, dict[str, SlotValue]] = {}
    for intent, way in unknowns.hearings.items():
        if version in way.by:
            said = found[intent] = {}
            for slot, piece in way.slots.items():
                value = _slot(unknowns, numbers, f"heard.{intent}.{slot}", piece)
                if value is not None:
                    said[slot] = value
    return found


def _slot(unknowns: Unknowns, numbers: Mapping[str, int], name: str, piece: SlotDomain) -> SlotValue | None:
    if unknowns.unsaid.get(name, piece.may_be_unsaid):
        return None
    if piece.names:
        return str(unknowns.names[name].options[0] if name in unknowns.names else piece.names[0])
    low, high = piece.range
    return numbers.get(name, min(max(low, 0), high))


def run_differences(
    casts: tuple[Cast, Cast], facts: tuple[Mapping[str, FactValue], Mapping[str, FactValue]], runs: tuple[Run, Run]
) -> tuple[str, ...]:
    """In what two plain runs differ; what one version does not know of stays as it is there."""
    old, new = runs
    found = []
    if (old.void and old.void.reason) != (new.void and new.void.reason):
        found.append("void")
    if set(old.candidates) != set(new.candidates):
        found.append("response")
    elif _typed(old.values) != _typed(new.values):
        found.append("values")
    if [(e.name, _typed(e.args)) for e in old.effects] != [(e.name, _typed(e.args)) for e in new.effects]:
        found.append("effects")
    if any(
        _final(casts, facts, runs, name, OLD) != _final(casts, facts, runs, name, NEW)
        for name in {**old.changes, **new.changes}
    ):
        found.append("facts")
    return tuple(found)


def _typed(value: Any) -> Any:
    """A value that is equal only to one of the same kind."""
    if isinstance(value, Mapping):
        return {name: _typed(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_typed, value))
    return type(value), value


def _final(
    casts: tuple[Cast, Cast],
    facts: tuple[Mapping[str, FactValue], Mapping[str, FactValue]],
    runs: tuple[Run, Run],
    name: str,
    version: int,
) -> Any:
    own, other = (cast.catalog.facts.get(name) for cast in (casts[version], casts[1 - version]))
    if own is None:
        return facts[1 - version][name]
    value = runs[version].changes.get(name, facts[version][name])
    if other is None:
        return value
    if type(own.type) is not type(other.type):
        return value if name in runs[version].changes else None
    if isinstance(own.type, BagType) and isinstance(other.type, BagType):
        foreign = facts[1 - version][name]
        assert isinstance(value, Mapping)
        assert isinstance(foreign, Mapping)
        return {**value, **{item: n for item, n in foreign.items() if item not in own.type.items}}
    if isinstance(own.type, SetType) and own.type.of is not None:
        foreign = facts[1 - version][name]
        assert isinstance(value, frozenset)
        assert isinstance(foreign, frozenset)
        return value | {member for member in foreign if member not in own.type.of}
    return value
