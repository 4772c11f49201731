"""Types of comparisons: complains about sides that can never be equal, in order, or one in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from npc.logic import nodes, rules
from npc.logic.environment import Environment
from npc.logic.nodes import ComparisonOperator, Expression
from npc.logic.static_types import (
    Bag,
    Listing,
    Lookup,
    Maybe,
    Name,
    Names,
    Nothing,
    Number,
    Static,
    Text,
    Truth,
    Unknown,
    describe,
    join,
    without_none,
)

if TYPE_CHECKING:
    from npc.logic.check_expressions import ExpressionChecker


def check_comparison(checker: ExpressionChecker, node: nodes.Comparison, env: Environment) -> Truth:
    """The type of a comparison or a chain of them."""
    left = node.first
    known: list[bool | None] = []
    for operator, right in node.rest:
        known.append(_check_pair(checker, left, operator, right, env))
        left = right
    return Truth(False if False in known else True if all(known) else None)


def _check_pair(
    checker: ExpressionChecker, left: Expression, operator: ComparisonOperator, right: Expression, env: Environment
) -> bool | None:
    if operator in ("<", "<=", ">", ">="):
        a = _comparable(checker, left, operator, env)
        b = _comparable(checker, right, operator, env)
        return _known_order(a, operator, b)
    a_type, b_type = checker.value(left, env), checker.value(right, env)
    if isinstance(a_type, Unknown) or isinstance(b_type, Unknown):
        return None
    if _is_text(a_type) or (_is_text(b_type) and operator not in ("in", "not in")):
        if not isinstance(b_type, Nothing):
            message = "a text may be shown, never branched on"
            checker.complain(rules.TEXT_BRANCH, message, left if _is_text(a_type) else right, "test another fact")
        return None
    if operator in ("in", "not in"):
        _check_membership(checker, left, a_type, right, b_type)
    else:
        _check_equality(checker, left, a_type, right, b_type)
    return None


def _is_text(value: Static) -> bool:
    return isinstance(without_none(value), Text)


def _comparable(checker: ExpressionChecker, node: Expression, operator: str, env: Environment) -> Number:
    if isinstance(checker.quiet_type(node, env), Text):
        message = "a text may be shown, never branched on"
        checker.complain(rules.TEXT_BRANCH, message, node, "test another fact")
        return Number()
    return checker.number(node, env, f"`{operator}`")


def _known_order(a: Number, operator: str, b: Number) -> bool | None:
    if operator in (">", ">="):
        a, b, operator = b, a, {">": "<", ">=": "<="}[operator]
    strict = operator == "<"
    if a.high is not None and b.low is not None and (a.high < b.low or (a.high == b.low and not strict)):
        return True
    if a.low is not None and b.high is not None and (a.low > b.high or (a.low == b.high and strict)):
        return False
    return None


def _check_equality(checker: ExpressionChecker, left: Expression, a: Static, right: Expression, b: Static) -> None:
    inner_a, inner_b = without_none(a), without_none(b)
    if isinstance(a, Nothing) or isinstance(b, Nothing):
        some, node = (b, right) if isinstance(a, Nothing) else (a, left)
        if not isinstance(some, Nothing | Maybe) and checker.declared_type(node) in (some, None):
            hint = "leave the comparison out"
            checker.complain(rules.NEVER_EQUAL, f"this is {describe(some)}, never None", node, hint)
        return
    if isinstance(inner_a, Listing | Lookup) or join(inner_a, inner_b) is None:
        message = f"{describe(a)} and {describe(b)} can never be equal"
        checker.complain(rules.NEVER_EQUAL, message, right, "compare values of one type")
        return
    for node, value, other, other_value in ((left, inner_a, right, inner_b), (right, inner_b, left, inner_a)):
        declared = without_none(checker.declared_type(node) or Unknown())
        match declared, other_value:
            case Name(possible), Name(given) if possible is not None and given is not None and not possible & given:
                if isinstance(value, Name):
                    valid = tuple(sorted(possible))
                    checker.unknown_value(other, given, valid, f"{_shown(node)} is never")
                return


def _shown(node: Expression) -> str:
    match node:
        case nodes.FactRef(name) | nodes.ContextRef(name):
            return f"`{name}`"
        case nodes.SlotRef(intent, slot):
            return f"`heard.{intent}.{slot}`"
    return "this"


def _check_membership(checker: ExpressionChecker, left: Expression, a: Static, right: Expression, b: Static) -> None:
    value = without_none(a)
    match b:
        case Bag(items):
            _check_name(checker, left, value, items, "a bag of items", "no item is called")
        case Names(values):
            _check_name(
                checker, left, value, None if values is None else tuple(sorted(values)), describe(b), "no such name:"
            )
        case Lookup():
            _check_name(checker, left, value, tuple(key for key, _ in b.entries), describe(b), "the table has no key")
        case Listing(element):
            _check_elements(checker, left, value, right, element)
        case Text() | Name():
            hint = 'write a tuple: `in ("a", "b")`'
            checker.complain(rules.NOT_A_COLLECTION, f"nothing is in {describe(b)}", right, hint)
        case _:
            hint = "`in` looks into a bag, a set, a table or a list"
            checker.complain(rules.NOT_A_COLLECTION, f"nothing is in {describe(b)}", right, hint)


def _check_name(
    checker: ExpressionChecker, node: Expression, value: Static, valid: tuple[str, ...] | None, where: str, what: str
) -> None:
    match value:
        case Name(names):
            literal = isinstance(node, nodes.Literal)
            if names is not None and valid is not None and literal and not names & set(valid):
                checker.unknown_value(node, names, valid, what)
        case Unknown():
            return
        case _:
            checker.complain(rules.NEVER_EQUAL, f"{describe(value)} is never in {where}", node, "look for a name")


def _check_elements(
    checker: ExpressionChecker, left: Expression, value: Static, right: Expression, element: Static | None
) -> None:
    if element is None or isinstance(element, Unknown):
        return
    inner = without_none(element)
    if isinstance(inner, Text):
        checker.complain(rules.TEXT_BRANCH, "a text may be shown, never branched on", right, "test another fact")
        return
    if not isinstance(value, Nothing) and join(value, inner) is None:
        message = f"{describe(value)} is never in a list of such values"
        checker.complain(rules.NEVER_EQUAL, message, left, "look for a value of the elements' type")
        return
    declared = without_none(checker.declared_type(left) or Unknown())
    if isinstance(right, nodes.Sequence) and isinstance(declared, Name) and declared.values is not None:
        for part in right.elements:
            if isinstance(part, nodes.Literal) and isinstance(part.value, str) and part.value not in declared.values:
                valid = tuple(sorted(declared.values))
                checker.unknown_value(part, frozenset({part.value}), valid, f"{_shown(left)} is never")
