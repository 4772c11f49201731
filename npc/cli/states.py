"""`npc graph --states`: which facts are shown, and what is said about the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from npc.cli.places import WrongUse
from npc.diagnostics import did_you_mean

if TYPE_CHECKING:
    from npc.drawing import Graph
    from npc.exploration.states import Painter
    from npc.logic.cast import Cast

MOST_STATES, MOST_TURNS = 150, 600
"""States and turns of a picture that are drawn at most."""


def state_graph(cast: Cast, character: str | None, chosen: str | None) -> Graph:
    """The states of a cast.

    Args:
        cast: the cast.
        character: whose facts are shown where none are chosen; None for everybody's.
        chosen: facts with commas between them, or the beginning of their names up to a dot; None to have them chosen.

    Raises:
        WrongUse: facts that make no states, or too many states to draw.
    """
    from npc.drawing.state_graph import states_of
    from npc.exploration.preparing import prepare
    from npc.exploration.states import Painter, TooManyStates

    owner = None if character is None else cast.character(character).id
    prepared = prepare(cast)
    for left_out in prepared.left_out:
        typer.echo(f"not shown: {left_out}", err=True)
    painter = Painter(cast, prepared)
    title = f"{cast.catalog.title}: states"
    if chosen is None:
        pictures, others = painter.chosen_by_itself(owner)
        if others:
            typer.echo(f"not shown: {', '.join(others)}; choose with --facts NAME,NAME", err=True)
        if not pictures:
            raise WrongUse("there are no states to show: no turn changes a fact that another turn depends on")
        return states_of(title, pictures)
    names = list(dict.fromkeys(name for one in chosen.split(",") for name in _named(cast, painter, one.strip())))
    try:
        picture = painter.states(names)
    except TooManyStates as problem:
        raise WrongUse(f"--facts {chosen}: {problem}; choose fewer") from problem
    if len(picture.states) > MOST_STATES or len(picture.turns) > MOST_TURNS:
        size = f"{len(picture.states):,} states and {len(picture.turns):,} turns between them"
        limits = f"{MOST_STATES} states and {MOST_TURNS} turns"
        raise WrongUse(f"--facts {chosen}: there are {size}, and {limits} can be drawn at most; choose fewer")
    if not picture.exact:
        typer.echo("too much decides about these facts to follow all of it: some turns may never come", err=True)
    return states_of(title, [picture])


def _named(cast: Cast, painter: Painter, given: str) -> Iterator[str]:
    """The facts that are meant."""
    below = [name for name in painter.names if name == given or name.startswith(f"{given}.")]
    if below:
        yield from below
        return
    fact = cast.catalog.facts.get(given)
    if fact is None:
        near = did_you_mean(given, _all_names(cast, painter.names))
        raise WrongUse(f"--facts {given}: no fact of the cast is named so" + (f"; {near}" if near else ""))
    if fact.game_owned:
        why = "it belongs to the game, which may change it at any time, and is no part of the cast's own state"
    else:
        why = "no turn that changes it is followed by one that depends on it"
    raise WrongUse(f"--facts {given}: {why}; choose among {', '.join(painter.names)}")


def _all_names(cast: Cast, names: Sequence[str] | dict[str, int]) -> list[str]:
    return list(dict.fromkeys([*cast.catalog.facts, *names]))
