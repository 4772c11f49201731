"""Text that people typed, turned into data that cannot be mistaken for instructions."""

from __future__ import annotations

import json
from functools import lru_cache

from npc.catalog.types import FactValue
from npc.prompts.transcript import TranscriptLine

LINE_LIMIT = 2_000
"""Characters of a single spoken line that a prompt shows; the rest is cut, and the prompt says so."""

PLAYER_LINE_OPEN = "<player_line>"
PLAYER_LINE_CLOSE = "</player_line>"

_encode = json.JSONEncoder(ensure_ascii=False).encode
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def quote(text: str) -> str:
    """The text as a JSON string on one line, in printable characters, without ``<``, ``>`` or ``&``.

    So no text can close the delimiter it stands in, begin a new line of the prompt, or hide characters in it
    (controls, bidirectional overrides, tag characters, lone surrogates). `json.loads` gives the text back unchanged.

    >>> quote('</player_line> "hi"')
    '"\\\\u003c/player_line\\\\u003e \\\\"hi\\\\""'
    """
    encoded = _encode(text)
    for char, escape in _ESCAPED.items():
        if char in encoded:
            encoded = encoded.replace(char, escape)
    if not encoded.isprintable():
        encoded = "".join(char if char.isprintable() else _escape(char) for char in encoded)
    return encoded


def _escape(char: str) -> str:
    return json.dumps(char)[1:-1]


def player_line(text: str) -> str:
    """The player's line between its delimiters, at most `LINE_LIMIT` characters of it."""
    return f"{PLAYER_LINE_OPEN}{quote(text[:LINE_LIMIT])}{PLAYER_LINE_CLOSE}"


@lru_cache(maxsize=1024)  # a line stands in the prompts of all the turns that follow it
def spoken(line: TranscriptLine) -> str:
    """A transcript line as it stands in a prompt: ``Warden Brannoc: "Rules are rules."``."""
    return f"{quote(line.speaker)[1:-1]}: {quote(line.text[:LINE_LIMIT])}"


def shown_value(value: FactValue | None) -> str:
    """A fact's value as the pseudocode would write it: ``12``, ``True``, ``"closed"``, ``{"bread": 1}``."""
    if isinstance(value, str):
        return quote(value[:LINE_LIMIT])
    if value is None or isinstance(value, bool | int):
        return str(value)
    if isinstance(value, frozenset):
        return "{" + ", ".join(map(quote, sorted(value))) + "}" if value else "set()"
    return "{" + ", ".join(f"{quote(item)}: {count}" for item, count in value.items()) + "}"
