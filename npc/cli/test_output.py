"""What `npc test` prints."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from npc.testing.cases import CaseResult

_LOGGED = ("recorded", "replayed", "changed")
_WORDS = {"passed": "ok", "failed": "FAILED", "xfailed": "xfail", "xpassed": "FAILED"}


def print_result(one: CaseResult, quiet: bool, output: str) -> None:
    """A result as it comes: a line, and what is wrong where something is."""
    result = one.result
    if not (quiet and result.ok):
        typer.secho(f"{_WORDS[result.outcome]:8}{one.case}", fg=None if result.ok else "red")
    if not result.ok:
        typer.echo("\n".join(f"  {line}" for line in result.render_problem().splitlines()))
        if output == "github":
            typer.echo(_annotation(one))


def _annotation(one: CaseResult) -> str:
    """A line that a hosted CI shows beside the step in the file."""
    result = one.result
    place = result.failure.position if result.failure else result.position
    told = "; ".join(result.failure.problems) if result.failure else result.render_problem()
    message = f"{result.name}: {told}".replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    file = place.file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::error file={file},line={place.line},col={place.column}::{message}"


def print_summary(results: Sequence[CaseResult]) -> None:
    """The layers that were tested, and how many conversations passed."""
    for layer in dict.fromkeys(one.layer for one in results):
        ones = [one.result for one in results if one.layer == layer]
        steps = sum(one.taken for one in ones)
        typer.echo(f"{layer}: {many(len(ones), 'conversation')}, {many(steps, 'step')}")
    for told in _recordings(results):
        typer.echo(told)
    good, bad = _counted(results)
    known = sum(one.result.outcome == "xfailed" for one in results)
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


def many(count: int, what: str) -> str:
    """A number of things in words."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _counted(results: Sequence[CaseResult]) -> tuple[int, int]:
    good = sum(one.result.outcome == "passed" for one in results)
    return good, sum(not one.result.ok for one in results)


def report_of(results: Sequence[CaseResult]) -> dict[str, Any]:
    """The results as plain JSON data."""
    passed, failed = _counted(results)
    files: dict[str, list[Any]] = {}
    for one in results:
        files.setdefault(str(one.case.file), []).append(_as_json(one))
    return {
        "files": [{"path": path, "conversations": ones} for path, ones in files.items()],
        "passed": passed,
        "failed": failed,
    }


def _as_json(one: CaseResult) -> dict[str, Any]:
    result, failure = one.result, one.result.failure
    return {
        "name": result.name,
        "line": result.position.line,
        "layer": str(one.layer),
        "tags": sorted(one.case.conversation.tags),
        "steps": result.taken,
        "seconds": one.seconds,
        "passed": failure is None,
        "outcome": result.outcome,
        "recordings": {name: getattr(one.log, name) for name in _LOGGED},
        "failure": None
        if failure is None
        else {
            "step": failure.step,
            "line": failure.position.line,
            "column": failure.position.column,
            "asked": failure.asked,
            "problems": list(failure.problems),
            "why": failure.why,
            "next": failure.next,
        },
    }


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
