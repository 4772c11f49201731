"""Exploring a cast: everything that can come of talking to it."""

from __future__ import annotations

from dataclasses import dataclass

from npc.catalog.types import SetType
from npc.diagnostics import Diagnostic
from npc.exploration import rules
from npc.exploration.paths import PathFinder
from npc.logic.cast import Cast
from npc.logic.compiler import CompiledProgram


@dataclass(frozen=True, slots=True)
class Exploration:
    """What exploring found."""

    diagnostics: tuple[Diagnostic, ...]


def explore(cast: Cast) -> Exploration:
    """Explore a cast."""
    universes = {n: (f.type.of or ()) for n, f in cast.catalog.facts.items() if isinstance(f.type, SetType)}
    found: list[Diagnostic] = []
    for character in cast.characters.values():
        program = character.program
        assert isinstance(program, CompiledProgram)
        said = {
            line
            for event in (None, *cast.catalog.events)
            for path in PathFinder(cast.catalog, universes).program_paths(program, event, ())
            for line in path.candidates
        }
        for response in character.declaration.responses.values():
            if response.id not in said:
                message = f"no conversation ever gets to hear `{response.id}`"
                found.append(Diagnostic(rules.UNREACHABLE_RESPONSE, message, response.position))
    return Exploration(tuple(found))
