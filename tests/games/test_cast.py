"""The cast of the keep: whatever is said to it, its rules hold."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import npc
from games.keep.casting import CAST
from games.keep.using import GOLD, ITEMS

KEEP = npc.load(CAST)
ITEM_IDS = list(KEEP.catalog.items)


def hearing_of(character: str) -> st.SearchStrategy[tuple[str, str, dict[str, Any]]]:
    """One intent of a character's, with slots."""
    choices = []
    for intent in KEEP.character(character).declaration.intents.values():
        slots = {name: st.sampled_from(ITEM_IDS) for name in intent.slots if name == "item"}
        slots |= {name: st.integers(1, 60) for name in intent.slots if name in ("amount", "count")}
        choices.append(st.tuples(st.just(character), st.just(intent.id), st.fixed_dictionaries(slots)))
    choices.append(st.tuples(st.just(character), st.sampled_from(KEEP.catalog.events), st.just({})))
    return st.one_of(choices)


turns = st.lists(st.one_of([hearing_of(character) for character in KEEP.characters]), max_size=30)
starts = st.fixed_dictionaries(
    {GOLD: st.sampled_from([0, 5, 12, 60, 998]), ITEMS: st.dictionaries(st.sampled_from(ITEM_IDS), st.integers(1, 2))}
)


def listening(session_hearing: list[dict[str, Any]]):
    async def listen(request: npc.ModelRequest) -> dict[str, Any]:
        heard = {intent: slots for intent, slots in session_hearing[-1].items() if intent in request.intents}
        return {"heard": list(heard), "slots": heard, "response": request.preview(heard)[0]}

    return listen


async def play(start: dict[str, Any], hearings: list[tuple[str, str, dict[str, Any]]]) -> list[npc.Turn]:
    said: list[dict[str, Any]] = []
    session = npc.Session(KEEP, listening(said), facts=start)
    played = []
    for character, name, slots in hearings:
        if name in KEEP.catalog.events:
            played.append(await session.event(character, name))
            continue
        said.append({name: slots})
        words = " ".join(str(value).replace("_", " ") for value in slots.values())
        played.append(await session.say(character, f"{name} {words}"))
    await session.aclose()
    return played


@settings(max_examples=60, deadline=None)
@given(starts, turns)
def test_no_turn_is_void(start, hearings):
    """No sequence of hearings and events, from rich or poor, leads to a turn that has to be taken back."""
    for turn in asyncio.run(play(start, hearings)):
        assert turn.trace.void is None, turn.trace.render()


@settings(max_examples=60, deadline=None)
@given(starts, turns)
def test_gold_only_moves_by_declared_effects(start, hearings):
    """What the purse loses or gains in a turn is the sum of that turn's pay and earn."""
    for turn in asyncio.run(play(start, hearings)):
        if GOLD not in turn.changes:
            continue
        moved = turn.changes[GOLD].after - turn.changes[GOLD].before
        signs = {"pay": -1, "earn": 1}
        effects = sum(signs[e.name] * e.args["amount"] for e in turn.effects if e.name in signs)
        assert moved == effects or turn.changes[GOLD].after == 999


@settings(max_examples=60, deadline=None)
@given(turns)
def test_walking_in_circles_makes_nobody_rich(hearings):
    """Trading with the pedlar alone never leaves more gold than what was carried in could fetch."""
    start = {GOLD: 12, ITEMS: {"bread": 1, "silver_spoon": 1}}
    trades = [hearing for hearing in hearings if hearing[0] == "pedlar"]
    gold = 12
    for turn in asyncio.run(play(start, trades)):
        gold = turn.changes[GOLD].after if GOLD in turn.changes else gold
        assert gold <= 12 + 9


def converse(character: str, *hearings: tuple[str, dict[str, Any]]) -> list[str]:
    """The responses to these hearings, one after the other, from the beginning of the game."""
    return [turn.response for turn in asyncio.run(play({}, [(character, name, slots) for name, slots in hearings]))]


def test_a_sum_beyond_every_purse_is_understood():
    """Ten thousand gold is an offer like any other: the warden doubts the purse, the pedlar takes what she asked."""
    sum_ = {"amount": 10_000}
    assert converse("warden", ("offer_gold", sum_)) == ["scoff_empty"]
    assert converse("pedlar", ("ask_price", {"item": "rope"}), ("offer_price", sum_)) == ["quote", "sold"]
    assert converse("pedlar", ("offer_for_item", {"item": "lantern", **sum_})) == ["purse_short"]


@pytest.mark.parametrize(
    ("first", "price"),
    [
        (("ask_price", {"item": "rope"}), 6),
        (("buy", {"item": "rope"}), 6),
        (("offer_for_item", {"item": "rope", "amount": 3}), 4),
        (("buy", {"item": "rope", "count": 2}), 6),
    ],
)
def test_taking_a_thing_at_the_price_named_is_the_deal(first, price):
    """After a quote or a counter, "I'll take the rope" buys the rope at that price, and asks no second time."""
    turns = asyncio.run(play({}, [("pedlar", *first), ("pedlar", "buy", {"item": "rope"})]))
    assert turns[1].response == "sold"
    assert [str(effect) for effect in turns[1].effects] == [f"pay({price})", 'give("rope")']


def test_taking_another_thing_than_the_one_priced_is_no_deal():
    """A price holds for its thing, and only while it was the last thing said."""
    assert converse("pedlar", ("ask_price", {"item": "rope"}), ("buy", {"item": "herring"})) == ["quote", "quote"]
    wandering = [("ask_price", {"item": "rope"}), ("ask_mule", {}), ("buy", {"item": "rope"})]
    assert converse("pedlar", *wandering) == ["quote", "about_mule", "quote"]
    short = [("ask_price", {"item": "lantern"}), ("buy", {"item": "lantern"})]
    assert converse("pedlar", *short) == ["quote", "purse_short"]


ARTICLE = re.compile(r"\b(a|the|my|this|that|your|of yours) ?\{item\}|\{item\} (for \{|please)|\{count\} \{item\}")


@pytest.mark.parametrize("character", list(KEEP.characters))
def test_examples_bring_the_article_that_a_short_name_lacks(character):
    """Suggested lines put short names ("rope") into examples, which therefore bring "the", "my" or a number along."""
    for intent in KEEP.character(character).declaration.intents.values():
        for example in intent.examples:
            if "{item}" in example:
                assert ARTICLE.search(example) or example.startswith("{item}"), example


@pytest.mark.parametrize("character", list(KEEP.characters))
def test_the_cast_is_as_big_as_it_should_be(character):
    """Every line has a mood that the portraits know; enough lines, with variants; no warning is left standing."""
    from games.keep.art.portraits import MOODS

    responses = KEEP.character(character).declaration.responses.values()
    assert len(responses) >= 45
    assert all(response.presentation.get("mood") in MOODS for response in responses)
    assert KEEP.diagnostics == ()


def test_every_item_has_a_picture():
    """Nothing in the bag is shown as a parcel."""
    from games.keep.art.items import ITEMS as PICTURES

    assert set(ITEM_IDS) == set(PICTURES)
