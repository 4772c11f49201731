"""Conversations that reach what no seed reaches: found by taking every path through the logic, then proven by a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from npc.catalog.types import FactValue, IntType, OneOfType, SlotValue, TextType
from npc.engine.chance import Dice
from npc.logic.compiler import HearingOracle
from npc.logic.program import Context, Program, Run
from npc.testing.coverage import Coverage, Target, WatchedProgram
from npc.testing.difference.declared import plain
from npc.testing.difference.domain import NEW, FactDomain, domain_of
from npc.testing.difference.examples import State, states_of
from npc.testing.difference.lockstep import paths_of
from npc.testing.difference.unknowns import Unknowns
from npc.testing.mutation import MutationResult, Survivor, compile_mutant
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
    """A step of a draft, what comes of it, and the facts after it."""

    event: str | None
    hearing: Hearing
    response: str
    run: Run
    after: Mapping[str, FactValue]


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
        looked_at: facts whose values are expected, even where no step changes them.
    """

    target: Target
    reaches: frozenset[Target]
    start: Mapping[str, FactValue]
    steps: tuple[Taken, ...]
    seed: int = 0
    looked_at: frozenset[str] = frozenset()


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


def draft_against(coverage: Coverage, result: MutationResult) -> tuple[list[Draft], list[Survivor]]:
    """Drafts that notice the mutants that no seed notices, and the mutants that no draft was found for."""
    drafts: list[Draft] = []
    left: list[Survivor] = []
    drafters = {name: _Drafter(coverage, name, set()) for name in coverage.cast.characters}
    for survivor in result.survivors:
        drafter = drafters[survivor.character]
        program = compile_mutant(coverage.cast, survivor.character, survivor.mutant)
        own = (one for one in drafts if one.target.character == survivor.character)
        if any(drafter.differs(one, program) for one in own):
            continue
        found = drafter.against(survivor, program)
        if found is None:
            left.append(survivor)
        else:
            drafts.append(found)
    return drafts, left


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
                    yield Draft(min(new), frozenset(new), self._facts(state), steps, seed)
                    break

    def _facts(self, state: State) -> Mapping[str, FactValue]:
        """The state's facts; texts, which decide nothing, as they are in the beginning."""
        declared = self._cast.catalog.facts
        found = state.facts[NEW]
        return {n: f.initial if isinstance(f.type, TextType) else found[n] for n, f in declared.items()}

    def _lasts(self, unknowns: Unknowns) -> tuple[str, ...] | None:
        """The lines of which one is to have been said before; None where there may be none before."""
        if unknowns.first is not False:
            return None
        return tuple(unknowns.names["last"].options) if "last" in unknowns.names else self._domain.lines

    def _steps(
        self, state: State, lasts: tuple[str, ...] | None, choice: str, seed: int
    ) -> tuple[tuple[Taken, ...], set[Target]] | None:
        """The state's turn, after those that its `last` needs, and what they take."""
        context, facts = state.context, self._facts(state)
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
            facts = step.after
            steps.append(step)
            hits |= taken
        return tuple(steps), hits

    def _take(
        self, facts: Mapping[str, FactValue], context: Context, hearing: Hearing, choice: str, seed: int
    ) -> tuple[Taken, set[Target]]:
        self._watched.hits()
        oracle = HearingOracle(hearing, Dice(seed, self._character, context.turn).happens, choice)
        run = self._watched.program.run(facts, oracle, context)
        return Taken(context.event, hearing, run.response, run, {**facts, **run.changes}), self._watched.of(run)

    def against(self, survivor: Survivor, program: Program) -> Draft | None:
        """A draft in which a mutant does something else than the logic."""
        state = survivor.state
        if state is None:
            return None
        last = state.context.last
        lasts = None if last is None else tuple(dict.fromkeys((last, *self._domain.lines)))
        target = Target(self._character, "mutant", survivor.file, survivor.mutant.line, survivor.mutant.what)
        for seed in range(SEEDS if state.draws else 1):
            for each in [None] if lasts is None else [(line,) for line in lasts]:
                for steps in self._choices(state, each, seed):
                    written = Draft(target, frozenset({target}), self._facts(state), steps, seed)
                    written = replace(written, looked_at=self._changed(written, program))
                    if self.differs(written, program):
                        return written
        return None

    def _choices(self, state: State, lasts: tuple[str, ...] | None, seed: int) -> Iterator[tuple[Taken, ...]]:
        """The state's turn once for each line that the logic leaves open."""
        found = self._steps(state, lasts, "", seed)
        if found is not None:
            yield found[0]
            for choice in found[0][-1].run.candidates[1:]:
                other = self._steps(state, lasts, choice, seed)
                if other is not None:
                    yield other[0]

    def differs(self, written: Draft, program: Program) -> bool:
        """Whether another program comes to something else in the turns of a draft."""
        looked_at = {name for step in written.steps for name in step.run.changes} | written.looked_at
        for step, run, after in self._runs(written, program):
            seen = (run.response, run.values, run.effects)
            if seen != (step.response, step.run.values, step.run.effects) or (step.run.void and not run.void):
                return True
            if any(after[name] != step.after[name] for name in looked_at):
                return True
        return False

    def _changed(self, written: Draft, program: Program) -> frozenset[str]:
        return frozenset(name for _, run, _ in self._runs(written, program) for name in run.changes)

    def _runs(self, written: Draft, program: Program) -> Iterator[tuple[Taken, Run, Mapping[str, FactValue]]]:
        """The turns of a draft as another program takes them."""
        facts, last = written.start, None
        for number, step in enumerate(written.steps):
            oracle = HearingOracle(step.hearing, Dice(written.seed, self._character, number).happens, step.response)
            run = program.run(facts, oracle, Context(last, number, step.event))
            facts, last = {**facts, **run.changes}, run.response
            yield step, run, facts

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
            fact: plain(taken.after[fact])
            for fact in declared
            if (fact in taken.run.changes or fact in found.looked_at) and not isinstance(declared[fact].type, TextType)
        }
        values = {name: _placed(value) for name, value in taken.run.values.items()}
        if values:
            expect["values"] = values
        if taken.run.void:
            expect["verdict"] = "fallback"
        steps.append({**what, "expect": {**expect, **({"facts": changed} if changed else {})}})
    seed = {"seed": found.seed} if found.seed else {}
    return {"name": name, **({"start": start} if start else {}), **seed, "steps": steps}


def _placed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_placed(each) for each in value]
    return str(value) if isinstance(value, str) else value


def _heard(hearing: Hearing) -> dict[str, Any]:
    return {intent: dict(slots) for intent, slots in hearing.items()}
