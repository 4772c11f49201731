"""Conversations that reach what no seed reaches: found by taking every path through the logic, then proven by a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from npc.catalog.types import FactValue, IntType, OneOfType, SlotValue, TextType
from npc.engine.chance import Dice
from npc.logic.compiler import HearingOracle
from npc.logic.program import Context, Run
from npc.testing.coverage import Coverage, Target, WatchedProgram
from npc.testing.difference.declared import plain
from npc.testing.difference.domain import NEW, FactDomain, domain_of
from npc.testing.difference.examples import State, states_of
from npc.testing.difference.lockstep import paths_of
from npc.testing.difference.unknowns import Unknowns
from npc.testing.replaying import start_of

PATHS = 50_000
"""Paths of a character that are looked at."""
PATHS_BEFORE = 2_000
"""Paths that are looked at for the line to come before."""
LEAD = 2
"""Turns that may come before the one that reaches a target."""
SEEDS = 64
"""Seeds that are tried where chance decides."""

Hearing = Mapping[str, Mapping[str, SlotValue]]


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of a draft, and what comes of it."""

    event: str | None
    hearing: Hearing
    response: str
    run: Run


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A turn to take, and the line to choose where the logic leaves it open."""

    event: str | None
    hearing: Hearing
    choice: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A conversation that reaches a target.

    Attributes:
        target: what it is drafted for.
        reaches: all that it reaches and no draft before it does.
        start: the facts it begins with.
        steps: its steps.
        seed: the seed of its session.
    """

    target: Target
    reaches: frozenset[Target]
    start: Mapping[str, FactValue]
    steps: tuple[Taken, ...]
    seed: int = 0


def draft(coverage: Coverage, targets: Iterable[Target]) -> tuple[list[Draft], list[Target]]:
    """Drafts that reach the targets, and the targets that none was found for.

    A target is left where no state within the bounds of the facts reaches it, or only a conversation of more
    than three turns does.
    """
    drafts: list[Draft] = []
    missing = set(targets)
    for character in coverage.cast.characters:
        drafter = _Drafter(coverage, character, {target for target in missing if target.character == character})
        drafts += drafter.drafts()
        missing -= drafter.reached
    return drafts, sorted(missing)


