"""Reading a fact's value as it is typed on a command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from npc.catalog.types import BagType, BoolType, FactType, IntType, SetType, describe_type
from npc.cli.places import WrongUse
from npc.diagnostics import did_you_mean
from npc.errors import FactError, UnknownName

if TYPE_CHECKING:
    from npc.catalog.types import FactValue
    from npc.logic.cast import Cast

_WORDS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def facts_from(cast: Cast, given: Sequence[str]) -> dict[str, FactValue]:
    """All facts of a cast: their initial values, and what ``NAME=VALUE`` arguments say instead.

    Raises:
        WrongUse: an argument is not of that form.
        UnknownName: no fact has that name.
        FactError: the value does not fit.
    """
    from npc.engine.session import Session

    changed: dict[str, Any] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise WrongUse(f"--fact {one}: write it as NAME=VALUE, such as --fact player.gold=50")
        if name not in cast.catalog.facts:
            raise UnknownName("fact", name, cast.catalog.facts)
        changed[name] = parse_value(cast.catalog.facts[name].type, value)
    # A session checks the values against their types and says what is wrong in a writer's words.
    return dict(Session(cast, facts=changed).facts.snapshot())


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
