"""Requests as JSON: what is the same in every turn (the system message, the schema) is encoded once."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

LONG = 8_000
"""Characters from which a text is worth remembering."""

KEPT = 64

_dumps = json.JSONEncoder().encode
_schemas: OrderedDict[int, tuple[Mapping[str, Any], str]] = OrderedDict()


def encode(body: Mapping[str, Any]) -> bytes:
    """The body as JSON in ASCII, so that no text of a player's can break the encoding; its keys are plain names.

    >>> encode({"model": "m", "messages": [{"role": "user", "content": "é"}]})
    b'{"model": "m", "messages": [{"role": "user", "content": "\\\\u00e9"}]}'
    """
    return _encoded(body).encode("ascii")


def _encoded(value: Any) -> str:
    if isinstance(value, str):
        return _dumps(value) if len(value) < LONG else _long(value)
    if isinstance(value, dict):
        if "additionalProperties" in value:
            return _schema(value)
        return "{" + ", ".join([f'"{key}": {_encoded(inner)}' for key, inner in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join([_encoded(inner) for inner in value]) + "]"
    return _dumps(value)


@lru_cache(maxsize=KEPT)
def _long(text: str) -> str:
    return _dumps(text)


def _schema(schema: Mapping[str, Any]) -> str:
    # A request's schema is read-only and handed out again and again: known by its identity, which it keeps while kept.
    found = _schemas.get(id(schema))
    if found is None:
        found = _schemas[id(schema)] = (schema, _dumps(schema))
        if len(_schemas) > KEPT:
            _schemas.popitem(last=False)
    return found[1]
