"""What a test run took of each character, as `npc test --coverage --json` tells it, for colouring what is drawn."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from npc.drawing.graph import Mark
from npc.logic.cast import Cast

HOW = "npc test --coverage --json"


class UnusableReport(ValueError):
    """A file is no report of a test run of this cast; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took of one character's logic.

    Attributes:
        lines: line of the file → by how many turns of conversations that pass, and of those that fail, it was run.
        ways: line, condition and which way → the same.
    """

    lines: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    ways: Mapping[tuple[int, str, bool], tuple[int, int]] = field(default_factory=dict)

    def line(self, line: int) -> Mark:
        """The mark of a statement."""
        return _mark(self.lines.get(line, (0, 0)))

    def way(self, line: int, condition: str, way: bool) -> Mark:
        """The mark of one way out of a condition; none of a way that there is not."""
        counts = self.ways.get((line, condition, way))
        return "" if counts is None else _mark(counts)


def _mark(counts: tuple[int, int]) -> Mark:
    passing, failing = counts
    return "taken" if passing else "failed" if failing else "missed"


def of_all(marks: Iterable[Mark]) -> Mark:
    """The mark of what has several ways out."""
    several = set(marks) - {""}
    if len(several) <= 1:
        return next(iter(several), "")
    return "partly" if "taken" in several else "failed"


def reached(marks: Iterable[Mark]) -> Mark:
    """The mark of what several ways lead to."""
    several = set(marks)
    order: tuple[Mark, ...] = ("taken", "failed", "missed")
    return next((mark for mark in order if mark in several), "")


def read_report(text: str, cast: Cast) -> dict[str, Taken]:
    """What a run took of each character.

    Args:
        text: the JSON that `npc test --coverage --json` prints.
        cast: the cast that is drawn.

    Raises:
        UnusableReport: it is something else, of another cast, or of another version of this one.
    """
    name = cast.catalog.world
    try:
        reports = {one["cast"]: one for one in json.loads(text)["coverage"]}
    except (ValueError, KeyError, TypeError) as problem:
        raise UnusableReport(f"it is no report of a test run with its coverage; make one: {HOW}") from problem
    if name not in reports:
        there = ", ".join(sorted(reports)) or "no cast"
        raise UnusableReport(f"it has nothing about {name}, only about {there}; make one: {HOW}")
    report = reports[name]
    if report.get("catalog") != cast.digest:
        raise UnusableReport(f"it is of another version of {name}; make it anew: {HOW}")
    return {
        character: Taken(
            {int(line): (counts[0], counts[1]) for line, counts in report["lines"].get(character, {}).items()},
            dict(_ways(report["targets"], character)),
        )
        for character in cast.characters
    }


def _ways(
    targets: Iterable[Mapping[str, Any]], character: str
) -> Iterator[tuple[tuple[int, str, bool], tuple[int, int]]]:
    for one in targets:
        # Statements come before conditional expressions of the same text in their line.
        if one["character"] == character and one["kind"] == "branch" and one["number"] == 1:
            yield (one["line"], one["name"], one["way"]), (one["passing"], one["failing"])
