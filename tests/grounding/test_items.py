"""Items by id, name, synonym, plural and typo."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npc.grounding import find_items

NAMES = {
    "royal_seal": ("the royal seal", "seal"),
    "cell_key": ("the cell key", "key"),
    "bread": ("a loaf of bread", "loaf"),
    "lantern": ("a brass lantern", "lamp"),
    "knife": (),
    "potion": ("potion",),
    "greater_potion": ("greater potion",),
}


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("the royal seal", ["royal_seal"]),
        ("Royal-Seal", ["royal_seal"]),
        ("royal_seal", ["royal_seal"]),
        ("your SEAL!", ["royal_seal"]),
        ("a loaf of bread", ["bread"]),
        ("bread", ["bread"]),
        ("two loaves", ["bread"]),
        ("the cell keys", ["cell_key"]),
        ("a key and a lamp", ["cell_key", "lantern"]),
        ("knives", ["knife"]),
        ("the greater potion", ["greater_potion"]),
        ("greater potions", ["greater_potion"]),
        ("a potion", ["potion"]),
        ("lantren", ["lantern"]),
        ("lanterm", ["lantern"]),
        ("lanern", ["lantern"]),
        ("lanternn", ["lantern"]),
        ("roayl seal", ["royal_seal"]),
        ("bred", ["bread"]),
        ("beard", []),
        ("dread", []),
        ("kay", []),
        ("monkey", []),
        ("keyhole", []),
        ("sealed", []),
        ("", []),
        # short words: letters swapped or doubled, any slip beside another word of the name
        ("lapm", ["lantern"]),
        ("laamp", ["lantern"]),
        ("lam", []),
        ("sale", []),
        ("laof", ["bread"]),
        ("royal seel", ["royal_seal"]),
        ("the cel key", ["cell_key"]),
        ("royal steal", []),
        ("real seal", ["royal_seal"]),
    ],
)
def test_items_are_found_by_what_players_call_them(text: str, items: list[str]) -> None:
    """Ids, names, synonyms, plurals and small typos name an item; other words do not."""
    assert [mention.item for mention in find_items(text, NAMES)] == items


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("let's seal the deal", []),
        ("that would seal your fate", []),
        ("Let us SEAL it, then", []),
        ("I'll seal this with a nod", []),
        ("patience is the key", []),
        ("the key to a good bargain", []),
        ("key question", []),
        ("we keep it under lock and key", []),
        ("my daily bread", []),
        ("best thing since sliced bread", []),
        ("I seal the deal for a loaf", ["bread"]),
        # the things themselves
        ("where is the key", ["cell_key"]),
        ("this is the key", ["cell_key"]),
        ("the key to the gate", ["cell_key"]),
        ("under the mat is the key", ["cell_key"]),
        ("I want to seal", ["royal_seal"]),
        ("will you take the seal", ["royal_seal"]),
    ],
)
def test_a_name_in_a_saying_names_nothing(text: str, items: list[str]) -> None:
    """What is said of no thing, and a deed called like one, names no item."""
    assert [mention.item for mention in find_items(text, NAMES)] == items


def test_an_item_may_be_called_like_a_saying() -> None:
    """A name that is itself a saying, or holds one, names its item; a coin of silver is not the silver."""
    names = {"red_herring": (), "silver": ("cutlery",), "medal": ("old seal of approval",)}
    found = find_items("the red herring, the old seal of approval, 20 silver coins and the silver", names)
    assert [mention.item for mention in found] == ["red_herring", "medal", "silver"]


def test_spans_cover_the_name() -> None:
    """A mention's span is the name as typed, without its article."""
    text = "Give me the Royal Seal, please."
    (mention,) = find_items(text, NAMES)
    assert text[mention.start : mention.end] == "Royal Seal"


def test_no_items_find_nothing() -> None:
    """A world without items has none to name."""
    assert find_items("the key", {}) == []


@given(st.text(max_size=200))
def test_any_text_is_searched_without_harm(text: str) -> None:
    """Whatever is typed, mentions come back in order with spans inside the text."""
    end = 0
    for mention in find_items(text, NAMES):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.item in NAMES
        end = mention.end


def test_two_megabytes_are_searched_quickly() -> None:
    """A pasted wall of near misses costs no more than its first characters."""
    started = time.perf_counter()
    find_items("lantrxn roayl " * 150_000, NAMES)
    assert time.perf_counter() - started < 2.0
