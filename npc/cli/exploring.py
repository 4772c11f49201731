"""`npc check --explore`: limits, progress, and the conversations that show what goes wrong."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from npc.diagnostics import Diagnostic

if TYPE_CHECKING:
    from npc.exploration import Exploration, Kept, Step
    from npc.logic.cast import Cast

SHOWN = 20
"""Open questions that are listed at most; --json lists all."""
PAUSE = 0.2
"""Seconds between two signs of progress."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What exploring a cast may use: states (None: the usual number), seconds (None: no limit), and cores."""

    states: int | None = None
    seconds: float | None = None
    jobs: int = 1


class Explorer:
    """Explores casts, and again after a change only where exploring looks at what has changed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._kept: dict[str, Kept] = {}

    def explore(self, cast: Cast) -> Exploration:
        """What exploring a cast finds."""
        from npc.exploration import Kept

        folder = cast.catalog.folder
        before = self._kept.get(folder)
        known = None if before is None else before.for_cast(cast)
        if known is None:
            known = explore_cast(cast, self._limits)
            self._kept[folder] = Kept.of(cast, known)
        return known


def explore_cast(cast: Cast, limits: Limits) -> Exploration:
    """Explore a cast, with a line of progress where a person looks on."""
    from npc.exploration import MAX_STATES, explore, explore_in_parallel

    if limits.jobs > 1:
        return explore_in_parallel(cast, limits.jobs, max_states=limits.states or MAX_STATES, seconds=limits.seconds)
    shown = Progress(cast.catalog.world) if sys.stderr.isatty() else None
    try:
        return explore(
            cast,
            max_states=limits.states or MAX_STATES,
            seconds=limits.seconds,
            progress=shown or (lambda done, total: None),
        )
    finally:
        if shown is not None:
            shown.clear()


class Progress:
    """One line on standard error, written over: how many questions are answered, and how long the rest may take."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._begin = self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is, now and then."""
        now = time.monotonic()
        if now - self._last >= PAUSE:
            self._last = now
            left = (now - self._begin) / done * (total - done)
            typer.echo(
                f"\r\x1b[Kexploring {self._name}: {done} of {total} questions, about {left:.0f} s left",
                nl=False,
                err=True,
            )

    def clear(self) -> None:
        """Leave nothing behind."""
        typer.echo("\r\x1b[K", nl=False, err=True)


def print_witness(steps: tuple[Step, ...]) -> None:
    """The conversation that shows a finding, one numbered line a turn."""
    if steps:
        typer.echo("  conversation:")
    for number, step in enumerate(steps, 1):
        typer.echo(f"    {number}. {step}")


def print_summary(explored: Exploration) -> None:
    """What was covered, and what was not."""
    asked = len(explored.answers)
    took = "as before, since only words have changed" if explored.kept else f"{explored.seconds:.1f} s"
    typer.echo(
        f"  explored: {asked:,} questions, {explored.paths:,} paths, {explored.states:,} states, "
        f"{explored.transitions:,} turns, {took}"
    )
    if not explored.complete:
        typer.echo(f"  not covered ({len(explored.undecided):,}):")
        for reason in explored.undecided[:SHOWN]:
            typer.echo(f"    {reason}")
        if len(explored.undecided) > SHOWN:
            typer.echo(f"    and {len(explored.undecided) - SHOWN:,} more; --json lists all")


def witnesses_of(explored: Exploration | None) -> Mapping[Diagnostic, tuple[Step, ...]]:
    """The conversation of each finding that has one."""
    found = () if explored is None else explored.findings
    return {finding.diagnostic: finding.witness for finding in found if finding.witness}


def as_json(explored: Exploration) -> dict[str, Any]:
    """What was covered, for a program."""
    return {
        "complete": explored.complete,
        "not_covered": list(explored.undecided),
        "questions": len(explored.answers),
        "paths": explored.paths,
        "states": explored.states,
        "turns": explored.transitions,
        "seconds": round(explored.seconds, 3),
        "kept": explored.kept,
    }
