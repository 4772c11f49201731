"""Lines that express an intent which makes no difference now, and lines that only look like trade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from npc.backends.embedded.backend import understand
from npc.backends.embedded.index import index_for
from npc.catalog import load_catalog
from npc.catalog.model import Catalog, Intent
from tests.backends.embedded.embedded_requests import ITEMS, intent, request

KEEP = Path(__file__).resolve().parents[3] / "catalogs/keep"


@cache
def keep() -> Catalog:
    return load_catalog(KEEP)


def hear(character: str, line: str, without: Iterable[str] = ()) -> dict[str, dict[str, object]]:
    """What a character of the keep hears while some of its intents make no difference."""
    catalog, withheld = keep(), set(without)
    intents = catalog.characters[character].intents
    asked = replace(
        request(line, intents={name: found for name, found in intents.items() if name not in withheld}),
        other_intents={name: found for name, found in intents.items() if name in withheld},
        item_names={item.id: (item.display_name, *item.names) for item in catalog.items.values()},
    )
    return {name: dict(slots) for name, slots in understand(asked).hearing.items()}


BARD: Mapping[str, Intent] = {
    found.id: found
    for found in (
        intent("offer_lute", "The player gives the bard a lute.", "here, have my lute", "take my lute"),
        intent("ask_song", "The player asks for a song.", "play me a song", "play your lute", "let me hear your lute"),
        intent("yes", "The player agrees.", "yes", "sure", "agreed"),
        intent("accept_lute", "The player accepts the lute.", "yes, give me the lute", "I will have the lute"),
    )
}


def hear_bard(line: str, *offered: str) -> set[str]:
    return set(
        understand(
            replace(
                request(line, intents={name: BARD[name] for name in offered}),
                other_intents={name: found for name, found in BARD.items() if name not in offered},
            )
        ).hearing
    )


@pytest.mark.parametrize("line", ["here, have my lute", "take my lute", "have my lute", "please take this lute"])
def test_what_an_intent_that_matters_not_says_better_is_not_forced_on_another(line: str) -> None:
    """A line that plainly expresses an intent without effect now expresses nothing else."""
    assert hear_bard(line, "offer_lute", "ask_song", "yes") == {"offer_lute"}
    assert hear_bard(line, "ask_song", "yes") == set()


@pytest.mark.parametrize("line", ["yes", "sure", "Yes!", "agreed"])
def test_a_yes_is_heard_beside_rivals(line: str) -> None:
    """An intent offered that fits as well as its rivals is heard."""
    assert hear_bard(line, "yes") == {"yes"}
    assert set(hear("pedlar", line, without=("buy", "sell", "offer_price", "ask_help"))) == {"yes"}


def test_a_line_may_hold_an_offered_intent_beside_a_rival() -> None:
    """Each part of a line is weighed for itself."""
    assert hear_bard("take my lute. play me a song", "ask_song") == {"ask_song"}


def test_one_index_serves_every_state_of_a_character() -> None:
    """The order and the share of the intents offered make no other index."""
    assert index_for(BARD, ITEMS) is index_for(dict(reversed(BARD.items())), ITEMS)


@pytest.mark.parametrize(
    "line",
    [
        "I'd like the rope, but not for 6 gold",
        "I'd like the rope but I won't pay 6",
        "I want the rope, though not for six gold",
        "yes, but not for 6 gold",
        "I'll take it, but not for 6",
        "I'd like the rope, but 6 gold is too much",
        "I'd like the rope. But I can't pay 6 gold.",
        "not for 6 gold, but I'd like the rope",
    ],
)
def test_a_refused_price_is_no_purchase(line: str) -> None:
    """A wish that the line itself takes back with a refused sum is neither a purchase, nor an offer, nor a yes."""
    assert not {"buy", "offer_for_item", "offer_price", "yes"} & set(hear("pedlar", line))


def test_a_sum_of_ones_own_stands_beside_a_refused_one() -> None:
    """Naming another sum is an offer of that sum."""
    found = hear("pedlar", "I'll give you 5 gold for the rope, but not 6")
    assert found["offer_for_item"] == {"item": "rope", "amount": 5}
    assert "buy" not in found
    assert all(slots["amount"] == 5 for slots in found.values())


@pytest.mark.parametrize("line", ["would you want a silver spoon?", "do you want a silver spoon?"])
def test_asking_whether_something_is_wanted_sells_nothing(line: str) -> None:
    """A question whether the other wants a thing hands nothing over."""
    assert not {"sell", "give_item", "buy"} & set(hear("pedlar", line))


def test_asking_whether_one_would_buy_is_a_sale() -> None:
    """A question whether the other wants to buy a thing offers it."""
    assert set(hear("pedlar", "do you want to buy a silver spoon?")) == {"sell"}


@pytest.mark.parametrize(
    "line",
    [
        "how about twelve coins and a loaf of bread?",
        "how about a loaf of bread and twelve coins?",
        "what if I gave you 12 gold and a herring",
        "suppose I gave you a fish and 12 gold",
    ],
)
def test_a_proposal_of_several_things_hands_over_none(line: str) -> None:
    """Of a sum and a thing proposed together, the sum is heard as the offer."""
    assert hear("warden", line) == {"offer_gold": {"amount": 12}}


@pytest.mark.parametrize("line", ["one fish please", "two fish", "1 herring", "3 questions", "one question please"])
def test_a_number_of_things_is_no_amount_of_gold(line: str) -> None:
    """A number right before a thing counts that thing."""
    assert "offer_gold" not in hear("warden", line)
    assert "offer_price" not in hear("pedlar", line)


def test_naming_a_thing_with_please_gives_nothing_away() -> None:
    """An order is no gift."""
    assert hear("warden", "one fish please") == {}
    assert hear("pedlar", "one fish please") == {"buy": {"item": "herring", "count": 1}}


@pytest.mark.parametrize(
    ("line", "amount"),
    [("one gold", 1), ("1 coin", 1), ("I offer 5", 5), ("how about 5?", 5), ("20 gold for the key", 20)],
)
def test_a_number_of_coins_is_an_amount_of_gold(line: str, amount: int) -> None:
    """Money named or offered is an amount."""
    assert hear("warden", line)["offer_gold"] == {"amount": amount}


def test_a_count_before_an_item_still_fills_a_count() -> None:
    """An intent whose examples count items takes the number as one."""
    assert hear("pedlar", "two herrings please") == {"buy": {"item": "herring", "count": 2}}


@pytest.mark.parametrize("line", ["where can I get a fish?", "how do I get a fish?", "what is a herring?"])
def test_a_question_after_a_thing_is_no_gift(line: str) -> None:
    """Asking where, how or what gives nothing away."""
    assert not {"give_item", "buy"} & set(hear("warden", line))


@pytest.mark.parametrize("line", ["what would I get for the bread?", "what do I get for this bread"])
def test_asking_what_a_thing_would_bring_is_about_selling(line: str) -> None:
    """The player who asks what they would get has something to sell."""
    assert set(hear("pedlar", line)) <= {"sell", "ask_buying"}
    assert hear("pedlar", line)


@pytest.mark.parametrize("line", ["If you don't open I'll kill you", "if you do not open up I will cut your throat"])
def test_a_condition_does_not_negate_what_follows(line: str) -> None:
    """A threat with "if you don't" is a threat."""
    assert "threaten" in hear("warden", line)


def test_a_thing_set_aside_is_not_the_thing_wanted() -> None:
    """ "The rope, not the lantern" is the rope."""
    assert hear("pedlar", "I'd like the rope, not the lantern") == {"buy": {"item": "rope"}}
