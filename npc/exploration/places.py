"""What a finding of exploration is about, and where that stands in the files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from npc.diagnostics import Position
from npc.logic.cast import Cast


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about.

    Attributes:
        kind: a line of the logic, a response, a character, a goal, an invariant, or the whole cast.
        character: whose; empty for what is everybody's.
        which: the id of a response; the number of a goal or invariant; the line of the logic, counted from its first.
    """

    kind: Literal["line", "response", "character", "goal", "invariant", "cast"]
    character: str = ""
    which: str | int = 0


def line_of(cast: Cast, character: str, line: int) -> Subject:
    """A line of a character's file, as a line of its logic."""
    return Subject("line", character, line - cast.characters[character].declaration.logic.start.line)


def place_of(cast: Cast, subject: Subject) -> Position:
    """Where something stands in the files as they are now."""
    catalog = cast.catalog
    match subject:
        case Subject("goal", _, int(number)):
            return catalog.goals[number].start
        case Subject("invariant", _, int(number)):
            return catalog.invariants[number].start
        case Subject("cast"):
            return Position(next(file for file in catalog.sources if PurePath(file).name == "world.yaml"), 1, 1)
    declared = cast.characters[subject.character].declaration
    if subject.kind == "response":
        return declared.responses[str(subject.which)].position
    if subject.kind == "character":
        return declared.position
    line = int(subject.which) + declared.logic.start.line
    text = source_line(cast, Position(declared.position.file, line, 1)) or ""
    return Position(declared.position.file, line, len(text) - len(text.lstrip()) + 1)


def source_line(cast: Cast, place: Position) -> str | None:
    """The line of the file."""
    lines = cast.catalog.sources.get(place.file, "").splitlines()
    return lines[place.line - 1] if 0 < place.line <= len(lines) else None
