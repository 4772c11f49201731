"""`npc test`: recorded conversations, and whether they still come out as they must."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from npc.testing.cases import CaseResult

EXAMPLE = "npc test seeds"

Several = list[str] | None


def command(
    paths: Annotated[
        Several, typer.Argument(metavar="PATH", help="Dialogue files, or folders of them. Default: all seeds.")
    ] = None,
    backend: Annotated[
        str | None,
        typer.Option(metavar="SPEC", help="What understands the words. Default: what NPC_BACKEND says, or embedded."),
    ] = None,
    cast: Annotated[Several, typer.Option(metavar="CAST", help="Only conversations with this cast.")] = None,
    character: Annotated[Several, typer.Option(metavar="ID", help="Only those that talk to this character.")] = None,
    tag: Annotated[Several, typer.Option(metavar="TAG", help="Only those with this tag.")] = None,
    response: Annotated[Several, typer.Option(metavar="ID", help="Only those that expect this response.")] = None,
    name: Annotated[Several, typer.Option(metavar="TEXT", help="Only those with this in their name.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print failures and the counts only.")] = False,
    output: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="`text`, or `github`: with annotations for a hosted CI.")
    ] = "text",
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the results as JUnit XML, too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as one JSON object.")] = False,
) -> None:
    """Run recorded conversations. What comes of them is compared with what *.dialogue.yaml files expect.

    --cast, --character, --tag, --response and --name choose among them; each may be given several times.
    """
    import asyncio

    from npc.backends.specs import default_spec
    from npc.cli.files import write_text
    from npc.cli.places import WrongUse
    from npc.testing import find_all_dialogues, find_dialogues
    from npc.testing.cases import Selection, collect, run_cases
    from npc.testing.junit import junit_xml

    if output not in ("text", "github"):
        raise WrongUse(f"--format {output}: one of text, github")
    selection = Selection(cast or (), character or (), tag or (), response or (), name or ())
    cases = selection.of(collect(find_dialogues(paths) if paths else find_all_dialogues()))
    spec = default_spec(os.environ) if backend is None else backend

    def done(one: CaseResult) -> None:
        if not as_json:
            _print(one, quiet, output)

    results = asyncio.run(run_cases(cases, spec, done))
    if junit is not None:
        write_text(junit, junit_xml(results))
    if as_json:
        typer.echo(json.dumps(_report(results), indent=2, ensure_ascii=False))
    else:
        _summary(results)
    raise typer.Exit(0 if all(one.result.ok for one in results) else 1)


_WORDS = {"passed": "ok", "failed": "FAILED", "xfailed": "xfail", "xpassed": "FAILED"}


def _print(one: CaseResult, quiet: bool, output: str) -> None:
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


def _summary(results: Sequence[CaseResult]) -> None:
    for layer in dict.fromkeys(one.layer for one in results):
        ones = [one.result for one in results if one.layer == layer]
        steps = sum(one.taken for one in ones)
        typer.echo(f"{layer}: {_many(len(ones), 'conversation')}, {_many(steps, 'step')}")
    good, bad = _counted(results)
    known = sum(one.result.outcome == "xfailed" for one in results)
    told = f"{good} passed" + (f", {bad} failed" if bad else "") + (f", {known} known to fail" if known else "")
    typer.secho(told, fg="red" if bad else "green")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _counted(results: Sequence[CaseResult]) -> tuple[int, int]:
    good = sum(one.result.outcome == "passed" for one in results)
    return good, sum(not one.result.ok for one in results)


def _report(results: Sequence[CaseResult]) -> dict[str, Any]:
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
