"""`npc play`: a conversation with a cast in the terminal, or piped through it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from npc.cli.places import WrongUse, find_cast

EXAMPLE = "npc play catalogs/keep warden"


def command(
    cast: Annotated[
        str | None, typer.Argument(metavar="CAST", help="The cast's folder, or its name under catalogs/.")
    ] = None,
    character: Annotated[str | None, typer.Argument(metavar="CHARACTER", help="Whom to talk to first.")] = None,
    backend: Annotated[
        str | None,
        typer.Option(
            metavar="SPEC",
            help="embedded, openai:MODEL, openai:MODEL@URL, scripted:FILE, replay:DIR, "
            "python:FILE:NAME; several, tried in order, "
            "joined with |. Default: what NPC_BACKEND says, or embedded.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides chance, and which variant of a line is said.")] = 0,
    restore: Annotated[Path | None, typer.Option(metavar="FILE", help="Go on from a save.")] = None,
    replay: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Show the conversations of a dialogue file; at a terminal, go on from there."
        ),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep the conversation as a seed, at its end or with /seed NAME: adds to this dialogue file.",
        ),
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A price table of your own, for /cost and --budget.")
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(metavar="AMOUNT", min=0, help="Money; once it is spent, the next backend that is free answers."),
    ] = None,
    hedge: Annotated[
        bool, typer.Option("--hedge", help="Begin with the next backend too where one is slower than it mostly is.")
    ] = False,
    shortlist: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Offer a model the N likeliest intents only.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a turn, nothing else.")] = False,
) -> None:
    """Talk to a cast. Type what you like; /help shows the commands. Reads lines from a pipe as well."""
    import npc
    from npc.backends.specs import default_spec
    from npc.catalog import load_dialogue
    from npc.cli.conversation import JsonLines, Talk, read_save
    from npc.cli.keeping import Keeper
    from npc.cli.replaying import play_dialogue
    from npc.cli.screen import Screen
    from npc.testing import find_cast_folder

    if replay is not None and restore is not None:
        raise WrongUse("--replay begins anew, and --restore goes on from a save: choose one")
    if record is not None and (replay is not None or restore is not None):
        raise WrongUse("--record keeps a conversation from its first turn: leave out --replay and --restore")
    spec = default_spec(os.environ) if backend is None else backend
    dialogue = None if replay is None else load_dialogue(replay)
    if cast is not None:
        folder = find_cast(cast)
    elif replay is not None and dialogue is not None:
        folder = find_cast_folder(replay, dialogue.cast)
    else:
        raise WrongUse(f"CAST is missing, such as: {EXAMPLE}")
    loaded = npc.load(folder)
    first = loaded.character(character).id if character is not None else next(iter(loaded.characters))
    account = npc.Account(prices, None if budget is None else npc.Budget(cost=budget))
    keeper = Keeper(loaded, spec, record)
    view = JsonLines() if as_json else Screen(list(loaded.characters))
    interactive = sys.stdin.isatty() and not as_json
    if dialogue is not None:
        session = play_dialogue(loaded, dialogue, spec, account, view)
        if not interactive:
            return
    elif restore is None:
        session = npc.Session(
            loaded, backend=keeper.backends(), seed=seed, account=account, hedge=hedge, shortlist=shortlist
        )
    else:
        session = npc.Session.restore(
            loaded, read_save(restore), backend=spec, account=account, hedge=hedge, shortlist=shortlist
        )
    Talk(session, first, view, keeper, interactive=interactive).run()
