"""`npc graph`: a picture of what characters decide."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from npc.cli.places import WrongUse, find_cast

if TYPE_CHECKING:
    from npc.drawing import Graph
    from npc.drawing.taken import Taken
    from npc.logic.cast import Cast

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
    coverage: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Colour what a test run took, as npc test --coverage --json tells; - reads a pipe."
        ),
    ] = None,
    states: Annotated[
        bool, typer.Option("--states", help="Draw the states of the cast, and the turns from one to another.")
    ] = False,
    facts: Annotated[
        str | None,
        typer.Option(metavar="NAMES", help="The states of these facts, with commas between: gate.open,warden.trust."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print nodes and edges as one JSON object.")] = False,
) -> None:
    """Draw what characters decide: conditions, lines and effects. Without --out, Mermaid text is printed."""
    import npc
    from npc.cli.states import state_graph
    from npc.drawing.text_formats import mermaid_of

    loaded = npc.load(find_cast(cast))
    if states or facts is not None:
        if coverage is not None:
            raise WrongUse("--coverage colours decisions: leave out --states and --facts")
        graph = state_graph(loaded, character, facts)
    else:
        graph = _decisions(loaded, character, coverage)
    if as_json:
        typer.echo(json.dumps(asdict(graph), indent=2, ensure_ascii=False))
    elif out is None:
        typer.echo(mermaid_of(graph), nl=False)
    else:
        text = _text(graph, out)
        out.write_text(text, encoding="utf-8")
        typer.echo(f"wrote {out}: {len(graph.nodes)} boxes, {len(graph.edges)} arrows")


def _decisions(loaded: Cast, character: str | None, coverage: Path | None) -> Graph:
    from npc.drawing import decisions_of, joined

    wanted = list(loaded.characters) if character is None else [character]
    taken = {} if coverage is None else _taken(coverage, loaded)
    graphs = [decisions_of(loaded, name, taken.get(name)) for name in wanted]
    return graphs[0] if len(graphs) == 1 else joined(loaded.catalog.title, graphs)


def _taken(path: Path, cast: Cast) -> dict[str, Taken]:
    from npc.drawing.taken import UnusableReport, read_report

    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        # Windows PowerShell writes UTF-16 where a command's output goes to a file.
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        return read_report(text, cast)
    except OSError as problem:
        raise WrongUse(f"--coverage {path}: {problem.strerror or problem}") from problem
    except UnicodeDecodeError as problem:
        raise WrongUse(f"--coverage {path}: it is no text") from problem
    except UnusableReport as problem:
        raise WrongUse(f"--coverage {path}: {problem}") from problem


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
