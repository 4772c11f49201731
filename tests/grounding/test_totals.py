"""Amounts said without a number, and grounding as a whole."""

from __future__ import annotations

import time

import pytest

from npc.grounding import find_totals, is_grounded

FACTS = {
    "player.gold": 12,
    "player.arrows": 3,
    "player.name": "traveller",
    "player.rich": True,
    "player.items": {"bread": 1},
    "warden.gold": 7,
}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("all my gold", [12]),
        ("All of my gold!", [12]),
        ("every coin I have", [12]),
        ("every last coin I own", [12]),
        ("everything I've got", [12]),
        ("everything i’ve got", [12]),
        ("all I have", [12]),
        ("all the gold I have", [12]),
        ("my entire purse", [12]),
        ("all my money", [12]),
        ("all of my arrows", [3]),
        ("every arrow I've got", [3]),
        ("half my gold", [6]),
        ("all the gold in the world", []),
        ("all my bread", []),
        ("all my name", []),
        ("all my rich", []),
        ("my gold", []),
        ("all of it", []),
        ("my whole purse", [12]),
        ("every last coin in my pocket", [12]),
        ("all the gold in my purse", [12]),
        ("everything in my pockets", [12]),
        ("the contents of my purse", [12]),
        ("everything in my bag", []),
        ("the contents of my bag", []),
        ("all the gold in your purse", []),
    ],
)
def test_whole_sums_stand_for_the_players_fact(text: str, values: list[int]) -> None:
    """ "All my gold" and its like mean the player's int fact of that kind; nothing else means a sum."""
    assert [total.value for total in find_totals(text, FACTS)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a third of my gold", [4]),
        ("two thirds of my gold", [8]),
        ("three quarters of all my gold", [9]),
        ("half of what I have", [6]),
        ("half the gold I own", [6]),
        ("half of everything I've got", [6]),
        ("half the coins in my purse", [6]),
        ("half my arrows", [1]),
        ("half my gold, or all my arrows", [6, 3]),
        ("half of your gold", []),
        ("half an hour", []),
        ("half of it", []),
        ("half my bread", []),
        ("the third coin I have", []),
        ("a third of the gold in the world", []),
    ],
)
def test_a_part_of_a_sum_is_rounded_down(text: str, values: list[int]) -> None:
    """ "Half my gold" is half of what the fact holds; an ordinal or a part of another's is no sum."""
    assert [total.value for total in find_totals(text, FACTS)] == values


def test_a_part_covers_the_words_that_name_it() -> None:
    """The span of "half of all my gold" begins with the half."""
    text = "take half of all my gold, friend"
    (total,) = find_totals(text, FACTS)
    assert text[total.start : total.end] == "half of all my gold"


def test_a_purse_of_another_name_is_meant_when_it_is_the_only_one() -> None:
    """Without a player's own fact of that kind, one such fact is meant, but never one of two."""
    assert is_grounded(9, "take all my gold", {"hero.gold": 9})
    assert not is_grounded(9, "take all my gold", {"hero.gold": 9, "thief.gold": 4})


@pytest.mark.parametrize(
    ("value", "text"),
    [(20, "I offer 20"), (20, "twenty"), (-5, "-5"), (12, "all my gold"), (25, "20, no, 25"), (1200, "1,200")],
)
def test_said_amounts_are_grounded(value: int, text: str) -> None:
    """An amount that stands in the player's line is grounded."""
    assert is_grounded(value, text, FACTS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "-5"),
        (5, "minus five"),
        (2, "2.5"),
        (5, "2.5"),
        (200, "1,200"),
        (3, "the 3rd"),
        (20, "25"),
        (7, "all my gold"),
    ],
)
def test_amounts_not_said_are_not_grounded(value: int, text: str) -> None:
    """Part of a number, another's purse or an ordinal grounds nothing."""
    assert not is_grounded(value, text, FACTS)


@pytest.mark.parametrize(
    "unit", ["all my ", "every last ", "all of the ", "everything that ", "all   ", "half of ", "a third of the "]
)
def test_two_megabytes_are_searched_quickly(unit: str) -> None:
    """Walls of half-begun phrases take no longer than their first characters."""
    started = time.perf_counter()
    find_totals(unit * (2_000_000 // len(unit)), FACTS)
    find_totals("all" + " " * 2_000_000, FACTS)
    assert time.perf_counter() - started < 2.0
