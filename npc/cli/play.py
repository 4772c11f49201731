"""`npc play`: a conversation with a cast in the terminal, or piped through it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from npc.cli.places import find_cast

EXAMPLE = "npc play catalogs/keep warden"


def command(
    cast: Annotated[str, typer.Argument(metavar="CAST", help="The cast's folder, or its name under catalogs/.")],
    character: Annotated[str | None, typer.Argument(metavar="CHARACTER", help="Whom to talk to first.")] = None,
    backend: Annotated[
        str | None,
        typer.Option(
            metavar="SPEC",
            help="embedded, openai:MODEL, openai:MODEL@URL, scripted:FILE, replay:DIR; several, tried in order, "
            "joined with |. Default: what NPC_BACKEND says, or embedded.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides chance, and which variant of a line is said.")] = 0,
    restore: Annotated[Path | None, typer.Option(metavar="FILE", help="Go on from a save.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a turn, nothing else.")] = False,
) -> None:
    """Talk to a cast. Type what you like; /help shows the commands. Reads lines from a pipe as well."""
    import npc
    from npc.backends.specs import default_spec
    from npc.cli.conversation import JsonLines, Talk, read_save
    from npc.cli.screen import Screen

    spec = default_spec(os.environ) if backend is None else backend
    loaded = npc.load(find_cast(cast))
    first = loaded.character(character).id if character is not None else next(iter(loaded.characters))
    if restore is None:
        session = npc.Session(loaded, backend=spec, seed=seed)
    else:
        session = npc.Session.restore(loaded, read_save(restore), backend=spec)
    view = JsonLines() if as_json else Screen(list(loaded.characters))
    Talk(session, first, view, interactive=sys.stdin.isatty() and not as_json).run()
