"""Over which states and hearings two versions of a character are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from npc.catalog.model import Fact, Intent, Slot
from npc.catalog.types import BagType, BoolType, FactType, IntType, ItemType, OneOfType, SetType, Text
from npc.logic.cast import Cast
from npc.logic.footprint import walk
from npc.logic.nodes import Literal

REACH = 10**18
"""Numbers without a declared bound are compared up to this, either way: a thousand times what logic can write out."""

OLD, NEW = 0, 1
BOTH = frozenset({OLD, NEW})


@dataclass(frozen=True, slots=True)
class FactDomain:
    """The values over which a fact is compared.

    Attributes:
        kind: ``bool``, ``int``, ``one_of``, ``bag``, ``set``, or ``fixed``: one value for each version (texts, and
            facts whose types have no value in common).
        range: of the number, or of each count.
        names: for each version the options, items or members that it knows.
        values: for ``fixed``, the value in each version.
    """

    kind: str
    range: tuple[int, int] = (0, 0)
    names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    values: tuple[Any, Any] = (None, None)


@dataclass(frozen=True, slots=True)
class SlotDomain:
    """Values of a slot: a range or names, and whether it may be left unsaid."""

    range: tuple[int, int] = (0, 0)
    names: tuple[str, ...] = ()
    may_be_unsaid: bool = False
    may_be_said: bool = True


@dataclass(frozen=True, slots=True)
class Hearing:
    """One way for an intent to be heard: by which versions, with which slot values."""

    by: frozenset[int] = frozenset()
    slots: Mapping[str, SlotDomain] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Domain:
    """All of it.

    Attributes:
        facts: by name; of both versions.
        hearings: by intent, the ways it is heard, the first being not at all.
        lines: the ids that `last` may be.
        events: the events there are.
        reach: see `REACH`.
    """

    facts: Mapping[str, FactDomain]
    hearings: Mapping[str, tuple[Hearing, ...]]
    lines: tuple[str, ...]
    events: tuple[str, ...]
    reach: int


def domain_of(old: Cast, new: Cast, character: str, reach: int = REACH) -> Domain:
    """Over what the two versions of a character are compared.

    A fact's value is one that both versions admit; of a bag or set each version sees what it knows of. A slot value
    that one version does not admit makes it hear nothing of the intent, as in play.
    """
    one, other = old.catalog, new.catalog
    strangers = _names_in(old, character) | _names_in(new, character)
    facts = {
        name: _fact_domain(name, one.facts.get(name), other.facts.get(name), reach, strangers)
        for name in dict.fromkeys(chain(one.facts, other.facts))
    }
    before, after = (cast.characters[character].declaration for cast in (old, new))
    hearings = {
        name: _hearings(before.intents.get(name), after.intents.get(name), reach)
        for name in dict.fromkeys(chain(before.intents, after.intents))
    }
    return Domain(
        facts,
        hearings,
        tuple(dict.fromkeys(chain(before.responses, after.responses))),
        tuple(dict.fromkeys(chain(one.events, other.events))),
        reach,
    )


def _names_in(cast: Cast, character: str) -> frozenset[str]:
    """Every name that a character's logic mentions: what a set of any names may be asked about."""
    trees = cast.trees.characters[character]
    found = (
        node.value
        for node in walk([trees.logic, list(trees.whens.values()), list(cast.trees.effects.values())])
        if isinstance(node, Literal)
    )
    return frozenset(value for value in found if isinstance(value, str)) | frozenset(cast.catalog.items)


def _fact_domain(name: str, old: Fact | None, new: Fact | None, reach: int, strangers: Iterable[str]) -> FactDomain:
    some = old or new
    assert some is not None
    before, after = (old or some), (new or some)
    fixed = FactDomain("fixed", values=(_initial(name, before), _initial(name, after)))
    match before.type, after.type:
        case BoolType(), BoolType():
            return FactDomain("bool")
        case IntType(), IntType():
            low, high = _common(before.type, after.type, reach)
            return FactDomain("int", (low, high)) if low <= high else fixed
        case OneOfType(options), OneOfType(others):
            common = tuple(option for option in options if option in others)
            return FactDomain("one_of", names=(common, common)) if common else fixed
        case BagType(items), BagType(others):
            return FactDomain("bag", (0, reach), (items, others))
        case SetType(), SetType():
            return FactDomain("set", names=(_members(before, strangers), _members(after, strangers)))
    return fixed


