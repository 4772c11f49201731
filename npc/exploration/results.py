"""What exploring a cast comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from npc.diagnostics import Diagnostic, Rule
from npc.exploration import rules
from npc.exploration.places import Subject, place_of, source_line
from npc.exploration.questions import Found
from npc.exploration.witness import Step
from npc.logic.cast import Cast


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that exploration found.

    Attributes:
        diagnostic: what is wrong, and where.
        subject: what it is about.
        witness: a shortest conversation that shows it; empty where there is none to show.
    """

    diagnostic: Diagnostic
    subject: Subject
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
        kept: whether it is an earlier one, of a cast that differs in nothing that exploring looks at.
    """

    findings: tuple[Finding, ...]
    answers: Mapping[Question, Found]
    undecided: tuple[str, ...]
    states: int
    transitions: int
    paths: int
    seconds: float
    kept: bool = False

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
        yield finding_of(cast, rules.CUT_SHORT, message, Subject("cast"), _MORE)


def finding_of(
    cast: Cast, rule: Rule, message: str, subject: Subject, hint: str, witness: tuple[Step, ...] = ()
) -> Finding:
    """A finding at its place in the files."""
    place = place_of(cast, subject)
    return Finding(Diagnostic(rule, message, place, hint, source_line(cast, place)), subject, witness)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by position and code."""
    return tuple(sorted(findings, key=lambda finding: (finding.diagnostic.position, finding.diagnostic.code)))


_MORE = "give it more (--time, --max-states), or split a character whose logic has too many paths"
