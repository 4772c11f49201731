"""What exploring a cast comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from npc.diagnostics import Diagnostic, Position
from npc.exploration import rules
from npc.exploration.questions import Found
from npc.exploration.witness import Step
from npc.logic.cast import Cast


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that exploration found.

    Attributes:
        diagnostic: what is wrong, and where.
        witness: a shortest conversation that shows it; empty where there is none to show.
    """

    diagnostic: Diagnostic
    witness: tuple[Step, ...] = ()


Question = tuple[str, str, Any]
"""What is asked: ``response``, ``statement``, ``void``, ``invariant``, ``goal`` or ``mute``; of which character (none
for goals); and which: an id, a line, a line and a reason, a number."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """What exploring a cast found.

    Attributes:
        findings: in order of position.
        answers: what was asked, and the answer to it.
        undecided: what was not, and why.
        states: states that were kept.
        transitions: turns that were taken.
        paths: paths through the logic of all characters.
        seconds: how long it took.
    """

    findings: tuple[Finding, ...]
    answers: Mapping[Question, Found]
    undecided: tuple[str, ...]
    states: int
    transitions: int
    paths: int
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether everything was answered."""
        return not self.undecided

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(finding.diagnostic for finding in self.findings)


def cut_short(cast: Cast, undecided: tuple[str, ...]) -> Iterable[Finding]:
    """The finding that something was left open, where something was."""
    if undecided:
        more = f", and {len(undecided) - 1:,} more" if len(undecided) > 1 else ""
        message = f"part of the cast was not explored to the end: {undecided[0]}{more}"
        world = next(file for file in cast.catalog.sources if PurePath(file).name == "world.yaml")
        shown = cast.catalog.sources[world].split("\n", 1)[0]
        yield Finding(Diagnostic(rules.CUT_SHORT, message, Position(world, 1, 1), _MORE, shown))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by position and code."""
    return tuple(sorted(findings, key=lambda finding: (finding.diagnostic.position, finding.diagnostic.code)))


_MORE = "give it more (--time, --max-states), or split a character whose logic has too many paths"
