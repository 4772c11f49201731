"""Unions of boxes: the same set of states in fewer words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from npc.exploration.transitions import Box

THOROUGH = 150
"""Boxes at most that are compared each with each."""


def merged(boxes: Iterable[Box], full: Sequence[int]) -> list[Box]:
    """Boxes whose union is the same: neighbours joined, what others hold left out, variables that do not matter gone.

    Args:
        boxes: the boxes.
        full: the mask of all atoms of each variable.
    """
    found = list(dict.fromkeys(boxes))
    while True:
        if any(not box for box in found):
            return [()]
        joined = _joined(found, full)
        if len(joined) <= THOROUGH:
            joined = _grown(joined, full)
        if len(joined) == len(found) and set(joined) == set(found):
            return joined
        found = joined


def _joined(boxes: list[Box], full: Sequence[int]) -> list[Box]:
    """Boxes that differ in one variable only become one."""
    for variable in sorted({number for box in boxes for number, _ in box}):
        masks: dict[Box, int] = {}
        for box in boxes:
            rest, own = box, full[variable]
            for place, (number, mask) in enumerate(box):
                if number == variable:
                    rest, own = (*box[:place], *box[place + 1 :]), mask
                    break
            masks[rest] = masks.get(rest, 0) | own
        boxes = [
            rest if mask == full[variable] else tuple(sorted((*rest, (variable, mask)))) for rest, mask in masks.items()
        ]
    return boxes


def _grown(boxes: list[Box], full: Sequence[int]) -> list[Box]:
    """Each box as large as the union allows, one variable at a time; then those inside others are gone."""
    maps = [dict(box) for box in boxes]
    for one in maps:
        for variable in list(one):
            reach = one[variable]
            for other in maps:
                if other is not one and all(
                    number == variable or mask | one.get(number, full[number]) == mask for number, mask in other.items()
                ):
                    reach |= other.get(variable, full[variable])
            if reach == full[variable]:
                del one[variable]
            else:
                one[variable] = reach
    kept: list[Box] = []
    for place, one in enumerate(maps):
        inside = False
        for number, other in enumerate(maps):
            if number != place and _holds(other, one, full) and (not _holds(one, other, full) or number < place):
                inside = True
                break
        if not inside:
            kept.append(tuple(sorted(one.items())))
    return kept


def _holds(outer: dict[int, int], inner: dict[int, int], full: Sequence[int]) -> bool:
    return all(mask | inner.get(number, full[number]) == mask for number, mask in outer.items())
