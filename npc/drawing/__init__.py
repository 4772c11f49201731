"""Pictures of a cast: what a character decides, and the states that a cast can be in."""

from npc.drawing.flow import decisions_of
from npc.drawing.graph import Edge, Graph, Node, Section, joined

__all__ = ["Edge", "Graph", "Node", "Section", "decisions_of", "joined"]
