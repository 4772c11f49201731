"""A layout in layers: each node in the row it has, arrows as curves between the rows, labels in rows of their own.

An arrow goes through a chain of slots: one for its label, in the space below or above the row it starts from, and one
in every row that it passes on its way up. Slots and nodes of a row are ordered so that few arrows cross, and placed so
that chains are nearly straight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from npc.drawing.graph import Edge, Section

SWEEPS = 12
"""Rounds of ordering and of placing."""
GAP, THIN = 26.0, 10.0
"""Space between neighbours in a row, and the width of an arrow that only passes."""

Key = tuple[str, int]
"""A node, by its id and -1; or a slot of an arrow, by "" and a number."""


@dataclass(slots=True)
class Slot:
    """Something that has a place: a node, or a piece of an arrow.

    Attributes:
        row: its row.
        width, height: its size.
        x, y: the middle of its upper end.
        level, levels: its place among the labels of its row that take turns in height, and how many heights there are.
    """

    row: int
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0
    level: int = 0
    levels: int = 1


@dataclass
class Layout:
    """Where everything stands.

    Attributes:
        slots: nodes and pieces of arrows.
        chains: for each arrow, the slots that it goes through, both nodes included.
        rows: for each row, where it begins and its height.
        right, bottom: where all of it ends.
    """

    slots: dict[Key, Slot] = field(default_factory=dict)
    chains: list[tuple[Edge, list[Key]]] = field(default_factory=list)
    rows: dict[int, tuple[float, float]] = field(default_factory=dict)
    right: float = 0.0
    bottom: float = 0.0


def laid_out(
    section: Section,
    nodes: Mapping[str, tuple[float, float]],
    labels: Sequence[tuple[float, float]],
    left: float,
    top: float,
    gap: float,
) -> Layout:
    """Places for a section's nodes and arrows.

    Args:
        section: the section; no arrow leads down by more than a row, nor from a node to itself.
        nodes: width and height of each node.
        labels: width and height of each arrow's label.
        left, top: where to begin.
        gap: space between rows.
    """
    layout = Layout()
    # Rows of nodes have even numbers here, the spaces between them odd ones.
    for node in section.nodes:
        layout.slots[node.id, -1] = Slot(2 * node.row, *nodes[node.id])
    for edge, size in zip(section.edges, labels, strict=True):
        layout.chains.append((edge, _chain(layout, edge, size)))
    rows: defaultdict[int, list[Key]] = defaultdict(list)
    for key, slot in layout.slots.items():
        rows[slot.row].append(key)
    near: defaultdict[Key, list[Key]] = defaultdict(list)
    for _, chain in layout.chains:
        for one, other in pairwise(chain):
            near[one].append(other)
            near[other].append(one)
    _order(layout, rows, near)
    for row in rows:
        if row % 2:
            _stagger([layout.slots[key] for key in rows[row]])
    _place(layout, rows, near, left)
    y = top
    for row in sorted(rows):
        slots = [layout.slots[key] for key in rows[row]]
        height = max(slot.height * slot.levels for slot in slots)
        for slot in slots:
            slot.y = y + slot.level * height / slot.levels + (height / slot.levels - slot.height) / 2 * (row % 2)
        layout.rows[row] = (y, height)
        y += height + gap
    layout.bottom = y - gap
    layout.right = max(slot.x + slot.width / 2 for slot in layout.slots.values())
    return layout


def _chain(layout: Layout, edge: Edge, label: tuple[float, float]) -> list[Key]:
    """Slots for an arrow."""
    start, end = layout.slots[edge.start, -1].row, layout.slots[edge.end, -1].row
    passed = [start + 1] if end >= start else list(range(start - 1, end, -1))
    keys: list[Key] = []
    for number, row in enumerate(passed):
        keys.append(("", len(layout.slots)))
        layout.slots[keys[-1]] = Slot(row, *label) if number == 0 else Slot(row, THIN, 0.0)
    return [(edge.start, -1), *keys, (edge.end, -1)]


def _order(layout: Layout, rows: Mapping[int, list[Key]], near: Mapping[Key, list[Key]]) -> None:
    """Order each row by what its members are joined to, above and below in turn."""
    place: dict[Key, float] = {}
    for several in rows.values():
        place |= {key: number / len(several) for number, key in enumerate(several)}
    for sweep in range(SWEEPS):
        up = bool(sweep % 2)
        for row in sorted(rows, reverse=up):
            wanted: dict[Key, float] = {}
            for key in rows[row]:
                before = [place[other] for other in near.get(key, ()) if (layout.slots[other].row > row) == up]
                wanted[key] = sum(before) / len(before) if before else place[key]
            rows[row].sort(key=wanted.__getitem__)
            place |= {key: (number + 0.5) / len(rows[row]) for number, key in enumerate(rows[row])}


def _stagger(labels: Sequence[Slot]) -> None:
    """Where a row has many labels, let them take turns in height, so that they need less width."""
    many = sum(slot.height > 0 for slot in labels)
    levels = 1 if many < 4 else 2 if many < 9 else 3
    for number, slot in enumerate(labels):
        slot.level, slot.levels = number % levels, levels


def _place(layout: Layout, rows: Mapping[int, list[Key]], near: Mapping[Key, list[Key]], left: float) -> None:
    """Place each row's members, in their order, near the middle of what they are joined to."""
    slots = layout.slots
    for several in rows.values():
        at = 0.0
        for key in several:
            slots[key].x = at + slots[key].width / 2
            at += slots[key].width + GAP
    for sweep in range(SWEEPS):
        for row in sorted(rows, reverse=bool(sweep % 2)):
            several = rows[row]
            wanted = [
                sum(slots[other].x for other in near[key]) / len(near[key]) if near.get(key) else slots[key].x
                for key in several
            ]
            apart = [(slots[one].width + slots[other].width) / 2 + GAP for one, other in pairwise(several)]
            for key, x in zip(several, _spread(wanted, apart), strict=True):
                slots[key].x = x
    shift = left - min(slot.x - slot.width / 2 for slot in slots.values())
    for slot in slots.values():
        slot.x += shift


def _spread(wanted: Iterable[float], apart: Sequence[float]) -> list[float]:
    """Places in order, at least so far apart, with the least squares of their distances from what is wanted."""
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    # Without the distances, the places must not fall: neighbours that would are pooled at their mean.
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        total, count = want - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            before, members = pools.pop()
            total, count = total + before, count + members
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
