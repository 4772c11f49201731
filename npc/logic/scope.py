"""What a piece of pseudocode may name: depends on the character, and on whether it is logic, a `do` or a condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from npc.catalog.model import Catalog, CharacterDeclaration, EffectDeclaration, Fact, Intent, Response, Table
from npc.catalog.types import ArgumentType


class Mode(Enum):
    """The kind of pseudocode; its value is how a diagnostic calls it."""

    LOGIC = "a character's logic"
    EFFECT = "an effect's `do`"
    CONDITION = "a condition"


@dataclass(frozen=True)
class Scope:
    """The names a piece of pseudocode may use.

    Attributes:
        writable: the facts it may assign to.
        parameters: an effect's arguments, which its `do` reads as locals.
        elsewhere: names that only logic may use, and what they are: ``{"pay": "effect"}``.
    """

    mode: Mode
    facts: Mapping[str, Fact]
    items: tuple[str, ...]
    writable: frozenset[str] = frozenset()
    intents: Mapping[str, Intent] = field(default_factory=dict)
    effects: Mapping[str, EffectDeclaration] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    responses: Mapping[str, Response] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    parameters: Mapping[str, ArgumentType] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)


def logic_scope(catalog: Catalog, character: CharacterDeclaration) -> Scope:
    """The names of a character's logic."""
    return Scope(
        Mode.LOGIC,
        catalog.facts,
        tuple(catalog.items),
        writable=frozenset(character.facts),
        intents=character.intents,
        effects=catalog.effects,
        tables=character.tables,
        responses=character.responses,
        events=catalog.events,
    )


def effect_scope(catalog: Catalog, effect: EffectDeclaration) -> Scope:
    """The names of an effect's `do`: every fact, also to write, and its arguments."""
    return Scope(
        Mode.EFFECT,
        catalog.facts,
        tuple(catalog.items),
        writable=frozenset(catalog.facts),
        parameters=effect.args,
        elsewhere=_of_logic(catalog),
    )


def condition_scope(catalog: Catalog) -> Scope:
    """The names of a `when`, an invariant or a goal: facts alone."""
    return Scope(Mode.CONDITION, catalog.facts, tuple(catalog.items), elsewhere=_of_logic(catalog))


def _of_logic(catalog: Catalog) -> dict[str, str]:
    tables = {name: "table" for character in catalog.characters.values() for name in character.tables}
    return tables | dict.fromkeys(catalog.effects, "effect")
