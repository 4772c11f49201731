"""A graph as text that other programs draw: Mermaid (Markdown pages, editors) and DOT (Graphviz)."""

from __future__ import annotations

from npc.drawing.graph import Graph, Node

_MERMAID_SHAPES = {
    "condition": ('{{"', '"}}'),
    "start": ('(["', '"])'),
    "goal": ('(["', '"])'),
    "response": ('("', '")'),
    "otherwise": ('("', '")'),
}
_DOT_SHAPES = {"condition": "hexagon", "start": "oval", "goal": "oval", "response": "box", "otherwise": "box"}
_MARK_COLOURS = {"taken": "#2e7d32", "partly": "#e08700", "failed": "#8e24aa", "missed": "#c62828"}


def mermaid_of(graph: Graph) -> str:
    """The graph as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    for number, section in enumerate(graph.sections):
        lines.append(f'  subgraph s{number}["{_mermaid(section.title)}"]')
        for node in section.nodes:
            opens, closes = _MERMAID_SHAPES.get(node.kind, ('["', '"]'))
            lines.append(f"    {node.id}{opens}{'<br/>'.join(map(_mermaid, node.lines))}{closes}")
        for edge in section.edges:
            told = "<br/>".join(map(_mermaid, edge.label.split("\n")))
            label = f'|"{told}"|' if told else ""
            lines.append(f"    {edge.start} -->{label} {edge.end}")
        lines.append("  end")
    for mark, colour in _MARK_COLOURS.items():
        marked = [node.id for node in graph.nodes if node.mark == mark]
        if marked:
            lines += [f"  classDef {mark} stroke:{colour},stroke-width:3px", f"  class {','.join(marked)} {mark}"]
        arrows = [str(number) for number, edge in enumerate(graph.edges) if edge.mark == mark]
        if arrows:
            lines.append(f"  linkStyle {','.join(arrows)} stroke:{colour},stroke-width:2px")
    return "\n".join(lines) + "\n"


def _mermaid(text: str) -> str:
    """Text as Mermaid shows it and never reads it: what has a meaning there becomes a character code."""
    return "".join(c if c.isalnum() or c in " .,_-+*/%!?'’“”…=→✓✗" else f"#{ord(c)};" for c in text)


def dot_of(graph: Graph) -> str:
    """The graph in the DOT language."""
    lines = [f"digraph {_dot(graph.title)} {{", '  node [fontname="monospace", fontsize=10];']
    for number, section in enumerate(graph.sections):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_dot(section.title)};"]
        lines += [f"    {node.id} [{_attributes(node)}];" for node in section.nodes]
        for edge in section.edges:
            told = [f"label={_dot(edge.label)}"] if edge.label else []
            told += [f'color="{_MARK_COLOURS[edge.mark]}"'] if edge.mark else []
            attributes = f" [{', '.join(told)}]" if told else ""
            lines.append(f"    {edge.start} -> {edge.end}{attributes};")
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def _attributes(node: Node) -> str:
    label = _dot("\n".join(node.lines) + "\n").replace("\\n", "\\l")
    attributes = [f"label={label}", f"shape={_DOT_SHAPES.get(node.kind, 'box')}"]
    if node.kind in ("response", "otherwise"):
        attributes.append("style=rounded")
    if node.mark:
        attributes.append(f'color="{_MARK_COLOURS[node.mark]}", penwidth=3')
    return ", ".join(attributes)


def _dot(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
