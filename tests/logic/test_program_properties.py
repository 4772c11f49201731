"""The runtime against independent evaluations, on generated programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from npc.logic.checker import check_cast
from npc.logic.compiler import CompiledProgram, compile_program, said_and_heard
from npc.logic.nodes import Tree
from npc.logic.program import Context, Run
from npc.logic.source import source_of
from tests.logic.brute_force import Fate, every_fate, hearings
from tests.logic.generate import programs, small_catalog, states, trees_of
from tests.logic.reference import Reference

CATALOG = small_catalog()
CASES = 600
"""Runs that one example may take by brute force; larger programs are passed over."""

contexts = st.builds(
    Context,
    last=st.sampled_from([None, "r1", "r2"]),
    turn=st.integers(0, 3),
    event=st.sampled_from([None, None, None, "approach"]),
)
modest = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def compiled(tree: Tree) -> CompiledProgram:
    return compile_program(CATALOG, trees_of(tree), "warden")


def summary(run: Run) -> tuple[Any, ...]:
    effects = [(effect.name, dict(effect.args)) for effect in run.effects]
    return run.response, run.values, effects, run.changes, run.void and run.void.reason


def every_run(
    program: CompiledProgram, facts: Mapping[str, Any], context: Context
) -> list[tuple[Mapping[str, Any], list[int], Run]]:
    found = []
    for hearing in hearings(program.tree):
        for answers, run in every_fate(hearing, lambda fate: program.run(facts, fate, context)):
            found.append((hearing, list(answers), run))
            assume(len(found) <= CASES)
    return found


@modest
@given(programs(), states(), contexts)
def test_runs_agree_with_the_reference(tree: Tree, facts: dict[str, Any], context: Context) -> None:
    """A compiled program and a plain walk over its tree come to the same result under every hearing and fate."""
    program, trees = compiled(tree), trees_of(tree)
    before = repr(facts)
    for hearing, answers, run in every_run(program, facts, context):
        fate = Fate(hearing, list(answers), [0] * len(answers))
        reference = Reference(CATALOG, trees, facts, hearing, context, fate.chance, fate.choose)
        assert summary(run) == reference.result()
    assert repr(facts) == before


def matches(shown: str, outcome: str) -> bool:
    """Whether an effect is one that an outcome describes, in which a number may be a range."""
    if shown == outcome:
        return True
    if ".." not in outcome or shown.split("(")[0] != outcome.split("(")[0]:
        return False
    low, high = outcome.split("(")[1].rstrip(")").split("..")
    return int(low) <= int(shown.split("(")[1].rstrip(")")) <= int(high)


@modest
@given(programs(), states(), contexts)
def test_outcomes_agree_with_brute_force(tree: Tree, facts: dict[str, Any], context: Context) -> None:
    """The outcomes of a state are those that some hearing and fate leads to: none is missing, none is invented."""
    program = compiled(tree)
    table = program.outcomes(facts, context)
    runs = every_run(program, facts, context)
    happened = {(run.response, tuple(map(str, run.effects)), run.void and run.void.reason) for _, _, run in runs}
    otherwise = CATALOG.characters["warden"].otherwise
    assert {response for response, _, _ in happened} | {otherwise} <= set(table.allowed)
    if not table.exact:
        return
    assert {response for response, _, _ in happened} | {otherwise} == set(table.allowed)

    def is_case(case: tuple[Any, ...], outcome: Any) -> bool:
        response, effects, reason = case
        return (
            response == outcome.response
            and reason == (outcome.void and outcome.void.reason)
            and len(effects) == len(outcome.effects)
            and all(map(matches, effects, outcome.effects))
        )

    for case in happened:
        assert any(is_case(case, outcome) for outcome in table.outcomes), case
    for outcome in table.outcomes:
        assert any(is_case(case, outcome) for case in happened), outcome


@modest
@given(programs(), states(), contexts)
def test_only_listed_intents_matter(tree: Tree, facts: dict[str, Any], context: Context) -> None:
    """Hearing an intent that the table does not list changes nothing that a turn comes to."""
    program = compiled(tree)
    listed = set(program.outcomes(facts, context).intents)
    for hearing, answers, run in every_run(program, facts, context):
        if listed.issuperset(hearing):
            continue
        left = {intent: slots for intent, slots in hearing.items() if intent in listed}
        again = program.run(facts, Fate(left, list(answers), [0] * len(answers)), context)
        assert summary(again) == summary(run)


@modest
@given(programs(), states(), contexts)
def test_the_residual_program_comes_to_the_same(tree: Tree, facts: dict[str, Any], context: Context) -> None:
    """The residual program, parsed again from its text, has the full program's result under every hearing and fate."""
    program = compiled(tree)
    text = program.residual(facts, context)
    catalog = small_catalog(text)
    trees, diagnostics = check_cast(catalog)
    # Values folded in may show the checker that a branch voids the turn; but all of it is still in the language.
    assert not [d.render() for d in diagnostics if d.severity == "error" and d.code < "L3"], text
    residual = compile_program(catalog, trees, "warden")
    for hearing, answers, run in every_run(program, facts, context):
        again = residual.run(facts, Fate(hearing, list(answers), [0] * len(answers)), context)
        assert summary(again) == summary(run), text


@modest
@given(programs(), states(), contexts)
def test_the_over_approximation_is_never_too_small(tree: Tree, facts: dict[str, Any], context: Context) -> None:
    """What the residual program mentions holds all that enumeration finds sayable and worth hearing."""
    program = compiled(tree)
    said, heard = said_and_heard(program.residual_tree(facts, context))
    table = program.outcomes(facts, context)
    if table.exact:
        assert set(table.allowed) <= said | {program.otherwise}
        assert {outcome.response for outcome in table.outcomes} <= said | {program.otherwise}
    assert heard <= set(program.intents)


@modest
@given(programs())
def test_source_parses_to_the_same_program(tree: Tree) -> None:
    """A tree printed as text and parsed again prints the same text."""
    text = source_of(tree)
    trees, _ = check_cast(small_catalog(text))
    assert source_of(trees.characters["warden"].logic) == text


@modest
@given(programs(), st.lists(states(), min_size=2, max_size=4), contexts)
def test_remembered_tables_are_right(tree: Tree, several: list[dict[str, Any]], context: Context) -> None:
    """A table remembered for one state is never given for another that has different outcomes."""
    program = compiled(tree)
    for facts in several * 2:
        assert program.outcomes(facts, context) == compiled(tree).outcomes(facts, context)
