"""Numbers that grow without end: no program makes a turn crash or hang with them."""

from __future__ import annotations

from typing import Any

from npc.catalog.types import LARGEST_NUMBER, BagType, IntType, SetType, Text, check_value
from npc.logic.compiler import HearingOracle
from npc.logic.program import Context
from tests.logic.build_catalog import catalog
from tests.logic.test_outcomes import table
from tests.logic.test_run import initial, program_of, run

TEN = "(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"
THOUSAND_TIMES = f"for i in {TEN}:\n  for j in {TEN}:\n    for k in {TEN}:\n      "
INTENTS: dict[str, Any] = {"greet": {}, "bet": {"slots": {"stake": {"type": "int", "min": 2, "max": 1000}}}}


def test_a_sum_beyond_all_use_voids_the_turn() -> None:
    """A local doubled again and again ends the turn before it is a number too long to be shown."""
    double = " + ".join(["x"] * 20)
    found = run(f"x = 1\n{THOUSAND_TIMES}x = {double}\nreturn say('quote_price', price=x)")
    assert found.void is not None
    assert "beyond all use" in found.void.message


def test_a_fact_beyond_all_use_voids_the_turn() -> None:
    """A fact without bounds cannot be made a number too long to be saved."""
    cat = catalog(
        logic="warden.score += warden.score\nreturn say('greet')",
        facts={"warden.score": {"type": "int", "initial": 1}},
        effects={},
    )
    found = program_of(cat).run({"warden.score": LARGEST_NUMBER}, HearingOracle({}, bool, None), Context())
    assert found.void is not None
    assert found.changes == {}


def test_squares_of_a_slot_are_enumerated_in_no_time() -> None:
    """Squaring an unknown number fifty times neither hangs nor overflows the enumeration."""
    squares = f"x = heard.bet.stake\n  for i in {TEN}:\n    for j in (1, 2, 3, 4, 5):\n      x = x * x\n"
    logic = f"if heard.bet:\n  {squares}  if x > 5:\n    return say('greet')\nreturn say('scoff')"
    found = table(logic, intents=INTENTS)
    assert not found.exact
    assert {"greet", "scoff"} <= set(found.allowed)


def test_multiples_of_a_slot_are_enumerated_in_no_time() -> None:
    """A slot's value times a thousand, a thousand times over, does not crash the enumeration."""
    grown = (
        f"x = heard.bet.stake\n  for i in {TEN}:\n    for j in {TEN}:\n      for k in {TEN}:\n        x = x * 1000\n"
    )
    logic = f"if heard.bet:\n  {grown}  if x > 5:\n    return say('greet')\nreturn say('scoff')"
    assert {"greet", "scoff"} <= set(table(logic, intents=INTENTS).allowed)


def test_a_value_too_long_to_show_is_refused_in_words() -> None:
    """Checking a value never fails for its size or depth: the problem is told, whatever the value is."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for value in (10**6000, -(10**6000), deep):
        for declared in (IntType(), IntType(0, 9), SetType(("a",)), BagType(("bread",))):
            assert check_value(declared, value)
    assert check_value(BagType(("bread",)), {"bread": 10**6000})
    assert check_value(IntType(), LARGEST_NUMBER) is None


def test_text_a_program_assigns_is_text_like_any_other() -> None:
    """A text fact that the logic wrote is shown as it stands, just as after saving and restoring."""
    cat = catalog(
        logic="warden.nick = 'royal_seal'\nreturn say('quote_price', price=warden.nick)",
        facts={"warden.nick": {"type": "text", "initial": "Bran"}},
        effects={},
    )
    found = program_of(cat).run(initial(cat), HearingOracle({}, bool, None), Context())
    assert isinstance(found.values["price"], Text)
    assert isinstance(found.changes["warden.nick"], Text)


OFFERS: dict[str, Any] = {"greet": {}, "buy": {"slots": {"item": "item"}}}


def test_tables_that_hold_the_same_in_another_order_are_told_apart() -> None:
    """Two prices of an unknown item are the same only where they are for every item."""
    logic = """if heard.buy:
    if heard.greet:
        return say("quote_price", price=cheap[heard.buy.item])
    return say("quote_price", price=dear[heard.buy.item])
return say("scoff")"""
    tables = {
        "cheap": {"royal_seal": 9, "cell_key": 1, "bread": 1, "lantern": 9},
        "dear": {"royal_seal": 9, "cell_key": 9, "bread": 1, "lantern": 9},
    }
    assert table(logic, intents=OFFERS, tables=tables).intents == ("greet", "buy")
