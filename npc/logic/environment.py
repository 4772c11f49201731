"""What is known at one place of a program: locals, and what tests on the way have shown of facts and hearing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass

from npc.logic import nodes
from npc.logic.nodes import Expression
from npc.logic.static_types import Static, Unknown, join

_UNSTABLE = (nodes.Chance, nodes.HelperCall, nodes.Say, nodes.SayAny, nodes.Comprehension)


_FIELD_NAMES: dict[object, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind))
    for kind in vars(nodes).values()
    if isinstance(kind, type) and is_dataclass(kind)
}


def parts(node: object) -> Iterable[object]:
    """A node and everything in it."""
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, tuple):
            pending.extend(current)
        elif names := _FIELD_NAMES.get(type(current)):
            yield current
            pending.extend([getattr(current, name) for name in names])


class Environment:
    """Knowledge at one place; `possible` is False where the program never gets to.

    `refined` keeps what was learned of an expression: it holds until something that the expression mentions changes.
    """

    __slots__ = ("_mentions", "locals", "possible", "refined")

    def __init__(self) -> None:
        self.locals: dict[str, Static] = {}
        self.refined: dict[Expression, Static] = {}
        self._mentions: dict[Expression, frozenset[Expression]] = {}
        self.possible = True

    def copy(self) -> Environment:
        twin = Environment()
        twin.locals, twin.refined, twin.possible = dict(self.locals), dict(self.refined), self.possible
        twin._mentions = self._mentions
        return twin

    def refine(self, expression: Expression, learned: Static) -> None:
        """Keep what was learned of an expression that gives the same value each time."""
        if isinstance(expression, nodes.Literal):
            return
        if expression not in self._mentions:
            inside = list(parts(expression))
            if any(isinstance(part, _UNSTABLE) for part in inside):
                return
            mentioned = frozenset(part for part in inside if isinstance(part, nodes.FactRef | nodes.LocalRef))
            self._mentions[expression] = mentioned
        self.refined[expression] = learned

    def forget(self, changed: Iterable[nodes.FactRef | nodes.LocalRef]) -> None:
        """Drop what was learned of anything that mentions these."""
        gone = frozenset(changed)
        if gone:
            self.refined = {e: t for e, t in self.refined.items() if not self._mentions[e] & gone}

    def assign(self, name: str, value: Static) -> None:
        """A local has a new value."""
        self.forget([nodes.LocalRef(name)])
        self.locals[name] = value

    def unassign(self, name: str) -> None:
        """A loop variable goes out of sight."""
        self.forget([nodes.LocalRef(name)])
        self.locals.pop(name, None)

    def take(self, other: Environment) -> None:
        """Become the other one."""
        self.locals, self.refined, self.possible = other.locals, other.refined, other.possible


def merged(environments: Iterable[Environment]) -> Environment:
    """What is known where several ways meet: what all of them that are possible know."""
    ways = list(environments)
    open_ways = [way for way in ways if way.possible]
    if not open_ways:
        result = ways[0].copy()
        result.possible = False
        return result
    result = open_ways[0].copy()
    for way in open_ways[1:]:
        result.locals = {
            name: join(value, way.locals[name]) or Unknown()
            for name, value in result.locals.items()
            if name in way.locals
        }
        both = {e: join(t, way.refined[e]) for e, t in result.refined.items() if e in way.refined}
        result.refined = {e: t for e, t in both.items() if t is not None and not isinstance(t, Unknown)}
    return result
