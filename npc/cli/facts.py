"""Reading a fact's value as it is typed on a command line."""

from __future__ import annotations

from npc.catalog.types import BagType, BoolType, FactType, IntType, SetType, describe_type
from npc.diagnostics import did_you_mean
from npc.errors import FactError

_WORDS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def parse_value(declared: FactType, text: str) -> object:
    """The value that `text` writes: ``50``, ``yes``, ``a, b`` for a set, ``bread 2, rope`` for a bag.

    What it names is checked by the session (`Facts`), not here.

    Raises:
        FactError: it cannot be read as that type.
    """
    match declared:
        case BoolType():
            if text.lower() not in _WORDS:
                raise FactError(f"`{text[:40]}` is not yes or no")
            return _WORDS[text.lower()]
        case IntType():
            return _number(text, describe_type(declared))
        case SetType():
            return frozenset(_parts(text))
        case BagType(items):
            bag: dict[str, int] = {}
            for part in _parts(text):
                item, _, count = part.partition(" ")
                if item not in items:
                    raise FactError(f"no item `{item[:40]}`: {did_you_mean(item, items)}")
                bag[item] = bag.get(item, 0) + (_number(count.strip(), f"count of {item}") if count else 1)
            return bag
        case _:
            return text


def _number(text: str, what: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise FactError(f"`{text[:40]}` is not {what if what.startswith('int') else 'a ' + what}") from None


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
