"""Slot values from the clauses in which an intent was heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from npc.backends.embedded.clauses import NUMBER, Clause, is_negated
from npc.backends.embedded.features import features
from npc.backends.embedded.framing import is_complaint, is_refused_price
from npc.backends.embedded.roles import Role, is_count, is_of_things, role_of_sum, role_of_thing
from npc.backends.embedded.words import split_words
from npc.catalog.model import Intent, Slot
from npc.catalog.types import IntType, ItemType, OneOfType, SlotValue
from npc.grounding import Mention, Number

_PADDING = """
    no not make it that i mean meant rather or wait actually sorry say said let us me ok oh all right alright yes fine
    well very better only just even now then the a gold coin coins piece pieces call scratch forget strike rather
    <num> <item> <option>
    """
_CORRECTING = frozenset(_PADDING.split())
_TAKING_BACK = "no not mean meant rather wait actually sorry make scratch forget strike"
_CORRECTIONS = frozenset(_TAKING_BACK.split())
_OFFERS = "will would can could give you pay offer go up to take how about what my do"
_BIDDING = _CORRECTING | frozenset(_OFFERS.split())


@dataclass(frozen=True, slots=True)
class Said:
    """A slot's value, and where the line says it (`line[start:end]`)."""

    value: SlotValue
    start: int
    end: int


def fill_slots(intent: Intent, heard_in: Sequence[Clause], line: Sequence[Clause]) -> dict[str, Said] | None:
    """What the line says of the intent's slots, or None when a required one was not said.

    Args:
        intent: what was heard.
        heard_in: the clauses that expressed it, in order.
        line: all clauses of the line, in order.

    Values in the clauses that expressed the intent come first, then those of the line's other clauses that are neither
    negated nor reported. A number is given as said, even out of the slot's range. "20, no, 25" is 25. Of several sums
    the last one offered counts, and what the player has or the other asks only where none is (see `role_of_sum`).
    """
    usable = [clause for clause in line if not clause.negated and not clause.reported]
    put_right = [before for before, _, after in _taken_back(line) if before.numbers and after.numbers]
    values: dict[str, Said] = {}
    taken: set[int] = set()
    for name, slot in intent.slots.items():
        said = [clause for clause in heard_in if not (isinstance(slot.type, IntType) and clause in put_right)]
        later = [[clause] for clause in _corrected(heard_in, line, bidding=_is_sum(intent, slot))]
        value = _value(intent, slot, [*later, said, usable], line, taken)
        if value is not None:
            values[name] = value
        elif not slot.optional:
            return None
    return values


def _corrected(heard_in: Sequence[Clause], line: Sequence[Clause], *, bidding: bool) -> list[Clause]:
    """Later clauses that only put right what was heard, the last first: "no, 25", "make it 25".

    Of sums, a later one needs no such word to count: "20 gold. all right, 25".
    """
    found: list[Clause] = []
    places = [i for i, clause in enumerate(line) if clause in heard_in]
    corrected = bidding
    for clause in line[places[-1] + 1 :] if places else ():
        if clause.reported or (clause.negated and _names(clause)):
            continue
        corrected = corrected or bool(_CORRECTIONS.intersection(clause.words))
        if not set(clause.masked) <= (_BIDDING if bidding else _CORRECTING):
            break
        if corrected and _names(clause):
            found.insert(0, clause)
    return found


def corrections(line: Sequence[Clause]) -> list[Clause]:
    """The clauses that only take back what was just named: the "no" of "20, no, 25"."""
    return [clause for _, clause, _ in _taken_back(line)]


def _taken_back(line: Sequence[Clause]) -> list[tuple[Clause, Clause, Clause]]:
    """What was named, the clause that takes it back, and what takes its place."""
    found = []
    for before, clause, after in zip(line, line[1:], line[2:], strict=False):
        takes_back = bool(_CORRECTIONS.intersection(clause.words)) and set(clause.masked) <= _CORRECTING
        if takes_back and not _names(clause) and _names(before) and _names(after) and set(after.masked) <= _CORRECTING:
            found.append((before, clause, after))
    return found


def _names(clause: Clause) -> bool:
    return bool(clause.numbers or clause.items or clause.options)


def _value(
    intent: Intent, slot: Slot, groups: Sequence[Sequence[Clause]], line: Sequence[Clause], taken: set[int]
) -> Said | None:
    """The value of a slot from the first group of clauses that says it."""
    if isinstance(slot.type, IntType):
        if _is_sum(intent, slot):
            return _sum(intent, slot, groups, line, taken)
        return _number(intent, slot, [clause for group in groups for clause in group], taken)
    names = slot.type.items if isinstance(slot.type, ItemType) else slot.type.options
    own = any(f"my {{{slot.name}}}" in example for example in intent.examples)
    best: tuple[Role, Mention] | None = None
    for clause in (clause for group in groups for clause in group):
        for mention in clause.items if isinstance(slot.type, ItemType) else clause.options:
            if mention.item in names and mention.start not in taken:
                role = role_of_thing(clause, mention, own=own) if mention in clause.items else Role.MEANT
                if best is None or role > best[0]:
                    best = (role, mention)
    if best is None:
        return None
    taken.add(best[1].start)
    return Said(best[1].item, best[1].start, best[1].end)


