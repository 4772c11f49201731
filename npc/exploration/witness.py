"""Conversations that lead to a state: each turn found anew with real values, and run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from npc.catalog.types import FactValue, IntType, OneOfType, SlotValue
from npc.exploration.moves import State
from npc.exploration.paths import Path
from npc.exploration.slices import Slice
from npc.exploration.solving import Relation, solve
from npc.exploration.transitions import System, Way, value_at
from npc.exploration.unknowns import Place
from npc.logic.cast import Cast
from npc.logic.compiler import HearingOracle
from npc.logic.program import Context, Run
from npc.logic.symbols import Unresolved

ATTEMPTS = 64
"""Ways in which one step of a conversation is tried to be taken."""

Hearing = Mapping[str, Mapping[str, SlotValue]]


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of a witness.

    Attributes:
        character: whose turn it is.
        event: the event, or None where words are heard.
        heard: intent → slot → value.
        game: facts that the game sets before the turn.
        chances: each probability asked about, and how chance falls, in order.
        response: the line said.
        effects: as text.
        facts: facts that the turn changes.
        void: why it comes to nothing, or None.
    """

    character: str
    event: str | None
    heard: Hearing
    game: Mapping[str, FactValue]
    chances: tuple[tuple[float, bool], ...]
    response: str
    effects: tuple[str, ...]
    facts: Mapping[str, FactValue]
    void: str | None = None

    def __str__(self) -> str:
        if self.event is not None:
            said = f"event {self.event}"
        else:
            said = " and ".join(_intent(name, slots) for name, slots in self.heard.items()) or "nothing"
            said = f"hears {said}"
        extras = (
            [f"chance falls {', '.join('yes' if one else 'no' for _, one in self.chances)}"] if self.chances else []
        )
        extras += [f"the game having set {name} = {_shown(value)}" for name, value in self.game.items()]
        comes = "; ".join([*self.effects, *([f"void: {self.void}"] if self.void else [])])
        shown = f"{self.character} {said}" + (f", {', '.join(extras)}" if extras else "")
        return f"{shown} → {self.response}" + (f" ({comes})" if comes else "")


def _intent(name: str, slots: Mapping[str, SlotValue]) -> str:
    return name + (f"({', '.join(f'{slot}={value}' for slot, value in slots.items())})" if slots else "")


def _shown(value: FactValue) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {count}" for name, count in value.items()) + "}"
    return "[" + ", ".join(sorted(value)) + "]" if isinstance(value, frozenset) else str(value)


@dataclass(frozen=True, slots=True)
class Situation:
    """A state of the cast with every value known: the facts, and of each character its last line and turns."""

    facts: Mapping[str, FactValue]
    contexts: Mapping[str, tuple[str | None, int]]


def start_of(cast: Cast) -> Situation:
    """The situation in which every conversation begins."""
    facts = {name: fact.initial for name, fact in cast.catalog.facts.items()}
    return Situation(facts, dict.fromkeys(cast.characters, (None, 0)))


