"""Values that are not known yet, of facts as well as of slots, for whoever takes every path through a program.

They differ from those of `npc.logic.symbols` in being exact where two unknown numbers meet: what a comparison of them
comes to is kept as a relation, and a path whose relations cannot hold is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from npc.logic.symbols import Collection, Deferred, Name, Symbolic, Unresolved

PINNED = 1_000
"""Values that an unknown number may have at most where it has to be tried value by value (`a * b`, `a // b`)."""
FEW = 16
"""A number with no more values than this is tried value by value rather than related to others."""

Place = tuple[str, ...]
"""What is unknown: ("fact", name), ("part", fact, name), ("slot", intent, slot), ("turn", character),
("last", character), or ("sum", number) for a quotient."""


class Finder(Protocol):
    """What takes the paths."""

    def fork(self, ways: int) -> int:
        """Which way this path goes; every way is taken in the end."""
        ...

    def relate(self, terms: tuple[tuple[Unknown, int], ...], offset: int) -> bool:
        """Whether the sum is at most 0 on this path; the answer is kept as a relation."""
        ...

    def quotient(self, dividend: Number, divisor: int) -> Number:
        """`dividend // divisor`, as a number of its own, related to the dividend."""
        ...

    def truth(self, place: Place) -> bool:
        """Whether something that is true or false is true on this path."""
        ...

    def count(self, place: Place) -> Number:
        """How many there are of something."""
        ...


class Unknown:
    """A whole number from `low` to `high` (None: no bound), narrowed along a path."""

    __slots__ = ("high", "low", "place")

    def __init__(self, place: Place, low: int | None, high: int | None) -> None:
        self.place, self.low, self.high = place, low, high

    @property
    def size(self) -> float:
        """How many values it may have."""
        return float("inf") if self.low is None or self.high is None else self.high - self.low + 1


class Number(Symbolic):
    """A sum of unknown numbers, each with a coefficient, and an offset."""

    __slots__ = ("finder", "offset", "terms")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, finder: Finder, terms: tuple[tuple[Unknown, int], ...], offset: int = 0) -> None:
        self.finder, self.terms, self.offset = finder, terms, offset

    def concrete(self) -> int:
        value = self.offset
        for unknown, factor in self.terms:
            value += factor * self._pinned(unknown)
        return value

    def _pinned(self, unknown: Unknown) -> int:
        low, high = unknown.low, unknown.high
        if low is None or high is None or high - low >= PINNED:
            raise Unresolved(".".join(unknown.place))
        if low < high:
            unknown.low = unknown.high = low = low + self.finder.fork(high - low + 1)
        return low

    @property
    def size(self) -> float:
        return max(unknown.size for unknown, _ in self.terms)

    @property
    def interval(self) -> tuple[int | None, int | None]:
        """Bounds of the sum."""
        low: int | None = self.offset
        high: int | None = self.offset
        for unknown, factor in self.terms:
            least, most = (unknown.low, unknown.high) if factor > 0 else (unknown.high, unknown.low)
            low = None if low is None or least is None else low + factor * least
            high = None if high is None or most is None else high + factor * most
        return low, high

    def __str__(self) -> str:
        low, high = self.interval
        return str(low) if low == high else f"{'' if low is None else low}..{'' if high is None else high}"

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Deferred):
            other = other.concrete()
        if not isinstance(other, Number):
            return Number(self.finder, self.terms, self.offset + other)
        sums = dict(self.terms)
        for unknown, factor in other.terms:
            sums[unknown] = sums.get(unknown, 0) + factor
        terms = tuple(term for term in sums.items() if term[1])
        offset = self.offset + other.offset
        return Number(self.finder, terms, offset) if terms else offset

    __radd__ = __add__

    def __neg__(self) -> Number:
        return self._times(-1)

    def _times(self, factor: int) -> Number:
        return Number(self.finder, tuple((unknown, f * factor) for unknown, f in self.terms), self.offset * factor)

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Deferred):
            other = other.concrete()
        if isinstance(other, Number):
            few, many = sorted((self, other), key=lambda number: number.size)
            known = few.concrete()
            return known * many
        return self._times(other) if other else 0

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Any:
        if isinstance(other, Symbolic):
            other = other.concrete()
        if other == 1:
            return self
        if other < 0:
            return -self // -other
        if len(self.terms) == 1 and self.size <= FEW:
            return self.concrete() // other
        return self.finder.quotient(self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return other // self.concrete()

    def __mod__(self, other: Any) -> Any:
        if isinstance(other, Symbolic):
            other = other.concrete()
        return self - other * (self // other)

    def __rmod__(self, other: Any) -> Any:
        return other % self.concrete()

    def __abs__(self) -> Any:
        return -self if self < 0 else self

    def __bool__(self) -> bool:
        return self != 0

    def at_most_zero(self) -> bool:
        """Whether it is at most 0; forks where that is open."""
        low, high = self.interval
        if high is not None and high <= 0:
            return True
        if low is not None and low > 0:
            return False
        if len(self.terms) > 1:
            return self.finder.relate(self.terms, self.offset)
        ((unknown, factor),) = self.terms
        if factor > 0:
            return self._is_at_most(unknown, -self.offset // factor)
        return not self._is_at_most(unknown, -(-self.offset // -factor) - 1)

    def _is_at_most(self, unknown: Unknown, bound: int) -> bool:
        if self.finder.fork(2) == 0:
            unknown.high = bound
            return True
        unknown.low = bound + 1
        return False

    def __le__(self, other: Any) -> bool:
        return _at_most_zero(self - other)

    def __lt__(self, other: Any) -> bool:
        return _at_most_zero(self - other + 1)

    def __ge__(self, other: Any) -> bool:
        return _at_most_zero(other - self)

    def __gt__(self, other: Any) -> bool:
        return _at_most_zero(other - self + 1)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Deferred):
            other = other.concrete()
        if not isinstance(other, int | Number):
            return False
        difference = self - other
        if not isinstance(difference, Number):
            return bool(difference == 0)
        if len(difference.terms) == 1:
            ((_, factor),) = difference.terms
            if difference.offset % factor:
                return False
        return difference.at_most_zero() and (-difference).at_most_zero()


def _at_most_zero(difference: Any) -> bool:
    return difference.at_most_zero() if isinstance(difference, Number) else difference <= 0


class UnknownName(Name):
    """One of several names, narrowed along a path."""

    __slots__ = ()
    __hash__ = Name.__hash__

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other)

    def within(self, container: Iterable[Any]) -> bool:
        if isinstance(container, Collection):
            return self.concrete() in container
        return super().within(container)


class UnknownSet(Collection):
    """A set fact: each name's membership is decided when it is asked about; `changed` holds what was written."""

    __slots__ = ("changed", "fact", "finder", "names")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, finder: Finder, fact: str, names: tuple[str, ...], changed: Mapping[str, bool]) -> None:
        self.finder, self.fact, self.names, self.changed = finder, fact, names, changed

    def __contains__(self, name: str) -> bool:
        if name in self.changed:
            return self.changed[name]
        return name in self.names and self.finder.truth(("part", self.fact, name))

    def __iter__(self) -> Iterator[str]:
        return iter([name for name in self._all() if name in self])

    def _all(self) -> tuple[str, ...]:
        return (*self.names, *sorted(self.changed.keys() - set(self.names)))

    def __len__(self) -> int:
        return sum(name in self for name in self._all())

    def __bool__(self) -> bool:
        return any(name in self for name in self._all())

    def _with(self, names: Iterable[str], held: bool) -> UnknownSet:
        changed = {**self.changed, **dict.fromkeys(names, held)}
        return UnknownSet(self.finder, self.fact, self.names, changed)

    def __or__(self, other: Any) -> UnknownSet:
        return self._with(other, True)

    def __ror__(self, other: frozenset[str]) -> frozenset[str]:
        return other | frozenset(self)

    def __sub__(self, other: Any) -> UnknownSet:
        return self._with(other, False)

    def __rsub__(self, other: frozenset[str]) -> frozenset[str]:
        return other - frozenset(self)

    def __le__(self, other: Any) -> bool:
        return all(name in other or name not in self for name in self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownSet | frozenset) and frozenset(self) == frozenset(other)


class UnknownBag(Collection):
    """A bag fact: each item's count is a number of its own; `changed` holds what was written."""

    __slots__ = ("changed", "fact", "finder", "names")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, finder: Finder, fact: str, names: tuple[str, ...], changed: Mapping[str, Any]) -> None:
        self.finder, self.fact, self.names, self.changed = finder, fact, names, changed

    def get(self, item: Any, default: int) -> Any:
        if isinstance(item, Symbolic):
            item = item.concrete()
        if item in self.changed:
            return self.changed[item]
        return self.finder.count(("part", self.fact, item)) if item in self.names else default

    def __contains__(self, item: str) -> bool:
        return bool(self.get(item, 0) > 0)

    def __iter__(self) -> Iterator[str]:
        return iter([item for item in self.names if item in self])

    def __len__(self) -> int:
        return sum(item in self for item in self.names)

    def __bool__(self) -> bool:
        return any(item in self for item in self.names)

    def with_count(self, item: str, count: Any) -> UnknownBag:
        return UnknownBag(self.finder, self.fact, self.names, {**self.changed, item: count})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UnknownBag | Mapping):
            return False
        return all(self.get(item, 0) == other.get(item, 0) for item in self.names)


Read = Callable[[str], Any]
