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
        raise WrongUse(f"`{name}` cannot name a cast: use small letters, digits and _, such as: {_made_valid(name)}")
    parent = folder if folder is not None else Path(CATALOGS) if Path(CATALOGS).is_dir() else Path()
    cast = parent / name
    if cast.exists():
        raise WrongUse(f"{cast} exists already, and nothing is overwritten; choose another name")
    shared = _shared_beside(parent)
    for file, text in FILES.items():
        path = cast / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(text, name, shared), encoding="utf-8")
        typer.echo(f"wrote {path}")
    # `npc play NAME` finds what lies here or under catalogs/; anything else needs the path.
    shown = name if folder is None or cast in (Path(name), Path(CATALOGS, name)) else str(cast)
    typer.echo(f"\nTalk to it:  npc play {shown}\nCheck it:    npc check {shown}\nTest it:     npc test {cast}")


def _made_valid(name: str) -> str:
    """The name nearest to one that cannot name a cast."""
    words = re.sub("[^a-z0-9]+", "_", name.lower()).strip("_")
    if words[:1].isdigit():
        words = f"cast_{words}"
    return words[:40].rstrip("_") or "tavern"


def _shared_beside(parent: Path) -> frozenset[str] | None:
    """The ids of the shared intents that casts in a folder use; None when it has no `common/` of its own.

    A file that has errors counts as having none, so that the new cast does not depend on it.
    """
    from npc.catalog.yaml_reader import read_document

    common = parent / "common"
    if not common.is_dir():
        return None
    found: set[str] = set()
    for path in common.glob("*.yaml"):
        document = read_document(path.read_bytes(), str(path))
        intents = (document.data or {}).get("intents")
        found |= set(intents) if isinstance(intents, dict) else set()
    return frozenset(found)
