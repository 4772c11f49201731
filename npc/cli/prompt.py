"""`npc prompt`: exactly what a model would be sent for a line, and how big it is."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from npc.cli.places import find_cast

if TYPE_CHECKING:
    from npc.backends.base import ModelRequest

EXAMPLE = 'npc prompt catalogs/keep warden "Give me the key!"'


class Mode(StrEnum):
    """Whose ids the schema lists: the whole catalog's, or those of the present state."""

    STATIC = "static"
    DYNAMIC = "dynamic"


class Shown(StrEnum):
    """What of the pseudocode is shown."""

    FULL = "full"
    RESIDUAL = "residual"
    BOTH = "both"


def command(
    cast: Annotated[str, typer.Argument(metavar="CAST", help="The cast's folder, or its name under catalogs/.")],
    character: Annotated[str, typer.Argument(metavar="CHARACTER", help="The id of the character spoken to.")],
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What the player says.")],
    mode: Annotated[Mode, typer.Option(help="The schema: all ids (cacheable), or this turn's only.")] = Mode.STATIC,
    pseudocode: Annotated[
        Shown, typer.Option(help="The pseudocode: in full, what is left of it, or both.")
    ] = Shown.FULL,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print what a model would be sent. Exactly that, for the player's words in the initial state; sends nothing."""
    import npc
    from npc.prompts import schema_digest

    async def nobody(request: ModelRequest) -> str:
        raise npc.BackendError("transport", "npc prompt asks nobody")

    loaded = npc.load(find_cast(cast))
    requests = {
        way: npc.Session(loaded, backend=nobody, schema_mode=way.value, pseudocode=pseudocode.value).preview_request(
            character, words
        )
        for way in Mode
    }
    request = requests[mode]
    sizes = _sizes(request)
    schemas = {way.value: schema_digest(asked.schema) for way, asked in requests.items()}
    if as_json:
        shown = {
            "messages": request.messages,
            "schema": request.schema,
            "allowed": list(request.allowed),
            "intents": list(request.intents),
            "size": sizes,
            "schema_digests": schemas,
        }
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for message in request.messages:
        typer.secho(f"── {message['role']} ──", bold=True)
        typer.echo(message["content"])
    typer.secho("── schema of the answer ──", bold=True)
    typer.echo(json.dumps(request.schema, indent=2, ensure_ascii=False))
    typer.secho("── size ──", bold=True)
    typer.echo(
        f"about {sizes['tokens']} tokens: {sizes['prompt_tokens']} of prompt ({sizes['prompt_characters']} characters)"
        f" and {sizes['schema_tokens']} of schema ({sizes['schema_characters']} characters)"
    )
    other = Mode.DYNAMIC if mode is Mode.STATIC else Mode.STATIC
    typer.echo(
        f"schema {schemas[mode]} ({mode.value}); {other.value} it is {schemas[other]}, "
        f"about {_sizes(requests[other])['schema_tokens']} tokens"
    )
    typer.echo(f"{len(request.allowed)} responses allowed, {len(request.intents)} intents offered")


def _sizes(request: ModelRequest) -> dict[str, int]:
    from npc.prompts import estimate_tokens

    prompt = "\n".join(message["content"] for message in request.messages)
    schema = json.dumps(request.schema, ensure_ascii=False)
    sizes = {
        "prompt_characters": len(prompt),
        "prompt_tokens": estimate_tokens(prompt),
        "schema_characters": len(schema),
        "schema_tokens": estimate_tokens(schema),
    }
    return {**sizes, "tokens": sizes["prompt_tokens"] + sizes["schema_tokens"]}
