"""A section in layers, with arrows as curves, as SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from npc.drawing.boxes import LABEL_WIDTH, Box, box_svg, classes, size_of, wrapped
from npc.drawing.graph import Edge, Section
from npc.drawing.layers import Key, Layout, laid_out

LABEL_WRAP = 26
"""Characters a line of a label holds."""
LABEL_HEIGHT = 14.0
GAP = 30.0

Point = tuple[float, float]


def layers_svg(section: Section, left: float, top: float) -> tuple[list[str], float, float]:
    """The parts of the drawing, and its right and lower end."""
    texts = {node.id: wrapped(node.lines) for node in section.nodes}
    labels = [wrapped(edge.label.split("\n"), LABEL_WRAP) if edge.label else () for edge in section.edges]
    sizes = [(LABEL_WIDTH * max(map(len, one), default=1), LABEL_HEIGHT * len(one)) for one in labels]
    nodes = {name: size_of(lines) for name, lines in texts.items()}
    layout = laid_out(section, nodes, sizes, left, top, GAP)
    ports = _ports(layout)
    drawn, told = [], []
    for number, ((edge, chain), label) in enumerate(zip(layout.chains, labels, strict=True)):
        drawn.append(_curve(layout, edge, chain, *ports[number]))
        told.append(_label(layout, edge, chain[1], label))
    boxes = [
        Box(node, texts[node.id], slot.x - slot.width / 2, slot.y, slot.width, slot.height)
        for node in section.nodes
        for slot in (layout.slots[node.id, -1],)
    ]
    return [*drawn, *told, *map(box_svg, boxes)], layout.right, layout.bottom


def _ports(layout: Layout) -> list[tuple[float, float]]:
    """Where each arrow leaves its first node and comes to its last, from the left: side by side, in order."""
    ends: defaultdict[tuple[Key, bool], list[tuple[float, int, int]]] = defaultdict(list)
    for number, (_, chain) in enumerate(layout.chains):
        for end, node, next_to in ((0, chain[0], chain[1]), (1, chain[-1], chain[-2])):
            below = layout.slots[next_to].row > layout.slots[node].row
            ends[node, below].append((layout.slots[next_to].x, number, end))
    found = [[0.0, 0.0] for _ in layout.chains]
    for (node, _), several in ends.items():
        slot = layout.slots[node]
        step = min(24.0, (slot.width - 12) / len(several))
        for place, (_, number, end) in enumerate(sorted(several)):
            found[number][end] = slot.x + step * (place - (len(several) - 1) / 2)
    return [(start, end) for start, end in found]


def _curve(layout: Layout, edge: Edge, chain: Sequence[Key], leaves: float, comes: float) -> str:
    first, last = layout.slots[chain[0]], layout.slots[chain[-1]]
    down = layout.slots[chain[1]].row > first.row
    points = [(leaves, _border(layout, chain[0], down))]
    for number, key in enumerate(chain[1:-1], 1):
        begin, height = layout.rows[layout.slots[key].row]
        x = layout.slots[key].x
        through = [(x, begin), (x, begin + height)]
        # An arrow to its own row turns round below its label.
        onward = down if number == 1 else layout.slots[chain[number - 1]].row < layout.slots[key].row
        points += through if onward else through[::-1]
    points.append((comes, _border(layout, chain[-1], layout.slots[chain[-2]].row > last.row)))
    path = f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for before, after in pairwise(points):
        path += _bend(before, after, turning=last.row == first.row and after is points[-1])
    names = classes("edge", "" if last.row > first.row else "back", edge.mark)
    return f'<path class="{names}" {_ends(edge)} d="{path}" marker-end="url(#tip)">{_tooltip(edge)}</path>'


def _border(layout: Layout, node: Key, lower: bool) -> float:
    slot = layout.slots[node]
    return slot.y + slot.height if lower else slot.y


def _bend(before: Point, after: Point, *, turning: bool) -> str:
    (x, y), (to_x, to_y) = before, after
    if turning:
        return f" C{x:.1f},{y + GAP:.1f} {to_x:.1f},{y + GAP:.1f} {to_x:.1f},{to_y:.1f}"
    middle = (y + to_y) / 2
    return f" C{x:.1f},{middle:.1f} {to_x:.1f},{middle:.1f} {to_x:.1f},{to_y:.1f}"


def _label(layout: Layout, edge: Edge, key: Key, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    slot = layout.slots[key]
    begin = slot.y + 11
    spans = "".join(
        f'<tspan x="{slot.x:.1f}" y="{begin + LABEL_HEIGHT * number:.1f}">{escape(line.strip())}</tspan>'
        for number, line in enumerate(lines)
    )
    return f'<text class="label" text-anchor="middle" {_ends(edge)}>{_tooltip(edge)}{spans}</text>'


def _ends(edge: Edge) -> str:
    return f'data-from="{escape(edge.start)}" data-to="{escape(edge.end)}"'


def _tooltip(edge: Edge) -> str:
    return f"<title>{escape(edge.detail or edge.label)}</title>"
