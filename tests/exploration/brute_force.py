"""Every conversation with a small cast, one concrete turn after the other, and what comes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from npc.catalog.model import Fact
from npc.catalog.types import BagType, BoolType, IntType, ItemType, OneOfType, SetType
from npc.logic.cast import Cast
from npc.logic.compiler import compile_condition
from npc.logic.footprint import walk
from npc.logic.nodes import HeardRef
from npc.logic.program import Context
from tests.logic.brute_force import Fate, every_fate

TURNS = 3
"""Turns that are told apart; the casts ask no more of `turn` than whether it is above 1."""
COUNTS = 4
"""The largest count of an item that the game sets; the casts ask no more than whether it is above 3."""


class TooLarge(Exception):
    """There is too much to take by brute force."""


@dataclass
class Truth:
    """What some conversation comes to.

    Attributes:
        happens: for each thing, the number of turns it takes.
        locked: for each goal that can be locked out, the number of turns it takes.
        states: the values of the cast's own facts in each state that is come to, the first one first.
        edges: the states that one turn leads to.
    """

    happens: dict[tuple[str, str, Any], int] = field(default_factory=dict)
    locked: dict[int, int] = field(default_factory=dict)
    states: dict[Any, dict[str, Any]] = field(default_factory=dict)
    edges: dict[Any, set[Any]] = field(default_factory=dict)

    def note(self, kind: str, character: str, which: Any, turns: int) -> None:
        self.happens.setdefault((kind, character, which), turns)


def values_of(fact: Fact) -> list[Any]:
    """Every value of a fact."""
    match fact.type:
        case BoolType():
            return [False, True]
        case IntType(low, high):
            assert low is not None
            assert high is not None
            return list(range(low, high + 1))
        case OneOfType(options):
            return list(options)
        case SetType(of):
            chosen = product([False, True], repeat=len(of or ()))
            return [frozenset(n for n, held in zip(of or (), one, strict=True) if held) for one in chosen]
        case BagType(items):
            counts = product(range(COUNTS + 1), repeat=len(items))
            return [{i: n for i, n in zip(items, one, strict=True) if n} for one in counts]
    return [fact.initial]


def hearings_of(cast: Cast, character: str) -> list[dict[str, dict[str, Any]]]:
    """Everything that can be heard."""
    named = {node.intent for node in walk(cast.trees.characters[character].logic) if isinstance(node, HeardRef)}
    ways: list[list[tuple[str, dict[str, Any]] | None]] = []
    for intent in cast.characters[character].declaration.intents.values():
        if intent.id not in named:
            continue
        slots: list[list[tuple[str, Any]]] = []
        for slot in intent.slots.values():
            match slot.type:
                case IntType(low, high):
                    values: list[Any] = list(range(low or 0, (high or 0) + 1))
                case OneOfType(options) | ItemType(options):
                    values = list(options)
            slots.append([(slot.name, value) for value in values] + ([(slot.name, None)] if slot.optional else []))
        heard = [(intent.id, {n: v for n, v in one if v is not None}) for one in product(*slots)]
        ways.append([None, *heard])
    return [dict(pair for pair in one if pair is not None) for one in product(*ways)]


def explore_by_force(cast: Cast, most: int) -> Truth:
    """Take every turn from every state that conversations lead to.

    Raises:
        TooLarge: it takes more than `most` turns.
    """
    truth = Truth()
    facts = cast.catalog.facts
    game = [name for name, fact in facts.items() if fact.game_owned]
    games = [dict(zip(game, one, strict=True)) for one in product(*(values_of(facts[name]) for name in game))]
    hearings = {name: hearings_of(cast, name) for name in cast.characters}
    invariants = [compile_condition(cast.catalog, tree) for tree in cast.trees.invariants]
    goals = [compile_condition(cast.catalog, tree) for tree in cast.trees.goals]
    own = [name for name in facts if name not in game]
    first = (_key({name: facts[name].initial for name in own}), tuple((None, 0) for _ in cast.characters))
    start = {name: facts[name].initial for name in own}
    states: dict[Any, tuple[dict[str, Any], dict[str, tuple[Any, int]], int]] = {
        first: (start, dict.fromkeys(cast.characters, (None, 0)), 0)
    }
    edges: dict[Any, set[Any]] = {}
    returns = {name: _returns_of(cast, name) for name in cast.characters}
    pending = [first]
    runs = 0
    for key in pending:
        values, contexts, depth = states[key]
        edges[key] = set()
        spoke: set[str] = set()
        for set_by_game in games:
            before = {**values, **set_by_game}
            held = [holds(before) for holds in invariants]
            for name, program in ((n, c.program) for n, c in cast.characters.items()):
                for event, hearing in _turns(cast, hearings[name]):
                    for _, run in every_fate(hearing, _runner(program, before, Context(*contexts[name], event))):
                        runs += 1
                        if runs > most:
                            raise TooLarge
                        for line in run.lines:
                            truth.note("statement", name, line, depth + 1)
                        if run.void is not None:
                            truth.note("void", name, (run.void.line, run.void.reason), depth + 1)
                        else:
                            truth.note("response", name, run.response, depth + 1)
                            if returns[name] & set(run.lines):
                                spoke.add(name)
                            after = {**before, **run.changes}
                            for number, holds in enumerate(invariants):
                                if held[number] and not holds(after):
                                    truth.note("invariant", name, number, depth + 1)
                        turns = min(contexts[name][1] + 1, TURNS)
                        new_contexts = {**contexts, name: (run.response, turns)}
                        new = {n: run.changes.get(n, values[n]) for n in own}
                        new_key = (_key(new), tuple(new_contexts.values()))
                        edges[key].add(new_key)
                        if new_key not in states:
                            states[new_key] = (new, new_contexts, depth + 1)
                            pending.append(new_key)
        for name in cast.characters:
            if name not in spoke:
                truth.note("mute", name, "", depth)
    for number, holds in enumerate(goals):
        alive = {k for k, (values, _, _) in states.items() if any(holds({**values, **one}) for one in games)}
        _spread(alive, edges)
        locked = [depth for k, (_, _, depth) in states.items() if k not in alive]
        if locked:
            truth.locked[number] = min(locked)
    truth.states = {key: values for key, (values, _, _) in states.items()}
    truth.edges = edges
    return truth


def _returns_of(cast: Cast, character: str) -> set[int]:
    """The lines in which the logic returns something to say."""
    source = cast.catalog.sources[cast.characters[character].declaration.position.file]
    return {n for n, line in enumerate(source.splitlines(), 1) if line.strip().startswith("return say")}


def _turns(cast: Cast, hearings: list[dict[str, Any]]) -> Iterator[tuple[str | None, dict[str, Any]]]:
    for hearing in hearings:
        yield None, hearing
    for event in cast.catalog.events:
        yield event, {}


def _runner(program: Any, facts: Mapping[str, Any], context: Context) -> Any:
    def run(fate: Fate) -> Any:
        return program.run(facts, fate, context)

    return run


def _key(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(tuple(value.items()) if isinstance(value, Mapping) else value for value in values.values())


def _spread(alive: set[Any], edges: Mapping[Any, set[Any]]) -> None:
    changed = True
    while changed:
        changed = False
        for key, followers in edges.items():
            if key not in alive and not followers.isdisjoint(alive):
                alive.add(key)
                changed = True
