"""A cast ready to be played: its catalog, checked and compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from npc.catalog import read_catalog
from npc.catalog.model import Catalog, CharacterDeclaration
from npc.catalog.types import FactValue
from npc.diagnostics import Diagnostic, Position, Rule, Severity, rule
from npc.errors import CatalogError, UnknownName
from npc.logic.checker import check_cast
from npc.logic.compiler import compile_condition, compile_program
from npc.logic.program import Context, Program
from npc.logic.trees import CastTrees

TOO_MANY_OUTCOMES = rule(
    "X101",
    "too-many-outcomes",
    "A state has more outcomes than are told apart one by one.",
    Severity.WARNING,
)
BROKEN_AT_START = rule("X102", "broken-at-start", "An invariant does not hold for the initial facts.", Severity.WARNING)


@dataclass(frozen=True)
class Character:
    """One character: what its file declares, and its logic as a compiled program."""

    declaration: CharacterDeclaration
    program: Program

    @property
    def id(self) -> str:
        return self.declaration.id

    @property
    def name(self) -> str:
        """The name shown to the player."""
        return self.declaration.name


@dataclass(frozen=True, eq=False)
class Cast:
    """A loaded cast. Immutable; sessions and threads share it.

    Attributes:
        catalog: what the files declare.
        characters: by id.
        trees: the checked pseudocode.
        diagnostics: the warnings, of catalog and logic.
    """

    catalog: Catalog
    characters: Mapping[str, Character]
    trees: CastTrees
    diagnostics: tuple[Diagnostic, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the files' contents, in hexadecimal."""
        return self.catalog.digest

    def character(self, id: str) -> Character:
        """The character of that id.

        Raises:
            UnknownName: the cast has no such character; names the nearest one.
        """
        if id not in self.characters:
            raise UnknownName("character", id, self.characters)
        return self.characters[id]


def load(path: str | Path) -> Cast:
    """Load a cast from its folder: read, check and compile it. Runs no code of the cast.

    Args:
        path: the folder that holds `world.yaml` and a file per character.

    Raises:
        CatalogError: the files or their pseudocode have errors; `diagnostics` holds all findings.

    Example::

        cast = npc.load("catalogs/keep")
        cast.character("warden").name
    """
    catalog, found = read_catalog(path)
    if catalog is None:
        raise CatalogError(found)
    return build_cast(catalog, found)


def build_cast(catalog: Catalog, found: Sequence[Diagnostic] = ()) -> Cast:
    """Check and compile a catalog that is read already.

    Args:
        catalog: the catalog.
        found: what reading it found, to be told together with what its pseudocode holds.

    Raises:
        CatalogError: there are errors; `diagnostics` holds all findings.
    """
    trees, in_logic = check_cast(catalog)
    diagnostics = tuple(sorted([*found, *in_logic], key=lambda d: (d.position, d.code)))
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise CatalogError(diagnostics)
    characters = {
        id_: Character(declaration, compile_program(catalog, trees, id_))
        for id_, declaration in catalog.characters.items()
    }
    beyond = [finding for character in characters.values() if (finding := _check_outcomes(catalog, character))]
    return Cast(catalog, characters, trees, (*diagnostics, *_check_invariants(catalog, trees), *beyond))


def _check_invariants(catalog: Catalog, trees: CastTrees) -> list[Diagnostic]:
    """The invariants that the initial facts break already."""
    start = _start(catalog)
    return [
        _finding(
            catalog,
            BROKEN_AT_START,
            f"the invariant `{source.text.strip()}` does not hold for the initial facts",
            source.start,
            "change the facts' `initial` values, or the invariant",
        )
        for source, condition in zip(catalog.invariants, trees.invariants, strict=True)
        if not compile_condition(catalog, condition)(start)
    ]


def _check_outcomes(catalog: Catalog, character: Character) -> Diagnostic | None:
    """The finding that a character's first turn already has more outcomes than are told apart."""
    if character.program.outcomes(_start(catalog), Context()).exact:
        return None
    return _finding(
        catalog,
        TOO_MANY_OUTCOMES,
        f"`{character.id}` has too many outcomes to tell apart at the start: which lines are allowed is only bounded "
        "from above, and a model may pick one that the logic then overrules",
        character.declaration.logic.start,
        "let fewer conditions that do not return follow one another, or compare slots with less arithmetic",
    )


def _start(catalog: Catalog) -> dict[str, FactValue]:
    return {name: fact.initial for name, fact in catalog.facts.items()}


def _finding(catalog: Catalog, rule: Rule, message: str, place: Position, hint: str) -> Diagnostic:
    lines = catalog.sources.get(place.file, "").splitlines()
    return Diagnostic(rule, message, place, hint, lines[place.line - 1] if place.line <= len(lines) else None)
