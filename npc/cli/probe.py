"""`npc probe`: how well a server keeps a model to the form of the answer, and the best way to ask it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from npc.cli.places import WrongUse
from npc.diagnostics import did_you_mean

if TYPE_CHECKING:
    from npc.backends.openai import OpenAIBackend
    from npc.backends.probing import EnvelopeProbe

EXAMPLE = "npc probe openai:llama3.2@http://localhost:11434/v1"

_MEANS = {
    "enforces": "kept to the schema each time",
    "violates": "does not always keep to it",
    "rejects": "not taken by this server",
    "fails": "calls failed",
}


def command(
    spec: Annotated[str, typer.Argument(metavar="SPEC", help="A backend: openai:MODEL or openai:MODEL@URL.")],
    envelope: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Try only this way of asking; may be repeated.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="How often each of the five lines is tried.")] = 1,
    keep: Annotated[
        bool, typer.Option(help="Keep the verdict, so that this backend asks that way from now on.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find out whether a server keeps a model to the schema. Calls it, by default five times a way of asking.

    HTTP 200 proves nothing: servers take a schema and ignore it. Five lines tempt the model to break the form. The
    verdict is kept for this server and model, and is what the backend goes by from then on. Exit status 1: no way of
    asking is usable.
    """
    from npc.backends import resolve
    from npc.backends.envelopes import ENVELOPES
    from npc.backends.openai import OpenAIBackend

    for name in envelope or ():
        if name not in ENVELOPES:
            raise WrongUse(f"no envelope `{name}`: {did_you_mean(name, ENVELOPES, show=20)}")
    probed = [backend for backend in resolve(spec) if isinstance(backend, OpenAIBackend)]
    if not probed:
        raise WrongUse(f"`{spec}` asks no server, so there is nothing to probe; an example: {EXAMPLE}")
    results = [_probed(backend, envelope or list(ENVELOPES), rounds, keep) for backend in probed]
    if as_json:
        typer.echo(json.dumps({"backends": [data for data, _ in results]}, indent=2, ensure_ascii=False))
    else:
        for data, found in results:
            _show(data, found)
    if any(data["envelope"] is None for data, _ in results):
        raise typer.Exit(1)


def _probed(
    backend: OpenAIBackend, envelopes: list[str], rounds: int, keep: bool
) -> tuple[dict[str, Any], list[EnvelopeProbe]]:
    import asyncio

    from npc.backends.probing import best, probe
    from npc.backends.verdicts import keep_verdict

    found = asyncio.run(probe(backend.in_envelope, envelopes, rounds))
    chosen = best(found)
    shown = [one.as_json() for one in found]
    kept = keep_verdict(backend.server, backend.model, chosen.envelope, shown) if chosen and keep else None
    return {
        "backend": backend.name,
        "envelope": chosen.envelope if chosen else None,
        "finding": str(chosen.finding) if chosen else None,
        "kept_in": str(kept) if kept else None,
        "envelopes": shown,
    }, found


def _show(data: dict[str, Any], found: list[EnvelopeProbe]) -> None:
    typer.secho(data["backend"], bold=True)
    for one in found:
        times = f"{one.kept} of {len(one.trials)}" if one.finding in ("enforces", "violates") else "-"
        typer.echo(
            f"  {one.envelope:19} {one.finding:9} {times:>8} {one.seconds * 1000:8.0f} ms  {_MEANS[one.finding]}"
            + (f": {one.detail}" if one.detail else "")
        )
    if data["envelope"] is None:
        typer.secho("no way of asking is usable; is the server running, and is the model's name right?", fg="red")
    elif data["finding"] == "enforces":
        typer.secho(f"use {data['envelope']}: it kept to the schema in every trial", fg="green")
    else:
        typer.secho(f"use {data['envelope']}, which kept to the schema most often; expect re-asks", fg="yellow")
    if data["kept_in"]:
        typer.echo(f"kept in {data['kept_in']}; this backend asks that way from now on")
