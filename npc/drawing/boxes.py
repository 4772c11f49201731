"""Boxes with text in them, as SVG."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from npc.drawing.graph import Node

WRAP = 44
"""Characters a line of a box holds."""
CHARACTER_WIDTH, LABEL_WIDTH, LINE_HEIGHT = 7.3, 6.7, 16.0
PADDING = 10.0


@dataclass(frozen=True, slots=True)
class Box:
    """A node in its place, with its text in lines that fit."""

    node: Node
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


def wrapped(lines: Sequence[str], width: int = WRAP) -> tuple[str, ...]:
    """Lines that fit; what does not is continued further in."""
    found: list[str] = []
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        found += textwrap.wrap(
            line, width, subsequent_indent=" " * (indent + 2), drop_whitespace=True, break_on_hyphens=False
        ) or [""]
    return tuple(found)


def size_of(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of a box with some lines."""
    return 2 * PADDING + CHARACTER_WIDTH * max(map(len, lines)), 2 * PADDING + LINE_HEIGHT * len(lines)


def box_svg(box: Box) -> str:
    """A box, its text, and its line in the file."""
    node = box.node
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
    names = classes("node", node.kind, node.mark)
    return f'<g class="{names}" id="{escape(node.id)}"><rect {frame}/><text>{lines}</text>{place}</g>'


def classes(*names: str) -> str:
    """The names that there are, for a class attribute."""
    return " ".join(filter(None, names))
