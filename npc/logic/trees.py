"""The trees of a whole cast: what the parser and checker hand to the compiler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from npc.logic.nodes import Expression, Tree


@dataclass(frozen=True, slots=True)
class CharacterTrees:
    """One character: its logic, and the conditions (`when`) of its responses by response id."""

    logic: Tree
    whens: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class CastTrees:
    """A cast: trees by character id, the `do` of effects by effect name, invariants and goals in declared order."""

    characters: Mapping[str, CharacterTrees]
    effects: Mapping[str, Tree]
    invariants: tuple[Expression, ...]
    goals: tuple[Expression, ...]
