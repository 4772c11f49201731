"""All outcomes of a state: the same program run again and again with an oracle that tries every answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from npc.catalog.model import Intent
from npc.catalog.types import FactValue
from npc.logic.execution import Execution, Void, violation_of
from npc.logic.exploring import Explorer, Path
from npc.logic.expressions import Spoken
from npc.logic.program import Context, Outcome, OutcomeTable
from npc.logic.symbols import Unresolved

PATH_LIMIT = 2_000
"""Paths that are enumerated; a state with more gets an over-approximation."""

WORK_LIMIT = 200_000
"""Steps over all paths of one state; beyond it, too, the table is an over-approximation."""


BeforeStep = Callable[[int, Execution], None]


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

    def execute(self, run: Execution, start: int = 0, before: BeforeStep | None = None) -> Spoken | None:
        """Run the logic's body from a statement on, telling `before` of each; raises `Void`."""
        ...


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
    paths = work = 0
    unfinished = True
    while unfinished:
        if paths >= PATH_LIMIT or work >= WORK_LIMIT:
            return _table(program, *approximate())
        run = Execution(facts, explorer, context)
        start = explorer.resume(run)
        work -= len(run.trail)
        try:
            spoken = program.execute(run, start, explorer.before_step)
            path = Path(explorer, run, spoken, None)
        except Void as void:
            path = Path(explorer, run, None, violation_of(run, void))
        except Unresolved:
            return _table(program, *approximate())
        paths += 1
        work += len(run.trail)
        unfinished = explorer.finish(path)
    outcomes = tuple([outcome for path in explorer.paths for outcome in _outcomes(path, program.otherwise)])
    said = {outcome.response for outcome in outcomes}
    return _table(program, said, explorer.mattering, outcomes if explorer.exact else None)


def _outcomes(path: Path, otherwise: str) -> list[Outcome]:
    spoken, conditions = path.spoken, path.conditions
    if spoken is None or len(spoken.candidates) == 1:
        return [Outcome(conditions, otherwise if spoken is None else spoken.response, path.effects, path.void)]
    return [Outcome((*conditions, f'choice == "{line}"'), line, path.effects) for line in spoken.candidates]


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
