"""What a program reads, writes, hears and says, found by walking its tree without running it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from npc.catalog.types import FactType, TextType
from npc.logic import nodes
from npc.logic.nodes import Expression, Tree


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a program can touch.

    Attributes:
        reads: facts whose value can change the result of a run.
        writes: facts a run may write.
        context: of ``last``, ``turn`` and ``event``, those read.
        effects: names of the effects taken.
        responses: ids that may be said.
        intents: intents asked about.
    """

    reads: frozenset[str]
    writes: frozenset[str]
    context: frozenset[str]
    effects: frozenset[str]
    responses: frozenset[str]
    intents: frozenset[str]


_PARTS: dict[type, tuple[str, ...]] = {}


def _parts_of(kind: type) -> tuple[str, ...]:
    """The fields of a kind of node, last first; none for what is no node."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(part.name for part in reversed(fields(kind))) if is_dataclass(kind) else ()
    return _PARTS[kind]


def walk(node: Any, enter: Callable[[Any], bool] | None = None) -> Iterator[Any]:
    """All nodes of a tree, each before its parts; `enter` may keep the walk out of a node (itself left out too)."""
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple | list):
            pending.extend(reversed(node))
        elif isinstance(node, dict):
            pending.extend(reversed(list(node.values())))
        elif (parts := _parts_of(type(node))) and (enter is None or enter(node)):
            yield node
            for part in parts:
                pending.append(getattr(node, part))


def footprint_of(
    tree: Tree, whens: Mapping[str, Expression], dos: Mapping[str, Tree], fact_types: Mapping[str, FactType]
) -> Footprint:
    """The footprint of a character's logic with the `when` of its responses and the `do` of its effects."""
    reads: set[str] = set()
    writes: set[str] = set()
    context: set[str] = set()
    effects: set[str] = set()
    responses: set[str] = set()
    intents: set[str] = set()
    pending: list[Any] = [tree]
    while pending:
        for node in walk(pending.pop()):
            match node:
                case nodes.FactRef(name):
                    reads.add(name)
                case nodes.AssignFact(fact, operator):
                    writes.add(fact)
                    if operator != "=":
                        reads.add(fact)
                case nodes.AssignCount(fact):
                    writes.add(fact)
                    reads.add(fact)
                case nodes.ContextRef(name):
                    context.add(name)
                case nodes.HeardRef(intent):
                    intents.add(intent)
                case nodes.EffectCall(effect):
                    if effect not in effects and effect in dos:
                        pending.append(dos[effect])
                    effects.add(effect)
                case nodes.Say(response):
                    pending.extend(_newly_said((response,), responses, whens))
                case nodes.SayAny(candidates):
                    pending.extend(_newly_said(candidates, responses, whens))
    only_shown = {name for name in reads if isinstance(fact_types[name], TextType)} - _texts_passed_on(tree)
    return Footprint(
        frozenset(reads - only_shown),
        frozenset(writes),
        frozenset(context),
        frozenset(effects),
        frozenset(responses),
        frozenset(intents),
    )


def _newly_said(ids: tuple[str, ...], said: set[str], whens: Mapping[str, Expression]) -> list[Expression]:
    new = [response for response in ids if response not in said]
    said.update(new)
    return [whens[response] for response in new if response in whens]


def _texts_passed_on(tree: Tree) -> set[str]:
    """Facts read anywhere but directly as a placeholder's value."""
    passed: set[str] = set()

    def enter(node: Any) -> bool:
        if isinstance(node, nodes.Say | nodes.SayAny):
            shown = [value for _, value in node.values if not isinstance(value, nodes.FactRef)]
            passed.update(part.name for part in walk(shown) if isinstance(part, nodes.FactRef))
            return False
        return True

    passed.update(node.name for node in walk(tree, enter) if isinstance(node, nodes.FactRef))
    return passed
