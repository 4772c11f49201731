"""A conversation that leads to an example: the turn itself, after one more where the example needs an earlier line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from npc.logic.cast import Cast
from npc.logic.compiler import CompiledProgram
from npc.logic.program import Context, Run
from npc.testing.difference.domain import NEW, FactDomain, domain_of
from npc.testing.difference.examples import Example, HearingValues, State, run_differences, states_of
from npc.testing.difference.lockstep import paths_of
from npc.testing.difference.report import Change

PATHS = 20_000
"""Paths that are looked at for a line to come before."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of a conversation, and what came of it in the new version."""

    event: str | None
    hearing: HearingValues
    run: Run


def steps_to(change: Change, casts: tuple[Cast, Cast]) -> tuple[Taken, ...] | None:
    """The steps of a conversation that begins with the example's facts and ends with its turn.

    None where it would take more than one turn before, or chance has a part in it.
    """
    example = change.example
    if example.draws:
        return None
    if example.context.last is None:
        return (Taken(example.context.event, example.hearings[NEW], example.runs[NEW]),)
    return _after_one(change, casts)


def _after_one(change: Change, casts: tuple[Cast, Cast]) -> tuple[Taken, ...] | None:
    """The example's turn, after a first one in which the character says what it is to have said."""
    example, character = change.example, change.character
    program = casts[NEW].characters[character].program
    assert isinstance(program, CompiledProgram)
    domain = domain_of(*casts, character)
    fixed = {
        name: FactDomain("fixed", values=(example.facts[0].get(name), example.facts[1].get(name)))
        for name in domain.facts
    }
    for unknowns, result in paths_of(program, replace(domain, facts=fixed, lines=()), NEW, PATHS):
        if result.void is not None or example.context.last not in result.candidates or unknowns.draws:
            continue
        for state in states_of(unknowns, casts):
            taken = _continued(state, example, casts, character)
            if taken is not None:
                return taken
    return None


def _continued(state: State, example: Example, casts: tuple[Cast, Cast], character: str) -> tuple[Taken, ...] | None:
    first = state.run(casts, character)[NEW]
    last = example.context.last
    assert last is not None
    said = replace(first, response=last, candidates=(last,))
    after = {**state.facts[NEW], **first.changes}
    shared = ({name: after.get(name, value) for name, value in example.facts[0].items()}, after)
    second = State(shared, Context(last, 1, example.context.event), example.hearings, ())
    runs = second.run(casts, character)
    if not run_differences(casts, shared, runs):
        return None
    return (
        Taken(state.context.event, state.hearings[NEW], said),
        Taken(example.context.event, example.hearings[NEW], runs[NEW]),
    )
