"""What a path has decided, as a writer reads it."""

from __future__ import annotations

from collections.abc import Iterable

from npc.testing.difference.domain import BOTH, OLD
from npc.testing.difference.solver import Bounds, Row, narrow, row
from npc.testing.difference.unknowns import Unknowns


def conditions_of(unknowns: Unknowns) -> list[str]:
    """The conditions that hold on a path, what is heard first; what is not heard is left out."""
    found = [] if not unknowns.event or "event" in unknowns.names else ["event is not None"]
    for intent, way in unknowns.hearings.items():
        if way.by:
            known = "" if way.by == BOTH else " (heard by the old version only)" if OLD in way.by else " (now heard)"
            found.append(f"heard.{intent}{known}")
    found += [f"{slot} is None" for slot, unsaid in unknowns.unsaid.items() if unsaid]
    if unknowns.first is not None:
        found += ["turn == 0"] if unknowns.first else [] if "last" in unknowns.names else ["turn > 0"]
    for name, value in unknowns.names.items():
        found += _options(name, value.options, _all_options(unknowns, name))
    for name, truth in unknowns.truths.items():
        fact, _, member = name.rstrip("]").partition("[")
        found.append(
            f'"{member}" {"in" if truth else "not in"} {fact}' if member else f"{'' if truth else 'not '}{name}"
        )
    space = unknowns.space
    rows, bounds = _settled(space.rows, space.bounds)
    for name, (low, high) in bounds.items():
        if not _is_declared(unknowns, name):
            continue
        declared = space.declared[name]
        if (low, high) != declared:
            found.append(_bounds(name, low, high, *declared))
    sharpest: dict[tuple[tuple[str, int], ...], Row] = {}
    for one in rows:
        kept = sharpest.get(one.terms)
        if all(_is_declared(unknowns, name) for name, _ in one.terms) and (not kept or kept.constant < one.constant):
            sharpest[one.terms] = one
    found += [str_of(one) for one in sharpest.values()]
    for position, (lowest, highest) in enumerate(unknowns.draws, 1):
        if (lowest, highest) != (0.0, 1.0):
            found.append(f"draw {position} from {lowest:g} to {highest:g}")
    return found


def _settled(rows: Iterable[Row], bounds: Bounds) -> tuple[list[Row], dict[str, tuple[int, int]]]:
    """The rows with known numbers put in; one about a single number becomes a bound of it."""
    known = dict(bounds)
    left = []
    for one in rows:
        terms, constant = {}, one.constant
        for name, factor in one.terms:
            low, high = known[name]
            if low == high:
                constant += factor * low
            else:
                terms[name] = factor
        if len(terms) > 1:
            left.append(row(terms, constant))
            continue
        narrowed = narrow([row(terms, constant)], known)
        if narrowed is not None:
            known = narrowed[1]
    return left, known


def _is_declared(unknowns: Unknowns, name: str) -> bool:
    """Whether a number is one of the cast's, rather than one that was computed on the way."""
    fact = name.partition("[")[0]
    return fact in unknowns.domain.facts or name == "turn" or (name.startswith("heard.") and name.count(" ") == 0)


def _all_options(unknowns: Unknowns, name: str) -> tuple[str, ...]:
    domain = unknowns.domain
    if name == "last":
        return domain.lines
    if name == "event":
        return domain.events
    if name in domain.facts:
        return domain.facts[name].names[OLD]
    _, intent, slot = name.split(".", 2)
    return unknowns.hearings[intent].slots[slot].names


def _options(name: str, left: tuple[str, ...], declared: tuple[str, ...]) -> list[str]:
    if len(left) == len(declared):
        return []
    if len(left) == 1:
        return [f'{name} == "{left[0]}"']
    gone = [option for option in declared if option not in left]
    if len(gone) == 1:
        return [f'{name} != "{gone[0]}"']
    few, word = (left, "in") if len(left) <= len(gone) else (gone, "not in")
    quoted = ", ".join([f'"{option}"' for option in few])
    return [f"{name} {word} ({quoted})"]


def _bounds(name: str, low: int, high: int, lowest: int, highest: int) -> str:
    fact, _, item = name.rstrip("]").partition("[")
    if item and lowest == 0:
        if high == 0:
            return f'"{item}" not in {fact}'
        if (low, high) == (1, highest):
            return f'"{item}" in {fact}'
    if low == high:
        return f"{name} == {low}"
    if low == lowest:
        return f"{name} <= {high}"
    return f"{name} >= {low}" if high == highest else f"{low} <= {name} <= {high}"


def str_of(row: Row) -> str:
    """A condition on several numbers: what counts up on the left, what counts down on the right."""
    left = [(name, factor) for name, factor in row.terms if factor > 0]
    right = [(name, -factor) for name, factor in row.terms if factor < 0]
    constant = -row.constant
    sides = [_side(left, -constant if constant < 0 else 0), _side(right, constant if constant > 0 else 0)]
    return " <= ".join(sides)


def _side(terms: list[tuple[str, int]], constant: int) -> str:
    parts = [name if factor == 1 else f"{factor} * {name}" for name, factor in terms]
    return " + ".join([*parts, *([str(constant)] if constant or not parts else [])])
