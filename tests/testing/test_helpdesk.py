"""The refund desk: its policy, told a second time in plain Python, and its seeds."""

import asyncio
import itertools
from pathlib import Path

import pytest

import npc
from npc.testing.cases import collect
from npc.testing.coverage import Coverage
from npc.testing.places import find_dialogues
from npc.testing.runs import run_cases

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def desk() -> npc.Cast:
    return npc.load(CHECKOUT / "catalogs" / "helpdesk")


def may_be_paid(verified: bool, status: str, kind: str, days: int, price: int) -> bool:
    """The written policy."""
    if not verified or price > 200:
        return False
    if status == "processing":
        return True
    return status == "delivered" and kind != "digital" and days <= {"goods": 30, "perishable": 2}[kind]


def test_money_moves_only_as_the_policy_says(desk: npc.Cast) -> None:
    """A refund that is asked for and confirmed is paid, in full, in exactly the states that the policy names."""
    statuses = ("unknown", "processing", "shipped", "delivered", "refunded")
    kinds = ("goods", "perishable", "digital")
    states = itertools.product((False, True), statuses, kinds, (0, 2, 3, 30, 31), (0, 200, 201))
    names = ("customer.verified", "order.status", "order.kind", "order.days", "order.price")
    paid = 0
    for state in states:
        session = npc.Session(desk, facts=dict(zip(names, state, strict=True)))
        asked = session.hear("agent", {"ask_refund": {}})
        answered = session.hear("agent", {"yes": {}})
        effects = [str(effect) for turn in (asked, answered) for effect in turn.effects]
        money = [effect for effect in effects if effect.startswith("pay_back")]
        assert money == ([f"pay_back({state[-1]})"] if may_be_paid(*state) else []), state
        paid += bool(money)
    assert paid == 42


def test_money_never_moves_without_a_yes(desk: npc.Cast) -> None:
    """Whatever else is heard, even with a refund offered, nothing is paid."""
    facts = {"customer.verified": True, "order.status": "delivered", "order.price": 50, "agent.offered": True}
    for intent in desk.character("agent").declaration.intents:
        turn = npc.Session(desk, facts=facts).hear("agent", {intent: {}})
        assert any(effect.name == "pay_back" for effect in turn.effects) is (intent == "yes")


def test_the_seeds_take_everything() -> None:
    """Each sentence, decision, effect and intent of the desk is taken by a seed that passes."""
    results = asyncio.run(run_cases(collect(find_dialogues([CHECKOUT / "seeds" / "helpdesk"])), "embedded"))
    assert [one.result.render_problem() for one in results if not one.result.ok] == []
    coverage = Coverage(results[0].case.cast)
    for one in results:
        coverage.add(one)
    assert coverage.missing() == []
