"""Slot values from the clauses in which an intent was heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from npc.backends.embedded.clauses import ITEM, NUMBER, Clause, is_negated
from npc.backends.embedded.features import features
from npc.backends.embedded.framing import is_refused_price
from npc.backends.embedded.words import STOP_WORDS, split_words
from npc.catalog.model import Intent, Slot
from npc.catalog.types import IntType, ItemType, OneOfType, SlotValue
from npc.grounding import Number

_PADDING = """
    no not make it i mean rather wait actually sorry say let us ok fine well better only just even then the a gold coin
    coins <num> <item> <option>
    """
_CORRECTING = frozenset(_PADDING.split())
_CORRECTIONS = frozenset({"no", "not", "mean", "rather", "wait", "actually", "sorry", "make"})


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
    negated nor reported. A number is given as said, even out of the slot's range. "20, no, 25" is 25.
    """
    usable = [clause for clause in line if not clause.negated and not clause.reported]
    sources = [_with_corrections(heard_in, line), usable]
    values: dict[str, Said] = {}
    taken: set[int] = set()
    for name, slot in intent.slots.items():
        for clauses in sources:
            value = _value(intent, slot, clauses, taken)
            if value is not None:
                values[name] = value
                break
        else:
            if not slot.optional:
                return None
    return values


def _with_corrections(heard_in: Sequence[Clause], line: Sequence[Clause]) -> list[Clause]:
    """The clauses heard in; a later bare correction ("no, 25", "make it 25") takes the place of what it corrects."""
    if not heard_in:
        return []
    clauses = list(heard_in)
    places = [i for i, clause in enumerate(line) if clause in clauses]
    corrected = False
    for clause in line[places[-1] + 1 :] if places else ():
        if clause.reported or (clause.negated and _names(clause)):
            continue
        corrected = corrected or bool(_CORRECTIONS.intersection(clause.words))
        if not set(clause.masked) <= _CORRECTING:
            break
        if corrected and _names(clause):
            clauses = [clause, *clauses]
    return clauses


def corrections(line: Sequence[Clause]) -> list[Clause]:
    """The clauses that only take back what was just named: the "no" of "20, no, 25"."""
    found = []
    for before, clause, after in zip(line, line[1:], line[2:], strict=False):
        takes_back = bool(_CORRECTIONS.intersection(clause.words)) and set(clause.masked) <= _CORRECTING
        if takes_back and not _names(clause) and _names(before) and _names(after) and set(after.masked) <= _CORRECTING:
            found.append(clause)
    return found


def _names(clause: Clause) -> bool:
    return bool(clause.numbers or clause.items or clause.options)


def _value(intent: Intent, slot: Slot, clauses: Sequence[Clause], taken: set[int]) -> Said | None:
    if isinstance(slot.type, IntType):
        return _number(intent, slot, clauses, taken)
    names = slot.type.items if isinstance(slot.type, ItemType) else slot.type.options
    for clause in clauses:
        mentions = clause.items if isinstance(slot.type, ItemType) else clause.options
        for mention in mentions:
            if mention.item in names and mention.start not in taken:
                taken.add(mention.start)
                return Said(mention.item, mention.start, mention.end)
    return None


def _number(intent: Intent, slot: Slot, clauses: Sequence[Clause], taken: set[int]) -> Said | None:
    """The number whose neighbours are most like those of the slot in the examples; among equals the first said."""
    assert isinstance(slot.type, IntType)
    low, high = slot.type.min, slot.type.max
    several = sum(isinstance(s.type, IntType) for s in intent.slots.values()) > 1
    expected = _neighbours_in_examples(intent, slot)
    counts = _counts_things(intent, slot)
    best: tuple[float, Number] | None = None
    refusing = any(_refuses(example) for example in intent.examples)
    for clause in clauses:
        if clause.refused and not refusing:
            continue
        places = [i for i, word in enumerate(clause.words) if word == NUMBER]
        for place, number in zip(places, clause.numbers, strict=False):
            if number.start in taken or (_is_money(clause, place) if counts else _is_count(clause, place, expected)):
                continue
            fits = (low is None or number.value >= low) and (high is None or number.value <= high)
            neighbours = features(clause.words[place + 1 : place + 3])
            score = (0.5 if fits else 0.0) + (1.0 if expected.intersection(neighbours) else 0.0)
            if best is None or score > best[0]:
                best = (score, number)
        if best is not None:
            break
    if best is None or (several and best[0] < 1.0 and expected):
        return None
    number = best[1]
    taken.add(number.start)
    return Said(number.value, number.start, number.end)


def _is_money(clause: Clause, place: int) -> bool:
    return "MONEY" in features(clause.words[place + 1 : place + 2])


def _is_count(clause: Clause, place: int, expected: set[str]) -> bool:
    """Whether the number at a place of a clause counts what stands right after it: an item, "questions", "one word"."""
    following = clause.words[place + 1 : place + 2]
    if not following:
        return False
    masks = [i for i, word in enumerate(clause.masked) if word == NUMBER]
    index = clause.words[:place].count(NUMBER)
    if index < len(masks) and clause.masked[masks[index] + 1 : masks[index] + 2] == (ITEM,):
        return True
    if "MONEY" not in expected or not expected.isdisjoint(own := features(following)) or "MONEY" in own:
        return False
    word, number = following[0], clause.numbers[index]
    if word in STOP_WORDS or word[0] == "<":
        return False
    return (word.endswith("s") and not word.endswith("ss")) or (number.value == 1 and word not in _POLITE)


_POLITE = frozenset({"please", "final", "now", "total", "kindly"})
_PLACEHOLDER = re.compile(r"\{(\w+)\}([^{}]*)")
_COUNTED = re.compile(r"\{(\w+)\}\s*(?:of\s+)?\{(\w+)\}")


def _refuses(example: str) -> bool:
    words = tuple(split_words(_PLACEHOLDER.sub(rf"{NUMBER} \2", example)))
    return bool(words) and is_refused_price(words, negated=is_negated(words))


def _counts_things(intent: Intent, slot: Slot) -> bool:
    """Whether the intent's examples have this number right before a thing: "{count} {item}"."""
    return any(
        name == slot.name and thing in intent.slots and not isinstance(intent.slots[thing].type, IntType)
        for example in intent.examples
        for name, thing in _COUNTED.findall(example)
    )


def _neighbours_in_examples(intent: Intent, slot: Slot) -> set[str]:
    """Features of the two words after the slot in the intent's examples."""
    found: set[str] = set()
    for example in intent.examples:
        for name, after in _PLACEHOLDER.findall(example):
            if name == slot.name:
                found.update(features(tuple(split_words(after)[:2])))
    return found


def option_names(intents: Sequence[Intent]) -> dict[str, tuple[str, ...]]:
    """Every option of the intents' `one_of` slots, as names to look for."""
    return {
        option: ()
        for intent in intents
        for slot in intent.slots.values()
        if isinstance(slot.type, OneOfType)
        for option in slot.type.options
    }
