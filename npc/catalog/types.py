"""The value types of facts, slots, tables and effect arguments, and the values they admit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FactValue = bool | int | str | frozenset[str] | Mapping[str, int]
"""A fact's value. Bags (`Mapping[str, int]`) hold counts above 0 only, in declared order; replaced, never mutated."""


LARGEST_NUMBER = 10**1000
"""No value is a whole number beyond this, either way: one of a few thousand digits more could not even be shown."""


class Text(str):
    """The value of a text fact: shown as it is, never taken for the id of an item or an option."""

    __slots__ = ()


SlotValue = bool | int | str
"""The value of a slot or an effect argument."""


@dataclass(frozen=True, slots=True)
class BoolType:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class IntType:
    """A whole number from `min` to `max`, both included; None is no bound."""

    min: int | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True)
class OneOfType:
    """One of a fixed, ordered list of names."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemType:
    """The id of an item of the world; `items` are all of them, in declared order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetType:
    """A set of names; `of` are the names it may hold, or None for any."""

    of: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class BagType:
    """Item → count (≥ 0); `items` are the items it may hold, in declared order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextType:
    """Free text: may be shown, never branched on. At most `max_length` characters."""

    max_length: int = 200


FactType = BoolType | IntType | OneOfType | SetType | BagType | TextType
ArgumentType = BoolType | IntType | OneOfType | ItemType | TextType
SlotType = IntType | OneOfType | ItemType
ValueType = FactType | ArgumentType


def describe_type(declared: ValueType) -> str:
    """The type as a person reads it, such as ``int from 0 to 3``."""
    match declared:
        case BoolType():
            return "bool"
        case IntType(low, high):
            bounds = [] if low is None else [f"from {low}"]
            bounds += [] if high is None else [f"to {high}"]
            return " ".join(["int", *bounds])
        case OneOfType(options):
            return "one of " + ", ".join(options)
        case ItemType():
            return "item"
        case SetType(of):
            return "set of names" if of is None else "set of " + ", ".join(of)
        case BagType():
            return "bag of items"
        case TextType(length):
            return f"text of at most {length} characters"


def check_value(declared: ValueType, value: object) -> str | None:
    """Why `value` does not fit the declared type, in a few words, or None when it fits.

    A `bool` is never an int here. A bag may be any mapping of item to count, a set any collection of names.
    """
    problem = f"{_shown(value)} is not {describe_type(declared)}"
    match declared:
        case BoolType():
            return None if isinstance(value, bool) else problem
        case IntType(low, high):
            if isinstance(value, bool) or not isinstance(value, int):
                return problem
            if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
                return "a number beyond all use"
            return None if (low is None or value >= low) and (high is None or value <= high) else problem
        case OneOfType(options) | ItemType(options):
            return None if isinstance(value, str) and value in options else problem
        case SetType(of):
            if not isinstance(value, set | frozenset | list | tuple) or not all(isinstance(v, str) for v in value):
                return problem
            strangers = [] if of is None else sorted(set(value) - set(of))
            return f"{_shown(strangers[0])} is not one of {', '.join(of or ())}" if strangers else None
        case BagType(items):
            if not isinstance(value, Mapping):
                return problem
            known = frozenset(items)
            for item, count in value.items():
                if item not in known:
                    return f"{_shown(item)} is not an item"
                if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= LARGEST_NUMBER:
                    return f"{_shown(count)} is not a count of {item}"
            return None
        case TextType(length):
            return None if isinstance(value, str) and len(value) <= length else problem


def normal_value(declared: FactType, value: object) -> FactValue:
    """A value that fits (see `check_value`), in the form facts are kept in: frozen sets, bags without zero counts."""
    if isinstance(declared, SetType):
        assert isinstance(value, set | frozenset | list | tuple)
        return frozenset(value)
    if isinstance(declared, BagType):
        assert isinstance(value, Mapping)
        return {item: value[item] for item in declared.items if value.get(item, 0)}
    assert isinstance(value, bool | int | str)
    return Text(value) if isinstance(declared, TextType) else value


def own_copy(value: FactValue) -> FactValue:
    """The value for someone else to keep: what they do to it does not change the game's."""
    return dict(value) if isinstance(value, Mapping) else value


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of too many digits, lists in lists
        return f"that {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "…"
