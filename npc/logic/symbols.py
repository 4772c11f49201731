"""Symbolic values: what a slot holds while all outcomes of a state are enumerated.

The closures of a program compute with them as with plain values. An operation whose result depends on what is not
known yet forks the path: the explorer runs the program once for each way it can fall, and each run narrows the value.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from npc.catalog.types import LARGEST_NUMBER

ENUMERABLE = 64
"""Values that a number may have at most for being tried one by one where intervals cannot express it (`a * b`)."""


class Forks(Protocol):
    """What explores the paths."""

    def fork(self, ways: int) -> int:
        """Which way this path goes, from 0 to `ways` - 1; the explorer sees to it that every way is taken."""
        ...

    def approximate(self) -> None:
        """Paths from here on may include some that no slot value takes."""
        ...


class Unresolved(Exception):
    """A value has to be known and has too many possible ones: paths cannot be enumerated."""


class Symbolic:
    """A value that is not known yet."""

    __slots__ = ()

    concrete: Callable[[], Any]
    """The value itself, decided by forking over all it may be; raises `Unresolved` when there are too many."""

    def within(self, container: Iterable[Any]) -> bool:
        """Whether the value is in the container; forks into yes and no where that is open."""
        return any(self == element for element in container)

    def look_up(self, table: Mapping[str, Any]) -> Any:
        """What a table that has this key holds under it."""
        return table[self.concrete()]


class Collection(Symbolic):
    """A set or bag whose members are not known yet: each is decided when it is asked about.

    It goes through the operations on sets and bags as it is, and is never decided as a whole.
    """

    __slots__ = ()

    def concrete(self) -> Any:
        return self

    def with_count(self, item: str, count: Any) -> Any:
        """A bag with another count of one item."""
        raise NotImplementedError


class Variable:
    """A whole number from `low` to `high` (None: no bound), narrowed along a path.

    `name` is the slot it comes from, empty where it is only known to lie in its interval.
    """

    __slots__ = ("forks", "high", "low", "name")

    def __init__(self, forks: Forks, name: str, low: int | None, high: int | None) -> None:
        self.forks, self.name, self.low, self.high = forks, name, low, high

    def at_most(self, bound: int) -> bool:
        if self.high is not None and self.high <= bound:
            return True
        if self.low is not None and self.low > bound:
            return False
        if self.forks.fork(2) == 0:
            self.high = bound
            return True
        self.low = bound + 1
        return False

    def equals(self, value: int) -> bool:
        if not self._admits(value):
            return False
        ways = [(value, value)]
        if self.low is None or self.low < value:
            ways.append((self.low, value - 1))  # type: ignore[arg-type]
        if self.high is None or self.high > value:
            ways.append((value + 1, self.high))  # type: ignore[arg-type]
        way = self.forks.fork(len(ways)) if len(ways) > 1 else 0
        self.low, self.high = ways[way]
        return way == 0

    def _admits(self, value: int) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    @property
    def count(self) -> int | None:
        """How many values it may have, or None for no end of them."""
        return None if self.low is None or self.high is None else self.high - self.low + 1

    def pin(self) -> int:
        """Its value, decided by forking over all of them."""
        if self.low is None or self.high is None or self.high - self.low >= ENUMERABLE:
            raise Unresolved(self.name)
        if self.low < self.high:
            self.low = self.high = self.low + self.forks.fork(self.high - self.low + 1)
        return self.low


Interval = tuple[int | None, int | None]


class Number(Symbolic):
    """`scale * variable + offset`, `scale` never 0.

    Sums with and products by known numbers stay exact; so do comparisons. Where two unknown numbers meet, one with few
    values is tried value by value; otherwise the result is a new variable of which only the interval is known.
    """

    __slots__ = ("offset", "scale", "variable")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, variable: Variable, scale: int = 1, offset: int = 0) -> None:
        if abs(scale) > LARGEST_NUMBER or abs(offset) > LARGEST_NUMBER:
            raise Unresolved(variable.name)
        self.variable, self.scale, self.offset = variable, scale, offset

    def concrete(self) -> int:
        return self.scale * self.variable.pin() + self.offset

    @property
    def interval(self) -> Interval:
        """The smallest and the largest value it may have."""
        ends = (self.variable.low, self.variable.high)
        low, high = ends if self.scale > 0 else ends[::-1]
        return (
            None if low is None else self.scale * low + self.offset,
            None if high is None else self.scale * high + self.offset,
        )

    def __str__(self) -> str:
        low, high = self.interval
        return str(low) if low == high and low is not None else f"{_bound(low)}..{_bound(high)}"

    def __add__(self, other: Any) -> Any:
        return _meet(self, other, _sum)

    def __radd__(self, other: Any) -> Any:
        return _meet(self, other, _sum)

    def __neg__(self) -> Number:
        return Number(self.variable, -self.scale, -self.offset)

    def __sub__(self, other: Any) -> Any:
        return _meet(self, -other, _sum)

    def __rsub__(self, other: Any) -> Any:
        return _meet(-self, other, _sum)

    def __mul__(self, other: Any) -> Any:
        return _meet(self, other, _product)

    def __rmul__(self, other: Any) -> Any:
        return _meet(self, other, _product)

    def __floordiv__(self, other: Any) -> Any:
        return _divide(self, other, operator.floordiv, _quotients)

    def __rfloordiv__(self, other: Any) -> Any:
        return _divide(other, self, operator.floordiv, _quotients)

    def __mod__(self, other: Any) -> Any:
        return _divide(self, other, operator.mod, _remainders)

    def __rmod__(self, other: Any) -> Any:
        return _divide(other, self, operator.mod, _remainders)

    def __abs__(self) -> Any:
        return -self if self < 0 else self

    def __bool__(self) -> bool:
        return self != 0

    def __lt__(self, other: Any) -> bool:
        difference = self - other
        if not isinstance(difference, Number):
            return bool(difference < 0)
        # scale * x + offset < 0, solved for x in whole numbers
        scale, against = difference.scale, -difference.offset
        if scale > 0:
            return difference.variable.at_most((against - 1) // scale)
        return not difference.variable.at_most(against // scale)

    def __gt__(self, other: Any) -> bool:
        return bool(-self < -other)

    def __le__(self, other: Any) -> bool:
        return not self > other

    def __ge__(self, other: Any) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, int | Number | Deferred):
            return False
        difference = self - other
        if not isinstance(difference, Number):
            return bool(difference == 0)
        value, rest = divmod(-difference.offset, difference.scale)
        return rest == 0 and difference.variable.equals(value)


def _bound(bound: int | None) -> str:
    return "" if bound is None else str(bound)


def _meet(one: Number, other: Any, combine: Callable[[Number, Any], Any]) -> Any:
    """Add or multiply an unknown number and another, known or not."""
    if isinstance(other, Deferred):
        other = other.concrete()
    if not isinstance(other, Number):
        return combine(one, other)
    if one.variable is not other.variable or combine is _product:
        # The one with fewer values first: trying a few values keeps the other one exact.
        few, many = sorted((one, other), key=_few)
        if _few(few) <= ENUMERABLE:
            known = few.concrete()
            return combine(many, known) if many.variable is not few.variable else combine(few, many.concrete())
    return combine(one, other)


def _few(number: Number) -> float:
    count = number.variable.count
    return float("inf") if count is None else count


def _sum(one: Number, other: Any) -> Any:
    if not isinstance(other, Number):
        return Number(one.variable, one.scale, one.offset + other)
    if one.variable is other.variable:
        scale, offset = one.scale + other.scale, one.offset + other.offset
        return Number(one.variable, scale, offset) if scale else offset
    (low, high), (other_low, other_high) = one.interval, other.interval
    return _unknown(
        one.variable.forks,
        None if low is None or other_low is None else low + other_low,
        None if high is None or other_high is None else high + other_high,
    )


def _product(one: Number, other: Any) -> Any:
    if not isinstance(other, Number):
        return Number(one.variable, one.scale * other, one.offset * other) if other else 0
    corners = [None if a is None or b is None else a * b for a in one.interval for b in other.interval]
    known = [corner for corner in corners if corner is not None]
    bounded = len(known) == len(corners)
    # Without all four corners only this much is sure: two numbers from 0 up have a product from 0 up.
    lows = [number.interval[0] for number in (one, other)]
    low = min(known) if bounded else (0 if all(end is not None and end >= 0 for end in lows) else None)
    return _unknown(one.variable.forks, low, max(known) if bounded else None)


def _divide(
    left: Any, right: Any, exact: Callable[[Any, Any], Any], bounds: Callable[[Interval, Interval], Interval]
) -> Any:
    """Floor division or remainder; the divisor is known not to be 0."""
    numbers = [side.concrete() if isinstance(side, Deferred) else side for side in (left, right)]
    unknown = sorted((side for side in numbers if isinstance(side, Number)), key=_few)
    if all(_few(side) <= ENUMERABLE for side in unknown):
        return exact(*(side.concrete() if isinstance(side, Number) else side for side in numbers))
    dividend, divisor = (side.interval if isinstance(side, Number) else (side, side) for side in numbers)
    return _unknown(unknown[0].variable.forks, *bounds(dividend, divisor))


def _quotients(dividend: Interval, divisor: Interval) -> Interval:
    (low, high), (least, most) = dividend, divisor
    if least is not None and least == most:
        ends = (None if low is None else low // least, None if high is None else high // least)
        return ends if least > 0 else ends[::-1]
    if low is None or high is None:
        return None, None
    reach = max(abs(low), abs(high))
    return -reach, reach


def _remainders(dividend: Interval, divisor: Interval) -> Interval:
    least, most = divisor
    if least is not None and least > 0:
        return 0, None if most is None else most - 1
    if most is not None and most < 0:
        return None if least is None else least + 1, 0
    return None, None


def _unknown(forks: Forks, low: int | None, high: int | None) -> Any:
    forks.approximate()
    return Number(Variable(forks, "", _kept(low), _kept(high)))


def _kept(bound: int | None) -> int | None:
    """The bound, or none where it is so large that a run would be void."""
    return None if bound is None or abs(bound) > LARGEST_NUMBER else bound


class Name(Symbolic):
    """One of several names, narrowed along a path."""

    __slots__ = ("forks", "name", "options")

    def __init__(self, forks: Forks, name: str, options: Iterable[str]) -> None:
        self.forks, self.name, self.options = forks, name, tuple(options)

    def concrete(self) -> str:
        if len(self.options) > 1:
            self.options = (self.options[self.forks.fork(len(self.options))],)
        return self.options[0]

    def __str__(self) -> str:
        return "|".join(self.options)

    def __hash__(self) -> int:
        return hash(self.concrete())

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if isinstance(other, Symbolic):
            other = other.concrete()
        return self._among({other})

    def within(self, container: Iterable[Any]) -> bool:
        if isinstance(container, tuple) and any(isinstance(element, Symbolic) for element in container):
            return super().within(container)
        return self._among(container)

    def _among(self, container: Any) -> bool:
        inside = tuple(option for option in self.options if option in container)
        if not inside or len(inside) == len(self.options):
            return bool(inside)
        if self.forks.fork(2) == 0:
            self.options = inside
            return True
        self.options = tuple(option for option in self.options if option not in inside)
        return False

    def look_up(self, table: Mapping[str, Any]) -> Any:
        return Deferred(self, table)


class Deferred(Symbolic):
    """What a table holds under a name not known yet; it is decided when something is done with it, if ever."""

    __slots__ = ("key", "table")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, key: Name, table: Mapping[str, Any]) -> None:
        self.key, self.table = key, table

    def concrete(self) -> Any:
        values = tuple(dict.fromkeys(self.table[option] for option in self.key.options))
        value = values[self.key.forks.fork(len(values))] if len(values) > 1 else values[0]
        self.key.options = tuple(option for option in self.key.options if self.table[option] == value)
        return value

    def __str__(self) -> str:
        return "|".join(str(value) for value in dict.fromkeys(self.table[option] for option in self.key.options))

    def within(self, container: Iterable[Any]) -> bool:
        return self.concrete() in container

    def __bool__(self) -> bool:
        return bool(self.concrete())

    def __eq__(self, other: object) -> bool:
        return bool(self.concrete() == other)

    def __lt__(self, other: Any) -> bool:
        return bool(self.concrete() < other)

    def __le__(self, other: Any) -> bool:
        return bool(self.concrete() <= other)

    def __gt__(self, other: Any) -> bool:
        return bool(self.concrete() > other)

    def __ge__(self, other: Any) -> bool:
        return bool(self.concrete() >= other)

    def __add__(self, other: Any) -> Any:
        return self.concrete() + other

    def __radd__(self, other: Any) -> Any:
        return other + self.concrete()

    def __sub__(self, other: Any) -> Any:
        return self.concrete() - other

    def __rsub__(self, other: Any) -> Any:
        return other - self.concrete()

    def __mul__(self, other: Any) -> Any:
        return self.concrete() * other

    def __rmul__(self, other: Any) -> Any:
        return other * self.concrete()

    def __floordiv__(self, other: Any) -> Any:
        return self.concrete() // other

    def __rfloordiv__(self, other: Any) -> Any:
        return other // self.concrete()

    def __mod__(self, other: Any) -> Any:
        return self.concrete() % other

    def __rmod__(self, other: Any) -> Any:
        return other % self.concrete()

    def __neg__(self) -> Any:
        return -self.concrete()

    def __abs__(self) -> Any:
        return abs(self.concrete())
