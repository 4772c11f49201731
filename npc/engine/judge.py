"""Judging a raw reply: nothing in it is trusted, and only what passes here reaches the logic."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, ValidationError

from npc.backends.base import Hearing
from npc.catalog.model import Intent, Slot
from npc.catalog.types import FactValue, IntType, SlotValue, check_value
from npc.errors import HearingError, UnknownName
from npc.grounding import is_grounded

MAX_REPLY = 100_000
"""Characters of a reply's text that are looked at; a longer one is not usable."""


class _Reply(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    heard: list[str]
    slots: dict[str, Any] | None = None
    response: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A reply that can be used.

    Attributes:
        hearing: intent → slot values, as they count.
        response: the response id it picked; allowed in the state it was judged in.
        not_heard: intent → why the claim does not count.
    """

    hearing: Mapping[str, Mapping[str, SlotValue]]
    response: str
    not_heard: Mapping[str, str]


class ReplyRejected(Exception):
    """The reply cannot be used. `reason` is a reason code."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)


def judge_reply(
    content: object,
    *,
    utterance: str,
    facts: Mapping[str, FactValue],
    intents: Mapping[str, Intent],
    offered: Collection[str],
    responses: Collection[str],
    allowed: Collection[str],
) -> Judged:
    """Check a raw reply against a state: parse, types, membership, slot types, ranges and grounding.

    Args:
        content: the reply, JSON text or a parsed object.
        utterance: the player's line.
        facts: the state.
        intents: all intents of the character.
        offered: the intents that matter now; a fault in another one only makes it unheard.
        responses: the character's catalog, by response id.
        allowed: the response ids allowed in the state.

    Raises:
        ReplyRejected: with the reason code of the first fault.
    """
    reply = _parse(content)
    if reply.response not in responses:
        raise ReplyRejected("unknown-response", f"{reply.response[:80]!r} is not in the catalog")
    if reply.response not in allowed:
        raise ReplyRejected("not-allowed", f"{reply.response} is not allowed now")
    for name in reply.heard:
        if name not in intents:
            raise ReplyRejected("schema", f"{name[:80]!r} is not an intent")
    given = _by_intent(reply, intents)
    hearing: dict[str, dict[str, SlotValue]] = {}
    not_heard: dict[str, str] = {}
    for name in dict.fromkeys(reply.heard):
        try:
            missing, slots = _slots(intents[name], given.get(name, {}), utterance, facts)
        except ReplyRejected as rejected:
            if name in offered:
                raise
            not_heard[name] = str(rejected)
            continue
        if missing:
            not_heard[name] = f"its slot {missing} was not said"
        else:
            hearing[name] = slots
    return Judged(hearing, reply.response, not_heard)


def check_hearing(intents: Mapping[str, Intent], hearing: Hearing) -> None:
    """Check what a program says is heard, where `judge_reply` checks what a model says.

    Raises:
        UnknownName: no such intent, or the intent has no such slot.
        HearingError: a slot is missing that the intent is not heard without, or a value can never be.
    """
    for name, given in hearing.items():
        if name not in intents:
            raise UnknownName("intent", name, intents)
        declared = intents[name].slots
        for unknown in given.keys() - declared.keys():
            raise UnknownName(f"slot of {name}", unknown, declared)
        for slot in declared.values():
            if given.get(slot.name) is None:
                if not slot.optional:
                    raise HearingError(f"{name} is heard only together with its slot `{slot.name}`")
            elif problem := check_value(slot.type, given[slot.name]):
                raise HearingError(f"{name}.{slot.name} can never be that: {problem}")


def _parse(content: object) -> _Reply:
    if content is None or content == "" or (isinstance(content, str) and not content.strip()):
        raise ReplyRejected("empty", "the reply is empty")
    if isinstance(content, str):
        if len(content) > MAX_REPLY:
            raise ReplyRejected("not-json", f"the reply is longer than {MAX_REPLY} characters")
        try:
            content = _decode(content)
        except ReplyRejected:
            raise
        except (ValueError, RecursionError) as error:
            raise ReplyRejected("not-json", f"the reply is not JSON: {error}"[:200]) from None
    if not isinstance(content, dict):
        raise ReplyRejected("schema", f"the reply is {type(content).__name__}, not an object")
    try:
        return _Reply.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part)[:40] for part in first["loc"])
        raise ReplyRejected("schema", f"{where}: {first['msg']}"[:200]) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ReplyRejected("schema", "the reply has the same key twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ReplyRejected("not-json", f"{name} is not JSON")


_decode = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant).decode


def _by_intent(reply: _Reply, intents: Mapping[str, Intent]) -> dict[str, dict[str, Any]]:
    """The reply's slots by intent. A slot named on its own counts for the one heard intent that has it."""
    given: dict[str, dict[str, Any]] = {}
    for key, value in (reply.slots or {}).items():
        if key in intents:
            if value is None:
                continue
            if not isinstance(value, dict):
                raise ReplyRejected("schema", f"slots.{key} is not an object")
            given.setdefault(key, {}).update(value)
            continue
        owners = [name for name in dict.fromkeys(reply.heard) if key in intents[name].slots]
        if len(owners) == 1:
            given.setdefault(owners[0], {}).setdefault(key, value)
    return given


def _slots(
    intent: Intent, given: Mapping[str, Any], utterance: str, facts: Mapping[str, FactValue]
) -> tuple[str | None, dict[str, SlotValue]]:
    """The name of a required slot that is missing, or None, and the slots' values."""
    values: dict[str, SlotValue] = {}
    for name, slot in intent.slots.items():
        value = given.get(name)
        if value is None:
            if not slot.optional:
                return name, {}
            continue
        values[name] = _slot_value(intent, slot, value, utterance, facts)
    return None, values


def _slot_value(intent: Intent, slot: Slot, value: object, utterance: str, facts: Mapping[str, FactValue]) -> SlotValue:
    where = f"{intent.id}.{slot.name}"
    expected = int if isinstance(slot.type, IntType) else str
    if isinstance(value, bool) or not isinstance(value, expected):
        raise ReplyRejected("schema", f"{where} is {type(value).__name__}, not {expected.__name__}")
    # A subclass may compare and print itself as it likes: only the plain value goes on.
    value = int.__int__(value) if isinstance(value, int) else str.__str__(value)
    problem = check_value(slot.type, value)
    if problem:
        raise ReplyRejected("slot-out-of-range", f"{where}: {problem}"[:200])
    if isinstance(value, int) and slot.grounded and not is_grounded(value, utterance, facts):
        raise ReplyRejected("slot-ungrounded", f"{where}: the player said no {value}")
    return value
