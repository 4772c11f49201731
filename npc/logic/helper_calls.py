"""Who calls whom: helpers that lead back to themselves, helpers never called, and the facts that a call may change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from npc.logic import nodes
from npc.logic.environment import parts
from npc.logic.nodes import Tree


def written_facts(body: Iterable[object], effects: Mapping[str, Tree]) -> frozenset[str]:
    """The facts that statements may change themselves, helpers aside."""
    found: set[str] = set()
    for node in parts(tuple(body)):
        match node:
            case nodes.AssignFact(fact=fact) | nodes.AssignCount(fact=fact):
                found.add(fact)
            case nodes.EffectCall(effect=effect) if effect in effects:
                found |= written_facts(effects[effect].body, {})
    return frozenset(found)


class CallGraph:
    """The calls of one program; `helpers_write` where any helper changes a fact.

    Args:
        tree: the program.
        effects: trees of the effects' `do`.
    """

    def __init__(self, tree: Tree, effects: Mapping[str, Tree]) -> None:
        self._effects = effects
        self._calls = {name: self.called_in(helper.body) for name, helper in tree.helpers.items()}
        self._writes = {name: written_facts(helper.body, effects) for name, helper in tree.helpers.items()}
        self.helpers_write = any(self._writes.values())
        self._reached = {name: self._reachable(calls) for name, calls in self._calls.items()}
        self._from_body = self._reachable(self.called_in(tree.body))
        # By identity, beside the object itself: an id is only unique while its object lives.
        self._known_writes: dict[int, tuple[object, frozenset[nodes.FactRef]]] = {}

    @staticmethod
    def called_in(nodes_: object) -> frozenset[str]:
        """The helpers that are called directly."""
        return frozenset(part.helper for part in parts(nodes_) if isinstance(part, nodes.HelperCall))

    def _reachable(self, start: frozenset[str]) -> frozenset[str]:
        found, pending = set(start), list(start)
        while pending:
            for name in self._calls.get(pending.pop(), frozenset()) - found:
                found.add(name)
                pending.append(name)
        return frozenset(found)

    def recursive(self) -> list[str]:
        """Helpers that call themselves, directly or through others."""
        return [name for name, reached in self._reached.items() if name in reached]

    def unused(self) -> list[str]:
        """Helpers that the logic never gets to."""
        return [name for name in self._calls if name not in self._from_body]

    def writes(self, node: object) -> frozenset[nodes.FactRef]:
        """The facts that an expression, a statement or a block may change, helpers and effects included."""
        known = self._known_writes.get(id(node))
        if known is None:
            called = self._reachable(self.called_in(node))
            through = frozenset(fact for name in called for fact in self._writes.get(name, frozenset()))
            changed = written_facts((node,), self._effects) | through
            known = self._known_writes[id(node)] = (node, frozenset(nodes.FactRef(fact) for fact in changed))
        return known[1]
