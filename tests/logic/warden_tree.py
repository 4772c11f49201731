"""The design's warden as a hand-built tree, so that the runtime's tests do not lean on the parser."""

from __future__ import annotations

from npc.logic.nodes import (
    AssignCount,
    AssignFact,
    Comparison,
    ContextRef,
    EffectCall,
    Expression,
    FactRef,
    HeardRef,
    If,
    Junction,
    Literal,
    LocalRef,
    Not,
    Return,
    Say,
    SlotRef,
    Statement,
    Tree,
)
from npc.logic.trees import CastTrees, CharacterTrees

AMOUNT = SlotRef("offer_gold", "amount")


def compare(left: Expression, operator: str, right: Expression) -> Comparison:
    return Comparison(left, ((operator, right),))  # type: ignore[arg-type]


def say(line: int, response: str, **values: Expression) -> Return:
    return Return(Say(response, tuple(values.items()), line), line)


def give(line: int, item: str) -> EffectCall:
    return EffectCall("give", (("item", Literal(item)),), line)


def cast_trees(body: tuple[Statement, ...], *, helpers: dict | None = None, whens: dict | None = None) -> CastTrees:
    """The trees of the one-character cast of `build_catalog`, with the design's effects."""
    item, amount = LocalRef("item"), LocalRef("amount")
    effects = {
        "give": Tree({}, (AssignCount("player.items", item, "+=", Literal(1), 1),)),
        "take": Tree({}, (AssignCount("player.items", item, "-=", Literal(1), 1),)),
        "pay": Tree({}, (AssignFact("player.gold", "-=", amount, 1),)),
        "open_gate": Tree({}, (AssignFact("gate.open", "=", Literal(True), 1),)),
    }
    return CastTrees({"warden": CharacterTrees(Tree(helpers or {}, body), whens or {})}, effects, (), ())


WARDEN: tuple[Statement, ...] = (
    If(
        HeardRef("ask_key"),
        (
            If(Not(FactRef("warden.has_key")), (say(4, "key_gone"),), (), 3),
            If(
                compare(Literal("royal_seal"), "in", FactRef("player.items")),
                (give(6, "cell_key"), AssignFact("warden.has_key", "=", Literal(False), 7), say(8, "hand_over")),
                (),
                5,
            ),
            say(9, "quote_price", price=Literal(30)),
        ),
        (),
        2,
    ),
    If(
        Junction("and", (HeardRef("offer_gold"), FactRef("warden.has_key"))),
        (
            If(
                Junction("or", (compare(AMOUNT, "<", Literal(30)), compare(FactRef("player.gold"), "<", AMOUNT))),
                (say(12, "scoff"),),
                (),
                11,
            ),
            EffectCall("pay", (("amount", AMOUNT),), 13),
            give(14, "cell_key"),
            AssignFact("warden.has_key", "=", Literal(False), 15),
            say(16, "take_bribe", paid=AMOUNT),
        ),
        (),
        10,
    ),
    If(
        Junction("and", (HeardRef("yes"), compare(ContextRef("last"), "==", Literal("quote_price")))),
        (say(18, "show_me_the_coin"),),
        (),
        17,
    ),
    If(HeardRef("greet"), (say(20, "greet"),), (), 19),
    say(21, "shrug"),
)
