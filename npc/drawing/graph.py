"""What is drawn: nodes in rows and columns, and the arrows between them. Every format is written from this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["start", "condition", "action", "response", "otherwise", "state", "goal", "trouble"]
Mark = Literal["", "taken", "partly", "failed", "missed"]


@dataclass(frozen=True, slots=True)
class Node:
    """One box.

    Attributes:
        id: unique in its graph; letters, digits and underscores only.
        kind: what it stands for, which decides its look.
        lines: its text, line by line; the first is what it is called.
        row, column: where it stands, from 0, in its section.
        place: the line in the writer's file, or None.
        mark: what a test run did with it: all of it was ``taken``, it was ``partly`` taken (not every way out of a
            condition), only by conversations that ``failed``, or ``missed``; empty where no run is looked at.
    """

    id: str
    kind: Kind
    lines: tuple[str, ...]
    row: int
    column: int
    place: int | None = None
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from one node to another.

    Attributes:
        start, end: ids of the nodes.
        label: what has to be so for it to be followed; several lines are several ways.
        mark: as of nodes.
        detail: all of the label, where that is cut short.
    """

    start: str
    end: str
    label: str = ""
    mark: Mark = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a graph that is laid out by itself: a character's logic, one of its helpers, a cast's states.

    In `layers`, a node's place in its row is found by what it is joined to; no arrow goes down more than one row.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    layout: Literal["grid", "layers"] = "grid"


@dataclass(frozen=True, slots=True)
class Graph:
    """A whole picture: a title and its sections, one below the other."""

    title: str
    sections: tuple[Section, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes of all sections."""
        return tuple(node for section in self.sections for node in section.nodes)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The arrows of all sections."""
        return tuple(edge for section in self.sections for edge in section.edges)


def joined(title: str, graphs: Sequence[Graph]) -> Graph:
    """Several graphs as one. Ids are told apart by the place of their graph."""
    sections = []
    for number, graph in enumerate(graphs):
        for section in graph.sections:
            nodes = tuple(replace(node, id=f"g{number}_{node.id}") for node in section.nodes)
            edges = tuple(
                replace(edge, start=f"g{number}_{edge.start}", end=f"g{number}_{edge.end}") for edge in section.edges
            )
            heading = section.title if section.title == graph.title else f"{graph.title}: {section.title}"
            sections.append(replace(section, title=heading, nodes=nodes, edges=edges))
    return Graph(title, tuple(sections))
