"""What `npc diff` finds against what trying every state and hearing finds, on generated programs and their mutants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from npc.logic.compiler import CompiledProgram
from npc.logic.nodes import Tree
from npc.testing.difference.domain import domain_of
from npc.testing.difference.examples import example_of
from npc.testing.difference.lockstep import compare_programs
from tests.logic.generate import programs
from tests.testing.differing import (
    LARGEST_COUNT,
    LATEST_TURN,
    cast_of,
    differs,
    facts_to_try,
    holds,
    mutant,
    states,
    valuation,
)

RUNS = 1_000
"""States and hearings that one example may take by brute force; larger programs are passed over."""
PATHS = 400
modest = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def explored(old: Any, new: Any) -> Any:
    domain = replace(domain_of(old, new, "warden", reach=LARGEST_COUNT), reach=LATEST_TURN)
    programs = [cast.characters["warden"].program for cast in (old, new)]
    assert all(isinstance(program, CompiledProgram) for program in programs)
    found = compare_programs(*programs, domain, limit=PATHS)
    assume(found.paths < PATHS)
    return found


@st.composite
def versions(draw: Any) -> tuple[Tree, Tree]:
    """A program and a mutant of it; now and then two programs that have nothing to do with each other."""
    old = draw(programs())
    if not draw(st.integers(0, 9)):
        return old, draw(programs())
    new = draw(mutant(old))
    return old, draw(mutant(new)) if not draw(st.integers(0, 3)) else new


@modest
@given(versions())
def test_differences_agree_with_brute_force(trees: tuple[Tree, Tree]) -> None:
    """The states and hearings in which two versions differ are just those in the regions that are found."""
    old, new = map(cast_of, trees)
    read = frozenset().union(*(cast.characters["warden"].program.touched.reads for cast in (old, new)))
    written = frozenset().union(*(cast.characters["warden"].program.touched.writes for cast in (old, new)))
    every = facts_to_try(read | written)
    assume(every is not None)
    found = explored(old, new)
    tried = 0
    for facts in every or ():
        for state in states(trees, facts):
            tried += 1
            assume(tried <= RUNS)
            differing = differs((old, new), state)
            values = valuation(state)
            reported = sum(holds(region.unknowns, state, values) for region in found.regions)
            if not any(holds(region.unknowns, state, values) for region in found.undecided):
                assert reported == differing, state


@modest
@given(versions())
def test_every_region_has_an_example(trees: tuple[Tree, Tree]) -> None:
    """In every region that is found, running both versions in one of its states shows the difference."""
    casts = cast_of(trees[0]), cast_of(trees[1])
    for region in explored(*casts).regions:
        example = example_of(region, casts, "warden")
        assert example is not None, (region.unknowns.space.bounds, region.unknowns.space.rows)


@modest
@given(programs())
def test_a_version_does_not_differ_from_itself(tree: Tree) -> None:
    """A program compared with itself differs nowhere, and nothing is left undecided."""
    found = explored(cast_of(tree), cast_of(tree))
    assert found.regions == []
    assert found.undecided == []
