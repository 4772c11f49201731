"""Names in a catalog: how they are written, and which ones the pseudocode keeps for itself."""

from __future__ import annotations

import keyword
import re

from npc.catalog import rules
from npc.catalog.document import Document
from npc.diagnostics import Position

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_EVENT = re.compile(r"[a-z][a-z0-9_]*(:[a-z][a-z0-9_]*)?")
_FACT = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_NOT_NAME = re.compile(r"[^a-z0-9_]+")

KEYWORDS = frozenset({*(word.lower() for word in keyword.kwlist), *keyword.kwlist, "match", "case"})
"""Words that no attribute or argument of the pseudocode can have for a name."""

RESERVED = KEYWORDS | {
    *("heard", "last", "turn", "event", "say", "say_any", "chance"),
    *("min", "max", "abs", "len", "sum", "set"),
}
"""Words that nothing the pseudocode calls by its bare name (a fact's owner, an effect, a table) can have for a name."""


def check_name(document: Document, name: str, what: str, position: Position, *, reserved: frozenset[str]) -> bool:
    """Report a name that is not in lower_snake_case or is reserved; whether it is neither."""
    if not _NAME.fullmatch(name):
        document.report(rules.BAD_NAME, f"{what} `{name}` is not in lower_snake_case", position, _repaired(name))
        return False
    return not_reserved(document, name, what, position, reserved)


def not_reserved(document: Document, name: str, what: str, position: Position, reserved: frozenset[str]) -> bool:
    if name in reserved:
        hint = f"choose another name, such as `{name}_`" if what == "fact" else f"choose another name for the {what}"
        document.report(rules.RESERVED_NAME, f"`{name}` is a word of the pseudocode", position, hint)
        return False
    return True


def check_event(document: Document, name: str, position: Position) -> None:
    """Report an event's name that is neither `approach` nor of the form `shown:lantern`."""
    if not _EVENT.fullmatch(name):
        message = f"event `{name}` is not in lower_snake_case"
        document.report(rules.BAD_NAME, message, position, "write `approach`, or `shown:lantern` for one about a thing")


def check_fact_name(document: Document, name: str, position: Position) -> bool:
    """Report a fact's name that is not of the form `owner.name`; whether it is fine."""
    if not _FACT.fullmatch(name):
        hint = "write `owner.name`, both in lower_snake_case, such as `player.gold`"
        document.report(rules.BAD_NAME, f"fact `{name}` is not of the form `owner.name`", position, hint)
        return False
    owner, own_name = name.split(".")
    return not_reserved(document, owner, "fact's owner", position, RESERVED) and not_reserved(
        document, own_name, "fact", position, KEYWORDS
    )


def _repaired(name: str) -> str:
    repaired = _NOT_NAME.sub("_", name.lower()).strip("_")
    if _NAME.fullmatch(repaired):
        return f"write `{repaired}`"
    return "start with a letter; use a to z, 0 to 9 and _"