def _initial(name: str, fact: Fact) -> Any:
    # Texts are never tested, so one value stands for all; each fact has its own, to be told from the others.
    return Text(f"‹{name}›"[: fact.type.max_length]) if not _is_tested(fact.type) else fact.initial  # type: ignore[union-attr]


def _is_tested(declared: FactType) -> bool:
    return isinstance(declared, BoolType | IntType | OneOfType | SetType | BagType)


def _members(fact: Fact, strangers: Iterable[str]) -> tuple[str, ...]:
    assert isinstance(fact.type, SetType)
    if fact.type.of is not None:
        return fact.type.of
    initial = fact.initial if isinstance(fact.initial, frozenset) else frozenset()
    return tuple(sorted({*strangers, *initial}))


def _range(declared: IntType, reach: int) -> tuple[int, int]:
    return (-reach if declared.min is None else declared.min, reach if declared.max is None else declared.max)


def _common(one: IntType, other: IntType, reach: int) -> tuple[int, int]:
    (low, high), (least, most) = _range(one, reach), _range(other, reach)
    return max(low, least), min(high, most)


def _hearings(old: Intent | None, new: Intent | None, reach: int) -> tuple[Hearing, ...]:
    unheard = Hearing()
    if old is None or new is None:
        some = old or new
        assert some is not None
        by = frozenset({NEW if old is None else OLD})
        return unheard, Hearing(by, {slot.name: _slot_domain(slot, reach) for slot in some.slots.values()})
    found = [unheard]
    common: dict[str, SlotDomain] = {}
    only: list[tuple[int, str, SlotDomain]] = []
    shared = True
    for name in dict.fromkeys(chain(old.slots, new.slots)):
        before, after = old.slots.get(name), new.slots.get(name)
        if before is None or after is None:
            # The version that does not know the slot hears the intent with or without it.
            some_slot = before or after
            assert some_slot is not None
            common[name] = _slot_domain(some_slot, reach)
            continue
        meeting, rests = _pieces(before, after, reach)
        only += [(by, name, piece) for by, pieces in enumerate(rests) for piece in pieces]
        if meeting is None:
            shared = False
        else:
            common[name] = meeting
    if shared:
        found.append(Hearing(BOTH, common))
    for version, name, piece in only:
        intent = (old, new)[version]
        slots = {slot.name: _slot_domain(slot, reach) for slot in intent.slots.values()}
        found.append(Hearing(frozenset({version}), {**slots, name: piece}))
    return tuple(found)


def _slot_domain(slot: Slot, reach: int) -> SlotDomain:
    if isinstance(slot.type, IntType):
        return SlotDomain(_range(slot.type, reach), (), slot.optional)
    return SlotDomain((0, 0), _names(slot), slot.optional)


def _names(slot: Slot) -> tuple[str, ...]:
    match slot.type:
        case OneOfType(options):
            return options
        case ItemType(items):
            return items
    return ()


def _pieces(
    before: Slot, after: Slot, reach: int
) -> tuple[SlotDomain | None, tuple[list[SlotDomain], list[SlotDomain]]]:
    """The values that both versions admit, and those that only the one or the other does."""
    rests: tuple[list[SlotDomain], list[SlotDomain]] = ([], [])
    unsaid = before.optional and after.optional
    for by, (own, others) in enumerate(((before, after), (after, before))):
        if own.optional and not others.optional:
            rests[by].append(SlotDomain(may_be_unsaid=True, may_be_said=False))
    if isinstance(before.type, IntType) and isinstance(after.type, IntType):
        low, high = _common(before.type, after.type, reach)
        meeting = SlotDomain((low, high), (), unsaid) if low <= high else None
        for by, declared in enumerate((before.type, after.type)):
            least, most = _range(declared, reach)
            ends = ((least, min(most, low - 1)), (max(least, high + 1), most)) if low <= high else ((least, most),)
            rests[by].extend(SlotDomain(end) for end in ends if end[0] <= end[1])
        return meeting, rests
    if isinstance(before.type, IntType) or isinstance(after.type, IntType):
        for by, own_slot in enumerate((before, after)):
            rests[by].append(_slot_domain(own_slot, reach))
        return None, rests
    mine, theirs = _names(before), _names(after)
    shared_names = tuple(name for name in mine if name in theirs)
    for by, (own_names, other_names) in enumerate(((mine, theirs), (theirs, mine))):
        extra = tuple(name for name in own_names if name not in other_names)
        if extra:
            rests[by].append(SlotDomain((0, 0), extra))
    return (SlotDomain((0, 0), shared_names, unsaid) if shared_names else None), rests
