"""Suggested lines: what a player could say now, in the words of the writer's examples."""

from __future__ import annotations

import re
from collections.abc import Mapping

from npc.catalog.model import Intent, Item, Slot
from npc.catalog.types import IntType, ItemType, OneOfType
from npc.logic.program import OutcomeTable

TYPICAL_AMOUNT = 10
"""The number put in an example's int slot, as far as the slot's range allows."""

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
            example = intent.examples[turn % len(intent.examples)]
            parts = _PLACE.split(example)
            parts[1::2] = [_typical(intent.slots.get(slot), items, turn) for slot in parts[1::2]]
            lines.append("".join(parts))
    return tuple(lines)


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
