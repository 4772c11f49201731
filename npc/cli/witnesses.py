"""Witnesses as dialogue files: what exploring found, to be replayed and to be tested from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from npc.diagnostics import Diagnostic

if TYPE_CHECKING:
    from npc.exploration import Step
    from npc.logic.cast import Cast

SEEDS = 2_000
"""Seeds that are tried until chance falls as in the witness."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many conversations were written, and which could not be, since no seed lets chance fall so."""

    count: int
    left_out: tuple[str, ...]


def write_witnesses(
    path: Path, cast: Cast, found: Sequence[Diagnostic], witnesses: Mapping[Diagnostic, tuple[Step, ...]]
) -> Written:
    """Write the conversations of findings into a dialogue file that `npc test` passes as long as the findings stand."""
    from npc.testing.seed_files import dialogue_text
    from npc.testing.whole_files import write_text

    conversations: list[dict[str, Any]] = []
    left_out: list[str] = []
    names: set[str] = set()
    for diagnostic in found:
        steps = witnesses.get(diagnostic)
        if not steps:
            continue
        place = diagnostic.position
        name = f"{diagnostic.code} {diagnostic.rule.name} at {Path(place.file).name}:{place.line}"
        while name in names:
            name += " again"
        names.add(name)
        seed = _seed_for(steps)
        if seed is None:
            left_out.append(name)
            continue
        conversations.append(
            {"name": name, **({"seed": seed} if seed else {}), "steps": [_step_as_data(step) for step in steps]}
        )
    if conversations:
        head = "# What `npc check --explore` found. Mend it, and say here what must come of the conversation instead.\n"
        text = dialogue_text(Path(cast.catalog.folder).name, None, conversations)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, head + text)
    return Written(len(conversations), tuple(left_out))


def _step_as_data(step: Step) -> dict[str, Any]:
    """A turn as a step of a dialogue file."""
    data: dict[str, Any] = {"character": step.character}
    if step.game:
        data["set"] = {name: _plain(value) for name, value in step.game.items()}
    if step.event is not None:
        data["event"] = step.event
    else:
        data["heard"] = {intent: dict(slots) for intent, slots in step.heard.items()}
    expected: dict[str, Any] = {"response": step.response}
    if step.void is not None:
        expected["verdict"] = "fallback"
    else:
        expected["effects"] = list(step.effects)
    if step.facts:
        expected["facts"] = {name: _plain(value) for name, value in step.facts.items()}
    return {**data, "expect": expected}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return dict(value) if isinstance(value, Mapping) else value


def _seed_for(steps: Sequence[Step]) -> int | None:
    """The least seed with which chance falls as it does in the steps; None where none was found."""
    from npc.engine.chance import Dice

    if not any(step.chances for step in steps):
        return 0
    turns: dict[str, int] = {}
    asked: list[tuple[str, int, tuple[tuple[float, bool], ...]]] = []
    for step in steps:
        turn = turns.get(step.character, 0)
        turns[step.character] = turn + 1
        asked.append((step.character, turn, step.chances))
    for seed in range(SEEDS):
        dice = [(Dice(seed, character, turn), chances) for character, turn, chances in asked]
        if all(one.happens(probability) is falls for one, chances in dice for probability, falls in chances):
            return seed
    return None


def report(path: Path, written: Written) -> None:
    """Say what was written, and how to go on."""
    if written.count:
        conversations = f"{written.count} conversation{'' if written.count == 1 else 's'}"
        typer.echo(f"wrote {conversations} to {path}; replay: npc play --replay {path}", err=True)
    else:
        typer.echo(f"no conversation to write: {path} is left as it is", err=True)
    for name in written.left_out:
        typer.echo(f"left out {name}: no seed lets chance fall so", err=True)
