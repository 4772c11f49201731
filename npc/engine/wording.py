"""The catalog's own words: a response's variant with its placeholders filled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from npc.catalog.model import Item, Response
from npc.catalog.types import Text
from npc.logic.program import PlaceholderValue

_PART = re.compile(r"\{\{|\}\}|\{(\w+)\}")


def fill(text: str, values: Mapping[str, PlaceholderValue], items: Mapping[str, Item]) -> str:
    """The text with each ``{name}`` replaced by its value's words; values are never read for placeholders."""

    def replacement(part: re.Match[str]) -> str:
        name = part.group(1)
        if name is None:
            return part.group()[0]
        return word(values[name], items) if name in values else part.group()

    return _PART.sub(replacement, text)


def word(value: PlaceholderValue, items: Mapping[str, Item]) -> str:
    """A typed value in words: items by display name, options without underscores, lists as ``bread and a lantern``."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case Text():
            return "".join(char if char.isprintable() else " " for char in value)
        case str():
            return items[value].display_name if value in items else value.replace("_", " ")
        case _:
            words = [word(element, items) for element in value]
            if not words:
                return "nothing"
            return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]


def pick_variant(response: Response, last_variant: int | None, fraction: float) -> int:
    """Which variant is said: never the same twice running when there is another.

    Args:
        fraction: a draw from 0 up to but not including 1.
    """
    count = len(response.texts)
    if last_variant is None or last_variant >= count or count == 1:
        return int(fraction * count)
    chosen = int(fraction * (count - 1))
    return chosen + (chosen >= last_variant)
