"""The turns of a conversation that was run, taken again by the logic alone: for coverage and for mutants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from npc.catalog.model import DialogueStep
from npc.catalog.types import FactValue, normal_value
from npc.engine.chance import Dice
from npc.engine.turn import Turn, Verdict
from npc.logic.cast import Cast
from npc.logic.compiler import HearingOracle
from npc.logic.program import Context, Program, Run
from npc.testing.cases import CaseResult


@dataclass(frozen=True, slots=True)
class Replayed:
    """A step taken again.

    Attributes:
        step: the step.
        turn: what it came to in the first place.
        before: the facts before it.
        context: the rest of the state before it.
        run: what the logic comes to now; None where no reply could be used, so that no logic ran.
        after: the facts after it.
    """

    step: DialogueStep
    turn: Turn
    before: Mapping[str, FactValue]
    context: Context
    run: Run | None
    after: Mapping[str, FactValue]

    @property
    def response(self) -> str:
        """The line said."""
        return self.turn.response if self.run is None else self.run.response


def replay(one: CaseResult, programs: Mapping[str, Program]) -> Iterator[Replayed]:
    """Take the turns of a conversation again, hearing what was heard, as far as it was run.

    Args:
        programs: by character; those of the cast, or others in their place.
    """
    conversation = one.case.conversation
    facts = start_of(one.case.cast, conversation.start)
    last: dict[str, str] = {}
    turns: dict[str, int] = {}
    for step, turn in zip(conversation.steps, one.result.turns, strict=False):
        who = step.character
        context = Context(last.get(who), turns.get(who, 0), step.event)
        before, run = facts, None
        if turn.verdict is not Verdict.FALLBACK or turn.trace.void is not None:
            oracle = HearingOracle(turn.trace.heard, Dice(conversation.seed, who, context.turn).happens, turn.response)
            run = programs[who].run(facts, oracle, context)
            facts = {**facts, **run.changes}
        replayed = Replayed(step, turn, before, context, run, facts)
        last[who], turns[who] = replayed.response, context.turn + 1
        yield replayed


def start_of(cast: Cast, given: Mapping[str, object]) -> dict[str, FactValue]:
    """The facts at the start of a conversation whose names have been checked."""
    declared = cast.catalog.facts
    facts = {name: fact.initial for name, fact in declared.items()}
    return {**facts, **{name: normal_value(declared[name].type, value) for name, value in given.items()}}
