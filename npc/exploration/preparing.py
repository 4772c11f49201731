"""From a cast to the system of transitions that questions are asked of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from npc.catalog.types import OneOfType, SetType
from npc.exploration.paths import Condition, Path, PathFinder, TooManyPaths
from npc.exploration.transitions import Box, System, SystemBuilder
from npc.logic import nodes
from npc.logic.cast import Cast
from npc.logic.compiler import CompiledProgram, compile_condition
from npc.logic.footprint import walk
from npc.logic.nodes import Expression
from npc.logic.symbols import Unresolved


@dataclass(frozen=True, slots=True)
class Prepared:
    """A cast, ready to be asked about.

    Attributes:
        system: its variables and the ways that turns can go.
        paths: how many paths there are through the logic of all characters.
        goals: number of a goal → where it holds.
        goals_left_out: number of a goal that cannot be followed → why.
        left_out: characters and paths that cannot be followed, and why.
    """

    system: System
    paths: int
    goals: dict[int, list[Box]]
    goals_left_out: dict[int, str]
    left_out: tuple[str, ...]


def prepare(cast: Cast, spend: Callable[[], None] = lambda: None) -> Prepared:
    """Take every path through the logic of a cast, and make the system of them.

    Args:
        cast: the cast.
        spend: called now and then, and may end it.
    """
    return _Preparing(cast, spend).prepared()


def programs_of(cast: Cast) -> Iterator[tuple[str, CompiledProgram]]:
    """Each character with its program."""
    for name, character in cast.characters.items():
        assert isinstance(character.program, CompiledProgram)
        yield name, character.program


@dataclass
class _Preparing:
    cast: Cast
    spend: Callable[[], None]
    left_out: list[str] = field(default_factory=list)
    goals_left_out: dict[int, str] = field(default_factory=dict)

    def prepared(self) -> Prepared:
        catalog = self.cast.catalog
        universes = {name: self._names(name) for name, f in catalog.facts.items() if isinstance(f.type, SetType)}
        self._finder = PathFinder(catalog, universes, self.spend)
        invariants = tuple(map(self._condition, self.cast.trees.invariants))
        paths = list(self._all_paths(invariants))
        goals = [self._goal_paths(number) for number in range(len(catalog.goals))]
        lines = {
            name: tuple(dict.fromkeys((*sorted(program.touched.responses), program.otherwise)))
            for name, program in programs_of(self.cast)
        }
        builder = SystemBuilder(
            catalog, paths, [path for goal in goals for path in goal or ()], lines, universes, self.spend
        )
        self.left_out += builder.not_followed
        boxes: dict[int, list[Box]] = {}
        for number, goal in enumerate(goals):
            lost = [
                builder.conditions_left_out[id(path)] for path in goal or () if id(path) in builder.conditions_left_out
            ]
            if lost:
                self.goals_left_out[number] = lost[0]
            elif goal is not None:
                boxes[number] = [box for path in goal for box in builder.system.boxes(path, builder.parts(path))]
        return Prepared(builder.system, len(paths), boxes, self.goals_left_out, tuple(self.left_out))

    def _names(self, fact: str) -> tuple[str, ...]:
        """The names that a set fact may come to hold, as far as the cast knows any."""
        declared = self.cast.catalog.facts[fact]
        assert isinstance(declared.type, SetType)
        if declared.type.of is not None:
            return declared.type.of
        trees = self.cast.trees
        literals = [
            node.value
            for node in walk([*trees.characters.values(), *trees.effects.values()])
            if isinstance(node, nodes.Literal) and isinstance(node.value, str)
        ]
        options = [o for f in self.cast.catalog.facts.values() if isinstance(f.type, OneOfType) for o in f.type.options]
        assert isinstance(declared.initial, frozenset)
        return tuple(sorted({*literals, *options, *self.cast.catalog.items, *declared.initial}))

    def _condition(self, expression: Expression) -> tuple[Condition, frozenset[str]]:
        reads = frozenset(node.name for node in walk(expression) if isinstance(node, nodes.FactRef))
        return compile_condition(self.cast.catalog, expression), reads

    def _all_paths(self, invariants: tuple[tuple[Condition, frozenset[str]], ...]) -> Iterator[Path]:
        for name, program in programs_of(self.cast):
            events = (
                (None, *self.cast.catalog.events)
                if "event" in program.touched.context
                else (None, *self.cast.catalog.events[:1])
            )
            try:
                yield from [path for event in events for path in self._finder.program_paths(program, event, invariants)]
            except (TooManyPaths, Unresolved) as problem:
                self.left_out.append(f"{name} was left out: {problem}")

    def _goal_paths(self, number: int) -> list[Path] | None:
        """The ways in which a goal holds; None where they cannot be told apart."""
        goal = compile_condition(self.cast.catalog, self.cast.trees.goals[number])
        try:
            return list(self._finder.condition_paths(goal))
        except (TooManyPaths, Unresolved) as problem:
            self.goals_left_out[number] = str(problem)
            return None