class _Drafter:
    def __init__(self, coverage: Coverage, character: str, targets: set[Target]) -> None:
        self._cast, self._character = coverage.cast, character
        self._watched: WatchedProgram = coverage.watched[character]
        self._wanted = targets
        self.reached: set[Target] = set()
        self._domain = domain_of(coverage.cast, coverage.cast, character)
        self._leads: dict[tuple[object, ...], tuple[_Wanted, ...] | None] = {}

    def drafts(self) -> Iterator[Draft]:
        casts = (self._cast, self._cast)
        wanted = {target for target in self._wanted if target.kind != "intent"}
        lines = {target.name: target for target in wanted if target.kind == "response"}
        self._watched.hits()
        for unknowns, result in paths_of(self._watched.program, self._domain, NEW, PATHS):
            if not wanted - self.reached:
                break
            hits = self._watched.hits() | {lines[name] for name in result.candidates if name in lines}
            if not hits & wanted - self.reached:
                continue
            for state in states_of(unknowns, casts):
                yield from self._of_state(state, self._lasts(unknowns), result.candidates, wanted)
                self._watched.hits()
                break
        for target in sorted(self._wanted):
            if target.kind == "intent":
                yield self._of_intent(target)

    def _of_state(
        self, state: State, lasts: tuple[str, ...] | None, candidates: tuple[str, ...], wanted: set[Target]
    ) -> Iterator[Draft]:
        for choice in candidates:
            for seed in range(SEEDS if state.draws else 1):
                found = self._steps(state, lasts, choice, seed)
                if found is None:
                    continue
                steps, hits = found
                new = (hits & wanted) - self.reached
                if new:
                    self.reached |= new
                    yield Draft(min(new), frozenset(new), state.facts[NEW], steps, seed)
                    break

    def _lasts(self, unknowns: Unknowns) -> tuple[str, ...] | None:
        """The lines of which one is to have been said before; None where there may be none before."""
        if unknowns.first is not False:
            return None
        return tuple(unknowns.names["last"].options) if "last" in unknowns.names else self._domain.lines

    def _steps(
        self, state: State, lasts: tuple[str, ...] | None, choice: str, seed: int
    ) -> tuple[tuple[Taken, ...], set[Target]] | None:
        """The state's turn, after those that its `last` needs, and what they take."""
        context, facts = state.context, state.facts[NEW]
        before = self._any_lead(facts, lasts, seed, LEAD)
        if before is None:
            return None
        taken = [*before, _Wanted(context.event, state.hearings[NEW], choice)]
        return self._play(facts, taken, seed)

    def _any_lead(
        self, facts: Mapping[str, FactValue], lasts: tuple[str, ...] | None, seed: int, turns: int
    ) -> tuple[_Wanted, ...] | None:
        if lasts is None:
            return ()
        leads = (self._lead(facts, last, seed, turns) for last in lasts)
        return next((lead for lead in leads if lead is not None), None) if turns else None

    def _lead(self, facts: Mapping[str, FactValue], last: str, seed: int, turns: int) -> tuple[_Wanted, ...] | None:
        """Turns after which the character has said `last`, as many as are allowed."""
        known = (*sorted(map(repr, facts.items())), last, turns)
        if known not in self._leads:
            self._leads[known] = self._find_lead(facts, last, seed, turns)
        return self._leads[known]

    def _find_lead(
        self, facts: Mapping[str, FactValue], last: str, seed: int, turns: int
    ) -> tuple[_Wanted, ...] | None:
        fixed = {name: FactDomain("fixed", values=(facts[name], facts[name])) for name in self._domain.facts}
        lines = self._domain.lines if turns > 1 else ()
        domain = replace(self._domain, facts=fixed, lines=lines)
        later: list[tuple[State, tuple[str, ...]]] = []
        for unknowns, result in paths_of(self._watched.program, domain, NEW, PATHS_BEFORE):
            if result.void is not None or last not in result.candidates or unknowns.draws:
                continue
            state = next(states_of(unknowns, (self._cast, self._cast)), None)
            if state is None:
                continue
            lasts = self._lasts(unknowns)
            if lasts is not None:
                later.append((state, lasts))
                continue
            wanted: tuple[_Wanted, ...] = (_Wanted(state.context.event, state.hearings[NEW], last),)
            if self._play(facts, wanted, seed)[0][-1].response == last:
                return wanted
        for state, lasts in later[:SEEDS]:
            before = self._any_lead(facts, lasts, seed, turns - 1)
            if before is not None:
                wanted = (*before, _Wanted(state.context.event, state.hearings[NEW], last))
                if self._play(facts, wanted, seed)[0][-1].response == last:
                    return wanted
        return None

    def _play(
        self, facts: Mapping[str, FactValue], wanted: Iterable[_Wanted], seed: int
    ) -> tuple[tuple[Taken, ...], set[Target]]:
        """Take turns one after the other, and see what they take."""
        steps: list[Taken] = []
        hits: set[Target] = set()
        for number, one in enumerate(wanted):
            context = Context(steps[-1].response if steps else None, number, one.event)
            step, taken = self._take(facts, context, one.hearing, one.choice, seed)
            facts = {**facts, **step.run.changes}
            steps.append(step)
            hits |= taken
        return tuple(steps), hits

    def _take(
        self, facts: Mapping[str, FactValue], context: Context, hearing: Hearing, choice: str, seed: int
    ) -> tuple[Taken, set[Target]]:
        self._watched.hits()
        oracle = HearingOracle(hearing, Dice(seed, self._character, context.turn).happens, choice)
        run = self._watched.program.run(facts, oracle, context)
        return Taken(context.event, hearing, run.response, run), self._watched.of(run)

    def _of_intent(self, target: Target) -> Draft:
        declared = self._cast.character(self._character).declaration.intents[target.name]
        slots: dict[str, SlotValue] = {}
        for name, slot in declared.slots.items():
            if isinstance(slot.type, IntType):
                slots[name] = 1 if slot.type.min is None else slot.type.min
            else:
                slots[name] = (slot.type.options if isinstance(slot.type, OneOfType) else slot.type.items)[0]
        facts = start_of(self._cast, {})
        step, _ = self._take(facts, Context(), {target.name: slots}, "", 0)
        self.reached.add(target)
        return Draft(target, frozenset({target}), facts, (step,))


def as_conversation(found: Draft, coverage: Coverage, name: str) -> dict[str, Any]:
    """A draft as it stands in a dialogue file: it expects what comes now, for a writer to look through."""
    declared = coverage.cast.catalog.facts
    start = {
        fact: plain(value)
        for fact, value in found.start.items()
        if value != declared[fact].initial and not isinstance(declared[fact].type, TextType)
    }
    steps = []
    for taken in found.steps:
        what: dict[str, Any] = {"event": taken.event} if taken.event is not None else {"heard": _heard(taken.hearing)}
        expect: dict[str, Any] = {"response": taken.response, "effects": [str(effect) for effect in taken.run.effects]}
        changed = {
            fact: plain(value)
            for fact, value in taken.run.changes.items()
            if not isinstance(declared[fact].type, TextType)
        }
        if taken.run.void:
            expect["verdict"] = "fallback"
        steps.append({**what, "expect": {**expect, **({"facts": changed} if changed else {})}})
    seed = {"seed": found.seed} if found.seed else {}
    return {"name": name, **({"start": start} if start else {}), **seed, "steps": steps}


def _heard(hearing: Hearing) -> dict[str, Any]:
    return {intent: dict(slots) for intent, slots in hearing.items()}
