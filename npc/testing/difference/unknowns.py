"""A state and a hearing that two versions of a character share, nothing of it known until a program asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from npc.logic.program import Context
from npc.logic.symbols import Collection, Name
from npc.testing.difference.domain import Domain, Hearing
from npc.testing.difference.numbers import Branches, Space

COUNT = "{}[{}]"
"""The unknown that is the count of an item in a bag."""


class UnknownName(Name):
    """One of several names. What is looked for in an unknown bag or set is decided first: that forks less."""

    __slots__ = ()

    def within(self, container: Iterable[Any]) -> bool:
        if isinstance(container, UnknownBag | UnknownSet):
            return self.concrete() in container
        return super().within(container)


class UnknownBag(Collection, Mapping[str, Any]):
    """A bag, of which every count is a number of its own, 0 where the item is not there."""

    __slots__ = ("counts",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, counts: Mapping[str, Any]) -> None:
        self.counts = counts

    def with_count(self, item: str, count: Any) -> UnknownBag:
        """The bag with another count of one item."""
        return UnknownBag({**self.counts, item: count})

    def __getitem__(self, item: Any) -> Any:
        if item not in self:
            raise KeyError(item)
        return self.counts[_plain(item)]

    def get(self, item: Any, default: Any = None) -> Any:
        return self.counts.get(_plain(item), default)

    def __contains__(self, item: object) -> bool:
        item = _plain(item)
        return item in self.counts and bool(self.counts[item] > 0)  # type: ignore[index]

    def __iter__(self) -> Iterator[str]:
        return (item for item, count in self.counts.items() if count > 0)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(count > 0 for count in self.counts.values())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return False
        counts = other.counts if isinstance(other, UnknownBag) else other
        return all(self.counts.get(item, 0) == counts.get(item, 0) for item in {**self.counts, **counts})


class UnknownSet(Collection):
    """A set of names; whether a name is in it is decided when it is asked for.

    `members` has the names that it may hold in declared order, each with its answer.
    """

    __slots__ = ("members",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, members: Mapping[str, Member | bool]) -> None:
        self.members = members

    def within(self, container: Iterable[Any]) -> bool:
        return any(self == element for element in container)

    def __contains__(self, name: object) -> bool:
        return bool(self.members.get(_plain(name), False))

    def __iter__(self) -> Iterator[str]:
        return (name for name, member in self.members.items() if member)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(self.members.values())

    def __or__(self, other: Iterable[str]) -> UnknownSet:
        return UnknownSet({**self.members, **dict.fromkeys(other, True)})

    __ror__ = __or__

    def __sub__(self, other: Iterable[str]) -> UnknownSet:
        gone = set(other)
        return UnknownSet({name: member for name, member in self.members.items() if name not in gone})

    def __rsub__(self, other: Iterable[str]) -> frozenset[str]:
        return frozenset(name for name in other if name not in self)

    def __le__(self, other: Iterable[str]) -> bool:
        held = set(other)
        return all(name in held or not member for name, member in self.members.items())

    def __ge__(self, other: Iterable[str]) -> bool:
        return all(name in self for name in other)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UnknownSet | frozenset):
            return False
        names = {*self.members, *(other.members if isinstance(other, UnknownSet) else other)}
        return all((name in self) == (name in other) for name in sorted(names))


class Member:
    """Whether a name is in a set: decided once, the first time it is asked for."""

    __slots__ = ("_unknowns", "fact", "name")

    def __init__(self, unknowns: Unknowns, fact: str, name: str) -> None:
        self._unknowns, self.fact, self.name = unknowns, fact, name

    def __bool__(self) -> bool:
        return self._unknowns.member(self.fact, self.name)


def _plain(key: Any) -> Any:
    return key.concrete() if isinstance(key, Name) else key


class Unknowns:
    """All unknowns of one path, shared by both versions, with what the path has decided about them.

    Attributes:
        space: the numbers.
        truths: truth values decided: facts, and members of sets as ``fact[name]``.
        names: facts, slots, `last` and `event` of which the possible names are narrowed.
        hearings: the intents decided, with the way each is heard.
        draws: by position, between which bounds the fraction drawn lies.
        unsaid: the optional slots decided, and whether they are left unsaid.
        first: whether it is the character's first turn, before which it said nothing; None when not decided.
        event: whether an event brought the turn about, None when not decided.
    """

    def __init__(self, branches: Branches, domain: Domain) -> None:
        self.branches = branches
        self.domain = domain
        self.space = Space(branches)
        self.truths: dict[str, bool] = {}
        self.names: dict[str, UnknownName] = {}
        self.hearings: dict[str, Hearing] = {}
        self.unsaid: dict[str, bool] = {}
        self.draws: list[tuple[float, float]] = []
        self.first: bool | None = None
        self.event: bool | None = None

    def truth(self, name: str) -> bool:
        if name not in self.truths:
            self.truths[name] = self.branches.fork(2) == 0
        return self.truths[name]

    def name(self, name: str, options: tuple[str, ...]) -> Any:
        if name not in self.names:
            self.names[name] = UnknownName(self.branches, name, options)
        return self.names[name]

    def fact(self, name: str, version: int) -> Any:
        """A fact's value as the version sees it."""
        known = self.domain.facts[name]
        match known.kind:
            case "fixed":
                return known.values[version]
            case "bool":
                return self.truth(name)
            case "int":
                return self.space.number(name, *known.range)
            case "one_of":
                return self.name(name, known.names[version])
            case "bag":
                counts = {item: self.count(name, item) for item in known.names[version]}
                return UnknownBag(counts)
            case _:
                return UnknownSet({member: Member(self, name, member) for member in known.names[version]})

    def count(self, bag: str, item: str) -> Any:
        return self.space.number(COUNT.format(bag, item), *self.domain.facts[bag].range)

    def member(self, fact: str, name: str) -> bool:
        return self.truth(COUNT.format(fact, name))

    def is_first(self) -> bool:
        """Whether this is the character's first turn: nothing was said before."""
        if self.first is None:
            self.first = not self.domain.lines or self.branches.fork(2) == 0
        return self.first

    def is_event(self) -> bool:
        if self.event is None:
            self.event = bool(self.domain.events) and self.branches.fork(2) == 1
        return self.event

    def hearing(self, intent: str) -> Hearing:
        if intent not in self.hearings:
            ways = self.domain.hearings[intent]
            self.hearings[intent] = ways[self.branches.fork(len(ways))]
        return self.hearings[intent]

    def slot(self, intent: str, slot: str) -> Any:
        full = f"heard.{intent}.{slot}"
        piece = self.hearing(intent).slots[slot]
        if piece.may_be_unsaid:
            if full not in self.unsaid:
                self.unsaid[full] = not piece.may_be_said or self.branches.fork(2) == 1
            if self.unsaid[full]:
                return None
        if piece.names:
            return self.name(full, piece.names)
        return self.space.number(full, *piece.range)

    def chance(self, position: int, probability: float) -> bool:
        """Whether the draw of that position falls below the probability: both versions draw the same fractions."""
        while len(self.draws) <= position:
            self.draws.append((0.0, 1.0))
        low, high = self.draws[position]
        if not low < probability < high:
            return probability >= high
        happens = self.branches.fork(2) == 0
        self.draws[position] = (low, probability) if happens else (probability, high)
        return happens