class Storyteller:
    """Turns what exploration found into conversations with real values."""

    def __init__(self, cast: Cast, system: System) -> None:
        self._cast, self._system = cast, system

    def atoms(self, situation: Situation) -> tuple[int, ...]:
        """The atom of each variable."""
        values = self._system.state_of(situation.facts, situation.contexts)
        return tuple(v.atom_of(value) for v, value in zip(self._system.variables, values, strict=True))

    def tell(self, part: Slice | None, states: Sequence[State], last: Iterable[Way]) -> tuple[Step, ...] | None:
        """A conversation through the states of a slice, ended by one of some ways; None where it cannot be had."""
        found = ((), start_of(self._cast)) if part is None else self.walk_to(part, states)
        if found is None:
            return None
        steps, situation = found
        atoms = self.atoms(situation)
        for way in last:
            if all(mask >> atoms[number] & 1 for number, mask in way.box):
                for step, _ in self._takings(way, situation, {}):
                    return (*steps, step)
        return None

    def walk(self, part: Slice, states: Sequence[State]) -> tuple[Step, ...] | None:
        """A conversation through the states of a slice; None where it cannot be had."""
        found = self.walk_to(part, states)
        return None if found is None else found[0]

    def walk_to(self, part: Slice, states: Sequence[State]) -> tuple[tuple[Step, ...], Situation] | None:
        """The same, with the situation that it leads to."""
        situation = start_of(self._cast)
        steps: list[Step] = []
        for after in states[1:]:
            found = self._towards(part, situation, after)
            if found is None:
                return None
            step, situation = found
            steps.append(step)
        return tuple(steps), situation

    def _towards(self, part: Slice, situation: Situation, after: State) -> tuple[Step, Situation] | None:
        """A turn that leads to a state of the slice."""
        atoms = self.atoms(situation)
        changed = [n for n, place in zip(part.order, after, strict=True) if part.class_of(n, atoms[n]) != place]
        if not changed:
            return None
        return self.turn(part, situation, after, self._system.by_variable.get(changed[0], ()))

    def turn(
        self, part: Slice, situation: Situation, after: State, ways: Iterable[Way], game_stays: bool = False
    ) -> tuple[Step, Situation] | None:
        """A turn that goes one of some ways and leads to a state of a slice; None where there is none.

        Args:
            part: the slice.
            situation: before the turn.
            after: the state afterwards.
            ways: which ways the turn may go.
            game_stays: whether the game leaves what it owns as it is.
        """
        atoms = self.atoms(situation)
        classes = dict(zip(part.order, after, strict=True))
        attempts = 0
        for way in ways:
            if not all(mask >> atoms[number] & 1 for number, mask in way.box):
                continue
            updates = dict(way.updates)
            wanted: dict[int, int] = {}
            for number, place in classes.items():
                mask = part.classes[number][place]
                update = updates.get(number)
                if update is None:
                    if not mask >> atoms[number] & 1:
                        break
                    continue
                reachable = (update if isinstance(update, int) else update[atoms[number]]) & mask
                if not reachable:
                    break
                wanted[number] = mask
            else:
                for taken in self._takings(way, situation, wanted, game_stays):
                    return taken
                attempts += 1
                if attempts > ATTEMPTS:
                    return None
        return None

    def _takings(
        self, way: Way, situation: Situation, wanted: Mapping[int, int], game_stays: bool = False
    ) -> Iterator[tuple[Step, Situation]]:
        """Turns that take a way from a situation and end in wanted atoms."""
        path = way.path
        variables = self._system.variables
        ranges: list[list[tuple[Place, tuple[int | None, int | None]]]] = []
        line: tuple[str, ...] = path.candidates
        for number, mask in wanted.items():
            variable = variables[number]
            if variable.place == ("last", path.character):
                line = tuple(name for name in path.candidates if mask >> variable.atom_of(name) & 1)
                if not line:
                    return
            elif not variable.names and isinstance(path.writes.get(variable.place), tuple):
                ranges.append([(variable.place, limits) for limits in ranges_of(variable, mask)])
        for stays in (True,) if game_stays else (True, False):
            for combination in islice(product(*ranges), ATTEMPTS):
                values = self._values(path, situation, combination, stays)
                if values is None:
                    continue
                taken = self._take(path, situation, values, line)
                if taken is not None and self._as_wanted(taken[1], wanted):
                    yield taken

    def _as_wanted(self, situation: Situation, wanted: Mapping[int, int]) -> bool:
        atoms = self.atoms(situation)
        return all(mask >> atoms[number] & 1 for number, mask in wanted.items())

    def _values(
        self,
        path: Path,
        situation: Situation,
        results: Iterable[tuple[Place, tuple[int | None, int | None]]],
        game_stays: bool,
    ) -> dict[Place, Any] | None:
        """A value for every unknown of the path, as far as possible what it is already."""
        bounds: dict[Place, tuple[int | None, int | None]] = {}
        near: dict[Place, int] = {}
        facts = self._cast.catalog.facts
        for place, (low, high) in path.numbers.items():
            if place[0] in ("slot", "sum"):
                bounds[place] = (low, high)
                continue
            value = value_at(place, situation.facts, situation.contexts)
            owned = place[0] in ("fact", "part") and facts[place[1]].game_owned
            near[place] = value
            bounds[place] = (low, high) if owned and not game_stays else (value, value)
            if not _between(value, low, high) and not (owned and not game_stays):
                return None
        relations: list[Relation[Place]] = list(path.relations)
        for place, (low, high) in results:
            terms, offset = path.writes[place]
            for unknown, _ in terms:
                if unknown not in bounds:
                    value = value_at(unknown, situation.facts, situation.contexts)
                    bounds[unknown] = (value, value)
            if high is not None:
                relations.append((terms, offset - high))
            if low is not None:
                relations.append((tuple((unknown, -factor) for unknown, factor in terms), low - offset))
        try:
            found: dict[Place, Any] | None = solve(bounds, relations, near)
        except Unresolved:
            return None
        if found is None:
            return None
        for place, options in path.names.items():
            if place[0] == "slot":
                found[place] = options[0]
                continue
            value = value_at(place, situation.facts, situation.contexts)
            if value not in options:
                if not (place[0] in ("fact", "part") and facts[place[1]].game_owned and not game_stays):
                    return None
                value = options[0]
            found[place] = value
        return found

    def _take(
        self, path: Path, situation: Situation, values: Mapping[Place, Any], lines: Sequence[str]
    ) -> tuple[Step, Situation] | None:
        """The turn with these values; None where it does not come to what the path says."""
        character = self._cast.characters[path.character]
        intents = character.declaration.intents
        heard = {
            intent: {
                slot: values.get(("slot", intent, slot), _any_value(declared.type))
                for slot, declared in intents[intent].slots.items()
                if path.slots.get((intent, slot), not declared.optional)
            }
            for intent, answer in path.heard.items()
            if answer
        }
        facts, game = self._with_game(situation.facts, values)
        before = situation.contexts[path.character]
        falls = iter(path.chances)
        chances: list[tuple[float, bool]] = []

        def chance(probability: float) -> bool:
            chances.append((probability, next(falls, False)))
            return chances[-1][1]

        oracle = HearingOracle(heard, chance, lines[0])
        run: Run = character.program.run(facts, oracle, Context(*before, path.event))
        if path.whole and (
            (run.void is None) != (path.void is None) or (run.void is None and run.response != lines[0])
        ):
            return None
        if not path.lines <= {0, *run.lines}:
            return None
        contexts = {**situation.contexts, path.character: (run.response, before[1] + 1)}
        effects = tuple(map(str, run.effects))
        void = run.void.message if run.void is not None else None
        step = Step(
            path.character, path.event, heard, game, tuple(chances), run.response, effects, dict(run.changes), void
        )
        return step, Situation({**facts, **run.changes}, contexts)

    def _with_game(
        self, facts: Mapping[str, FactValue], values: Mapping[Place, Any]
    ) -> tuple[dict[str, FactValue], dict[str, FactValue]]:
        """The facts with what the game has to set them to, and that alone."""
        changed: dict[str, Any] = {}
        declared = self._cast.catalog.facts
        for place, value in values.items():
            if place[0] == "fact" and declared[place[1]].game_owned:
                changed[place[1]] = value
            elif place[0] == "part" and declared[place[1]].game_owned:
                held = changed.get(place[1], facts[place[1]])
                if isinstance(held, Mapping):
                    counts = {**held, place[2]: value}
                    items: tuple[str, ...] = getattr(declared[place[1]].type, "items", ())
                    changed[place[1]] = {item: counts[item] for item in items if counts.get(item)}
                else:
                    changed[place[1]] = held | {place[2]} if value else held - {place[2]}
        game = {name: value for name, value in changed.items() if value != facts[name]}
        return {**facts, **game}, game


def _between(value: int, low: int | None, high: int | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def ranges_of(variable: Any, mask: int) -> list[tuple[int | None, int | None]]:
    """The values of a set of atoms, neighbours together."""
    found: list[tuple[int | None, int | None]] = []
    before = -2
    for atom in range(variable.size):
        if mask >> atom & 1:
            low, high = variable.range_of(atom)
            if atom == before + 1:
                found[-1] = (found[-1][0], high)
            else:
                found.append((low, high))
            before = atom
    return found


def _any_value(declared: Any) -> SlotValue:
    if isinstance(declared, IntType):
        low, high = declared.min, declared.max
        return max(low, 1) if low is not None and (high is None or high >= 1) else low if low is not None else high or 1
    return str((declared.options if isinstance(declared, OneOfType) else declared.items)[0])


def without_game(steps: Sequence[Step]) -> tuple[dict[str, FactValue], tuple[Step, ...]]:
    """The facts to start with, and the steps without what the game sets before the first of them."""
    first, *rest = steps
    return dict(first.game), (replace(first, game={}), *rest)
