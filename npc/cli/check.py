"""`npc check`: every finding in the files of a cast."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from npc.cli import exploring
from npc.cli.exploring import Explorer, Limits
from npc.cli.places import WrongUse, find_casts
from npc.diagnostics import RULES, Diagnostic, Severity, did_you_mean

if TYPE_CHECKING:
    from npc.exploration import Exploration
    from npc.logic.cast import Cast

EXAMPLE = "npc check catalogs/keep"


class Format(StrEnum):
    """How findings are printed: with source line and hint, in one line each for editors, or for a hosted CI."""

    LONG = "long"
    SHORT = "short"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking a cast; `contents` says what there is in it, as far as it loads; `explored` is what was
    found by exploring it, if it was."""

    diagnostics: list[Diagnostic]
    allowed: int
    contents: str
    cast: Cast | None = None
    explored: Exploration | None = None


def command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Casts, or folders of casts.")],
    select: Annotated[
        str | None, typer.Option(metavar="CODES", help="Only warnings whose codes begin so: W2,L414. Errors always.")
    ] = None,
    ignore: Annotated[str | None, typer.Option(metavar="CODES", help="No warnings whose codes begin so.")] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what is certain, such as double spaces, in the files.")
    ] = False,
    longest_line: Annotated[
        int | None, typer.Option(metavar="N", min=20, help="Characters that a speech box holds.")
    ] = None,
    explore: Annotated[
        bool, typer.Option("--explore", help="Take every conversation there can be, and report what goes wrong.")
    ] = False,
    max_states: Annotated[
        int | None, typer.Option("--max-states", metavar="N", min=1, help="States that exploring keeps at most.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--time", metavar="SECONDS", min=0.0, help="Explore each cast for so long at most.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, max=64, help="Explore on so many cores.")] = 1,
    witnesses: Annotated[
        Path | None,
        typer.Option("--witnesses", metavar="FILE", help="Write the conversations found, as a dialogue file."),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a file is saved, until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON object.")] = False,
    shape: Annotated[
        Format, typer.Option("--format", help="short: one line each, for editors; github: annotations.")
    ] = Format.LONG,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as findings, too.")] = False,
) -> None:
    """Find mistakes in casts. Files, types, pseudocode and texts are checked; exit status 1 if there is an error."""
    wanted = _filter(select, ignore)
    folders = list(dict.fromkeys(folder for path in paths for folder in find_casts(path)))
    explore = explore or jobs > 1 or max_states is not None or seconds is not None or witnesses is not None
    explorer = Explorer(Limits(max_states, seconds, jobs)) if explore else None
    if witnesses is not None and len(folders) > 1:
        raise WrongUse("--witnesses: a dialogue file is about one cast; name one")

    def check() -> bool:
        found = {folder: _check(folder, wanted, longest_line, explorer, fix=fix) for folder in folders}
        if witnesses is not None:
            for checked in found.values():
                _write_witnesses(witnesses, checked)
        return _report(found, shape, as_json=as_json, strict=strict)

    if watch:
        _watch(folders, check)
    raise typer.Exit(1 if check() else 0)


def _filter(select: str | None, ignore: str | None) -> Callable[[Diagnostic], bool]:
    chosen, left_out = _codes("--select", select), _codes("--ignore", ignore)

    def wanted(diagnostic: Diagnostic) -> bool:
        if diagnostic.severity is Severity.ERROR:
            return True
        return diagnostic.code.startswith(chosen or ("",)) and not (left_out and diagnostic.code.startswith(left_out))

    return wanted


def _codes(option: str, given: str | None) -> tuple[str, ...]:
    import npc.exploration.rules
    import npc.linting.rules
    import npc.logic.cast  # noqa: F401  (declares its codes)

    codes = tuple(code.strip() for code in (given or "").split(",") if code.strip())
    for code in codes:
        if not any(known.startswith(code) for known in RULES):
            raise WrongUse(f"{option} {code}: no diagnostic code begins so; {did_you_mean(code, RULES)}")
    return codes


def _check(
    folder: Path,
    wanted: Callable[[Diagnostic], bool],
    longest_line: int | None,
    explorer: Explorer | None,
    *,
    fix: bool,
) -> Checked:
    from npc.errors import CatalogError
    from npc.linting import LONGEST_LINE, Allowances, lint_cast
    from npc.logic.cast import load

    try:
        cast = load(folder)
    except CatalogError as error:
        return Checked([diagnostic for diagnostic in error.diagnostics if wanted(diagnostic)], 0, "")
    lints = lint_cast(cast, longest_line=longest_line or LONGEST_LINE)
    if fix and _fix(cast, lints):
        return _check(folder, wanted, longest_line, explorer, fix=False)
    explored = None if explorer is None else explorer.explore(cast)
    found = [*cast.diagnostics, *lints, *(explored.diagnostics if explored else ())]
    # An allowance of what was not looked for may well be needed.
    looked_for = ("C", "L", "P", "W", "X" if explored else "X1")
    kept, allowed = Allowances(cast.catalog.sources).apply(found, looked_for)
    return Checked([one for one in kept if wanted(one)], allowed, _contents(cast), cast, explored)


def _write_witnesses(path: Path, checked: Checked) -> None:
    from npc.cli.witnesses import report, write_witnesses

    if checked.cast is not None:
        shown = exploring.witnesses_of(checked.explored)
        report(path, write_witnesses(path, checked.cast, checked.diagnostics, shown))


def _fix(cast: Cast, lints: Sequence[Diagnostic]) -> bool:
    """Write the certain mends into the files, and say so; whether there were any."""
    from npc.linting import fixes_for
    from npc.testing.whole_files import write_text

    fixes = fixes_for(cast, lints)
    for one in fixes:
        path = Path(one.file)
        line_end = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
        write_text(path, one.text.replace("\n", line_end))
        typer.echo(f"{one.file}: mended {_count(one.mended, 'text')}", err=True)
    return bool(fixes)


def _contents(cast: Cast) -> str:
    declared = [character.declaration for character in cast.characters.values()]
    return ", ".join(
        _count(number, noun)
        for number, noun in (
            (len(declared), "character"),
            (sum(len(one.responses) for one in declared), "response"),
            (len(cast.catalog.facts), "fact"),
        )
    )


def _watch(folders: Sequence[Path], check: Callable[[], bool]) -> None:
    """Check now and after every change, until interrupted."""
    import time

    from npc.cli.files import stamps

    seen: dict[Path, tuple[int, int]] | None = None
    while True:
        now = stamps(folders)
        if now != seen:
            seen = now
            started = time.perf_counter()
            check()
            typer.echo(
                f"checked in {1000 * (time.perf_counter() - started):.0f} ms; waiting for a change (Ctrl-C ends)"
            )
        time.sleep(WATCH_INTERVAL)


WATCH_INTERVAL = 0.05
"""Seconds between two looks at the files' times."""


def _report(found: dict[Path, Checked], shape: Format, *, as_json: bool, strict: bool) -> bool:
    """Print the findings; whether they count as findings for the exit status."""
    everything = [diagnostic for checked in found.values() for diagnostic in checked.diagnostics]
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in everything)
    warnings = len(everything) - errors
    if as_json:
        casts = [{"path": str(folder), **_as_json(checked)} for folder, checked in found.items()]
        typer.echo(json.dumps({"casts": casts, "errors": errors, "warnings": warnings}, indent=2, ensure_ascii=False))
    elif shape is Format.LONG:
        for folder, checked in found.items():
            _print(folder, checked)
    else:
        for diagnostic in everything:
            typer.echo(_annotation(diagnostic) if shape is Format.GITHUB else _in_one_line(diagnostic))
    return bool(errors or (strict and warnings))


def _as_json(checked: Checked) -> dict[str, Any]:
    witnesses = exploring.witnesses_of(checked.explored)
    diagnostics = [
        {**d.as_json(), **({"witness": [str(step) for step in witnesses[d]]} if d in witnesses else {})}
        for d in checked.diagnostics
    ]
    explored = {} if checked.explored is None else {"explored": exploring.as_json(checked.explored)}
    return {"diagnostics": diagnostics, **explored}


def _in_one_line(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.position}: {diagnostic.severity}[{diagnostic.code}] {diagnostic.message}"


def _annotation(diagnostic: Diagnostic) -> str:
    """A workflow command, as hosted CI services read it to mark the line of a change."""
    place = diagnostic.position
    message = f"{diagnostic.message}" + (f" ({diagnostic.hint})" if diagnostic.hint else "")
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    title = f"{diagnostic.code} {diagnostic.rule.name}"
    return f"::{diagnostic.severity} file={place.file},line={place.line},col={place.column},title={title}::{escaped}"


def _print(folder: Path, checked: Checked) -> None:
    diagnostics = checked.diagnostics
    witnesses = exploring.witnesses_of(checked.explored)
    for diagnostic in diagnostics:
        place, *rest = diagnostic.render().split("\n", 1)
        typer.secho(place, fg="red" if diagnostic.severity is Severity.ERROR else "yellow")
        for text in rest:
            typer.echo(text)
        exploring.print_witness(witnesses.get(diagnostic, ()))
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    counted = [_count(errors, "error")] if errors else []
    counted += [_count(len(diagnostics) - errors, "warning")] if len(diagnostics) > errors else []
    details = [checked.contents] if checked.contents else []
    details += [f"{_count(checked.allowed, 'finding')} allowed"] if checked.allowed else []
    summary = f"{folder}: {' and '.join(counted) or 'fine'}" + (f" ({', '.join(details)})" if details else "")
    typer.secho(summary, fg="red" if errors else "yellow" if diagnostics else "green")
    if checked.explored is not None:
        exploring.print_summary(checked.explored)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
