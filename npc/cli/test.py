"""`npc test`: recorded conversations, and whether they still come out as they must."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from npc.backends.base import Backend
    from npc.testing import ConversationResult

EXAMPLE = "npc test seeds"


def command(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Dialogue files, or folders of them. Default: all seeds.")
    ] = None,
    backend: Annotated[
        str | None,
        typer.Option(metavar="SPEC", help="What understands the words. Default: what NPC_BACKEND says, or embedded."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as one JSON object.")] = False,
) -> None:
    """Run recorded conversations. What comes of them is compared with what *.dialogue.yaml files expect."""
    import asyncio

    from npc.backends.specs import default_spec
    from npc.testing import find_all_dialogues, find_dialogues

    files = find_dialogues(paths) if paths else find_all_dialogues()
    spec = default_spec(os.environ) if backend is None else backend
    results = asyncio.run(_run(files, spec))
    passed = sum(one.failure is None for _, ones in results for one in ones)
    failed = sum(len(ones) for _, ones in results) - passed
    if as_json:
        files_json = [{"path": str(path), "conversations": [_as_json(one) for one in ones]} for path, ones in results]
        report = {"files": files_json, "passed": passed, "failed": failed}
        typer.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        for path, ones in results:
            _print(path, ones)
        typer.secho(f"{passed} passed" + (f", {failed} failed" if failed else ""), fg="red" if failed else "green")
    raise typer.Exit(1 if failed else 0)


async def _run(files: Sequence[Path], spec: str) -> list[tuple[Path, list[ConversationResult]]]:
    from npc.backends import resolve
    from npc.catalog import load_dialogue
    from npc.logic.cast import Cast, load
    from npc.testing import find_cast_folder, run_conversation

    casts: dict[Path, Cast] = {}
    opened: list[Backend] = []

    def backends() -> Sequence[Backend]:
        if not opened:
            opened.extend(resolve(spec))
        return opened

    results = []
    try:
        for file in files:
            dialogue = load_dialogue(file)
            folder = find_cast_folder(file, dialogue.cast)
            if folder not in casts:
                casts[folder] = load(folder)
            ones = [await run_conversation(casts[folder], one, backends) for one in dialogue.conversations]
            results.append((file, ones))
    finally:
        for backend in opened:
            await backend.aclose()
    return results


def _print(path: Path, results: Sequence[ConversationResult]) -> None:
    for result in results:
        if result.failure is None:
            typer.echo(f"ok      {path}: {result.name}")
        else:
            typer.secho(f"FAILED  {path}: {result.name}", fg="red")
            typer.echo("\n".join(f"  {line}" for line in result.failure.render().splitlines()))


def _as_json(result: ConversationResult) -> dict[str, Any]:
    failure = result.failure
    return {
        "name": result.name,
        "line": result.position.line,
        "steps": result.taken,
        "passed": failure is None,
        "failure": None
        if failure is None
        else {
            "step": failure.step,
            "line": failure.position.line,
            "asked": failure.asked,
            "problems": list(failure.problems),
            "why": failure.why,
        },
    }
