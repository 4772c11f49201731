"""Whole numbers under linear conditions: whether some values meet them all, and which.

Conditions are rows ``a1*x1 + a2*x2 + … + c <= 0`` over variables that all have a lowest and a highest value. Variables
are eliminated one after the other as Fourier and Motzkin did; that is exact for whole numbers as long as one of the two
coefficients that meet is 1 (Pugh, "The Omega test", 1991). Where it is not, the values of a variable are halved until
it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Bounds = Mapping[str, tuple[int, int]]

ROW_LIMIT = 600
"""Rows that elimination may come to; beyond it nothing is claimed."""
SPLIT_LIMIT = 100
"""Times that a variable's values may be halved in search of an answer."""
ROUNDS = 12
"""Rounds in which rows narrow the bounds of their variables before elimination begins."""


@dataclass(frozen=True, slots=True)
class Row:
    """``sum of coefficient * variable + constant <= 0``; `terms` are in order of variable, no coefficient is 0."""

    terms: tuple[tuple[str, int], ...]
    constant: int

    def value(self, values: Mapping[str, int]) -> int:
        """The left side for given values."""
        return self.constant + sum(factor * values[name] for name, factor in self.terms)


def row(terms: Mapping[str, int], constant: int) -> Row:
    """A row in its smallest form: divided by what divides all coefficients, which for whole numbers may sharpen it."""
    kept = sorted((name, factor) for name, factor in terms.items() if factor)
    divisor = 0
    for _, factor in kept:
        divisor = _gcd(divisor, abs(factor))
    if divisor > 1:
        kept = [(name, factor // divisor) for name, factor in kept]
        constant = -(-constant // divisor)
    return Row(tuple(kept), constant)


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def linked(rows: Iterable[Row], names: Iterable[str]) -> list[Row]:
    """The rows that bear on the named variables, through other variables too."""
    reached, left = set(names), list(rows)
    found: list[Row] = []
    while True:
        near = [one for one in left if any(name in reached for name, _ in one.terms)]
        if not near:
            return found
        found += near
        left = [one for one in left if one not in near]
        reached.update(name for one in near for name, _ in one.terms)


def feasible(rows: Iterable[Row], bounds: Bounds) -> bool | None:
    """Whether some whole numbers within the bounds meet all rows; None when it is not found out."""
    pending: list[tuple[Iterable[Row], Bounds]] = [(rows, bounds)]
    for _ in range(SPLIT_LIMIT):
        if not pending:
            return False
        narrowed = narrow(*pending.pop())
        if narrowed is None:
            continue
        left, known = narrowed
        if not left:
            return True
        verdict = _eliminate(left, known)
        if verdict is None and _eliminate(left, known, dark=True):
            verdict = True
        if verdict:
            return True
        if verdict is None:
            names = {name for one in left for name, _ in one.terms if known[name][0] < known[name][1]}
            if not names:
                return None
            narrowest = min(names, key=lambda name: (known[name][1] - known[name][0], name))
            low, high = known[narrowest]
            middle = (low + high) // 2
            pending += [(left, {**known, narrowest: half}) for half in ((middle + 1, high), (low, middle))]
    return None


def narrow(rows: Iterable[Row], bounds: Bounds) -> tuple[list[Row], dict[str, tuple[int, int]]] | None:
    """The rows that say more than the bounds, and the bounds as narrow as the rows make them in a few rounds.

    None when nothing is left.
    """
    known = dict(bounds)
    left = list(rows)
    for _ in range(ROUNDS):
        changed = False
        open_rows = []
        for one in left:
            least = one.constant + sum(f * known[n][0 if f > 0 else 1] for n, f in one.terms)
            if least > 0:
                return None
            most = one.constant + sum(f * known[n][1 if f > 0 else 0] for n, f in one.terms)
            if most <= 0:
                continue
            open_rows.append(one)
            for name, factor in one.terms:
                low, high = known[name]
                if factor > 0:
                    bound = (-least) // factor + low
                    if bound < high:
                        known[name], changed = (low, bound), True
                else:
                    bound = high - (-least) // -factor
                    if bound > low:
                        known[name], changed = (bound, high), True
                low, high = known[name]
                if low > high:
                    return None
                least = one.constant + sum(f * known[n][0 if f > 0 else 1] for n, f in one.terms)
        left = open_rows
        if not changed:
            break
    return left, known


def _eliminate(rows: Sequence[Row], bounds: Bounds, *, dark: bool = False) -> bool | None:
    """Eliminate every variable; None when the result holds for fractions only, or the rows become too many.

    `dark` asks for more at each step than fractions need (Pugh's dark shadow): what meets that, whole numbers meet.
    """
    names = {name for one in rows for name, _ in one.terms}
    table: dict[tuple[tuple[str, int], ...], int] = {}
    for one in rows:
        _keep(table, one)
    for name in names:
        low, high = bounds[name]
        _keep(table, Row(((name, 1),), -high))
        _keep(table, Row(((name, -1),), low))
    exact = True
    while names:
        above, below = _sides(table, names)
        name = min(names, key=lambda n: (len(above[n]) * len(below[n]) - len(above[n]) - len(below[n]), n))
        names.remove(name)
        rest = {terms: constant for terms, constant in table.items() if not any(n == name for n, _ in terms)}
        for upper in above[name]:
            for lower in below[name]:
                a, b = dict(upper.terms)[name], -dict(lower.terms)[name]
                exact = exact and (a == 1 or b == 1)
                terms: dict[str, int] = {}
                for source, factor in ((upper, b), (lower, a)):
                    for other, coefficient in source.terms:
                        terms[other] = terms.get(other, 0) + factor * coefficient
                slack = (a - 1) * (b - 1) if dark else 0
                joined = row(terms, b * upper.constant + a * lower.constant + slack)
                if not joined.terms:
                    if joined.constant > 0:
                        return None if dark else False
                    continue
                _keep(rest, joined)
        table = rest
        if len(table) > ROW_LIMIT:
            return None
    return True if exact or dark else None


def _keep(table: dict[tuple[tuple[str, int], ...], int], one: Row) -> None:
    known = table.get(one.terms)
    if known is None or one.constant > known:
        table[one.terms] = one.constant


def _sides(
    table: Mapping[tuple[tuple[str, int], ...], int], names: Iterable[str]
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    above: dict[str, list[Row]] = {name: [] for name in names}
    below: dict[str, list[Row]] = {name: [] for name in names}
    for terms, constant in table.items():
        for name, factor in terms:
            (above if factor > 0 else below)[name].append(Row(terms, constant))
    return above, below


def solve(rows: Iterable[Row], bounds: Bounds, wanted: Mapping[str, int]) -> dict[str, int] | None:
    """Whole numbers for all variables that meet all rows, each as near to its wanted value as is easily had.

    None when there are none, or none is found.
    """
    narrowed = narrow(rows, bounds)
    if narrowed is None:
        return None
    left, known = narrowed
    for name in bounds:
        low, high = known[name]
        if low == high:
            continue
        near = min(max(wanted.get(name, low), low), high)
        for value in dict.fromkeys((near, low, high, low + 1, high - 1)):
            if low <= value <= high and feasible(linked(left, [name]), known | {name: (value, value)}):
                break
        else:
            found = _search(left, known, name)
            if found is None:
                return None
            value = found
        known[name] = (value, value)
        again = narrow(left, known)
        if again is None:
            return None
        left, known = again
    return {name: low for name, (low, _) in known.items()}


def _search(rows: Sequence[Row], bounds: dict[str, tuple[int, int]], name: str) -> int | None:
    """A value that one variable can have, by halving."""
    rows = linked(rows, [name])
    low, high = bounds[name]
    while low < high:
        middle = (low + high) // 2
        if feasible(rows, bounds | {name: (low, middle)}):
            high = middle
        elif feasible(rows, bounds | {name: (middle + 1, high)}):
            low = middle + 1
        else:
            return None
    return low if feasible(rows, bounds | {name: (low, low)}) else None
