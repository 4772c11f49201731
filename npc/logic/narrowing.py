"""What a test shows: after `if x in prices:` the name `x` is a key of `prices`."""

from __future__ import annotations

from collections.abc import Callable

from npc.logic import nodes
from npc.logic.environment import Environment, merged
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
    Truth,
    is_empty,
    number,
    without_none,
)

TypeOf = Callable[[Expression, Environment], Static]

MAX_ALTERNATIVES = 20
"""Nothing is learned from a longer `or` (or a longer `and` that failed): each part is one more way to follow."""

MAX_PARTS = 200
"""Nothing more is learned from a test once this many of its parts have been followed."""

_OPPOSITE: dict[ComparisonOperator, ComparisonOperator] = {
    "==": "!=",
    "!=": "==",
    "is": "is not",
    "is not": "is",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "in": "not in",
    "not in": "in",
}
_MIRRORED: dict[ComparisonOperator, ComparisonOperator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class _Fuel:
    """How many more parts of one test are followed; nested `and`/`or` double them at each level."""

    def __init__(self) -> None:
        self.left = MAX_PARTS


def narrow(test: Expression, truth: bool, env: Environment, type_of: TypeOf) -> None:
    """Learn from `test` being true (or false); `env.possible` becomes False where it never is.

    Args:
        type_of: what is known of an expression; gives no diagnostics.
    """
    _narrow(test, truth, env, type_of, _Fuel())


def _narrow(test: Expression, truth: bool, env: Environment, type_of: TypeOf, fuel: _Fuel) -> None:
    fuel.left -= 1
    if fuel.left < 0:
        return
    match test:
        case nodes.Not(operand):
            _narrow(operand, not truth, env, type_of, fuel)
        case nodes.Junction(operator, operands) if (operator == "and") is truth:
            for operand in operands:
                _narrow(operand, truth, env, type_of, fuel)
        case nodes.Junction(_, operands):
            _one_of_these(operands, truth, env, type_of, fuel)
        case nodes.Comparison(first, rest):
            pairs = [nodes.Comparison(a, (pair,)) for a, pair in _pairs(first, rest)]
            if truth or len(pairs) == 1:
                for pair in pairs:
                    _compare(pair, truth, env, type_of)
            else:
                _one_of_these(tuple(pairs), truth, env, type_of, fuel)
        case _:
            _truthiness(test, truth, env, type_of)


def _pairs(
    first: Expression, rest: tuple[tuple[ComparisonOperator, Expression], ...]
) -> list[tuple[Expression, tuple[ComparisonOperator, Expression]]]:
    lefts = [first, *(operand for _, operand in rest)]
    return list(zip(lefts, rest, strict=False))


def _one_of_these(
    operands: tuple[Expression, ...], truth: bool, env: Environment, type_of: TypeOf, fuel: _Fuel
) -> None:
    """One operand is `truth`, and those before it are not."""
    if len(operands) > MAX_ALTERNATIVES:
        return
    ways, before = [], env.copy()
    for operand in operands:
        way = before.copy()
        _narrow(operand, truth, way, type_of, fuel)
        ways.append(way)
        if operand is not operands[-1]:
            _narrow(operand, not truth, before, type_of, fuel)
    env.take(merged(ways))


def _learn(expression: Expression, learned: Static, env: Environment) -> None:
    if is_empty(learned):
        env.possible = False
    else:
        env.refine(expression, learned)


def _truthiness(test: Expression, truth: bool, env: Environment, type_of: TypeOf) -> None:
    match type_of(test, env):
        case Truth(known):
            if known is not None and known is not truth:
                env.possible = False
            _learn(test, Truth(truth), env)
        case Number() as value:
            _learn(test, _different(value, 0) if truth else _meet(value, Number(0, 0)), env)
        case Bag() | Names() | Listing():
            _learn(nodes.BuiltinCall("len", (test,)), Number(1, None) if truth else Number(0, 0), env)


def _compare(test: nodes.Comparison, truth: bool, env: Environment, type_of: TypeOf) -> None:
    left, (operator, right) = test.first, test.rest[0]
    operator = operator if truth else _OPPOSITE[operator]
    a, b = type_of(left, env), type_of(right, env)
    match operator:
        case "in" | "not in":
            _membership(left, a, right, b, operator == "in", env)
        case "==" | "is":
            if isinstance(a, Nothing) or isinstance(b, Nothing):
                _is_none(left, a, b, env)
                _is_none(right, b, a, env)
            else:
                _learn(left, _meet(without_none(a), without_none(b)), env)
                _learn(right, _meet(without_none(b), without_none(a)), env)
        case "!=" | "is not":
            _learn(left, _unlike(a, b), env)
            _learn(right, _unlike(b, a), env)
            if isinstance(a, Nothing) and isinstance(b, Nothing):
                env.possible = False
        case _:
            if isinstance(a, Number) and isinstance(b, Number):
                _learn(left, _ordered(a, operator, b), env)
                _learn(right, _ordered(b, _MIRRORED[operator], a), env)
                if not isinstance(left, nodes.Literal) and not isinstance(right, nodes.Literal):
                    # How far apart two unknown numbers are: what is left of `player.gold` after paying `amount`.
                    apart = nodes.Arithmetic("-", left, right)
                    difference = type_of(apart, env)
                    if isinstance(difference, Number):
                        _learn(apart, _ordered(difference, operator, Number(0, 0)), env)


def _is_none(expression: Expression, value: Static, other: Static, env: Environment) -> None:
    if not isinstance(other, Nothing):
        return
    if isinstance(value, Maybe | Nothing):
        env.refine(expression, Nothing())
    else:
        env.possible = False


def _meet(a: Static, b: Static) -> Static:
    """What is known of an `a` that equals a `b`; `a` itself where the two say nothing about each other."""
    match a, b:
        case (Number(), Number()):
            lows = [bound for bound in (a.low, b.low) if bound is not None]
            highs = [bound for bound in (a.high, b.high) if bound is not None]
            return number(max(lows, default=None), min(highs, default=None), nonzero=a.nonzero or b.nonzero)
        case (Name(x), Name(y)):
            return Name(y if x is None else x if y is None else x & y)
        case (Truth(x), Truth(y)):
            return Truth(y if x is None else x)
    return a


def _unlike(a: Static, b: Static) -> Static:
    """What is known of an `a` that differs from `b`."""
    match a, b:
        case Maybe(inner), Nothing():
            return inner
        case Maybe(inner), _:
            remaining = _unlike(inner, b)
            return Nothing() if is_empty(remaining) else Maybe(remaining)
        case Number(), Number(low, high) if low is not None and low == high:
            return _different(a, low)
        case Name(values), Name(others) if values is not None and others is not None and len(others) == 1:
            return Name(values - others)
        case Truth(), Truth(known) if known is not None:
            return Truth(not known)
    return a


def _different(a: Number, value: int) -> Number:
    low = value + 1 if a.low == value else a.low
    high = value - 1 if a.high == value else a.high
    return number(low, high, nonzero=a.nonzero or value == 0)


def _ordered(a: Number, operator: ComparisonOperator, b: Number) -> Number:
    strictly = 1 if operator in ("<", ">") else 0
    if operator in ("<", "<="):
        return _below(a, b.high, strictly)
    return _above(a, b.low, strictly)


def _below(a: Number, bound: int | None, strictly: int) -> Number:
    if bound is None:
        return a
    bound -= strictly
    return number(a.low, bound if a.high is None else min(a.high, bound), nonzero=a.nonzero)


def _above(a: Number, bound: int | None, strictly: int) -> Number:
    if bound is None:
        return a
    bound += strictly
    return number(bound if a.low is None else max(a.low, bound), a.high, nonzero=a.nonzero)


def _membership(left: Expression, a: Static, right: Expression, b: Static, inside: bool, env: Environment) -> None:
    value = without_none(a)
    match b:
        case Bag(items):
            if inside:
                _learn(left, _meet(value, Name(frozenset(items))), env)
            env.refine(nodes.Subscript(right, left), Number(1, None) if inside else Number(0, 0))
        case Names(values) if inside:
            _learn(left, _meet(value, Name(values)), env)
        case Lookup():
            if inside:
                _learn(left, _meet(value, Name(b.keys)), env)
            elif isinstance(value, Name) and value.values is not None:
                _learn(left, _same_shape(a, Name(value.values - b.keys)), env)
        case Listing(element) if inside:
            if element is not None:
                _learn(left, _meet(a if isinstance(element, Maybe | Nothing) else value, element), env)
        case Listing() if isinstance(right, nodes.Sequence):
            literals = [e.value for e in right.elements if isinstance(e, nodes.Literal)]
            if isinstance(value, Name) and value.values is not None:
                names = frozenset(literal for literal in literals if isinstance(literal, str))
                _learn(left, _same_shape(a, Name(value.values - names)), env)


def _same_shape(original: Static, remaining: Static) -> Static:
    """The remaining type, with None still possible where it was."""
    if not isinstance(original, Maybe):
        return remaining
    return Nothing() if is_empty(remaining) else Maybe(remaining)
