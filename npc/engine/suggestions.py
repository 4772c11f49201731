"""Suggested lines: what a player could say now, in the words of the writer's examples."""

from __future__ import annotations

import re
from collections.abc import Mapping

from npc.catalog.model import Intent, Item, Slot
from npc.catalog.types import IntType, ItemType, OneOfType
from npc.engine.turn import Turn
from npc.logic.program import OutcomeTable

TYPICAL_AMOUNT = 10
"""The number put in an example's int slot, as far as the slot's range allows."""

SHOWN = 8
"""Only the first examples of an intent are suggested; slang and what else it takes to hear can follow."""
LIKELY = 0.1
"""From which score on an intent that was not heard may still have been meant."""
MOST_GUESSES = 3
TELLING = 4
"""Letters from which an example tells enough to be offered as a guess: "n" does not."""

_PLACE = re.compile(r"\{(\w+)\}")


def suggest(
    intents: Mapping[str, Intent], table: OutcomeTable, items: Mapping[str, Item], turn: int
) -> tuple[str, ...]:
    """One line for each intent that matters now, in the order the logic tests them.

    Args:
        turn: the conversation's turn number; another turn shows another example.
    """
    lines: list[str] = []
    for name in table.intents:
        intent = intents[name]
        if intent.examples:
            shown = intent.examples[:SHOWN]
            lines.append(_filled(shown[turn % len(shown)], intent, items, turn))
    return tuple(lines)


def guess(turn: Turn, intents: Mapping[str, Intent], table: OutcomeTable, items: Mapping[str, Item]) -> tuple[str, ...]:
    """What the player may have meant by a line in which nothing was heard: examples near to it, the likeliest first.

    Nothing where something was heard, and where the backend tells no scores; only what matters now.
    """
    if turn.heard or not turn.trace.attempts:
        return ()
    notes = turn.trace.attempts[-1].notes
    scores, nearest = notes.get("scores", {}), notes.get("nearest", {})
    likely = [
        name
        for name in sorted(nearest, key=lambda name: (-scores.get(name, 0.0), name))
        if scores.get(name, 0.0) >= LIKELY
        and name in table.intents
        and nearest[name] in intents[name].examples
        and len(nearest[name]) >= TELLING
    ]
    return tuple(_filled(nearest[name], intents[name], items, 0) for name in likely[:MOST_GUESSES])


def _filled(example: str, intent: Intent, items: Mapping[str, Item], turn: int) -> str:
    parts = _PLACE.split(example)
    parts[1::2] = [_typical(intent.slots.get(slot), items, turn) for slot in parts[1::2]]
    return "".join(parts)


def _typical(slot: Slot | None, items: Mapping[str, Item], turn: int) -> str:
    match slot.type if slot else None:
        case IntType(low, high):
            amount = TYPICAL_AMOUNT if low is None else max(low, TYPICAL_AMOUNT)
            return str(amount if high is None else min(high, amount))
        case ItemType(ids) if ids:
            item = items[ids[turn % len(ids)]]
            # An example brings its own article, "this {item} is for you", and a display name has one as well.
            return item.names[0] if item.names else item.display_name
        case OneOfType(options) if options:
            return options[turn % len(options)].replace("_", " ")
        case _:
            return "it"
