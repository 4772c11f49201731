"""Whole numbers that are not known yet, as sums over several unknowns, and the branches that they lead to.

`npc.logic.symbols` knows numbers of one unknown each; a fact and a slot compared with each other need more. The
closures of a program compute with these as with any number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from npc.logic.execution import LARGEST_PRODUCT, Void
from npc.logic.symbols import ENUMERABLE, Symbolic, Unresolved
from npc.testing.difference.solver import Row, feasible, linked, narrow, row

FEW = 16
"""A number of at most so many values is decided before it is divided: that leaves simpler conditions behind."""


class Impossible(Exception):
    """Nothing is on this path after all; it was entered because that could not be seen at once."""


class Branches:
    """Which way each undecided question of a path goes; every way that can be is taken on some path, depth first."""

    def __init__(self) -> None:
        self._open: list[list[int]] = []
        self._position = 0

    def decide(self, ways: Callable[[], Sequence[int]]) -> int:
        """Which way this path goes here; `ways`, asked for the first time only, are those there are."""
        if self._position == len(self._open):
            found = list(reversed(ways()))
            if not found:
                raise Impossible
            self._open.append(found)
        self._position += 1
        return self._open[self._position - 1][-1]

    def fork(self, ways: int) -> int:
        """See `npc.logic.symbols.Forks`."""
        return self.decide(lambda: range(ways))

    def approximate(self) -> None:
        """See `npc.logic.symbols.Forks`; nothing made here is approximate without being written down."""

    def next(self) -> bool:
        """Turn to the next path; False when all have been taken."""
        while self._open:
            self._open[-1].pop()
            if self._open[-1]:
                self._position = 0
                return True
            self._open.pop()
        return False


class Space:
    """What a path has come to know of its numbers: bounds of each, rows that hold between several.

    Attributes:
        bounds: by name, lowest and highest value.
        declared: the bounds each began with.
        rows: what holds between several numbers.
        made: numbers that follow from others: name → how to compute it.
        unruly: those of them that follow in ways which rows do not express.
    """

    def __init__(self, branches: Branches) -> None:
        self.branches = branches
        self.bounds: dict[str, tuple[int, int]] = {}
        self.declared: dict[str, tuple[int, int]] = {}
        self.rows: list[Row] = []
        self.made: dict[str, Callable[[Mapping[str, int]], int]] = {}
        self.unruly: set[str] = set()

    def number(self, name: str, low: int, high: int) -> Sum | int:
        """The number of that name; the same one whenever it is asked for."""
        if name not in self.bounds:
            self.bounds[name] = self.declared[name] = (low, high)
        low, high = self.bounds[name]
        return low if low == high else Sum(self, {name: 1}, 0)

    def take(self, ways: Sequence[Sequence[Row]]) -> int:
        """Go one of several ways, each with rows that hold on it; ways that no numbers can take are left out."""
        way = self.branches.decide(lambda: [n for n, rows in enumerate(ways) if self.admits(rows)])
        self.hold(ways[way])
        return way

    def admits(self, rows: Sequence[Row]) -> bool:
        """Whether the rows may hold beside all that is known already; also true when that is not found out."""
        names = {name for one in rows for name, _ in one.terms}
        near = [*linked(self.rows, names), *rows]
        if any(not one.terms and one.constant > 0 for one in rows):
            return False
        reach = {name for one in near for name, _ in one.terms}
        return feasible(near, {name: self.bounds[name] for name in reach}) is not False

    def hold(self, rows: Iterable[Row]) -> None:
        """Let rows hold from here on."""
        for one in rows:
            if len(one.terms) == 1:
                ((name, factor),) = one.terms
                low, high = self.bounds[name]
                # `row` leaves a single coefficient as 1 or -1.
                self.bounds[name] = (low, min(high, -one.constant)) if factor > 0 else (max(low, one.constant), high)
            elif one.terms and one not in self.rows:
                self.rows.append(one)

    def reach(self, terms: Mapping[str, int], constant: int) -> tuple[int, int]:
        """The smallest and the largest value that a sum may have, as far as bounds tell."""
        names = set(terms)
        near = linked(self.rows, names)
        reach = names | {name for one in near for name, _ in one.terms}
        narrowed = narrow(near, {name: self.bounds[name] for name in reach})
        bounds = self.bounds if narrowed is None else narrowed[1]
        low = constant + sum(f * bounds[n][0 if f > 0 else 1] for n, f in terms.items())
        return low, constant + sum(f * bounds[n][1 if f > 0 else 0] for n, f in terms.items())

    def make(self, name: str, low: int, high: int, compute: Callable[[Mapping[str, int]], int]) -> Sum | int:
        """A number that follows from others by more than rows can say."""
        self.made.setdefault(name, compute)
        self.unruly.add(name)
        return self.number(name, low, high)


class Sum(Symbolic):
    """``factor * unknown + … + constant`` over one or several unknowns, no factor 0."""

    __slots__ = ("constant", "space", "terms")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, space: Space, terms: Mapping[str, int], constant: int) -> None:
        self.space, self.terms, self.constant = space, terms, constant

    def value(self, values: Mapping[str, int]) -> int:
        """The number itself, for given values of the unknowns."""
        return self.constant + sum(factor * values[name] for name, factor in self.terms.items())

    @property
    def interval(self) -> tuple[int, int]:
        """The smallest and the largest value it may have, as far as bounds tell."""
        return self.space.reach(self.terms, self.constant)

    def concrete(self) -> int:
        low, high = self.interval
        if _count(self) > ENUMERABLE:
            raise Unresolved(str(self))
        step = abs(next(iter(self.terms.values()))) if len(self.terms) == 1 else 1
        values = range(low, high + 1, step)
        return values[self.space.take([self._equal(value) for value in values])]

    def __index__(self) -> int:
        return self.concrete()

    def _equal(self, value: int) -> tuple[Row, Row]:
        below = {name: -factor for name, factor in self.terms.items()}
        return row(self.terms, self.constant - value), row(below, value - self.constant)

    def __str__(self) -> str:
        parts = [name if factor == 1 else f"{factor}*{name}" for name, factor in sorted(self.terms.items())]
        return " + ".join([*parts, *([str(self.constant)] if self.constant else [])]).replace("+ -", "- ")

    def __add__(self, other: Any) -> Any:
        other = _plain(other)
        if not isinstance(other, Sum):
            return Sum(self.space, self.terms, self.constant + other)
        terms = dict(self.terms)
        for name, factor in other.terms.items():
            terms[name] = terms.get(name, 0) + factor
        kept = {name: factor for name, factor in terms.items() if factor}
        constant = self.constant + other.constant
        return Sum(self.space, kept, constant) if kept else constant

    __radd__ = __add__

    def __neg__(self) -> Sum:
        return Sum(self.space, {name: -factor for name, factor in self.terms.items()}, -self.constant)

    def __sub__(self, other: Any) -> Any:
        return self + -_plain(other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        other = _plain(other)
        if isinstance(other, Sum):
            few, many = sorted((self, other), key=_count)
            if _count(few) > ENUMERABLE:
                return _in_use(_product(few, many))
            other, self = few.concrete(), many
        if not other:
            return 0
        return _in_use(Sum(self.space, {n: f * other for n, f in self.terms.items()}, self.constant * other))

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Any:
        return _quotient(self, _plain(other))

    def __rfloordiv__(self, other: Any) -> Any:
        return _quotient(_plain(other), self)

    def __mod__(self, other: Any) -> Any:
        return _remainder(self, _plain(other))

    def __rmod__(self, other: Any) -> Any:
        return _remainder(_plain(other), self)

    def __abs__(self) -> Any:
        return -self if self < 0 else self

    def __bool__(self) -> bool:
        return self != 0

    def __lt__(self, other: Any) -> bool:
        difference = self - other
        if not isinstance(difference, Sum):
            return bool(difference < 0)
        terms, constant = difference.terms, difference.constant
        low, high = difference.space.reach(terms, constant)
        if high < 0 or low >= 0:
            return high < 0
        not_less = {name: -factor for name, factor in terms.items()}
        return difference.space.take([[row(terms, constant + 1)], [row(not_less, -constant)]]) == 0

    def __gt__(self, other: Any) -> bool:
        return bool(-self < -_plain(other))

    def __le__(self, other: Any) -> bool:
        return not self > other

    def __ge__(self, other: Any) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        other = _plain(other)
        if isinstance(other, bool) or not isinstance(other, int | Sum):
            return False
        difference = self - other
        if not isinstance(difference, Sum):
            return bool(difference == 0)
        terms, constant = difference.terms, difference.constant
        low, high = difference.space.reach(terms, constant)
        if high < 0 or low > 0:
            return False
        more = {name: -factor for name, factor in terms.items()}
        ways = [difference._equal(0), (row(terms, constant + 1),), (row(more, 1 - constant),)]
        return difference.space.take(ways) == 0


def _plain(value: Any) -> Any:
    """A value to compute with: a sum as it is, anything else unknown decided."""
    return value.concrete() if isinstance(value, Symbolic) and not isinstance(value, Sum) else value


def _count(number: Sum) -> int:
    """How many values a number may have at most."""
    (low, high), terms = number.interval, number.terms
    return (high - low) // (abs(next(iter(terms.values()))) if len(terms) == 1 else 1) + 1


def _ends(value: Any) -> tuple[int, int]:
    return value.interval if isinstance(value, Sum) else (value, value)


def _in_use(product: Any) -> Any:
    """A product, unless it is so large that the turn is void."""
    low, high = _ends(product)
    if (low < -LARGEST_PRODUCT or high > LARGEST_PRODUCT) and not -LARGEST_PRODUCT <= product <= LARGEST_PRODUCT:
        raise Void("a number grows beyond all use")
    return product


def _of(value: Any, values: Mapping[str, int]) -> int:
    return value.value(values) if isinstance(value, Sum) else int(value)


def _product(one: Sum, other: Sum) -> Any:
    corners = [a * b for a in one.interval for b in other.interval]
    name = " * ".join(sorted((f"({one})", f"({other})")))
    return one.space.make(name, min(corners), max(corners), lambda v: one.value(v) * other.value(v))


def _quotient(left: Any, right: Any) -> Any:
    """Floor division; the divisor is known not to be 0."""
    right = _few(right)
    if isinstance(right, Sum):
        low, high = _ends(left)
        reach = max(abs(low), abs(high))
        name = f"({left}) // ({right})"
        return right.space.make(name, -reach, reach, lambda v: _of(left, v) // (right.value(v) or 1))
    if not isinstance(left, Sum):
        return left // right
    if right < 0:
        left, right = -left, -right
    if _count(left) <= FEW and len(left.terms) == 1:
        return left.concrete() // right
    low, high = left.interval
    name = f"({left}) // {right}"
    known = name in left.space.bounds
    made = left.space.number(name, low // right, high // right)
    if isinstance(made, Sum) and not known:
        # made * right <= left < (made + 1) * right
        rest = left - made * right
        if isinstance(rest, Sum):
            left.space.made[name] = lambda values: _of(left, values) // right
            least = {unknown: -factor for unknown, factor in rest.terms.items()}
            left.space.hold([row(least, -rest.constant), row(rest.terms, rest.constant - right + 1)])
    return made


def _remainder(left: Any, right: Any) -> Any:
    right = _few(right)
    if isinstance(right, Sum):
        low, high = right.interval
        name = f"({left}) % ({right})"
        return right.space.make(name, min(low, 0), max(high, 0), lambda v: _of(left, v) % (right.value(v) or 1))
    if isinstance(left, Sum) and len(left.terms) == 1 and _count(left) <= FEW:
        left = left.concrete()
    if not isinstance(left, Sum):
        return left % right
    return left - _quotient(left, right) * right


def _few(value: Any) -> Any:
    """A divisor, decided where it has few values."""
    return value.concrete() if isinstance(value, Sum) and _count(value) <= ENUMERABLE else value
