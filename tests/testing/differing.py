"""Two versions of the generated programs' small cast, and their differences found by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

from hypothesis import strategies as st

from npc.catalog.types import BagType, BoolType, IntType, OneOfType, SetType
from npc.logic.cast import Cast, Character
from npc.logic.compiler import compile_program
from npc.logic.footprint import walk
from npc.logic.nodes import (
    Arithmetic,
    Chance,
    Comparison,
    Conditional,
    ContextRef,
    If,
    Junction,
    Literal,
    Not,
    Pass,
    Say,
    SayAny,
    SlotRef,
    Tree,
)
from npc.logic.program import Context
from npc.testing.difference.domain import NEW, OLD
from npc.testing.difference.examples import State, run_differences
from npc.testing.difference.unknowns import COUNT, Unknowns
from tests.logic.brute_force import hearings
from tests.logic.generate import ITEMS, NAMES, small_catalog, trees_of

CATALOG = small_catalog()
LARGEST_COUNT = 1
"""Items of a kind that a bag has at most, in the states that are tried."""
LATEST_TURN = 3


def cast_of(tree: Tree) -> Cast:
    """The small cast with a program of its own."""
    trees = trees_of(tree)
    declared = CATALOG.characters["warden"]
    return Cast(CATALOG, {"warden": Character(declared, compile_program(CATALOG, trees, "warden"))}, trees, ())


def _mutations(tree: Tree) -> Iterator[tuple[Any, Any]]:
    """Every node that can be changed, with what it becomes."""
    reads_slots = any(isinstance(node, SlotRef) for node in walk(tree))
    for node in walk(tree):
        match node:
            case Comparison(_, ((_, Literal(None)), *_)):
                continue  # turned round, it would let a slot be read that was not said, which the compiler refuses
            case Comparison(_, ((operator, second), *rest)) if operator in _FLIPPED:
                yield node, replace(node, rest=((_FLIPPED[operator], second), *rest))
            case Literal(int() as value) if not isinstance(value, bool):
                yield node, Literal(value + 1)
            case Arithmetic("+" | "-" as operator):
                yield node, replace(node, operator="-" if operator == "+" else "+")
            case Junction() | If() | Conditional() if reads_slots:
                continue  # the change could let a slot be read where nothing was heard, which the compiler refuses
            case Junction(operator):
                yield node, replace(node, operator="or" if operator == "and" else "and")
            case If(test, then, otherwise, line):
                yield node, replace(node, test=Not(test))
                yield node, Pass(line)
            case Say("r1", values, line):
                yield node, Say("r2", values, line)
            case Conditional(test, then, otherwise):
                yield node, Conditional(test, otherwise, then)
            case SayAny(("r2", "r3"), values, line):
                yield node, SayAny(("r2", "r1"), values, line)


_FLIPPED: dict[str, Any] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "in": "not in"}


def _replaced(node: Any, old: Any, new: Any) -> Any:
    if node is old:
        return new
    if isinstance(node, tuple):
        return tuple(_replaced(part, old, new) for part in node)
    if isinstance(node, dict):
        return {name: _replaced(part, old, new) for name, part in node.items()}
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{f.name: _replaced(getattr(node, f.name), old, new) for f in fields(node)})
    return node


@st.composite
def mutant(draw: Any, tree: Tree) -> Tree:
    """The program with one thing changed: a comparison, a number, a branch, a line, a statement left out."""
    ways = list(_mutations(tree))
    return _replaced(tree, *draw(st.sampled_from(ways))) if ways else tree


def facts_to_try(read: frozenset[str]) -> list[dict[str, Any]] | None:
    """Every state of the facts that are read, or None when they are too many to be tried."""
    initial = {name: fact.initial for name, fact in CATALOG.facts.items()}
    ways: list[list[Any]] = []
    for name, fact in CATALOG.facts.items():
        ways.append(_values(fact.type) if name in read else [initial[name]])
    size = 1
    for values in ways:
        size *= len(values)
    if size > 2_000:
        return None
    return [dict(zip(initial, values, strict=True)) for values in product(*ways)]


def _values(declared: Any) -> list[Any]:
    match declared:
        case BoolType():
            return [False, True]
        case IntType(low, high):
            return list(range(low or 0, (high or 0) + 1))
        case OneOfType(options):
            return list(options)
        case BagType():
            counts = product(range(LARGEST_COUNT + 1), repeat=len(ITEMS))
            return [{item: n for item, n in zip(ITEMS, one, strict=True) if n} for one in counts]
        case SetType():
            flags = product((False, True), repeat=len(NAMES))
            return [frozenset(n for n, flag in zip(NAMES, one, strict=True) if flag) for one in flags]
    return ["Mara"]


def contexts(trees: tuple[Tree, Tree]) -> list[Context]:
    """Every context that the programs can tell apart."""
    read = {node.name for tree in trees for node in walk(tree) if isinstance(node, ContextRef)}
    before = [(None, 0)]
    if read & {"last", "turn"}:
        before += [(last, turn) for last in ("r1", "r2") for turn in range(1, LATEST_TURN + 1)]
    return [Context(last, turn, event) for last, turn in before for event in (None, "approach", "attacked")]


def states(trees: tuple[Tree, Tree], facts: Mapping[str, Any]) -> Iterator[State]:
    """Every hearing, context and draw over one state."""
    both = Tree(
        {f"{name}{n}": helper for n, tree in enumerate(trees) for name, helper in tree.helpers.items()},
        trees[OLD].body + trees[NEW].body,
    )
    chances = sum(isinstance(node, Chance) for node in walk(both))
    draws = list(product((0.05, 0.2, 0.3, 0.7), repeat=2)) if chances else [()]
    for context in contexts(trees):
        for hearing in hearings(both) if context.event is None else [{}]:
            for drawn in draws:
                yield State((dict(facts), dict(facts)), context, (hearing, hearing), drawn)


def differs(casts: tuple[Cast, Cast], state: State) -> bool:
    """Whether running both versions in a state shows a difference."""
    return bool(run_differences(casts, state.facts, state.run(casts, "warden")))


Valuation = tuple[dict[str, int], dict[str, Any], dict[str, bool]]


def valuation(state: State) -> Valuation:
    """The numbers, names and truth values that a state gives to unknowns."""
    facts, context, hearing = state.facts[NEW], state.context, state.hearings[NEW]
    numbers: dict[str, int] = {"turn": context.turn}
    names: dict[str, Any] = {"last": context.last, "event": context.event}
    truths: dict[str, bool] = {}
    for name, value in facts.items():
        match CATALOG.facts[name].type:
            case BoolType():
                truths[name] = value
            case IntType():
                numbers[name] = value
            case BagType(items):
                numbers.update({COUNT.format(name, item): value.get(item, 0) for item in items})
            case SetType():
                truths.update({COUNT.format(name, member): member in value for member in NAMES})
            case _:
                names[name] = value
    for intent, slots in hearing.items():
        for slot, value in slots.items():
            (numbers if isinstance(value, int) else names)[f"heard.{intent}.{slot}"] = value
    return numbers, names, truths


def holds(unknowns: Unknowns, state: State, values: Valuation) -> bool:
    """Whether a state is one of those that a path stands for."""
    context, hearing = state.context, state.hearings[NEW]
    numbers, names, truths = values
    if unknowns.first not in (None, context.last is None) or unknowns.event not in (None, context.event is not None):
        return False
    if any(bool(way.by) != (intent in hearing) for intent, way in unknowns.hearings.items()):
        return False
    for full, unsaid in unknowns.unsaid.items():
        _, intent, slot = full.split(".")
        if unsaid != (slot not in hearing[intent]):
            return False
    if any(truths[name] != truth for name, truth in unknowns.truths.items()):
        return False
    if any(names[name] not in known.options for name, known in unknowns.names.items()):
        return False
    for (low, high), drawn in zip(unknowns.draws, state.draws, strict=False):
        if not low <= drawn < high:
            return False
    space = unknowns.space
    numbers = dict(numbers)
    for name, compute in space.made.items():
        numbers[name] = compute(numbers)
    in_bounds = all(low <= numbers[name] <= high for name, (low, high) in space.bounds.items())
    return in_bounds and all(row.value(numbers) <= 0 for row in space.rows)
