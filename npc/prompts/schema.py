"""The JSON Schema of a reply, within the strict rules of structured output.

Those rules: the root is an object, every property is required, `additionalProperties` is false, and nothing but plain
types, `enum`, `anyOf` and number bounds is used. What may be left out is nullable instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from npc.catalog.model import Intent, Slot
from npc.catalog.types import IntType, ItemType, OneOfType

ENUM_VALUES = 1_000
"""Enum values a strict schema may hold, over all its properties."""

LONG_ENUM = 250
"""An enum of more values than this may hold `LONG_ENUM_CHARACTERS` characters in all."""

LONG_ENUM_CHARACTERS = 15_000

_EMPTY: dict[str, Any] = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def reply_schema(allowed: Sequence[str], intents: Mapping[str, Intent]) -> dict[str, Any]:
    """The schema of ``{"heard": [...], "slots": {...}, "response": "id"}``, keys in that order.

    A list of names too long for a strict schema becomes a plain string, `response` first to give way: the reply is
    judged against the real list anyway.

    Args:
        allowed: response ids that may be answered, at least one.
        intents: what may be heard, by id.
    """
    budget = _EnumBudget()
    heard = {"type": "array", "items": budget.one_of(list(intents))} if intents else _nothing()
    slots = _object({id: _nullable(_slots(i, budget)) for id, i in intents.items() if i.slots})
    return _object({"heard": heard, "slots": slots, "response": budget.one_of(list(allowed))})


def lists_responses(schema: Mapping[str, Any]) -> bool:
    """Whether the schema itself holds a reply to the listed response ids."""
    return "enum" in schema["properties"]["response"]


def schema_digest(schema: Mapping[str, Any]) -> str:
    """A digest of a schema; schemas are canonical, with names in the catalog's order, so that equal ones share it."""
    return blake2b(json.dumps(schema, separators=(",", ":")).encode(), digest_size=6).hexdigest()


class _EnumBudget:
    def __init__(self) -> None:
        self.left = ENUM_VALUES

    def one_of(self, names: list[str]) -> dict[str, Any]:
        too_long = len(names) > LONG_ENUM and sum(map(len, names)) > LONG_ENUM_CHARACTERS
        if not names or too_long or len(names) > self.left:
            return {"type": "string"}
        self.left -= len(names)
        return {"type": "string", "enum": names}


def _nothing() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "maxItems": 0}


def _slots(intent: Intent, budget: _EnumBudget) -> dict[str, Any]:
    return _object({name: _slot(slot, budget) for name, slot in intent.slots.items()})


def _slot(slot: Slot, budget: _EnumBudget) -> dict[str, Any]:
    match slot.type:
        case IntType(low, high):
            bounds = {"minimum": low, "maximum": high}
            schema: dict[str, Any] = {"type": "integer"} | {k: v for k, v in bounds.items() if v is not None}
        case OneOfType(names) | ItemType(names):
            schema = budget.one_of(list(names))
    return _nullable(schema) if slot.optional else schema


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {**_EMPTY, "properties": properties, "required": list(properties)}
