"""What `npc test` prints."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import typer

from npc.diagnostics import Diagnostic, Position
from npc.testing.cases import CaseResult
from npc.testing.runner import Layer
from npc.testing.statistics import Bias, Tally, bias_of, figures_of, percent

_LOGGED = ("recorded", "replayed", "changed")
_WORDS = {"passed": "ok", "failed": "FAILED", "xfailed": "xfail", "xpassed": "FAILED"}


def print_result(tally: Tally, quiet: bool, output: str) -> None:
    """A result as it comes: a line, and what is wrong where something is."""
    if not (quiet and tally.ok):
        told = f"{_WORDS[tally.outcome]:8}{tally.case}{_by(tally)}" + (f": {tally.share}" if tally.share else "")
        typer.secho(told, fg=None if tally.ok else "red")
    if not tally.ok:
        typer.echo("\n".join(f"  {line}" for line in tally.shown.render_problem().splitlines()))
        if output == "github":
            typer.echo(_annotation(tally))


def _by(tally: Tally) -> str:
    return f" [{tally.backend}]" if tally.layer is Layer.MODEL else ""


def _annotation(tally: Tally) -> str:
    """A line that a hosted CI shows beside the step in the file."""
    result = tally.shown
    place = result.failure.position if result.failure else result.position
    told = "; ".join(result.failure.problems) if result.failure else result.render_problem()
    return _annotated("error", place, f"{result.name}{_by(tally)}: {told}")


def print_findings(diagnostics: Sequence[Diagnostic]) -> None:
    """What is wrong with the files themselves, as a hosted CI shows it beside their lines."""
    for one in diagnostics:
        typer.echo(_annotated(str(one.severity), one.position, f"{one.code} {one.message}"))


def _annotated(level: str, place: Position, told: str) -> str:
    message = told.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    file = place.file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} file={file},line={place.line},col={place.column}::{message}"


def print_summary(tallies: Sequence[Tally]) -> None:
    """The layers that were tested, how backends did, and how many conversations passed."""
    results = [one for tally in tallies for one in tally.counted]
    for layer in dict.fromkeys(one.layer for one in results):
        ones = [one for one in results if one.layer == layer]
        cases, steps = len({id(one.case) for one in ones}), sum(one.result.taken for one in ones)
        attempts = f", {many(len(ones), 'attempt')}" if len(ones) > cases else ""
        typer.echo(f"{layer}: {many(cases, 'conversation')}{attempts}, {many(steps, 'step')}")
    for line in (*_recordings([one for tally in tallies for one in tally.results]), *_backends(tallies)):
        typer.echo(line)
    good, bad = _counted(tallies)
    known = sum(one.outcome == "xfailed" for one in tallies)
    told = f"{good} passed" + (f", {bad} failed" if bad else "") + (f", {known} known to fail" if known else "")
    typer.secho(told, fg="red" if bad else "green")


def _recordings(results: Sequence[CaseResult]) -> Iterator[str]:
    recorded, replayed, changed = (sum(getattr(one.log, name) for one in results) for name in _LOGGED)
    if recorded or replayed:
        yield f"recordings: {recorded} made, {replayed} replayed"
    if changed:
        yield (
            f"  {changed} of these {'answers' if changed == 1 else 'answer'} a prompt that has changed since; "
            "to ask the model anew: --record all"
        )


def _backends(tallies: Sequence[Tally]) -> Iterator[str]:
    """How backends did; nothing where only the embedded brain was asked."""
    every = [one for tally in tallies for one in tally.results]
    figures = figures_of(every)
    if all(one.layer is not Layer.MODEL for one in figures):
        return
    for one in figures:
        low, high = one.interval
        yield f"{one.backend}:"
        yield f"  {one.passed} of {one.runs} passed; {percent(low)} to {percent(high)} with 95 % confidence"
        total = sum(one.verdicts.values())
        mix = ", ".join(f"{name} {percent(count / total)}" for name, count in one.verdicts.most_common())
        why = ", ".join(f"{count} × {name}" for name, count in one.reasons.most_common())
        yield f"  verdicts: {mix or 'none'}" + (f" ({why})" if why else "")
        spent = f"{one.input_tokens:,} tokens in, {one.output_tokens:,} out" if one.input_tokens else "no tokens"
        cost = f", {one.cost:.4f} {one.currency}" if one.input_tokens and one.cost is not None else ""
        yield f"  {spent}{cost}; a call took {one.latency(0.5):.3f} s, p95 {one.latency(0.95):.3f} s"
    for bias in bias_of(every):
        yield from _order(bias)
    yield from _matrix(tallies, [one.backend for one in figures])


def _order(bias: Bias) -> Iterator[str]:
    yield f"{bias.backend} with the catalog in another order: {bias.passed} of {bias.runs} passed"
    shown = ", ".join(
        f"{third} third {bias.found[third]} (by chance {bias.expected[third]:.1f})" for third in bias.found
    )
    leaning = list(bias.leaning())
    yield f"  {many(bias.picks, 'pick')}: {shown}" + (f": it leans to the {' and '.join(leaning)}" if leaning else "")


def _matrix(tallies: Sequence[Tally], backends: Sequence[str]) -> Iterator[str]:
    """The conversations in which several backends differ."""
    rows: dict[int, list[Tally]] = {}
    for tally in tallies:
        if tally.backend:
            rows.setdefault(id(tally.case), []).append(tally)
    differing = [row for row in rows.values() if len({one.passed / one.total for one in row}) > 1]
    if len(backends) > 1:
        yield f"the backends differ in {len(differing)} of {many(len(rows), 'conversation')}" + ":" * bool(differing)
        for row in differing:
            cells = ", ".join(f"{one.backend} {one.passed}/{one.total}" for one in row)
            yield f"  {row[0].case.conversation.name}: {cells}"


def many(count: int, what: str) -> str:
    """A number of things in words."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _counted(tallies: Sequence[Tally]) -> tuple[int, int]:
    good = sum(one.outcome == "passed" for one in tallies)
    return good, sum(not one.ok for one in tallies)


@contextmanager
def mutation_progress() -> Iterator[Callable[[int, int], None]]:
    """A line at a terminal that tells how far mutating is; nothing elsewhere."""
    shown = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        if shown:
            sys.stderr.write(f"\r\x1b[K{done} of {total} mutants")
            sys.stderr.flush()

    yield progress
    if shown:
        sys.stderr.write("\r\x1b[K")
