"""The examples of a difference, written as dialogue files that `npc test` runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from npc.catalog.types import TextType
from npc.logic.cast import Cast
from npc.testing.difference.casts import CastDifference
from npc.testing.difference.declared import plain
from npc.testing.difference.domain import NEW
from npc.testing.difference.rendering import start_of
from npc.testing.difference.report import Change
from npc.testing.difference.steps import Taken, steps_to
from npc.testing.seed_files import dialogue_text
from npc.testing.whole_files import write_text

HEADER = """\
# Written by `npc diff --save-seeds`: one conversation for each change of behaviour, expecting what comes out now.
"""


def write_seeds(difference: CastDifference, casts: tuple[Cast, Cast], folder: Path) -> Path:
    """Write an example of each change into ``<folder>/<cast>-changes.dialogue.yaml``, replacing what was there.

    Changes that no conversation of one or two turns from a start leads to are named in a comment.
    """
    conversations: list[dict[str, Any]] = []
    left: list[str] = []
    for number, change in enumerate(difference.behaviour.changes, 1):
        name = f"{number}: {change.character}, {_title(change)}"
        steps = steps_to(change, casts)
        if steps is None:
            left.append(f"# left out: {name}: no short conversation leads there\n")
            continue
        conversations.append(_conversation(name, change, casts[NEW], steps))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{difference.cast}-changes.dialogue.yaml"
    text = dialogue_text(difference.cast, None, conversations) if conversations else ""
    write_text(file, HEADER + "".join(left) + text)
    return file


def _title(change: Change) -> str:
    before, now = (" or ".join(said) for said in change.responses)
    return (
        f"{now} as before, with other {' and '.join(change.aspects)}" if before == now else f"{now} instead of {before}"
    )


def _conversation(name: str, change: Change, cast: Cast, steps: tuple[Taken, ...]) -> dict[str, Any]:
    start = start_of(change.example, cast, NEW)
    written = []
    for taken in steps:
        what: dict[str, Any] = {"character": change.character}
        if taken.event is not None:
            what["event"] = taken.event
        else:
            what["heard"] = {intent: dict(slots) for intent, slots in taken.hearing.items()}
        run = taken.run
        expect: dict[str, Any] = {"response": list(run.candidates) if len(run.candidates) > 1 else run.response}
        expect["effects"] = [str(effect) for effect in run.effects]
        changes = {
            fact: plain(value)
            for fact, value in run.changes.items()
            if not isinstance(cast.catalog.facts[fact].type, TextType)
        }
        if changes:
            expect["facts"] = changes
        written.append({**what, "expect": expect})
    return {"name": name, **({"start": start} if start else {}), "steps": written}
