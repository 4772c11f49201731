"""Suggested lines: what a player could say now, in the words of the writer's examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from npc.backends.base import Hearing
from npc.catalog.model import Intent, Item
from npc.catalog.types import IntType, ItemType, OneOfType, SlotType, SlotValue
from npc.engine.turn import Turn

TYPICAL_AMOUNT = 10
"""The number put in an example's int slot, as far as the slot's range allows."""

SHOWN = 8
"""Only the first examples of an intent are suggested; slang and what else it takes to hear can follow."""
LIKELY = 0.04
"""From which score on an intent that was not heard may still have been meant."""
MOST_GUESSES = 3
TELLING = 4
"""Letters from which an example tells enough to be offered as a guess: "n" does not."""

_PLACE = re.compile(r"\{(\w+)\}")
_ENDS_WITH_A = re.compile(r"\ban? $", re.IGNORECASE)
_ARTICLE = re.compile(r"^(an?|the) ", re.IGNORECASE)


def suggest(
    intents: Mapping[str, Intent],
    items: Mapping[str, Item],
    turn: int,
    changes: Callable[[Hearing], bool],
    near: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Intent → one line for it, for each of the intents that matter now.

    A thing is named for which something would come of it: one that is for sale, or that the player has to give. Where
    nothing comes of any, the line is left out.

    Args:
        turn: the conversation's turn number; another turn shows another example.
        changes: whether a hearing would change a fact or take an effect.
        near: intent → the example that is wanted, if it is fit to be shown.
    """
    lines: dict[str, str] = {}
    for name, intent in intents.items():
        shown = intent.examples[:SHOWN]
        if shown:
            wanted = (near or {}).get(name)
            example = wanted if wanted in shown else shown[turn % len(shown)]
            names_a_thing = any(isinstance(intent.slots[slot].type, ItemType) for slot in _PLACE.findall(example))
            for slots in _fillings(example, intent, turn):
                if not names_a_thing or changes({name: slots}):
                    lines[name] = _filled(example, slots, items)
                    break
    return lines


def nearly_heard(turn: Turn, intents: Mapping[str, Intent]) -> dict[str, str]:
    """Intent → the example nearest to a line in which nothing was heard, for what it may have meant, likeliest first.

    Nothing where something was heard, and where the backend tells no scores.
    """
    if turn.heard or not turn.trace.attempts:
        return {}
    notes = turn.trace.attempts[-1].notes
    scores, nearest = notes.get("scores", {}), notes.get("nearest", {})
    ranked = sorted(nearest, key=lambda name: (-scores.get(name, 0.0), name))
    return {
        name: nearest[name]
        for name in ranked
        if scores.get(name, 0.0) >= LIKELY and name in intents and nearest[name] in intents[name].examples
    }


def _fillings(example: str, intent: Intent, turn: int) -> Iterator[dict[str, SlotValue]]:
    """Typical values for the slots that an example names and for all that must be said, with one item after another."""
    named = set(_PLACE.findall(example))
    slots = [slot for slot in intent.slots.values() if slot.name in named or not slot.optional]
    choices = max((len(slot.type.items) for slot in slots if isinstance(slot.type, ItemType)), default=1)
    for choice in range(turn, turn + choices):
        yield {slot.name: _typical(slot.type, choice) for slot in slots}


def _typical(kind: SlotType, choice: int) -> SlotValue:
    match kind:
        case IntType(low, high):
            amount = TYPICAL_AMOUNT if low is None else max(low, TYPICAL_AMOUNT)
            return amount if high is None else min(high, amount)
        case ItemType(ids) | OneOfType(ids):
            return ids[choice % len(ids)]


def _filled(example: str, slots: Mapping[str, SlotValue], items: Mapping[str, Item]) -> str:
    parts = _PLACE.split(example)
    parts[1::2] = [_said(slots[slot], before, items) for before, slot in zip(parts[::2], parts[1::2], strict=False)]
    return "".join(parts)


def _said(value: SlotValue, before: str, items: Mapping[str, Item]) -> str:
    """A slot's value as a player says it after these words."""
    item = items.get(value) if isinstance(value, str) else None
    if item is None:
        return str(value).replace("_", " ")
    # An example brings its own article, "this {item} is for you", and a display name has one as well.
    if item.names and not _ENDS_WITH_A.search(before):
        return item.names[0]
    return _ARTICLE.sub("", item.display_name)
