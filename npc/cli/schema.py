"""`npc schema`: the JSON Schemas of the files a writer edits, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from npc.cli.places import WrongUse
from npc.diagnostics import did_you_mean

EXAMPLE = "npc schema character"


def command(
    kind: Annotated[
        str | None,
        typer.Argument(metavar="KIND", help="world, character, common, dialogue or prices; all when left out."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write KIND.schema.json files there, do not print.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; tell whether the files in DIR are current.")
    ] = False,
) -> None:
    """Publish the JSON Schemas. They let editors complete and check world, character and dialogue files."""
    from npc.catalog.schemas import KINDS, schema_for

    wanted = [known for known in KINDS if kind in (None, known)]
    if not wanted:
        raise WrongUse(f"no kind of file `{kind}`: {did_you_mean(str(kind), KINDS)}")
    if check and out is None:
        raise WrongUse("--check needs --out DIR: the folder whose files to look at")
    schemas = {name: schema_for(name) for name in wanted}
    if out is None:
        shown = schemas if kind is None else schemas[wanted[0]]
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    texts = {out / f"{name}.schema.json": _text(schema) for name, schema in schemas.items()}
    if check:
        stale = [path for path, text in texts.items() if not path.is_file() or path.read_text("utf-8") != text]
        for path in stale:
            typer.secho(f"{path} is not current; write it with: npc schema --out {out}", fg="red")
        if stale:
            raise typer.Exit(1)
        typer.echo(f"{len(texts)} schemas in {out} are current")
        return
    out.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
        typer.echo(f"wrote {path}")


def _text(schema: object) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
