"""`npc test`: recorded conversations, and whether they still come out as they must."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from npc.testing.cases import CaseResult
    from npc.testing.coverage import Coverage
    from npc.testing.mutation import MutationResult
    from npc.testing.recordings import Mode
    from npc.testing.statistics import Tally

EXAMPLE = "npc test seeds"

Several = list[str] | None


def command(
    paths: Annotated[
        Several, typer.Argument(metavar="PATH", help="Dialogue files, or folders of them. Default: all seeds.")
    ] = None,
    backend: Annotated[
        Several,
        typer.Option(
            metavar="SPEC",
            help="What understands the words; several times, to compare. Default: what NPC_BACKEND says, or embedded.",
        ),
    ] = None,
    record: Annotated[
        str,
        typer.Option(
            metavar="MODE",
            help="Replies of models: `none`, from recordings only; `once`, record those that are missing; "
            "`all`, record all anew.",
        ),
    ] = "none",
    live: Annotated[bool, typer.Option("--live", help="Ask models, and keep no recordings.")] = False,
    epochs: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=100, help="With a model: run each conversation N times.")
    ] = None,
    at_least: Annotated[
        int | None, typer.Option(metavar="K", min=1, max=100, help="How many of the epochs must pass; default: all.")
    ] = None,
    orders: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            max=100,
            help="With a model: run each N times more, the catalog listed in another order each time.",
        ),
    ] = 0,
    cast: Annotated[Several, typer.Option(metavar="CAST", help="Only conversations with this cast.")] = None,
    character: Annotated[Several, typer.Option(metavar="ID", help="Only those that talk to this character.")] = None,
    tag: Annotated[Several, typer.Option(metavar="TAG", help="Only those with this tag.")] = None,
    response: Annotated[Several, typer.Option(metavar="ID", help="Only those that expect this response.")] = None,
    name: Annotated[Several, typer.Option(metavar="TEXT", help="Only those with this in their name.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print failures and the counts only.")] = False,
    output: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="`text`, or `github`: with annotations for a hosted CI.")
    ] = "text",
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Tell which responses, decisions, effects and intents were taken.")
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(metavar="PERCENT", min=0, max=100, help="Fail where less is covered, or with --mutate, noticed."),
    ] = None,
    mutants: Annotated[
        bool, typer.Option("--mutate", help="Put small mistakes into the logic, and tell which no seed notices.")
    ] = False,
    missing: Annotated[
        bool, typer.Option("--write-missing", help="Draft seeds for what is missing, in new files beside the seeds.")
    ] = False,
    update: Annotated[
        bool,
        typer.Option("--update", help="Rewrite expectations that differ to what comes now; shows the diff first."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --update: do not ask.")] = False,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the results as JUnit XML, too.")] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Write a page of all results and the coverage, and the same as JSON."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as one JSON object.")] = False,
) -> None:
    """Run recorded conversations. What comes of them is compared with what *.dialogue.yaml files expect.

    --cast, --character, --tag, --response and --name choose among them; each may be given several times.
    """
    import asyncio

    from npc.backends.specs import default_spec
    from npc.cli.places import WrongUse
    from npc.cli.test_output import print_findings, print_result, print_summary
    from npc.errors import CatalogError
    from npc.testing import coverage_report, find_all_dialogues, find_dialogues, mutation_report
    from npc.testing.cases import Selection, collect
    from npc.testing.junit import junit_xml
    from npc.testing.report import content_of, write_report
    from npc.testing.results_json import report_of
    from npc.testing.runs import Plan, run_cases
    from npc.testing.statistics import tallies_of
    from npc.testing.whole_files import write_text

    if report is not None and report.suffix.lower() not in (".html", ".htm"):
        raise WrongUse(f"--report {report}: name a page, such as {report.with_suffix('.html')}")
    if output not in ("text", "github"):
        raise WrongUse(f"--format {output}: one of text, github")
    selection = Selection(cast or (), character or (), tag or (), response or (), name or ())
    files = find_dialogues(paths) if paths else find_all_dialogues()
    try:
        cases = selection.of(collect(files))
    except CatalogError as error:
        if output == "github":
            print_findings(error.diagnostics)
        raise
    specs = list(dict.fromkeys(backend or [default_spec(os.environ)]))
    if at_least is not None and at_least > (epochs or 1):
        raise WrongUse(f"--at-least {at_least} can never be of --epochs {epochs or 1}: ask for more epochs")
    plan = Plan(specs, _mode(record, live, specs), epochs, at_least, orders, update)

    def done(one: Tally) -> None:
        if not as_json:
            print_result(one, quiet, output)

    every = asyncio.run(run_cases(cases, plan, done))
    results = [one for one in every if not one.order]
    tallies = tallies_of(every, at_least)
    if junit is not None:
        write_text(junit, junit_xml(tallies))
    told = report_of(tallies)
    good = all(one.ok for one in tallies)
    if not as_json:
        print_summary(tallies)
    if update:
        good = _update(results, yes, as_json)
    mutations: list[MutationResult] = []
    if mutants:
        mutations, enough = _mutate(results, missing, fail_under, as_json, character or ())
        told["mutants"] = [mutation_report.as_json(one) for one in mutations]
        good = good and enough
    if coverage or (not mutants and (missing or fail_under is not None)):
        coverages, enough = _cover(results, missing, fail_under, as_json)
        told["coverage"] = [coverage_report.as_json(one) for one in coverages]
        good = good and enough
    if report is not None:
        beside = write_report(report, content_of(tallies, coverage_report.measure(results), mutations))
        typer.echo(f"wrote {report} and {beside}", err=as_json)
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    raise typer.Exit(0 if good else 1)


def _mode(record: str, live: bool, specs: Sequence[str]) -> Mode:
    """Where the replies of models come from.

    Raises:
        WrongUse: that cannot be, or there is no model to record.
    """
    from npc.backends.specs import is_model, parts_of
    from npc.cli.places import WrongUse
    from npc.testing.recordings import Mode

    if record not in ("none", "once", "all"):
        raise WrongUse(f"--record {record}: one of none, once, all")
    if live and record != "none":
        raise WrongUse("--live keeps nothing, and --record does: choose one")
    if record != "none" and not any(is_model(part) for spec in specs for part in parts_of(spec)):
        told = f"{' and '.join(specs)} is no model, so there is nothing to record; add --backend openai:MODEL"
        raise WrongUse(f"--record {record}: {told}")
    return Mode.LIVE if live else Mode(record)


def _cover(
    results: list[CaseResult], missing: bool, fail_under: float | None, as_json: bool
) -> tuple[list[Coverage], bool]:
    """Tell the coverage; also whether it is enough."""
    from npc.testing import coverage_report
    from npc.testing.coverage import KINDS

    enough, coverages = True, coverage_report.measure(results)
    for covered in coverages:
        if not as_json:
            typer.echo("\n".join(coverage_report.render(covered)))
        if missing:
            first = next(one.case.file for one in results if one.case.cast is covered.cast)
            files, left = coverage_report.write_missing(covered, first.parent)
            for file in files:
                typer.echo(f"wrote {file}", err=as_json)
            for target in left:
                typer.echo(f"no conversation was found for this: {target}", err=as_json)
        for kind in KINDS:
            if fail_under is not None and covered.percent(kind) < fail_under:
                enough = False
                told = f"{covered.cast.catalog.world}: {kind} coverage is {covered.percent(kind):.1f} %"
                typer.secho(f"{told}, less than {fail_under:g} %", fg="red", err=as_json)
    return coverages, enough


def _mutate(
    results: list[CaseResult], missing: bool, fail_under: float | None, as_json: bool, characters: Sequence[str]
) -> tuple[list[MutationResult], bool]:
    """Tell which mutants survive; also whether few enough do."""
    from npc.cli.test_output import mutation_progress
    from npc.testing import mutation_report
    from npc.testing.mutation import mutate

    enough = True
    mutations: list[MutationResult] = []
    for cast in {id(one.case.cast): one.case.cast for one in results}.values():
        with mutation_progress() as progress:
            result = mutate(cast, results, progress, [name for name in characters if name in cast.characters])
        mutations.append(result)
        if not as_json:
            typer.echo("\n".join(mutation_report.render(result)))
        if missing:
            first = next(one.case.file for one in results if one.case.cast is cast)
            files, left = mutation_report.write_guards(result, first.parent)
            for file in files:
                typer.echo(f"wrote {file}", err=as_json)
            for survivor in left:
                place = f"{survivor.file}:{survivor.mutant.line}: {survivor.mutant.what}"
                typer.echo(f"no conversation was found for this: {place}", err=as_json)
        if fail_under is not None and result.percent < fail_under:
            enough = False
            told = f"{cast.catalog.world}: {result.percent:.1f} % of the mutants are noticed"
            typer.secho(f"{told}, less than {fail_under:g} %", fg="red", err=as_json)
    return mutations, enough


def _update(results: list[CaseResult], yes: bool, as_json: bool) -> bool:
    """Rewrite the files after showing how; whether everything that failed is rewritten."""
    import difflib
    import sys

    from npc.cli.places import WrongUse
    from npc.testing.updating import updates_of
    from npc.testing.whole_files import write_text

    updates = updates_of(results)
    for one in updates:
        lines = (one.before.splitlines(), one.after.splitlines())
        for line in difflib.unified_diff(*lines, str(one.file), str(one.file), lineterm=""):
            typer.echo(line, err=as_json)
        for told in one.left:
            typer.secho(f"not rewritten: {told}", fg="red", err=as_json)
    changed = [one for one in updates if one.after != one.before]
    if changed and not yes:
        if not sys.stdin.isatty():
            raise WrongUse("--update asks before it writes, and nobody can answer here: look at the diff and add --yes")
        if not typer.confirm(f"Rewrite {len(changed)} file{'' if len(changed) == 1 else 's'}?", err=as_json):
            return False
    for one in changed:
        write_text(one.file, one.after)
        typer.echo(f"rewrote {one.file}", err=as_json)
    return not any(one.left for one in updates) and all(one.result.outcome != "xpassed" for one in results)
