"""Which of a line's numbers and things fill a slot, when the intent is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npc.backends.embedded.clauses import read_clauses
from npc.backends.embedded.slots import fill_slots
from npc.catalog.model import Intent
from npc.catalog.types import IntType, ItemType, SlotValue
from tests.backends.embedded.embedded_requests import intent

ITEMS = {
    "bread": ("a loaf of bread", "loaf"),
    "herring": ("a smoked herring", "fish"),
    "lantern": ("a brass lantern", "lamp"),
    "rope": ("a coil of rope",),
    "spoon": ("a silver spoon", "silver"),
    "seal": ("the royal seal",),
}
ITEM = ItemType(tuple(ITEMS))
OFFER = intent("offer", "", "I'll give you {amount} gold", "how about {amount} coins?", amount=IntType(1, None))
BID = intent(
    "bid", "", "{amount} gold for the {item}", "sell me the {item} for {amount}", amount=IntType(1, None), item=ITEM
)
GIVE = intent("give", "", "here is my {item}", "take this {item}", item=ITEM)
_ORDER = intent("order", "", "{count} {item} please", "I'd like the {item}", item=ITEM, count=IntType(1, 99))
ORDER = replace(_ORDER, slots={**_ORDER.slots, "count": replace(_ORDER.slots["count"], optional=True)})


def filled(text: str, of: Intent = OFFER, gold: int = 12) -> dict[str, SlotValue]:
    """What the line fills of an intent that the whole of it expresses."""
    line = read_clauses(text, facts={"player.gold": gold}, item_names=ITEMS, options={})
    return {name: said.value for name, said in (fill_slots(of, line, line) or {}).items()}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        # the last one offered
        ("21? no. 19.", 19),
        ("20, sorry, 22", 22),
        ("ten, or rather eleven", 11),
        ("sixteen gold. scratch that, seventeen", 17),
        ("15 gold, all right, make that 17", 17),
        ("what about 9? or 10", 10),
        ("fine, 30 - no, 31 - for it", 31),
        ("let me begin at 8, then I'd say 9", 9),
        # not what the player has and keeps
        ("I have 15 gold, I'd part with 9", 9),
        ("I can pay 12 of my 20 coins", 12),
        ("my purse holds 50, you get 20", 20),
        ("20 for you, 30 stay in my purse", 20),
        ("15 gold, and I keep the other 5", 15),
        ("out of my 40 coins 12 are yours", 12),
        ("I've got thirty, fifteen of them are yours", 15),
        # but for want of another
        ("I have 15 gold", 15),
        ("here are my 14 coins", 14),
        # not what the other asks
        ("you asked 20, I offer 14", 14),
        ("14 is my offer, yours was 20", 14),
        ("I'd pay 14 instead of your 20", 14),
        ("I would rather pay 14 than 20", 14),
        ("18 coins instead of 20", 18),
        ("they wanted 40 in Milldown. I'd give 25", 25),
        # not what is refused
        ("30 is outrageous, 16", 16),
        ("fifty is a joke. try forty", 40),
        ("twenty-two is far too much, eighteen", 18),
        ("I refuse to pay 12, how about 10", 10),
        ("9, not 12", 9),
        # a limit is offered
        ("nothing above 17", 17),
        ("I won't go over 22", 22),
        ("I can't pay more than 18", 18),
        ("not a coin more than 13", 13),
        ("19 gold and not a coin more", 19),
        ("no higher than 14", 14),
        # not what counts or names something else
        ("for 3 hours I've waited: 12 gold", 12),
        ("12 gold, and it is 3 miles home", 12),
        ("two grumpy old goats told me so, 11", 11),
        ("one thing more: 9 gold", 9),
        ("in 1 word: 20", 20),
        ("rule four says so: 7 gold", 7),
        ("20 gold for cell 3", 20),
        ("between the two of us, 15", 15),
        ("ten of my friends say 8 is fair", 8),
        ("6 gold for 10 feet of it", 6),
        ("the 4th time I ask: 13", 13),
        # words that only look like what is counted
        ("16 sounds fair", 16),
        ("20 always works", 20),
        ("20 now", 20),
        ("20 of my coins", 20),
        ("20 shillings", 20),
        ("all my gold", 12),
        ("half my gold", 6),
        ("not all my gold, but 4", 4),
    ],
)
def test_the_sum_is_the_last_one_offered(text: str, amount: int) -> None:
    """What is refused, counted, asked by the other or only owned is no offer where another sum is."""
    assert filled(text) == {"amount": amount}


def test_the_writers_own_currency_is_counted_as_money() -> None:
    """What the examples have after the sum is no other thing that is counted."""
    tithe = intent("tithe", "", "I offer {amount} groats", "{amount} gold", amount=IntType(1, None))
    assert filled("30 groats for you", tithe) == {"amount": 30}
    assert filled("30 turnips for you", tithe) == {}


@pytest.mark.parametrize(
    "text",
    [
        "15? that's far too much",
        "I won't pay 20",
        "never 20",
        "I walked 20 miles",
        "two of us are waiting",
        "one moment",
        "rule nine forbids it",
        "cell 4 is empty",
        "three old friends of mine",
        "not a coin more",
    ],
)
def test_a_number_that_is_no_offer_fills_nothing(text: str) -> None:
    """An offer without a sum is none, whatever else is counted or refused."""
    assert filled(text) == {}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("20 for the lantern, no, 15", {"amount": 15, "item": "lantern"}),
        ("8 gold for the rope is a joke, I'll give you 4", {"amount": 4, "item": "rope"}),
        ("my bread and 10 gold for the lantern", {"amount": 10, "item": "lantern"}),
        ("take my loaf of bread and 4 gold for the fish", {"amount": 4, "item": "herring"}),
        ("5 gold for the rope and I keep my bread", {"amount": 5, "item": "rope"}),
        ("I keep my bread, but it's 5 gold for the rope", {"amount": 5, "item": "rope"}),
        ("let's seal the bargain, 2 gold for a loaf", {"amount": 2, "item": "bread"}),
        ("3 gold for one lantern", {"amount": 3, "item": "lantern"}),
        ("7 silver pieces for the rope", {"amount": 7, "item": "rope"}),
        ("15 gold for two of the fish", {"amount": 15, "item": "herring"}),
        ("9 gold for three of your best smoked herrings", {"amount": 9, "item": "herring"}),
        ("8 gold for 2 fine lanterns", {"amount": 8, "item": "lantern"}),
        ("I pay 20 gold lantern please", {"amount": 20, "item": "lantern"}),
        ("one lantern, 3 gold", {"amount": 3, "item": "lantern"}),
    ],
)
def test_a_sum_and_a_thing_are_told_from_others(text: str, slots: dict[str, SlotValue]) -> None:
    """The sum is no count of things, and the thing wanted is none that the player calls their own."""
    assert filled(text, BID) == slots


def test_what_is_kept_is_not_given() -> None:
    """A thing that the player keeps is not the one they give; "my" is how a gift is named."""
    assert filled("I'll keep the fish but here is my bread", GIVE) == {"item": "bread"}
    assert filled("I keep the lantern, take this loaf", GIVE) == {"item": "bread"}
    assert filled("here is my lamp and your rope", GIVE) == {"item": "lantern"}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("two loaves", {"item": "bread", "count": 2}),
        ("five of your best smoked herrings", {"item": "herring", "count": 5}),
        ("3 very fresh loaves please", {"item": "bread", "count": 3}),
        ("fish x4", {"item": "herring", "count": 4}),
        ("bread please, six of them", {"item": "bread", "count": 6}),
        ("two, no, three loaves", {"item": "bread", "count": 3}),
        ("bread. make it four", {"item": "bread", "count": 4}),
        ("one lantern for me", {"item": "lantern", "count": 1}),
        ("I need the rope to climb down 30 feet", {"item": "rope"}),
        ("the lantern for the two of us", {"item": "lantern"}),
        ("my three sisters love your bread", {"item": "bread"}),
        ("one day I'd like that lantern", {"item": "lantern"}),
        ("a rope, it's 5 miles to the well", {"item": "rope"}),
        ("I'd like the lantern for 12 gold", {"item": "lantern"}),
        ("the lantern by 6", {"item": "lantern"}),
    ],
)
def test_a_count_stands_beside_the_thing(text: str, slots: dict[str, SlotValue]) -> None:
    """A number tells how many only next to the thing, or where there is nothing else that it could count."""
    assert filled(text, ORDER) == slots


def test_a_second_thing_takes_no_place_of_the_first() -> None:
    """Of two things wanted the first counts, unless the player puts it right."""
    line = read_clauses("the rope, a lantern", facts={}, item_names=ITEMS, options={})
    assert fill_slots(ORDER, line[:1], line)["item"].value == "rope"
    line = read_clauses("the rope, no, a lantern", facts={}, item_names=ITEMS, options={})
    assert fill_slots(ORDER, line[:1], line)["item"].value == "lantern"


def test_a_later_sum_takes_the_place_of_the_one_heard() -> None:
    """Who bids again means the last bid, in whatever words bids are made."""
    line = read_clauses("20 gold for it, all right, I'll give you 26", facts={}, item_names=ITEMS, options={})
    assert fill_slots(OFFER, line[:1], line)["amount"].value == 26
