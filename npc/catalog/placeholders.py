"""The braces in a catalog's texts: `{name}` is a placeholder, `{{` and `}}` are braces to be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Braces:
    """What stands in braces in a text.

    Attributes:
        names: the placeholders' names, in order, without repeats.
        unbalanced: a brace has no partner.
        bad: what stands between braces and is no plain name, or None.
    """

    names: tuple[str, ...] = ()
    unbalanced: bool = False
    bad: str | None = None


_NONE = Braces()


def read_braces(text: str) -> Braces:
    """Find the placeholders of a text."""
    if "{" not in text and "}" not in text:
        return _NONE
    names: dict[str, None] = {}
    unbalanced, bad = False, None
    for part in _PART.finditer(text):
        name = part.group(1)
        if name is None:
            unbalanced = unbalanced or len(part.group()) == 1
        elif _NAME.fullmatch(name):
            names[name] = None
        elif bad is None:
            bad = name
    return Braces(tuple(names), unbalanced, bad)
