"""The states of a cast as a graph: in each row what takes one more turn to get to."""

from __future__ import annotations

from collections.abc import Sequence

from npc.drawing.graph import Edge, Graph, Kind, Node, Section
from npc.exploration.states import Cause, Drawn, States

SHOWN_CAUSES = 2
"""What leads along an arrow that is named there; all of it is shown where the pointer rests on it."""


def states_of(title: str, pictures: Sequence[States]) -> Graph:
    """Pictures of a cast's states, one section each."""
    return Graph(title, tuple(_section(f"s{number}_", picture) for number, picture in enumerate(pictures)))


def _section(prefix: str, picture: States) -> Section:
    columns: dict[int, int] = {}
    nodes = []
    for number, state in enumerate(picture.states):
        columns[state.depth] = column = columns.get(state.depth, -1) + 1
        nodes.append(Node(f"{prefix}{number}", _kind(number, state), tuple(_lines(state)), state.depth, column))
    several = len({cause.character for turn in picture.turns for cause in turn.causes}) > 1
    edges = []
    for turn in picture.turns:
        told = "\n".join(map(str, turn.causes))
        edges.append(Edge(f"{prefix}{turn.start}", f"{prefix}{turn.end}", _label(turn.causes, several), detail=told))
    some = "" if picture.exact else " (perhaps more than conversations come to)"
    return Section(", ".join(picture.facts) + some, tuple(nodes), tuple(edges), "layers")


def _label(causes: Sequence[Cause], several: bool) -> str:
    """What stands at an arrow; of several characters, whose turns they are stands there, too."""
    lines = []
    for cause in causes[:SHOWN_CAUSES]:
        who = f"{cause.character}: " if several else ""
        lines.append(f"{who}{_first(cause.heard)} → {_first(cause.lines)}")
    more = len(causes) - SHOWN_CAUSES
    return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)


def _first(names: Sequence[str]) -> str:
    return names[0] + (" …" if len(names) > 1 else "")


def _kind(number: int, state: Drawn) -> Kind:
    if state.locked:
        return "trouble"
    if state.reaches:
        return "goal"
    return "state" if number else "start"


def _lines(state: Drawn) -> list[str]:
    lines = [f"{name} = {value}" for name, value in state.values.items()]
    lines += [f"✓ {goal}" for goal in state.reaches]
    return lines + [f"✗ {goal} is out of reach" for goal in state.locked]
