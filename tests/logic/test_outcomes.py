"""The table of all outcomes of a state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from npc.logic import memo, outcomes
from npc.logic.program import Context, OutcomeTable
from tests.logic.build_catalog import INTENTS, catalog
from tests.logic.test_run import initial, program_of


def table(
    logic: str | None = None, facts: Mapping[str, Any] | None = None, context: Context | None = None, **parts: Any
) -> OutcomeTable:
    cat = catalog(**parts) if logic is None else catalog(logic=logic, **parts)
    return program_of(cat).outcomes(initial(cat, facts), context or Context())


def paths(found: OutcomeTable) -> list[tuple[tuple[str, ...], str]]:
    return [(outcome.conditions, outcome.response) for outcome in found.outcomes]


def test_the_wardens_outcomes() -> None:
    """An amount is split exactly where the logic's answer to it changes, and effects show the range that is left."""
    found = table(facts={"player.gold": 50})
    assert found.exact
    assert found.allowed == ("greet", "quote_price", "scoff", "take_bribe", "shrug")
    bribe = [outcome for outcome in found.outcomes if outcome.response == "take_bribe"]
    assert [outcome.effects for outcome in bribe] == [("pay(30..50)", 'give("cell_key")')]
    assert bribe[0].conditions[-2:] == ("heard.offer_gold.amount >= 30", "heard.offer_gold.amount <= 50")


def test_intents_that_do_not_matter_are_not_listed() -> None:
    """An intent whose hearing changes nothing in the state is not offered, though the logic looks at it."""
    assert table(context=Context(last="greet")).intents == ("ask_key", "offer_gold", "greet")
    assert table(context=Context(last="quote_price")).intents == ("ask_key", "offer_gold", "greet", "yes")


def test_events_have_one_outcome() -> None:
    """In an event turn no intent matters, and the logic takes its one way."""
    found = table(context=Context(event="approach"))
    assert paths(found) == [((), "shrug")]
    assert found.intents == ()


def test_void_paths_are_outcomes() -> None:
    """A path that voids the turn is listed as such: its response is `otherwise`, with no effect."""
    logic = "if heard.greet:\n    warden.trust += 3\n    return say('greet')\nreturn say('scoff')"
    found = table(logic, facts={"warden.trust": 1})
    assert paths(found) == [(("heard.greet",), "shrug"), (("not heard.greet",), "scoff")]
    assert found.outcomes[0].void is not None
    assert found.allowed == ("scoff", "shrug")


def test_chance_and_choice_are_outcomes() -> None:
    """Both ways of a chance and every candidate of a choice are outcomes."""
    logic = 'if chance(0.25):\n    return say_any("greet", "scoff")\nreturn say("key_gone")'
    assert paths(table(logic)) == [
        (("chance(0.25)", 'choice == "greet"'), "greet"),
        (("chance(0.25)", 'choice == "scoff"'), "scoff"),
        (("not chance(0.25)",), "key_gone"),
    ]


SLOTS = {
    **INTENTS,
    "buy": {"slots": {"item": "item"}},
    "haggle": {"slots": {"price": {"type": "int", "optional": True}}},
    "deal": {"slots": {"amount": {"type": "int"}, "price": {"type": "int"}}},
    "share": {"slots": {"part": {"type": "int", "min": 1, "max": 4}, "amount": {"type": "int"}}},
}


def test_unbounded_numbers_fork_where_compared() -> None:
    """A number without bounds is split by the comparisons made with it, sums and products by constants included."""
    logic = (
        "if heard.haggle and heard.haggle.price is not None:\n"
        "    if 10 <= heard.haggle.price * 2 - 1 < 20:\n        return say('greet')\n"
        "    return say('scoff')\nreturn say('key_gone')"
    )
    assert paths(table(logic, intents=SLOTS)) == [
        (("heard.haggle", "heard.haggle.price <= 5"), "scoff"),
        (("heard.haggle", "heard.haggle.price >= 6", "heard.haggle.price <= 10"), "greet"),
        (("heard.haggle", "heard.haggle.price >= 11"), "scoff"),
        (("heard.haggle", "heard.haggle.price is None"), "key_gone"),
        (("not heard.haggle",), "key_gone"),
    ]


def test_names_fork_where_compared() -> None:
    """An item is split by where it is looked for; prices that are only shown do not split it."""
    logic = (
        "if heard.buy:\n"
        "    if heard.buy.item in prices:\n"
        "        return say('quote_price', price=prices[heard.buy.item])\n"
        "    if heard.buy.item == 'royal_seal':\n        return say('greet')\n"
        "    return say('scoff')\nreturn say('shrug')"
    )
    assert paths(table(logic, intents=SLOTS)) == [
        (("heard.buy", 'heard.buy.item in ("bread", "lantern")'), "quote_price"),
        (("heard.buy", 'heard.buy.item == "royal_seal"'), "greet"),
        (("heard.buy", 'heard.buy.item == "cell_key"'), "scoff"),
        (("not heard.buy",), "shrug"),
    ]


