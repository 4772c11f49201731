"""The whole language is accepted: every example of the language reference, and the shape of the trees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from npc.logic import nodes
from npc.logic.checker import check_cast
from npc.logic.nodes import Tree
from tests.logic.build_catalog import EFFECTS, MORE, catalog

REFERENCE = Path(__file__).parents[2] / "docs" / "pseudocode.md"
EXAMPLES = re.findall(r"```python ?(\w*)\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), flags=re.DOTALL)


def tree(logic: str) -> Tree:
    trees, found = check_cast(catalog(**MORE, logic=logic))
    assert not found, [d.render() for d in found]
    return trees.characters["warden"].logic


@pytest.mark.parametrize(("mode", "text"), EXAMPLES, ids=[str(n) for n in range(len(EXAMPLES))])
def test_example_of_the_reference_is_accepted(mode: str, text: str) -> None:
    """Every example of the language reference is checked without any finding."""
    if mode == "condition":
        found = check_cast(catalog(**MORE, invariants=[text.strip()]))[1]
    elif mode == "effect":
        effects = EFFECTS | {"tidy": {"args": {"item": "item"}, "do": text}}
        found = check_cast(catalog(**(MORE | {"effects": effects})))[1]
    else:
        found = check_cast(catalog(**MORE, logic=text))[1]
    assert [d.render() for d in found] == []


def test_example_of_the_design_has_no_findings() -> None:
    """The example character is checked without findings, and its effects have trees."""
    trees, found = check_cast(catalog(invariants=["player.gold >= 0"], goals=["gate.open"]))
    assert found == []
    assert sorted(trees.effects) == ["give", "open_gate", "pay", "take"]
    assert trees.goals == (nodes.FactRef("gate.open"),)
    assert len(trees.characters["warden"].logic.body) == 5


def test_names_are_resolved() -> None:
    """Dotted names become facts or slots, plain ones locals or tables."""
    body = tree('if heard.buy:\n    x = prices["bread"]\n    pay(x)\nreturn say("shrug")').body
    assert body[0] == nodes.If(
        nodes.HeardRef("buy"),
        (
            nodes.AssignLocal("x", "=", nodes.Subscript(nodes.TableRef("prices"), nodes.Literal("bread")), 2),
            nodes.EffectCall("pay", (("amount", nodes.LocalRef("x")),), 3),
        ),
        (),
        1,
    )


def test_effect_arguments_come_in_declared_order() -> None:
    """Arguments given by name are put into the order of the declaration."""
    effects = EFFECTS | {"trade": {"args": {"item": "item", "price": "int"}}}
    trees, found = check_cast(catalog(effects=effects, logic='trade(price=3, item="bread")\nreturn say("shrug")'))
    assert found == []
    (call, _) = trees.characters["warden"].logic.body
    assert call == nodes.EffectCall("trade", (("item", nodes.Literal("bread")), ("price", nodes.Literal(3))), 1)


def test_tag_becomes_its_responses() -> None:
    """`say_any` holds its candidates in catalog order, those of the tag included."""
    (line,) = tree('return say_any("rumour_2", tag="rumour", what=1)').body
    assert isinstance(line, nodes.Return)
    assert isinstance(line.value, nodes.SayAny)
    assert line.value.responses == ("rumour_1", "rumour_2")


def test_elif_chain_nests() -> None:
    """`elif` becomes an `if` in the branch before, with a line of its own."""
    (first, _) = tree(
        'if heard.greet:\n    pass\nelif heard.yes:\n    pass\nelse:\n    open_gate()\nreturn say("shrug")'
    ).body
    assert isinstance(first, nodes.If)
    (second,) = first.otherwise
    assert isinstance(second, nodes.If)
    assert second.line == 3
    assert second.otherwise == (nodes.EffectCall("open_gate", (), 6),)


@pytest.mark.parametrize(
    "logic",
    [
        "if heard.offer_gold:\n    pay(heard.offer_gold.amount)",
        "if not heard.offer_gold:\n    return say('greet')\npay(heard.offer_gold.amount)",
        "if heard.greet and not heard.offer_gold:\n    pass\nelif heard.offer_gold:\n    pay(heard.offer_gold.amount)",
        "x = heard.offer_gold.amount if heard.offer_gold else 3\npay(x)",
        "if not (heard.offer_gold and gate.open):\n    return say('greet')\npay(heard.offer_gold.amount)",
        "if not heard.offer_gold or heard.offer_gold.amount > 3:\n    return say('greet')",
        "xs = [i for i in player.items if heard.offer_gold and heard.offer_gold.amount > player.items[i]]",
        "if (heard.offer_gold and gate.open) or (heard.offer_gold and turn > 1):\n    pay(heard.offer_gold.amount)",
        "for item in player.items:\n    if not heard.buy:\n        return say('greet')\n    give(heard.buy.item)",
        "if heard.buy:\n    give(heard.buy.item)",
    ],
)
def test_slot_is_known_where_its_intent_is_heard(logic: str) -> None:
    """Every way of making sure that an intent is heard is understood."""
    tree(f"{logic}\nreturn say('shrug')")


@pytest.mark.parametrize(
    "logic",
    [
        "if player.gold > 0:\n    x = 9 // player.gold",
        "if player.gold:\n    x = 9 % player.gold",
        "if player.gold == 0:\n    return say('greet')\nx = 9 // player.gold",
        "x = 9 // (player.gold + 1)",
        "x = 9 // max(1, player.gold)",
        "x = 9 // player.gold if player.gold != 0 else 3",
        "if 'bread' in player.items:\n    x = 9 // player.items['bread']",
        "for i in player.items:\n    x = 9 // player.items[i]",
        "n = len(player.items)\nif n > 0:\n    x = 9 // n",
        "if warden.seen:\n    x = 9 // len(warden.seen)",
        "match player.gold:\n    case 0:\n        return say('greet')\n    case _:\n        x = 9 // player.gold",
        "x = 9 // -2",
        "for s in steps:\n    x = 9 // s",
    ],
)
def test_divisor_is_known_not_to_be_zero(logic: str) -> None:
    """A divisor may be shown not to be 0 by its type, by a test, or by arithmetic."""
    tree(f"{logic}\nreturn say('shrug')")


@pytest.mark.parametrize(
    ("logic", "code"),
    [
        ("if player.gold > 0:\n    pay(1)\n    x = 9 // player.gold", "L403"),
        ("n = 3\nfor i in player.items:\n    x = 9 // n\n    n -= 1", "L403"),
        (
            "def spend():\n    pay(1)\n    return True\nif player.gold > 0 and spend():\n    x = 9 // player.gold",
            "L403",
        ),
        ("if player.gold > 0 or gate.open:\n    x = 9 // player.gold", "L403"),
        ("def price():\n    return heard.offer_gold.amount\nif heard.offer_gold:\n    pay(price())", "L401"),
        ("if not (heard.offer_gold or heard.greet):\n    return say('greet')\npay(heard.offer_gold.amount)", "L401"),
        ("for i in player.items:\n    x = 1\npay(x)", "L405"),
        ("for i in player.items:\n    pass\ngive(i)", "L405"),
        ("if heard.buy and (heard.buy.count is not None or gate.open):\n    pay(heard.buy.count)", "L402"),
        ("x = 'bread'\nfor i in player.items:\n    x = i\npay(prices[x])", "L404"),
    ],
)
def test_knowledge_ends_where_it_may_be_wrong(logic: str, code: str) -> None:
    """What was learned is forgotten after a write, in loops, in helpers and where ways meet."""
    found = check_cast(catalog(**MORE, logic=f"{logic}\nreturn say('shrug')"))[1]
    assert [d.code for d in found] == [code], [d.render() for d in found]


def test_all_findings_are_given() -> None:
    """One run reports every mistake, in the order of the lines."""
    logic = 'while True:\n    gve("bread")\nx = player.silver\nwarden.trust = "high"\nreturn say("gret")'
    found = check_cast(catalog(logic=logic))[1]
    assert [(d.position.line, d.code) for d in found] == [
        (1, "L111"),
        (2, "L207"),
        (3, "L201"),
        (4, "L307"),
        (5, "L205"),
    ]


def test_columns_count_characters() -> None:
    """Columns are characters of the writer's line, also behind letters that take several bytes."""
    found = check_cast(catalog(logic='x = "ÄÖÜ→"; y = player.silver\nreturn say("shrug")'))[1]
    assert [(d.code, d.position.column) for d in found] == [("L201", 17)]


def test_helper_is_checked_with_the_types_of_each_call() -> None:
    """A helper's result has the type that follows from the arguments of the call."""
    logic = "def pick(a, b):\n    return a if gate.open else b\npay(pick(1, 2))\ngive(pick('bread', 'lantern'))\n"
    logic += 'return say("shrug")'
    assert check_cast(catalog(logic=logic))[1] == []
    found = check_cast(catalog(logic=logic.replace("pick(1, 2)", "pick('bread', 'lantern')")))[1]
    assert [d.code for d in found] == ["L306"]


def test_helper_called_in_a_loop_gets_its_findings() -> None:
    """A mistake in a helper is found also where only a loop calls it."""
    logic = "def f(n):\n    return 9 // n\nx = 0\nfor i in player.items:\n    x += f(player.gold)\nreturn say('shrug')"
    found = check_cast(catalog(**MORE, logic=logic))[1]
    assert [(d.code, d.position.line) for d in found] == [("L403", 2)]
