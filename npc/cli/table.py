"""`npc table`: all that can happen in one state, hearing by hearing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from npc.cli.facts import facts_from
from npc.cli.places import find_cast

if TYPE_CHECKING:
    from npc.logic.program import Context, OutcomeTable

EXAMPLE = "npc table keep warden --fact warden.trust=3 --last quote_price"


PIPE_WIDTH = 160
"""Columns of the table where no terminal says how wide it is."""


def command(
    cast: Annotated[str, typer.Argument(metavar="CAST", help="The cast's folder, or its name under catalogs/.")],
    character: Annotated[str, typer.Argument(metavar="CHARACTER", help="The id of the character.")],
    fact: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A fact's value, instead of its initial one; may be repeated."),
    ] = None,
    last: Annotated[
        str | None, typer.Option(metavar="RESPONSE", help="The response said before; none when left out.")
    ] = None,
    turn: Annotated[int, typer.Option(min=0, help="The number of turns so far.")] = 0,
    event: Annotated[
        str | None, typer.Option(metavar="EVENT", help="What happens, instead of the player speaking.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print a state's decision table. Each row: what is heard, the effects that follow, the response."""
    import npc
    from npc.logic.program import Context

    loaded = npc.load(find_cast(cast))
    spoken_to = loaded.character(character)
    if last is not None and last not in spoken_to.declaration.responses:
        raise npc.UnknownName("response", last, spoken_to.declaration.responses)
    if event is not None and event not in loaded.catalog.events:
        raise npc.UnknownName("event", event, loaded.catalog.events)
    facts = facts_from(loaded, fact or [])
    context = Context(last, max(turn, 1) if last is not None else turn, event)
    table = spoken_to.program.outcomes(facts, context)
    if as_json:
        typer.echo(json.dumps(_as_json(table), indent=2, ensure_ascii=False))
    else:
        _print(table, f"{spoken_to.name}, {_described(context)}")


def _described(context: Context) -> str:
    if context.event is not None:
        return f"event {context.event}"
    return "at the beginning" if context.last is None else f"after {context.last}"


def _as_json(table: OutcomeTable) -> dict[str, Any]:
    return {
        "exact": table.exact,
        "allowed": list(table.allowed),
        "intents": list(table.intents),
        "outcomes": [
            {
                "conditions": list(outcome.conditions),
                "effects": list(outcome.effects),
                "response": outcome.response,
                "void": None if outcome.void is None else outcome.void.message,
            }
            for outcome in table.outcomes
        ],
    }


def _print(table: OutcomeTable, title: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not table.exact:
        typer.echo("too many outcomes to list one by one; at most these lines are allowed:")
        typer.echo("  " + ", ".join(table.allowed))
        return
    shown = Table(title=title, caption="the first row that fits is what happens", title_justify="left", expand=False)
    for heading in ("heard", "effects", "response"):
        shown.add_column(heading, overflow="fold")
    for outcome in table.outcomes:
        heard = " and ".join(map(_plain, _telling(outcome.conditions))) or "anything else"
        response = outcome.response if outcome.void is None else f"{outcome.response} (void: {outcome.void.message})"
        shown.add_row(Text(heard), Text(", ".join(outcome.effects)), Text(response))
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(shown)


def _telling(conditions: tuple[str, ...]) -> list[str]:
    """The conditions without those that an earlier row has taken the other way: there, this row is not reached."""
    return [one for one in conditions if not one.startswith("not heard.")]


def _plain(condition: str) -> str:
    return condition.removeprefix("heard.").replace(" heard.", " ")
