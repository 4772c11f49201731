"""`npc new`: a cast that runs at once, as a place to start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from npc.cli.places import CATALOGS, WrongUse

EXAMPLE = "npc new tavern"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the cast: small letters, digits and _.")],
    folder: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="Where to put it: catalogs/ if there is one, else here.")
    ] = None,
) -> None:
    """Write a cast that runs at once. A world, a character, a conversation that tests it; overwrites nothing."""
    from npc.cli.starter import FILES, render

    if not _NAME.fullmatch(name):
        raise WrongUse(f"`{name}` cannot name a cast: use small letters, digits and _, such as: old_tavern")
    parent = folder if folder is not None else Path(CATALOGS) if Path(CATALOGS).is_dir() else Path()
    cast = parent / name
    if cast.exists():
        raise WrongUse(f"{cast} exists already, and nothing is overwritten; choose another name")
    for file, text in FILES.items():
        path = cast / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(text, name), encoding="utf-8")
        typer.echo(f"wrote {path}")
    # `npc play NAME` finds what lies here or under catalogs/; anything else needs the path.
    shown = name if folder is None or cast in (Path(name), Path(CATALOGS, name)) else str(cast)
    typer.echo(f"\nTalk to it:  npc play {shown}\nCheck it:    npc check {shown}\nTest it:     npc test {cast}")
