"""Seeds and recordings that a change of the cast touches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from npc.catalog import load_dialogue
from npc.catalog.model import Catalog, DialogueConversation, DialogueStep
from npc.catalog.types import FactValue, check_value, normal_value
from npc.engine.chance import Dice
from npc.errors import CatalogError
from npc.logic.cast import Cast
from npc.logic.compiler import HearingOracle
from npc.logic.program import Context, Run
from npc.testing.difference.examples import run_differences


@dataclass(frozen=True, slots=True)
class Touched:
    """A conversation or a recording that a change touches.

    Attributes:
        kind: ``seed`` or ``recording``.
        file: where it is.
        line: the step's line; None for a recording.
        name: the conversation's name; empty for a recording.
        why: what is the matter, as a sentence.
    """

    kind: str
    file: str
    line: int | None
    name: str
    why: str


@dataclass(slots=True)
class _Playing:
    """A conversation as one version plays it; only as far as no words have to be understood."""

    cast: Cast
    seed: int
    facts: dict[str, FactValue]
    last: dict[str, str] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)

    def step(self, step: DialogueStep) -> Run:
        who = step.character
        context = Context(self.last.get(who), self.turns.get(who, 0), step.event)
        wanted = (step.expect.response or ())[:1] if step.expect else ()
        oracle = HearingOracle(
            step.heard or {}, Dice(self.seed, who, context.turn).happens, wanted[0] if wanted else None
        )
        run = self.cast.characters[who].program.run(self.facts, oracle, context)
        self.facts = {**self.facts, **run.changes}
        self.last[who], self.turns[who] = run.response, context.turn + 1
        return run


def touched_seeds(old: Cast, new: Cast, files: Sequence[Path]) -> Iterator[Touched]:
    """The conversations in dialogue files that come out differently now, or name what is no longer there.

    A conversation is followed up to the first words that would have to be understood; beyond, only its names are
    looked at.
    """
    for file in files:
        try:
            dialogue = load_dialogue(file)
        except CatalogError as error:
            first = error.diagnostics[0]
            yield Touched("seed", str(file), first.position.line, "", f"it cannot be read: {first.message}")
            continue
        if dialogue.cast not in (old.catalog.world, new.catalog.world, Path(new.catalog.folder).name):
            continue
        for conversation in dialogue.conversations:
            found = _vanished(old, new, conversation) or _other_outcome(old, new, conversation)
            if found is not None:
                step, why = found
                place = conversation.position if step is None else step.position
                yield Touched("seed", str(file), place.line, conversation.name, why)


def _vanished(old: Cast, new: Cast, conversation: DialogueConversation) -> tuple[DialogueStep | None, str] | None:
    """The first name that the old version has and the new one does not."""
    for fact in conversation.start:
        if fact in old.catalog.facts and fact not in new.catalog.facts:
            return None, f"it starts with the fact `{fact}`, which is no longer there"
    for step in conversation.steps:
        for kind, name, before, after in _names(old.catalog, new.catalog, step):
            if name in before and name not in after:
                return step, f"it names the {kind} `{name}`, which is no longer there"
    return None


def _names(old: Catalog, new: Catalog, step: DialogueStep) -> Iterator[tuple[str, str, Any, Any]]:
    yield "character", step.character, old.characters, new.characters
    before, after = old.characters.get(step.character), new.characters.get(step.character)
    if before is None or after is None:
        return
    if step.event is not None:
        yield "event", step.event, old.events, new.events
    expected = step.expect
    heard = [*(step.heard or ()), *((expected.heard or ()) if expected else ())]
    yield from (("intent", name, before.intents, after.intents) for name in heard)
    if expected is not None:
        said = [*(expected.response or ()), *(expected.not_allowed or ())]
        yield from (("response", name, before.responses, after.responses) for name in said)
        yield from (("fact", name, old.facts, new.facts) for name in expected.facts or ())


def _other_outcome(old: Cast, new: Cast, conversation: DialogueConversation) -> tuple[DialogueStep, str] | None:
    starts = tuple(_start(cast, conversation.start) for cast in (old, new))
    if starts[0] is None or starts[1] is None:
        return None
    playing = [
        _Playing(cast, conversation.seed, start) for cast, start in zip((old, new), starts, strict=True) if start
    ]
    for step in conversation.steps:
        known = all(step.character in cast.characters for cast in (old, new))
        if step.say is not None or not known:
            return None
        if any(
            name not in cast.characters[step.character].declaration.intents
            for cast in (old, new)
            for name in step.heard or ()
        ):
            return None
        before = (playing[0].facts, playing[1].facts)
        runs = (playing[0].step(step), playing[1].step(step))
        if run_differences((old, new), before, runs):
            was, now = (_told(run) for run in runs)
            return step, f"it came out as {was}, and now comes out as {now}"
    return None


def _told(run: Run) -> str:
    shown = [run.response, *map(str, run.effects)]
    return ", ".join(shown) + (" (void)" if run.void else "")


def _start(cast: Cast, given: Mapping[str, Any]) -> dict[str, FactValue] | None:
    facts = {name: fact.initial for name, fact in cast.catalog.facts.items()}
    for name, value in given.items():
        fact = cast.catalog.facts.get(name)
        if fact is None or check_value(fact.type, value) is not None:
            return None
        facts[name] = normal_value(fact.type, value)
    return facts


def touched_recordings(old: Cast, new: Cast, folders: Sequence[Path]) -> Iterator[Touched]:
    """The recorded replies that were made for what the old version asks, and that the new one asks otherwise."""
    for folder in folders:
        for file in sorted(folder.rglob("*.json")):
            key = _recorded_key(file)
            if key is None or key.get("character") not in old.characters:
                continue
            if _asks(old, key) and not _asks(new, key):
                why = "the request it answers now offers other lines or intents: record it again"
                yield Touched("recording", str(file), None, "", why)


def _recorded_key(file: Path) -> Mapping[str, Any] | None:
    try:
        kept = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    key = kept.get("request", kept.get("key")) if isinstance(kept, dict) else None
    return key if isinstance(key, dict) else None


def _asks(cast: Cast, key: Mapping[str, Any]) -> bool:
    """Whether a version, in the state of a recording, allows and listens for what the recording was made with."""
    character = cast.characters.get(str(key.get("character")))
    facts = key.get("facts")
    if character is None or not isinstance(facts, dict) or facts.keys() - cast.catalog.facts.keys():
        return False
    state = _start(cast, facts)
    if state is None:
        return False
    last = key.get("last")
    event = key.get("event")
    # The number of the turn is not part of a recording; all that logic may ask is whether it is the first one.
    for turn in (0,) if last is None else (1, 2, 3):
        table = character.program.outcomes(state, Context(last, turn, event))
        if sorted(table.allowed) == key.get("allowed") and sorted(table.intents) == key.get("intents"):
            return True
    return False
