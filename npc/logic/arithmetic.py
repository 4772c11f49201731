"""Ranges of whole-number arithmetic: what is known of a result from what is known of the operands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from npc.logic.nodes import ArithmeticOperator
from npc.logic.static_types import Number, number


def combine(operator: ArithmeticOperator, a: Number, b: Number) -> Number:
    """The range of `a operator b`; a divisor's 0 is left out."""
    match operator:
        case "+":
            return number(_both(a.low, b.low, int.__add__), _both(a.high, b.high, int.__add__))
        case "-":
            return number(_both(a.low, b.high, int.__sub__), _both(a.high, b.low, int.__sub__))
        case "*":
            return _times(a, b)
        case "//":
            return _divided(a, b)
        case "%":
            return _remainder(a, b)


def negative(a: Number) -> Number:
    """The range of `-a`."""
    return Number(None if a.high is None else -a.high, None if a.low is None else -a.low, a.nonzero)


def absolute(a: Number) -> Number:
    """The range of `abs(a)`."""
    nonzero = not a.may_be_zero
    if a.low is not None and a.low >= 0:
        return a
    if a.high is not None and a.high <= 0:
        return negative(a)
    high = None if a.low is None or a.high is None else max(-a.low, a.high)
    return number(0, high, nonzero=nonzero)


def least(numbers: Sequence[Number]) -> Number:
    """The range of `min` of these."""
    lows = [n.low for n in numbers]
    known = [low for low in lows if low is not None]
    low = min(known) if len(known) == len(lows) else None
    return number(low, min((n.high for n in numbers if n.high is not None), default=None))


def greatest(numbers: Sequence[Number]) -> Number:
    """The range of `max` of these."""
    return negative(least([negative(n) for n in numbers]))


def _both(a: int | None, b: int | None, combine_bounds: Callable[[int, int], int]) -> int | None:
    return None if a is None or b is None else combine_bounds(a, b)


def _times(a: Number, b: Number) -> Number:
    nonzero = not a.may_be_zero and not b.may_be_zero
    if a.low is not None and a.high is not None and b.low is not None and b.high is not None:
        corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        return number(min(corners), max(corners), nonzero=nonzero)
    if a.low is not None and b.low is not None and a.low >= 0 and b.low >= 0:
        return number(a.low * b.low, None, nonzero=nonzero)
    return Number(nonzero=nonzero)


def _divided(a: Number, b: Number) -> Number:
    if b.low is None or b.low < 0:
        return Number()
    smallest = max(1, b.low)
    divisors = [smallest, b.high] if b.high is not None else [smallest]
    # Dividing by something ever larger tends to 0 from above and to -1 from below.
    limits = [] if b.high is not None else [0 if a.low is not None and a.low >= 0 else -1]
    low = None if a.low is None else min([a.low // d for d in divisors] + limits)
    limits = [] if b.high is not None else [-1 if a.high is not None and a.high < 0 else 0]
    high = None if a.high is None else max([a.high // d for d in divisors] + limits)
    return number(low, high)


def _remainder(a: Number, b: Number) -> Number:
    if b.low is None or b.low < 0:
        return Number()
    high = None if b.high is None else b.high - 1
    if a.low is not None and a.low >= 0 and a.high is not None:
        high = a.high if high is None else min(a.high, high)
    return number(0, high)