def _is_sum(intent: Intent, slot: Slot) -> bool:
    return isinstance(slot.type, IntType) and "MONEY" in _neighbours_in_examples(intent.examples, slot.name)


def _sum(
    intent: Intent, slot: Slot, groups: Sequence[Sequence[Clause]], line: Sequence[Clause], taken: set[int]
) -> Said | None:
    """The last sum offered in the first group that offers one; or else one that is spoken of."""
    several = _has_several_numbers(intent)
    expected = _neighbours_in_examples(intent.examples, slot.name)
    refusing = _refuse_sums(intent.examples)
    too_high = (
        [] if refusing else [a for a, b in pairwise(line) if set(a.words) <= _CORRECTING and is_complaint(b.words)]
    )
    best: tuple[tuple[Role, bool], Number] | None = None
    for group in groups:
        candidates = []
        for clause in group:
            if (clause.refused and not refusing) or clause in too_high:
                continue
            for place, number in _numbers(clause, taken):
                neighbours = features(clause.words[place + 1 : place + 3])
                role = role_of_sum(clause, place, expected)
                if role and (not several or expected.intersection(neighbours)):
                    candidates.append(((role, _fits(slot, number)), number))
        # Of equals, the last within a group, but of the first group.
        last = max(reversed(candidates), key=lambda candidate: candidate[0], default=None)
        if last is not None and (best is None or last[0][0] > best[0][0]):
            best = last
    return None if best is None else _take(best[1], taken)


def _number(intent: Intent, slot: Slot, clauses: Sequence[Clause], taken: set[int]) -> Said | None:
    """The number whose neighbours are most like those of the slot in the examples; among equals the first said."""
    several = _has_several_numbers(intent)
    expected = _neighbours_in_examples(intent.examples, slot.name)
    counts = _counts_things(intent, slot)
    best: tuple[float, Number] | None = None
    refusing = _refuse_sums(intent.examples)
    for clause in clauses:
        if clause.refused and not refusing:
            continue
        for place, number in _numbers(clause, taken):
            if not is_count(clause, place) if counts else is_of_things(clause, place):
                continue
            neighbours = features(clause.words[place + 1 : place + 3])
            score = (0.5 if _fits(slot, number) else 0.0) + (1.0 if expected.intersection(neighbours) else 0.0)
            if best is None or score > best[0]:
                best = (score, number)
        if best is not None:
            break
    if best is None or (several and best[0] < 1.0 and expected):
        return None
    return _take(best[1], taken)


def _numbers(clause: Clause, taken: set[int]) -> list[tuple[int, Number]]:
    """The numbers of a clause that are free, each with the place of its word."""
    places = [i for i, word in enumerate(clause.words) if word == NUMBER]
    return [(p, number) for p, number in zip(places, clause.numbers, strict=False) if number.start not in taken]


def _take(number: Number, taken: set[int]) -> Said:
    taken.add(number.start)
    return Said(number.value, number.start, number.end)


def _fits(slot: Slot, number: Number) -> bool:
    assert isinstance(slot.type, IntType)
    low, high = slot.type.min, slot.type.max
    return (low is None or number.value >= low) and (high is None or number.value <= high)


def _has_several_numbers(intent: Intent) -> bool:
    return sum(isinstance(slot.type, IntType) for slot in intent.slots.values()) > 1


_PLACEHOLDER = re.compile(r"\{(\w+)\}([^{}]*)")
_COUNTED = re.compile(r"\{(\w+)\}\s*(?:of\s+)?\{(\w+)\}")


@lru_cache(maxsize=512)
def _refuse_sums(examples: tuple[str, ...]) -> bool:
    """Whether some example names a sum and will not have it."""
    worded = (tuple(split_words(_PLACEHOLDER.sub(rf"{NUMBER} \2", example))) for example in examples)
    return any(is_refused_price(words, negated=is_negated(words)) for words in worded if words)


def _counts_things(intent: Intent, slot: Slot) -> bool:
    """Whether the intent's examples have this number right before a thing: "{count} {item}"."""
    return any(
        name == slot.name and thing in intent.slots and not isinstance(intent.slots[thing].type, IntType)
        for example in intent.examples
        for name, thing in _COUNTED.findall(example)
    )


@lru_cache(maxsize=512)
def _neighbours_in_examples(examples: tuple[str, ...], slot: str) -> frozenset[str]:
    """Features of the two words after the slot in an intent's examples."""
    afters = (after for example in examples for name, after in _PLACEHOLDER.findall(example) if name == slot)
    return frozenset(chain.from_iterable(features(tuple(split_words(after)[:2])) for after in afters))


def option_names(intents: Sequence[Intent]) -> dict[str, tuple[str, ...]]:
    """Every option of the intents' `one_of` slots, as names to look for."""
    return {
        option: ()
        for intent in intents
        for slot in intent.slots.values()
        if isinstance(slot.type, OneOfType)
        for option in slot.type.options
    }