def test_few_values_stay_exact() -> None:
    """Two amounts that meet stay exact where one of them has few values."""
    logic = (
        "if heard.share:\n    if heard.share.part * heard.share.amount == 12:\n        return say('greet')\n"
        "    return say('scoff')\nreturn say('shrug')"
    )
    found = table(logic, intents=SLOTS)
    assert found.exact
    amounts = [o.conditions[-1] for o in found.outcomes if o.response == "greet"]
    assert amounts == [f"heard.share.amount == {12 // part}" for part in (1, 2, 3, 4)]


def test_two_unbounded_amounts_are_approximated() -> None:
    """Where two amounts without bounds are compared, both answers are allowed and the table says it is not exact."""
    logic = (
        "if heard.deal:\n    if heard.deal.amount < heard.deal.price:\n        return say('scoff')\n"
        "    return say('greet')\nreturn say('key_gone')"
    )
    found = table(logic, intents=SLOTS)
    assert (found.exact, found.outcomes) == (False, ())
    assert found.allowed == ("greet", "key_gone", "scoff", "shrug")
    assert found.intents == ("deal",)


def many_flags(count: int) -> dict[str, Any]:
    """A program of independent conditions, whose paths double with each."""
    lines = ["n = 0\ngone = 0\nif warden.trust > 2:\n    return say('key_gone')"]
    lines += [f"if heard.i{i}:\n    n += {2**i}" for i in range(count)]
    lines += [f"if n == {2**count - 1}:\n    return say('greet')\nreturn say('scoff')"]
    return {"logic": "\n".join(lines), "intents": {f"i{i}": {} for i in range(count)}}


def test_too_many_paths_are_approximated() -> None:
    """Beyond the bound on paths the allowed responses come from the residual program: none missing, dead ones gone."""
    found = table(**many_flags(12))
    assert (found.exact, found.outcomes) == (False, ())
    assert found.allowed == ("greet", "scoff", "shrug")
    assert set(found.intents) == {f"i{i}" for i in range(12)}
    assert table(**many_flags(10)).exact


def test_too_much_work_is_approximated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on steps over all paths holds too."""
    monkeypatch.setattr(outcomes, "WORK_LIMIT", 100)
    assert not table(**many_flags(6)).exact


def test_tables_are_remembered_by_the_footprint() -> None:
    """A change of a fact outside the footprint finds the table remembered; a change inside it makes another."""
    cat = catalog()
    program = program_of(cat)
    first = program.outcomes(initial(cat), Context())
    assert program.outcomes(initial(cat, {"player.name": "Mara", "warden.trust": 3}), Context(turn=4)) is first
    assert program.outcomes(initial(cat, {"player.gold": 11}), Context()) is not first
    assert program.outcomes(initial(cat), Context(last="quote_price")) is not first
    assert program.outcomes(initial(cat), Context()) is first


def test_memory_for_tables_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many tables are remembered, the least recently used given up first."""
    monkeypatch.setattr(memo, "MEMO_SIZE", 2)
    cat = catalog()
    program = program_of(cat)
    first, second = (program.outcomes(initial(cat, {"player.gold": gold}), Context()) for gold in (1, 2))
    assert program.outcomes(initial(cat, {"player.gold": 1}), Context()) is first
    program.outcomes(initial(cat, {"player.gold": 3}), Context())
    assert program.outcomes(initial(cat, {"player.gold": 1}), Context()) is first
    assert program.outcomes(initial(cat, {"player.gold": 2}), Context()) is not second


def test_an_intent_that_only_changes_a_value_or_fact_matters() -> None:
    """Hearing that leads to the same line still matters when it changes a placeholder's value or a fact."""
    shown = "n = 1\nif heard.greet:\n    n = 2\nreturn say('quote_price', price=n)"
    written = "if heard.greet:\n    warden.trust = 2\nreturn say('shrug')"
    for logic in (shown, written):
        assert table(logic, facts={"warden.trust": 1}).intents == ("greet",)


def test_long_programs_are_enumerated_without_starting_over() -> None:
    """A thousand intents tested one after the other stay exact, within the bound on steps over all paths."""
    logic = "".join(f"if heard.i{i}:\n    return say('greet')\n" for i in range(1_000)) + "return say('scoff')"
    found = table(logic, intents={f"i{i}": {} for i in range(1_000)})
    assert found.exact
    assert len(found.outcomes) == 1_001
