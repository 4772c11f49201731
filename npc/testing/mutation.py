"""Mutation testing: whether any seed notices a mistake in the logic."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from npc.diagnostics import Severity
from npc.logic.cast import Cast
from npc.logic.checker import check_cast
from npc.logic.compiler import CompiledProgram, compile_program
from npc.logic.program import Program
from npc.logic.source import source_of
from npc.testing.cases import CaseResult
from npc.testing.difference.domain import Domain, domain_of
from npc.testing.difference.examples import State, run_differences, states_of
from npc.testing.difference.lockstep import Region, compare_programs
from npc.testing.expectations import Seen, compare
from npc.testing.mutants import Mutant, mutants_of
from npc.testing.replaying import Replayed, replay

PATHS = 20_000
"""Paths over which a survivor is compared with the logic itself."""
ENOUGH = 8
"""Differences that are looked for, so that there is one to choose."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no conversation notices.

    Attributes:
        character: whose logic it is.
        file: the file of that logic.
        mutant: the mutant.
        covered: whether a conversation runs its line at all.
        state: a state and hearing in which the mutant does something else; None where none was found.
    """

    character: str
    file: str
    mutant: Mutant
    covered: bool
    state: State | None

    def diff(self, cast: Cast) -> list[str]:
        """The mistake as a diff of the pseudocode, with two lines around it."""
        before = source_of(cast.trees.characters[self.character].logic).splitlines()
        after = source_of(self.mutant.tree).splitlines()
        return list(difflib.unified_diff(before, after, lineterm="", n=2))[3:]


@dataclass(frozen=True, slots=True)
class MutationResult:
    """What came of the mutants of a cast.

    Attributes:
        cast: the cast.
        killed: mutants that a conversation notices.
        equal: mutants that do the same as the logic itself in every state: no mistake at all.
        survivors: the others.
    """

    cast: Cast
    killed: int
    equal: int
    survivors: tuple[Survivor, ...]

    @property
    def percent(self) -> float:
        """The part of the mutants that is killed, in percent; those that do the same are left out."""
        total = self.killed + len(self.survivors)
        return 100.0 * self.killed / total if total else 100.0


Progress = Callable[[int, int], None]
"""Told how many mutants are done, and how many there are."""


def mutate(
    cast: Cast,
    results: Sequence[CaseResult],
    progress: Progress = lambda done, total: None,
    characters: Sequence[str] = (),
) -> MutationResult:
    """Put every mistake into the logic of each character, and see whether a conversation that passes notices.

    The words of conversations are not understood anew: what was heard is heard again.

    Args:
        characters: those whose logic is looked at; all when there are none.
    """
    passing = [one for one in results if one.case.cast is cast and one.result.failure is None]
    work = [
        (character, mutant)
        for character in characters or cast.characters
        for mutant in mutants_of(
            cast.trees.characters[character].logic, cast.character(character).declaration.responses
        )
    ]
    killed, equal = 0, 0
    survivors: list[Survivor] = []
    domains: dict[str, Domain] = {}
    for number, (character, mutant) in enumerate(work):
        progress(number, len(work))
        if _is_refused(cast, character, mutant):
            continue
        program = compile_mutant(cast, character, mutant)
        touched = [one for one in passing if _runs(one, character, mutant.line)]
        if any(_notices(one, character, program, cast) for one in touched):
            killed += 1
            continue
        domain = domains.setdefault(character, domain_of(cast, cast, character))
        state, same = _difference(cast, program, character, domain)
        if same:
            equal += 1
        else:
            file = cast.character(character).declaration.file
            survivors.append(Survivor(character, file, mutant, bool(touched), state))
    progress(len(work), len(work))
    return MutationResult(cast, killed, equal, tuple(survivors))


def _is_refused(cast: Cast, character: str, mutant: Mutant) -> bool:
    """Whether the mistake is one that loading the cast finds: no seed has to."""
    declaration = cast.character(character).declaration
    logic = replace(declaration.logic, text=source_of(mutant.tree), columns=())
    catalog = replace(cast.catalog, characters={character: replace(declaration, logic=logic)})
    return any(found.severity is Severity.ERROR for found in check_cast(catalog)[1])


def compile_mutant(cast: Cast, character: str, mutant: Mutant) -> CompiledProgram:
    """The mutant as a program."""
    own = cast.trees.characters[character]
    trees = replace(cast.trees, characters={**cast.trees.characters, character: replace(own, logic=mutant.tree)})
    return compile_program(cast.catalog, trees, character)


def _runs(one: CaseResult, character: str, line: int) -> bool:
    return any(turn.character == character and line in turn.trace.ran for turn in one.result.turns)


def _notices(one: CaseResult, character: str, program: Program, cast: Cast) -> bool:
    programs: Mapping[str, Program] = {
        **{name: known.program for name, known in cast.characters.items()},
        character: program,
    }
    return any(
        again.step.expect is not None
        and any(compare(again.step.expect, _seen(again, programs[again.step.character]), again.after, cast.catalog))
        for again in replay(one, programs)
    )


def _seen(again: Replayed, program: Program) -> Seen:
    turn, run = again.turn, again.run
    if run is None:
        return Seen(turn.response, turn.values, (), turn.heard, turn.verdict, turn.reason, lambda: turn.trace.allowed)
    verdict, reason = (str(turn.verdict), turn.reason) if run.void is None else ("fallback", run.void.reason)

    def allowed() -> Sequence[str]:
        return program.outcomes(again.before, again.context).allowed

    return Seen(run.response, run.values, run.effects, turn.heard, verdict, reason, allowed)


def _difference(cast: Cast, new: CompiledProgram, character: str, domain: Domain) -> tuple[State | None, bool]:
    """A state in which the mutant differs, and whether it is certain that there is none."""
    old = cast.characters[character].program
    assert isinstance(old, CompiledProgram)
    changed = replace(cast, characters={**cast.characters, character: replace(cast.characters[character], program=new)})
    found = compare_programs(old, new, domain, limit=PATHS, enough=ENOUGH)
    for region in _simplest(found.regions):
        for state in states_of(region.unknowns, (cast, changed)):
            if run_differences((cast, changed), state.facts, state.run((cast, changed), character)):
                return state, False
    return None, not found.regions and not found.undecided


def _simplest(regions: Iterable[Region]) -> Iterator[Region]:
    """The regions in which something else is said or done, before those in which only values in the line differ."""
    return iter(sorted(regions, key=lambda region: {"response", "effects"}.isdisjoint(region.aspects)))
