"""What is known of a value before the logic runs: its kind, and as much of its range as the pseudocode tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from npc.catalog.model import Table, TableValue
from npc.catalog.types import (
    BagType,
    BoolType,
    IntType,
    ItemType,
    OneOfType,
    SetType,
    TextType,
    ValueType,
)

LARGEST_BOUND = 10**18
"""Bounds beyond this are forgotten, so that checking `x = x * x` many times stays cheap."""


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false; `known` where it is known which."""

    known: bool | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from `low` to `high` (None: no bound), and never 0 where `nonzero`."""

    low: int | None = None
    high: int | None = None
    nonzero: bool = False

    @property
    def may_be_zero(self) -> bool:
        return not self.nonzero and (self.low is None or self.low <= 0) and (self.high is None or self.high >= 0)


@dataclass(frozen=True, slots=True)
class Name:
    """One of `values`; None: any name."""

    values: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text to show."""


@dataclass(frozen=True, slots=True)
class Names:
    """A set of names out of `values`; None: any names."""

    values: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Bag:
    """Item → count."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table: key → what is known of its value."""

    entries: tuple[tuple[str, Static], ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for key, _ in self.entries)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `element` None where it is always empty; `filled` where it is never empty."""

    element: Static | None
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line to say."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """None."""


@dataclass(frozen=True, slots=True)
class Maybe:
    """None, or a value of `inner` (which is neither `Nothing` nor `Maybe`)."""

    inner: Static


@dataclass(frozen=True, slots=True)
class Unknown:
    """The type of something that has its diagnostic already; fits everywhere."""


Static = Truth | Number | Name | Text | Names | Bag | Lookup | Listing | Line | Nothing | Maybe | Unknown


def static_type(declared: ValueType) -> Static:
    """What a declared type tells."""
    match declared:
        case BoolType():
            return Truth()
        case IntType(low, high):
            return Number(low, high)
        case OneOfType(options) | ItemType(options):
            return Name(frozenset(options))
        case SetType(of):
            return Names(None if of is None else frozenset(of))
        case BagType(items):
            return Bag(items)
        case TextType():
            return Text()


def constant_type(value: TableValue | float | None) -> Static:
    """What is known of a literal."""
    match value:
        case None:
            return Nothing()
        case bool():
            return Truth(value)
        case str():
            return Name(frozenset({value}))
        case float():
            return Unknown()
    return Number(value, value)


def table_type(table: Table) -> Static:
    """What is known of a table; a plain list with values of several kinds has the element `Unknown`."""
    if table.entries or not table.values:
        return Lookup(tuple((key, constant_type(value)) for key, value in table.entries.items()))
    element = joined([constant_type(value) for value in table.values])
    return Listing(element or Unknown(), filled=True)


def joined(types: list[Static]) -> Static | None:
    """What is known of a value that is one of these; None where they are of different kinds."""
    result: Static | None = types[0] if types else Nothing()
    for other in types[1:]:
        if result is None:
            return None
        result = join(result, other)
    return result


def join(a: Static, b: Static) -> Static | None:
    """What is known of a value that is either; None where the two are of different kinds."""
    if a == b:
        return a
    match a, b:
        case (Unknown(), _) | (_, Unknown()):
            return Unknown()
        case (Nothing(), Maybe()):
            return b
        case (Maybe(), Nothing()):
            return a
        case (Nothing(), _):
            return Maybe(b)
        case (_, Nothing()):
            return Maybe(a)
        case (Maybe(x), Maybe(y)) | (Maybe(x), y) | (x, Maybe(y)):
            inner = join(x, y)
            return None if inner is None else inner if isinstance(inner, Unknown) else Maybe(inner)
        case (Truth(), Truth()):
            return Truth()
        case (Number(), Number()):
            low = None if a.low is None or b.low is None else min(a.low, b.low)
            high = None if a.high is None or b.high is None else max(a.high, b.high)
            return Number(low, high, not a.may_be_zero and not b.may_be_zero)
        case (Name(x), Name(y)):
            return Name(None if x is None or y is None else x | y)
        case (Names(x), Names(y)):
            return Names(None if x is None or y is None else x | y)
        case (Text(), Name()) | (Name(), Text()):
            return Text()
        case (Listing(x), Listing(y)):
            element = y if x is None else x if y is None else join(x, y)
            return None if element is None else Listing(element, a.filled and b.filled)
    return None


def widened(before: Static, after: Static) -> Static | None:
    """A type that holds both and stays put in loops: a bound that moved is given up."""
    both = join(before, after)
    match before, both:
        case Number(), Number():
            low = both.low if before.low == both.low else None
            high = both.high if before.high == both.high else None
            return Number(low, high, both.nonzero)
    return both


def without_none(a: Static) -> Static:
    """The type of a value known not to be None."""
    return a.inner if isinstance(a, Maybe) else a


def is_empty(a: Static) -> bool:
    """Whether no value is left that the type could have."""
    match a:
        case Number(low, high, nonzero):
            if low is not None and high is not None and low > high:
                return True
            return nonzero and low == 0 and high == 0
        case Name(values):
            return values is not None and not values
    return False


def number(low: int | None, high: int | None, *, nonzero: bool = False) -> Number:
    """A number whose far-off bounds are forgotten, and whose bounds are not 0 where it is not."""
    if nonzero and low == 0:
        low = 1
    if nonzero and high == 0:
        high = -1
    low = None if low is None or abs(low) > LARGEST_BOUND else low
    high = None if high is None or abs(high) > LARGEST_BOUND else high
    return Number(low, high, nonzero)


def describe(a: Static) -> str:
    """The type as a writer reads it."""
    match a:
        case Truth():
            return "a truth value"
        case Number(low, high):
            if low is not None and low == high:
                return f"the number {low}"
            bounds = [] if low is None else [f"from {low}"]
            bounds += [] if high is None else [f"to {high}"]
            return " ".join(["a number", *bounds])
        case Name(values):
            if values is not None and len(values) == 1:
                return f'the name "{next(iter(values))}"'
            return "a name"
        case Text():
            return "a text"
        case Names():
            return "a set of names"
        case Bag():
            return "a bag of items"
        case Lookup():
            return "a table"
        case Listing(element):
            return "an empty list" if element is None else "a list"
        case Line():
            return "a line"
        case Nothing():
            return "None"
        case Maybe(inner):
            return f"{describe(inner)} or None"
        case Unknown():
            return "a value"


class Fit(Enum):
    """How a value fits a declared type: `POSSIBLE` may still be out of range when the logic runs."""

    POSSIBLE = "possible"
    WRONG_TYPE = "wrong type"
    OUT_OF_RANGE = "out of range"
    UNKNOWN_NAME = "unknown name"


def fit(value: Static, declared: ValueType) -> Fit:
    """Whether a value can be what a fact or an argument is declared as."""
    match value, declared:
        case (Unknown(), _) | (Truth(), BoolType()) | (Text(), TextType()) | (Name(None), TextType()):
            return Fit.POSSIBLE
        case Name(values), TextType(length) if values is not None:
            return Fit.POSSIBLE if any(len(text) <= length for text in values) else Fit.OUT_OF_RANGE
        case Number(low, high), IntType(least, most):
            below = high is not None and least is not None and high < least
            above = low is not None and most is not None and low > most
            return Fit.OUT_OF_RANGE if below or above else Fit.POSSIBLE
        case Name(values), OneOfType(options) | ItemType(options):
            return Fit.POSSIBLE if values is None or values & set(options) else Fit.UNKNOWN_NAME
        case Names(values), SetType(of):
            fine = values is None or of is None or not values or values & set(of)
            return Fit.POSSIBLE if fine else Fit.UNKNOWN_NAME
    return Fit.WRONG_TYPE


def clipped(value: Static, declared: ValueType) -> Static:
    """What is known of a fact after a fitting assignment: out-of-range values would have voided the turn."""
    match value, declared:
        case Number(low, high, nonzero), IntType(least, most):
            lows = [bound for bound in (low, least) if bound is not None]
            highs = [bound for bound in (high, most) if bound is not None]
            return number(max(lows, default=None), min(highs, default=None), nonzero=nonzero)
        case Name(values), OneOfType(options) | ItemType(options):
            return Name(frozenset(options) if values is None else values & set(options))
        case Truth(), BoolType():
            return value
    return static_type(declared)
