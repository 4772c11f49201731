"""A graph as SVG: its sections one below the other, each in its layout."""

from __future__ import annotations

from html import escape

from npc.drawing.curves import layers_svg
from npc.drawing.graph import Graph
from npc.drawing.grid import grid_svg

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
.npc path.back { stroke: #8a8fb8; }
.npc text { fill: #22201c; white-space: pre; }
.npc text.place { fill: #8a8375; font-size: 10px; }
.npc path { fill: none; stroke: #6d675c; stroke-width: 1.2; }
.npc path.taken { stroke: #2e7d32; stroke-width: 2.4; }
.npc path.failed { stroke: #8e24aa; stroke-width: 2.4; stroke-dasharray: 10 2; }
.npc path.missed { stroke: #c62828; stroke-width: 1.6; stroke-dasharray: 2 3; }
.npc text.label { fill: #5b5548; font-size: 11px; paint-order: stroke; stroke: #fbfaf7; stroke-width: 4; }
.npc .found rect { fill: #ffe55c; }
.npc text.found { font-weight: bold; stroke: #ffe55c; stroke-width: 6; }
"""


def svg_of(graph: Graph) -> str:
    """The graph as one SVG document, with its style inside, that any browser or viewer shows."""
    parts: list[str] = []
    top, width = MARGIN, 0.0
    for section in graph.sections:
        parts.append(f'<text class="heading" x="{MARGIN:.0f}" y="{top + 16:.0f}">{escape(section.title)}</text>')
        draw = grid_svg if section.layout == "grid" else layers_svg
        drawn, right, bottom = draw(section, MARGIN, top + HEADING)
        parts += drawn
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
