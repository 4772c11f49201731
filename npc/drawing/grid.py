"""A layout on rows and columns, with arrows at right angles, as SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from npc.drawing.boxes import LABEL_WIDTH, LINE_HEIGHT, PADDING, Box, box_svg, classes, size_of, wrapped
from npc.drawing.graph import Edge, Section

GAP_X, GAP_Y = 56.0, 18.0


@dataclass(frozen=True, slots=True)
class _Cell(Box):
    """A box; at `turn`, left of its column, arrows from the left go up or down to it."""

    turn: float


def grid_svg(section: Section, left: float, top: float) -> tuple[list[str], float, float]:
    """The parts of the drawing, and its right and lower end."""
    boxes, right, bottom = _placed(section, left, top)
    return [*(_arrow(edge, boxes) for edge in section.edges), *map(box_svg, boxes.values())], right, bottom


def _placed(section: Section, left: float, top: float) -> tuple[dict[str, _Cell], float, float]:
    """Where each node stands; the right and lower end of all."""
    lines = {node.id: wrapped(node.lines) for node in section.nodes}
    sizes = {name: size_of(several) for name, several in lines.items()}
    columns: dict[int, float] = {}
    rows: dict[int, float] = {}
    for node in section.nodes:
        width, height = sizes[node.id]
        columns[node.column] = max(columns.get(node.column, 0.0), width)
        rows[node.row] = max(rows.get(node.row, 0.0), height)
    gaps = _gaps(section)
    lefts, right = _offsets(columns, left, gaps)
    tops, bottom = _offsets(rows, top, defaultdict(lambda: GAP_Y))
    boxes = {
        node.id: _Cell(
            node,
            lines[node.id],
            lefts[node.column],
            tops[node.row],
            *sizes[node.id],
            turn=lefts[node.column] - gaps[node.column] + GAP_X / 2,
        )
        for node in section.nodes
    }
    return boxes, right, bottom


def _gaps(section: Section) -> defaultdict[int, float]:
    """The space left of each column: enough for the labels of arrows that turn there."""
    at = {node.id: node for node in section.nodes}
    gaps: defaultdict[int, float] = defaultdict(lambda: GAP_X)
    for edge in section.edges:
        start, end = at[edge.start], at[edge.end]
        if end.column > start.column and end.row != start.row:
            gaps[end.column] = max(gaps[end.column], GAP_X + LABEL_WIDTH * len(edge.label))
    return gaps


def _offsets(sizes: Mapping[int, float], start: float, gaps: Mapping[int, float]) -> tuple[dict[int, float], float]:
    """Where each column or row begins, with the gap before it, and where all of them end."""
    found = {}
    for index in sorted(sizes):
        start += gaps[index] if index else 0
        found[index] = start
        start += sizes[index]
    return found, start


def _arrow(edge: Edge, boxes: dict[str, _Cell]) -> str:
    start, end = boxes[edge.start], boxes[edge.end]
    if end.node.column > start.node.column:
        return _arrow_right(edge, start, end)
    if end.node.column == start.node.column and end.node.row > start.node.row:
        x = start.x + min(start.width, end.width, 40) / 2
        label_y = start.y + start.height + 12
        return _drawn([(x, start.y + start.height), (x, end.y)], edge, (x + 4, label_y))
    if end.node.row > start.node.row:
        # Down beside the own column, then left above the next box.
        x, y = start.x + 20, end.y - GAP_Y / 2
        into = end.x + min(end.width, 60) - 12
        points = [(x, start.y + start.height), (x, y), (into, y), (into, end.y)]
        return _drawn(points, edge, (x + 4, start.y + start.height + 12))
    # Back to an earlier box: round below and to the left of it.
    x, y = start.x + 28, start.y + start.height + GAP_Y / 2
    left = end.x - GAP_X / 3
    middle = end.y + end.height / 2
    points = [(x, start.y + start.height), (x, y), (left, y), (left, middle), (end.x, middle)]
    return _drawn(points, edge, (x + 4, y - 2))


def _arrow_right(edge: Edge, start: _Cell, end: _Cell) -> str:
    out = start.y + min(start.height, LINE_HEIGHT + 2 * PADDING) / 2
    into = end.y + min(end.height, LINE_HEIGHT + 2 * PADDING) / 2
    x = start.x + start.width
    turn = end.turn
    if start.node.row == end.node.row:
        return _drawn([(x, out), (end.x, out)], edge, (x + 6, out - 4))
    return _drawn([(x, out), (turn, out), (turn, into), (end.x, into)], edge, (turn + 3, into - 4))


def _drawn(points: Sequence[tuple[float, float]], edge: Edge, at: tuple[float, float]) -> str:
    line = " ".join(f"{'M' if number == 0 else 'L'}{x:.1f},{y:.1f}" for number, (x, y) in enumerate(points))
    text = f'<text class="label" x="{at[0]:.1f}" y="{at[1]:.1f}">{escape(edge.label)}</text>' if edge.label else ""
    return f'<path class="{classes("edge", edge.mark)}" d="{line}" marker-end="url(#tip)"/>{text}'
