"""Small systems of linear inequalities over whole numbers: whether they can hold, with what values, within what range.

A relation `(terms, offset)` says that the sum of coefficient × number, plus the offset, is at most 0. Numbers are
eliminated one by one (Fourier and Motzkin; where both coefficients exceed 1, by the dark shadow of Pugh's Omega test),
which is exact for whole numbers wherever one of two combined coefficients is 1. What is left open by that is tried
value by value.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from math import gcd
from typing import TypeVar

from npc.logic.symbols import Unresolved

Key = TypeVar("Key", bound=Hashable)
Bounds = tuple[int | None, int | None]
Relation = tuple[tuple[tuple[Key, int], ...], int]

TRIED = 2_000
"""Values of a number that are tried one by one where elimination does not decide."""

WORK = 20_000
"""Relations that are looked at for one question, before it is given up."""

_Row = tuple[dict[Key, int], int]


def rows_of(bounds: Mapping[Key, Bounds], relations: Iterable[Relation[Key]]) -> list[_Row[Key]]:
    """Bounds and relations in one form; only numbers that some relation mentions are kept."""
    rows: list[_Row[Key]] = [_tight(dict(terms), offset) for terms, offset in relations]
    for key in {key for terms, _ in rows for key in terms}:
        low, high = bounds[key]
        if low is not None:
            rows.append(({key: -1}, low))
        if high is not None:
            rows.append(({key: 1}, -high))
    return rows


def solve(
    bounds: Mapping[Key, Bounds], relations: Iterable[Relation[Key]], wanted: Mapping[Key, int] | None = None
) -> dict[Key, int] | None:
    """Values within the bounds for which all relations hold, or None where there are none.

    Args:
        bounds: of every number; those that no relation mentions get a value, too.
        relations: what must hold.
        wanted: values to come as near to as can be; otherwise numbers are small.

    Raises:
        Unresolved: it cannot be decided.
    """
    model = _solve(rows_of(bounds, relations), wanted or {}, [WORK])
    if model is None:
        return None
    for key, (low, high) in bounds.items():
        if low is not None and high is not None and low > high:
            return None
        if key not in model:
            model[key] = _nearest(low, high, (wanted or {}).get(key, 0))
    return model


def project(bounds: Mapping[Key, Bounds], relations: Iterable[Relation[Key]], key: Key) -> tuple[Bounds, bool] | None:
    """The range of one number, and whether every value in it is taken; None where the relations cannot hold."""
    rows = rows_of(bounds, relations)
    low, high = bounds[key]
    exact = True
    while True:
        others = {name for coefficients, _ in rows for name in coefficients if name != key}
        if not others:
            break
        name = _best(rows, others)
        rows, gone_exact = _eliminate(rows, name)
        exact = exact and gone_exact
    for coefficients, offset in rows:
        factor = coefficients.get(key, 0)
        if factor == 0:
            if offset > 0:
                return None
        elif factor > 0:
            bound = -offset // factor
            high = bound if high is None else min(high, bound)
        else:
            bound = -(-offset // -factor)
            low = bound if low is None else max(low, bound)
    if low is not None and high is not None and low > high:
        return None
    return (low, high), exact


def _solve(rows: list[_Row[Key]], wanted: Mapping[Key, int], left: list[int]) -> dict[Key, int] | None:
    left[0] -= len(rows)
    if left[0] < 0:
        raise Unresolved("numbers relate to each other in too many ways")
    rows = [row for row in rows if row[0] or row[1] > 0]
    if any(not coefficients for coefficients, _ in rows):
        return None
    if not rows:
        return {}
    name = _best(rows, {key for coefficients, _ in rows for key in coefficients})
    shadow, exact = _eliminate(rows, name, dark=True)
    model = _solve(shadow, wanted, left)
    if model is not None:
        low, high = _range(rows, name, model)
        model[name] = _nearest(low, high, wanted.get(name, 0))
        return model
    if exact or _solve(_eliminate(rows, name)[0], wanted, left) is None:
        return None
    range_of = project(dict.fromkeys({key for row in rows for key in row[0]}, (None, None)), _plain(rows), name)
    if range_of is None:
        return None
    (low, high), _ = range_of
    if low is None or high is None or high - low > TRIED:
        raise Unresolved(str(name))
    for value in range(low, high + 1):
        model = _solve([_with(row, name, value) for row in rows], wanted, left)
        if model is not None:
            model[name] = value
            return model
    return None


def _tight(coefficients: dict[Key, int], offset: int) -> _Row[Key]:
    """A row divided by what its coefficients have in common; the sum is a whole number, so the offset rounds up."""
    common = gcd(*coefficients.values())
    if common <= 1:
        return coefficients, offset
    return {key: factor // common for key, factor in coefficients.items()}, -(-offset // common)


def _plain(rows: list[_Row[Key]]) -> list[Relation[Key]]:
    return [(tuple(coefficients.items()), offset) for coefficients, offset in rows]


def _with(row: _Row[Key], name: Key, value: int) -> _Row[Key]:
    coefficients = dict(row[0])
    offset = row[1] + coefficients.pop(name, 0) * value
    return _tight(coefficients, offset)


def _best(rows: list[_Row[Key]], names: set[Key]) -> Key:
    """The number to eliminate first: that which is exact before others, then the one that makes fewer rows."""

    def cost(name: Key) -> tuple[int, int, str]:
        found = [coefficients[name] for coefficients, _ in rows if name in coefficients]
        up, large_up = sum(f > 0 for f in found), sum(f > 1 for f in found)
        large_down = sum(f < -1 for f in found)
        return large_up * large_down, up * (len(found) - up), str(name)

    return min(names, key=cost)


def _eliminate(rows: list[_Row[Key]], name: Key, dark: bool = False) -> tuple[list[_Row[Key]], bool]:
    """The rows without one number, and whether that lost nothing."""
    kept: list[_Row[Key]] = []
    upper: list[_Row[Key]] = []
    lower: list[_Row[Key]] = []
    for row in rows:
        factor = row[0].get(name, 0)
        (upper if factor > 0 else lower if factor < 0 else kept).append(row)
    exact = True
    seen = {(frozenset(coefficients.items()), offset) for coefficients, offset in kept}
    for above, above_offset in upper:
        a = above[name]
        for below, below_offset in lower:
            b = -below[name]
            sums = {key: b * factor for key, factor in above.items() if key != name}
            for key, factor in below.items():
                if key != name:
                    sums[key] = sums.get(key, 0) + a * factor
            offset = b * above_offset + a * below_offset
            slack = (a - 1) * (b - 1)
            coefficients = {key: factor for key, factor in sums.items() if factor}
            if slack and (coefficients or offset + slack > 0):
                exact = False
            if dark:
                offset += slack
            coefficients, offset = _tight(coefficients, offset)
            mark = (frozenset(coefficients.items()), offset)
            if mark not in seen and (coefficients or offset > 0):
                seen.add(mark)
                kept.append((coefficients, offset))
    return kept, exact


def _range(rows: list[_Row[Key]], name: Key, model: Mapping[Key, int]) -> Bounds:
    low: int | None = None
    high: int | None = None
    for coefficients, offset in rows:
        factor = coefficients.get(name, 0)
        if not factor:
            continue
        rest = offset + sum(f * model.get(key, 0) for key, f in coefficients.items() if key != name)
        if factor > 0:
            bound = -rest // factor
            high = bound if high is None else min(high, bound)
        else:
            bound = -(-rest // -factor)
            low = bound if low is None else max(low, bound)
    return low, high


def _nearest(low: int | None, high: int | None, wanted: int) -> int:
    if low is not None and wanted < low:
        return low
    if high is not None and wanted > high:
        return high
    return wanted
