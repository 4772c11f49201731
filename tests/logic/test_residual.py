"""The residual pseudocode: what the present state leaves of a program."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pytest

from npc.logic.program import Context
from tests.logic.build_catalog import FACTS, catalog
from tests.logic.test_run import initial, program_of

MOOD = {**FACTS, "warden.mood": {"one_of": ["calm", "wary", "angry"], "initial": "wary"}}


def residual(logic: str | None, facts: Mapping[str, Any] | None = None, context: Context | None = None) -> str:
    cat = catalog() if logic is None else catalog(logic=textwrap.dedent(logic), facts=MOOD)
    return program_of(cat).residual(initial(cat, facts), context or Context())


def test_the_wardens_residual() -> None:
    """Conditions on facts and on the previous line are gone; what is heard is still asked."""
    expected = """\
        if heard.ask_key:
            return say("quote_price", price=30)
        if heard.offer_gold:
            if heard.offer_gold.amount < 30 or 50 < heard.offer_gold.amount:
                return say("scoff")
            pay(heard.offer_gold.amount)
            give("cell_key")
            warden.has_key = False
            return say("take_bribe", paid=heard.offer_gold.amount)
        if heard.greet:
            return say("greet")
        return say("shrug")
        """
    assert residual(None, {"player.gold": 50}) == textwrap.dedent(expected)


def test_events_leave_what_happens() -> None:
    """In an event turn nothing is heard, so only what the event leads to is left."""
    logic = """\
        if event == "approach" and not gate.open:
            return say_any("greet", "scoff")
        if heard.greet:
            return say("greet")
        return say("shrug")
        """
    assert residual(logic, context=Context(event="approach")) == 'return say_any("greet", "scoff")\n'
    assert residual(logic, context=Context(event="attacked")) == 'return say("shrug")\n'


CASES = [
    pytest.param(
        'if chance(0.1):\n    if gate.open:\n        return say("greet")\nreturn say_any("greet", "shrug")',
        'if chance(0.1):\n    pass\nreturn say_any("greet", "shrug")\n',
        id="a chance is drawn even where nothing hangs on it",
    ),
    pytest.param(
        'n = player.gold * 2\nif n > 20:\n    return say("quote_price", price=n + 1)\nreturn say("shrug")',
        'return say("quote_price", price=25)\n',
        id="locals of known value are folded and dropped",
    ),
    pytest.param(
        'warden.trust += 1\nif warden.trust > 2:\n    return say("greet")\nreturn say("shrug")',
        'warden.trust += 1\nif warden.trust > 2:\n    return say("greet")\nreturn say("shrug")\n',
        id="a fact written on the path is no longer known",
    ),
    pytest.param(
        'if heard.yes:\n    open_gate()\nif gate.open:\n    return say("greet")\nreturn say("shrug")',
        'if heard.yes:\n    open_gate()\nif gate.open:\n    return say("greet")\nreturn say("shrug")\n',
        id="nor one that a branch may have written through an effect",
    ),
    pytest.param(
        'if heard.yes:\n    open_gate()\n    return say("greet")\n'
        'if gate.open:\n    return say("scoff")\nreturn say("shrug")',
        'if heard.yes:\n    open_gate()\n    return say("greet")\nreturn say("shrug")\n',
        id="a branch that returns writes nothing for those after it",
    ),
    pytest.param(
        "def trusted(n):\n    return warden.trust >= n and heard.yes\n"
        'if trusted(1):\n    return say("greet")\nreturn say("shrug")',
        "def trusted(n):\n    return 1 >= n and heard.yes\n\n"
        'if trusted(1):\n    return say("greet")\nreturn say("shrug")\n',
        id="helpers are resolved too",
    ),
    pytest.param(
        'match warden.mood:\n    case "calm":\n        return say("greet")\n'
        '    case "wary" if heard.yes:\n        return say("scoff")\n    case _:\n        return say("shrug")',
        'if heard.yes:\n    return say("scoff")\nelse:\n    return say("shrug")\n',
        id="a match on a known fact becomes its case",
    ),
    pytest.param(
        'for item in player.items:\n    if warden.has_key and heard.yes:\n        take(item)\nreturn say("shrug")',
        'for item in player.items:\n    if heard.yes:\n        take(item)\nreturn say("shrug")\n',
        id="inside loops",
    ),
    pytest.param(
        'if chance(0.5 if gate.open else 0):\n    return say("greet")\nreturn say("shrug")',
        'return say("shrug")\n',
        id="a chance that the state makes certain",
    ),
    pytest.param(
        'if not (heard.yes and gate.open) and (heard.greet or warden.trust > 2 or "bread" in player.items):\n'
        '    return say("greet")\nreturn say("shrug")',
        'return say("greet")\n',
        id="and, or, not",
    ),
    pytest.param(
        'return say("greet") if heard.yes and warden.has_key else say("shrug")',
        'return say("greet") if heard.yes else say("shrug")\n',
        id="conditional expressions",
    ),
]


@pytest.mark.parametrize(("logic", "left"), CASES)
def test_what_is_left(logic: str, left: str) -> None:
    """Each construct keeps what the state does not decide, and only that."""
    assert residual(logic) == left


def test_texts_are_not_folded_in() -> None:
    """A text fact, which a player may have chosen, never becomes part of the program's text."""
    logic = 'who = player.name\nreturn say("quote_price", price=who)'
    assert "traveller" not in residual(logic)