class VersionFacts(Mapping[str, Any]):
    """The facts as one version reads them."""

    def __init__(self, unknowns: Unknowns, version: int) -> None:
        self._unknowns, self._version = unknowns, version

    def __getitem__(self, name: str) -> Any:
        return self._unknowns.fact(name, self._version)

    def __iter__(self) -> Iterator[str]:
        return iter(self._unknowns.domain.facts)

    def __len__(self) -> int:
        return len(self._unknowns.domain.facts)


class VersionContext(Context):
    """`last`, `turn` and `event`, decided when they are read."""

    __slots__ = ("_unknowns",)
    _unknowns: Unknowns

    def __init__(self, unknowns: Unknowns) -> None:
        object.__setattr__(self, "_unknowns", unknowns)

    @property
    def last(self) -> Any:
        unknowns = self._unknowns
        return None if unknowns.is_first() else unknowns.name("last", unknowns.domain.lines)

    @property
    def turn(self) -> Any:
        unknowns = self._unknowns
        return 0 if unknowns.is_first() else unknowns.space.number("turn", 1, unknowns.domain.reach)

    @property
    def event(self) -> Any:
        unknowns = self._unknowns
        return unknowns.name("event", unknowns.domain.events) if unknowns.is_event() else None


class VersionOracle:
    """What one version's program hears, from the unknowns that both share."""

    def __init__(self, unknowns: Unknowns, version: int) -> None:
        self._unknowns, self._version = unknowns, version
        self._draws = 0

    def heard(self, intent: str) -> bool:
        return self._version in self._unknowns.hearing(intent).by

    def slot(self, intent: str, slot: str) -> Any:
        return self._unknowns.slot(intent, slot)

    def chance(self, probability: float) -> bool:
        self._draws += 1
        return self._unknowns.chance(self._draws - 1, probability)

    def choose(self, candidates: tuple[str, ...]) -> str:
        # Which of them is said is the model's to choose, in both versions alike.
        return candidates[0]
