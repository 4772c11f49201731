"""`npc check`: every finding in the files of a cast."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from npc.cli.places import find_casts
from npc.diagnostics import Diagnostic, Severity

EXAMPLE = "npc check catalogs/keep"


class Format(StrEnum):
    """How findings are printed: with source line and hint, or one line each for editors."""

    LONG = "long"
    SHORT = "short"


def command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Casts, or folders of casts.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON object.")] = False,
    shape: Annotated[Format, typer.Option("--format", help="short: one line each, for editors.")] = Format.LONG,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as findings, too.")] = False,
) -> None:
    """Find mistakes in casts. Files, types and pseudocode are checked; exit status 1 if there is an error."""
    folders = list(dict.fromkeys(folder for path in paths for folder in find_casts(path)))
    found = {folder: _check(folder) for folder in folders}
    everything = [diagnostic for diagnostics, _ in found.values() for diagnostic in diagnostics]
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in everything)
    warnings = len(everything) - errors
    if as_json:
        casts = [{"path": str(f), "diagnostics": [d.as_json() for d in ds]} for f, (ds, _) in found.items()]
        typer.echo(json.dumps({"casts": casts, "errors": errors, "warnings": warnings}, indent=2, ensure_ascii=False))
    elif shape is Format.SHORT:
        for diagnostic in everything:
            typer.echo(f"{diagnostic.position}: {diagnostic.severity}[{diagnostic.code}] {diagnostic.message}")
    else:
        for folder, (diagnostics, contents) in found.items():
            _print(folder, diagnostics, contents)
    raise typer.Exit(1 if errors or (strict and warnings) else 0)


def _check(folder: Path) -> tuple[list[Diagnostic], str]:
    """The findings, and what there is in the cast as far as it loads."""
    from npc.errors import CatalogError
    from npc.logic.cast import load

    try:
        cast = load(folder)
    except CatalogError as error:
        return list(error.diagnostics), ""
    declared = [character.declaration for character in cast.characters.values()]
    contents = ", ".join(
        _count(number, noun)
        for number, noun in (
            (len(declared), "character"),
            (sum(len(one.responses) for one in declared), "response"),
            (len(cast.catalog.facts), "fact"),
        )
    )
    return list(cast.diagnostics), contents


def _print(folder: Path, diagnostics: list[Diagnostic], contents: str) -> None:
    for diagnostic in diagnostics:
        place, *rest = diagnostic.render().split("\n", 1)
        typer.secho(place, fg="red" if diagnostic.severity is Severity.ERROR else "yellow")
        for text in rest:
            typer.echo(text)
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    counted = [_count(errors, "error")] if errors else []
    counted += [_count(len(diagnostics) - errors, "warning")] if len(diagnostics) > errors else []
    summary = f"{folder}: {' and '.join(counted) or 'fine'}" + (f" ({contents})" if contents else "")
    typer.secho(summary, fg="red" if errors else "yellow" if diagnostics else "green")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
