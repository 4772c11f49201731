"""A graph as SVG: boxes laid out on their rows and columns, arrows with right angles."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from npc.drawing.graph import Edge, Graph, Node, Section

WRAP = 44
"""Characters a line of a box holds."""
CHARACTER_WIDTH, LABEL_WIDTH, LINE_HEIGHT = 7.3, 6.7, 16.0
PADDING, GAP_X, GAP_Y = 10.0, 56.0, 18.0
MARGIN, HEADING = 24.0, 40.0

STYLE = """
svg.npc { font: 12px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; background: #fbfaf7; }
.npc .heading { font-weight: bold; font-size: 16px; fill: #33302a; }
.npc rect { fill: #ffffff; stroke: #6d675c; stroke-width: 1.2; }
.npc .condition rect { fill: #fdf3d7; stroke: #a67c12; }
.npc .response rect { fill: #e6f1fb; stroke: #2c6aa0; }
.npc .otherwise rect { fill: #efecf6; stroke: #6a559c; }
.npc .start rect, .npc .goal rect { fill: #e7f3e4; stroke: #3f7d33; }
.npc .trouble rect { fill: #fbe6e3; stroke: #b03a2e; }
.npc .taken rect { stroke: #2e7d32; stroke-width: 3; }
.npc .partly rect { stroke: #e08700; stroke-width: 3; stroke-dasharray: 7 3; }
.npc .failed rect { stroke: #8e24aa; stroke-width: 3; stroke-dasharray: 10 2; }
.npc .missed rect { stroke: #c62828; stroke-width: 3; stroke-dasharray: 2 3; }
.npc text { fill: #22201c; white-space: pre; }
.npc text.place { fill: #8a8375; font-size: 10px; }
.npc path { fill: none; stroke: #6d675c; stroke-width: 1.2; }
.npc path.taken { stroke: #2e7d32; stroke-width: 2.4; }
.npc path.failed { stroke: #8e24aa; stroke-width: 2.4; stroke-dasharray: 10 2; }
.npc path.missed { stroke: #c62828; stroke-width: 1.6; stroke-dasharray: 2 3; }
.npc text.label { fill: #5b5548; font-size: 11px; paint-order: stroke; stroke: #fbfaf7; stroke-width: 4; }
.npc .found rect { stroke: #d81b60; stroke-width: 4; }
"""


@dataclass(frozen=True, slots=True)
class _Box:
    """A node in its place; at `turn`, left of its column, arrows from the left go up or down to it."""

    node: Node
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    turn: float


def svg_of(graph: Graph) -> str:
    """The graph as one SVG document, with its style inside, that any browser or viewer shows."""
    parts: list[str] = []
    top, width = MARGIN, 0.0
    for section in graph.sections:
        parts.append(f'<text class="heading" x="{MARGIN:.0f}" y="{top + 16:.0f}">{escape(section.title)}</text>')
        boxes, right, bottom = _placed(section, top + HEADING)
        parts += [_arrow(edge, boxes) for edge in section.edges]
        parts += [_box(box) for box in boxes.values()]
        top, width = bottom + MARGIN, max(width, right, MARGIN + len(section.title) * 10)
    size = f'width="{width + MARGIN:.0f}" height="{top:.0f}" viewBox="0 0 {width + MARGIN:.0f} {top:.0f}"'
    defs = (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" orient="auto" '
        'markerUnits="userSpaceOnUse">'
        '<path d="M0,0 L8,4 L0,8 z" style="fill:#6d675c;stroke:none"/></marker></defs>'
    )
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="npc" role="img" aria-label="{escape(graph.title)}" {size}>\n'
        f"<title>{escape(graph.title)}</title>\n<style>{STYLE}</style>\n{defs}\n{body}\n</svg>\n"
    )


def _placed(section: Section, top: float) -> tuple[dict[str, _Box], float, float]:
    """Where each node stands; the right and lower end of all."""
    wrapped = {node.id: _wrapped(node.lines) for node in section.nodes}
    sizes = {
        node.id: (
            2 * PADDING + CHARACTER_WIDTH * max(len(line) for line in wrapped[node.id]),
            2 * PADDING + LINE_HEIGHT * len(wrapped[node.id]),
        )
        for node in section.nodes
    }
    columns: dict[int, float] = {}
    rows: dict[int, float] = {}
    for node in section.nodes:
        width, height = sizes[node.id]
        columns[node.column] = max(columns.get(node.column, 0.0), width)
        rows[node.row] = max(rows.get(node.row, 0.0), height)
    gaps = _gaps(section)
    lefts, right = _offsets(columns, MARGIN, gaps)
    tops, bottom = _offsets(rows, top, defaultdict(lambda: GAP_Y))
    boxes = {
        node.id: _Box(
            node,
            wrapped[node.id],
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


def _wrapped(lines: Sequence[str]) -> tuple[str, ...]:
    wrapped: list[str] = []
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        wrapped += textwrap.wrap(
            line, WRAP, subsequent_indent=" " * (indent + 2), drop_whitespace=True, break_on_hyphens=False
        ) or [""]
    return tuple(wrapped)


def _box(box: _Box) -> str:
    node = box.node
    classes = _classes("node", node.kind, node.mark)
    lines = "".join(
        f'<tspan x="{box.x + PADDING:.1f}" y="{box.y + PADDING + 12 + LINE_HEIGHT * number:.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(box.lines)
    )
    place = ""
    if node.place is not None:
        at = f'x="{box.x + box.width + 4:.1f}" y="{box.y + box.height:.1f}"'
        place = f'<text class="place" {at}>{node.place}</text>'
    corner = 12 if node.kind in ("start", "goal", "response", "otherwise") else 3
    frame = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{corner}"'
    return f'<g class="{classes}" id="{escape(node.id)}"><rect {frame}/><text>{lines}</text>{place}</g>'


def _arrow(edge: Edge, boxes: dict[str, _Box]) -> str:
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


def _arrow_right(edge: Edge, start: _Box, end: _Box) -> str:
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
    return f'<path class="{_classes("edge", edge.mark)}" d="{line}" marker-end="url(#tip)"/>{text}'


def _classes(*names: str) -> str:
    return " ".join(filter(None, names))
