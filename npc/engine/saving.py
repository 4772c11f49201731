"""Save data: versioned JSON, and what becomes of it under a cast that has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from npc.catalog.types import LARGEST_NUMBER, check_value
from npc.diagnostics import did_you_mean
from npc.engine.conversation import Conversation, TranscriptEntry
from npc.engine.record import as_json_value
from npc.errors import SaveError
from npc.logic.cast import Cast

if TYPE_CHECKING:
    from npc.engine.session import Session

FORMAT = "npc-save"
VERSION = 1


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Entry(_Strict):
    character: str
    utterance: str | None
    event: str | None
    response: str
    text: str
    effects: list[str]


class _Conversation(_Strict):
    last: str | None
    turn: int = Field(ge=0, le=LARGEST_NUMBER)
    variants: dict[str, int]


class _Save(_Strict):
    format: str
    version: int
    world: str
    catalog: str
    seed: int = Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)
    facts: dict[str, Any]
    conversations: dict[str, _Conversation]
    transcript: list[_Entry]


def save_session(session: Session) -> dict[str, Any]:
    """The playthrough as JSON data."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "world": session.cast.catalog.world,
        "catalog": session.cast.digest,
        "seed": session.seed,
        "facts": {name: as_json_value(value) for name, value in session.facts.snapshot().items()},
        "conversations": {
            name: {"last": talk.last, "turn": talk.turn, "variants": dict(talk.variants)}
            for name, talk in session._play.conversations.items()
            if talk.turn
        },
        "transcript": [
            {
                "character": entry.character,
                "utterance": entry.utterance,
                "event": entry.event,
                "response": entry.response,
                "text": entry.text,
                "effects": list(entry.effects),
            }
            for entry in session.transcript
        ],
    }


def restore_session(cast: Cast, data: Mapping[str, Any], backend: Any, **options: Any) -> Session:
    """A session from save data, with a report of what no longer fits the cast.

    Raises:
        SaveError: the data is no save, is damaged, or comes from a later version of the format.
    """
    from npc.engine.session import Session

    saved = _read(data)
    report: list[str] = []
    if saved.world != cast.catalog.world:
        report.append(f"the save is of the world `{saved.world}`, not `{cast.catalog.world}`")
    if saved.catalog != cast.digest:
        report.append("the catalog has changed since this was saved")
    session = Session(cast, backend, saved.seed, facts=_facts(cast, saved.facts, report), **options)
    for name, talk in saved.conversations.items():
        if name not in cast.characters:
            report.append(f"there is no character `{name}` any more{_hint(name, cast.characters)}")
            continue
        session._play.conversations[name] = _conversation(cast, name, talk, report)
    for entry in saved.transcript:
        restored = TranscriptEntry(
            entry.character, entry.utterance, entry.event, entry.response, entry.text, tuple(entry.effects)
        )
        session.transcript.append(restored)
        if entry.character in session._play.conversations:
            session._play.conversations[entry.character].entries.append(restored)
    session.restore_report = tuple(report)
    return session


def _read(data: Mapping[str, Any]) -> _Save:
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise SaveError(f"this is no save: it has no `format: {FORMAT}`")
    version = data.get("version")
    if version != VERSION:
        given = f"version {version}" if isinstance(version, int) and abs(version) < 10**9 else "an unknown version"
        raise SaveError(f"the save has {given}; this framework reads version {VERSION}")
    try:
        return _Save.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SaveError(f"the save is damaged at {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _facts(cast: Cast, saved: Mapping[str, Any], report: list[str]) -> dict[str, Any]:
    declared = cast.catalog.facts
    kept: dict[str, Any] = {}
    for name, value in saved.items():
        if name not in declared:
            report.append(f"there is no fact `{name}` any more{_hint(name, declared)}")
            continue
        problem = check_value(declared[name].type, value)
        if problem:
            report.append(f"{name} starts anew: {problem}")
            continue
        kept[name] = value
    report += [f"{name} is new and has its initial value" for name in declared if name not in saved]
    return kept


def _conversation(cast: Cast, name: str, talk: _Conversation, report: list[str]) -> Conversation:
    responses = cast.characters[name].declaration.responses
    last = talk.last
    if last is not None and last not in responses:
        report.append(f"{name} no longer has the response `{last}` it said last{_hint(last, responses)}")
        last = None
    variants = {
        response: index
        for response, index in talk.variants.items()
        if response in responses and 0 <= index < len(responses[response].texts)
    }
    return Conversation(last, talk.turn, variants)


def _hint(name: str, valid: Sequence[str] | Mapping[str, object]) -> str:
    hint = did_you_mean(name, valid)
    return f" ({hint})" if hint and hint.startswith("did") else ""
