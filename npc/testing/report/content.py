"""All that a report tells, as plain JSON data; the page is made of nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from npc.logic import nodes
from npc.logic.footprint import walk
from npc.testing import coverage_report, mutation_report
from npc.testing.coverage import Coverage, Target
from npc.testing.drafting import draft
from npc.testing.mutation import MutationResult
from npc.testing.results_json import report_of
from npc.testing.statistics import Tally

EXPLAINED = 60
"""Things not covered of a cast for which a conversation is looked for that would reach them."""

_STATEMENTS = (
    nodes.If,
    nodes.For,
    nodes.Return,
    nodes.EffectCall,
    nodes.AssignFact,
    nodes.AssignCount,
    nodes.AssignLocal,
    nodes.HelperStatement,
    nodes.Pass,
)


def content_of(
    tallies: Sequence[Tally], coverages: Sequence[Coverage], mutations: Sequence[MutationResult] = ()
) -> dict[str, Any]:
    """What a report tells of a run: the results, each cast's coverage with its pseudocode, and the mutants."""
    return {
        **report_of(tallies),
        "coverage": [{**coverage_report.as_json(one), "characters": list(_characters(one))} for one in coverages],
        "mutants": [mutation_report.as_json(one) for one in mutations],
    }


def _characters(coverage: Coverage) -> Iterator[dict[str, Any]]:
    missing = coverage.missing()[:EXPLAINED]
    drafts, _ = draft(coverage, missing)
    reaching = {target: coverage_report.told(one, coverage) for one in drafts for target in one.reaches}
    for name, character in coverage.cast.characters.items():
        declaration = character.declaration
        texts = {id: response.texts[0] for id, response in declaration.responses.items()}
        yield {
            "character": name,
            "name": character.name,
            "file": declaration.file,
            "lines": list(_lines(coverage, name, reaching)),
            "responses": [
                {**_counts(coverage, target), "id": target.name, "text": texts[target.name]}
                for target in _targets(coverage, name, "response")
            ],
            "effects": [
                {**_counts(coverage, target), "id": target.name} for target in _targets(coverage, name, "effect")
            ],
            "intents": [
                {
                    **_counts(coverage, target),
                    "id": target.name,
                    "lines": len(coverage.heard[name, target.name].lines),
                    "paraphrases": len(coverage.heard[name, target.name].paraphrases),
                }
                for target in _targets(coverage, name, "intent")
            ],
            "whens": [_way(coverage, target, reaching) for target in _targets(coverage, name, "when")],
        }


def _targets(coverage: Coverage, character: str, kind: str) -> list[Target]:
    return [target for target in coverage.reached if (target.character, target.kind) == (character, kind)]


def _counts(coverage: Coverage, target: Target) -> dict[str, int]:
    reached = coverage.reached[target]
    return {"passing": reached.passing, "failing": reached.failing}


def _way(coverage: Coverage, target: Target, reaching: Mapping[Target, str]) -> dict[str, Any]:
    return {
        **_counts(coverage, target),
        "name": target.name,
        "way": target.way,
        "reached_by": reaching.get(target),
    }


def _lines(coverage: Coverage, character: str, reaching: Mapping[Target, str]) -> Iterator[dict[str, Any]]:
    """The lines of a character's pseudocode as they stand in its file, with what was taken of each."""
    catalog = coverage.cast.catalog
    declaration = catalog.characters[character]
    source = catalog.sources[declaration.file].splitlines()
    tree = coverage.cast.trees.characters[character].logic
    statements = {node.line for node in walk(tree) if isinstance(node, _STATEMENTS)}
    ways: dict[int, list[Target]] = {}
    for target in _targets(coverage, character, "branch"):
        ways.setdefault(target.line, []).append(target)
    first = declaration.logic.start.line
    for number in range(first, first + len(declaration.logic.text.splitlines())):
        ran = coverage.lines.get((character, number))
        decided = [_way(coverage, target, reaching) for target in ways.get(number, ())]
        passing, failing = (ran.passing, ran.failing) if ran is not None else (0, 0)
        yield {
            "number": number,
            "text": source[number - 1] if number <= len(source) else "",
            "passing": passing,
            "failing": failing,
            "ways": decided,
            "state": _state(number in statements, passing, failing, decided),
        }


def _state(statement: bool, passing: int, failing: int, ways: Sequence[Mapping[str, Any]]) -> str:
    """``taken``, ``partly`` (not every way), ``failed`` (by conversations that fail only), ``missed``, or empty for
    what is no statement."""
    if ways:
        taken = [bool(way["passing"]) for way in ways]
        if all(taken):
            return "taken"
        if any(taken):
            return "partly"
        return "failed" if any(way["failing"] for way in ways) else "missed"
    if not statement:
        return ""
    return "taken" if passing else "failed" if failing else "missed"
