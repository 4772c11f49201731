"""Requests to ask the embedded brain with, made without a cast on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from npc.backends.base import Hearing, ModelRequest
from npc.catalog.model import Intent, Slot
from npc.catalog.types import FactValue, IntType, ItemType, OneOfType
from npc.diagnostics import Position

ITEMS = {
    "royal_seal": ("the royal seal", "seal"),
    "cell_key": ("the cell key", "key"),
    "bread": ("a loaf of bread", "loaf"),
    "lantern": ("a brass lantern", "lamp"),
    "rope": ("a coil of rope",),
}
_ITEM = ItemType(tuple(ITEMS))


def intent(name: str, means: str, *examples: str, **slots: IntType | ItemType | OneOfType) -> Intent:
    """An intent with required, grounded slots."""
    declared = {slot: Slot(slot, kind, "", optional=False, grounded=True) for slot, kind in slots.items()}
    return Intent(name, means, examples, declared, None, Position("test.yaml", 1, 1))


INTENTS = {
    found.id: found
    for found in (
        intent("greet", "The player greets the character.", "hello", "hi there", "good day", "well met", "hey"),
        intent("farewell", "The player takes leave.", "goodbye", "see you later", "I must be off", "farewell"),
        intent("no", "The player says no.", "no", "never", "no thanks", "I don't think so"),
        intent("yes", "The player says yes.", "yes", "sure", "agreed", "all right, deal"),
        intent("insult", "The player insults the character.", "you fool", "you stink", "you're an idiot"),
        intent(
            "ask_key",
            "The player asks for the cell key.",
            "give me the key",
            "can I have the key to the cells?",
            "hand over the key",
            "I need the cell key",
        ),
        intent(
            "offer_gold",
            "The player offers an amount of gold.",
            "I'll give you {amount} gold",
            "how about {amount} coins?",
            "{amount} gold",
            "would you take {amount}",
            amount=IntType(1, 999),
        ),
        intent(
            "buy",
            "The player wants to buy a thing.",
            "I'd like to buy {item}",
            "sell me {item}",
            "what about {item}",
            "I'll take {item}",
            item=_ITEM,
        ),
        intent(
            "trade",
            "The player offers a sum for a number of things.",
            "{amount} gold for {count} {item}",
            "I'll pay {amount} coins for {count} {item}",
            amount=IntType(1, 999),
            count=IntType(1, 99),
            item=_ITEM,
        ),
        intent(
            "pick_foe",
            "The player picks whom to fight.",
            "I'll fight the {foe}",
            "I challenge the {foe}",
            foe=OneOfType(("bandit", "guard_captain")),
        ),
    )
}
RESPONSES = {
    "shrug": ("Rules are rules.",),
    "about_bell": ("The bell fell into the well.", "A bell, in the well."),
    "about_spoon": ("The cook lost a silver spoon.",),
}


def request(
    utterance: str,
    *,
    intents: Mapping[str, Intent] = INTENTS,
    facts: Mapping[str, FactValue] | None = None,
    last: str | None = None,
    preview: Callable[[Hearing], tuple[str, ...]] = lambda hearing: ("shrug",),
) -> ModelRequest:
    """A request offering the intents above, unless told otherwise."""
    return ModelRequest(
        character="warden",
        utterance=utterance,
        allowed=tuple(RESPONSES),
        intents=intents,
        facts={"player.gold": 12} if facts is None else facts,
        last=last,
        retry=None,
        item_names=ITEMS,
        responses=RESPONSES,
        preview=preview,
        make_messages=lambda request: [],
        make_schema=lambda request: {},
    )
