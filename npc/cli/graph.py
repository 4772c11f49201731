"""`npc graph`: a picture of what characters decide."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from npc.cli.places import WrongUse, find_cast

if TYPE_CHECKING:
    from npc.drawing import Graph

EXAMPLE = "npc graph keep warden --out warden.html"

SUFFIXES = (".html", ".svg", ".mmd", ".dot")


def command(
    cast: Annotated[str, typer.Argument(metavar="CAST", help="The cast's folder, or its name under catalogs/.")],
    character: Annotated[
        str | None, typer.Argument(metavar="CHARACTER", help="The id of one character; all of them when left out.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write FILE.html (search, zoom), .svg, .mmd (Mermaid) or .dot (Graphviz)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print nodes and edges as one JSON object.")] = False,
) -> None:
    """Draw what characters decide: conditions, lines and effects. Without --out, Mermaid text is printed."""
    import npc
    from npc.drawing import decisions_of, joined
    from npc.drawing.text_formats import mermaid_of

    loaded = npc.load(find_cast(cast))
    wanted = list(loaded.characters) if character is None else [character]
    graphs = [decisions_of(loaded, name) for name in wanted]
    graph = graphs[0] if len(graphs) == 1 else joined(loaded.catalog.title, graphs)
    if as_json:
        typer.echo(json.dumps(asdict(graph), indent=2, ensure_ascii=False))
    elif out is None:
        typer.echo(mermaid_of(graph), nl=False)
    else:
        text = _text(graph, out)
        out.write_text(text, encoding="utf-8")
        typer.echo(f"wrote {out}: {len(graph.nodes)} boxes, {len(graph.edges)} arrows")


def _text(graph: Graph, out: Path) -> str:
    match out.suffix.lower():
        case ".html":
            from npc.drawing.page import page_of

            return page_of(graph)
        case ".svg":
            from npc.drawing.svg import svg_of

            return svg_of(graph)
        case ".mmd":
            from npc.drawing.text_formats import mermaid_of

            return mermaid_of(graph)
        case ".dot":
            from npc.drawing.text_formats import dot_of

            return dot_of(graph)
        case _:
            raise WrongUse(f"--out {out}: the name must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}")
