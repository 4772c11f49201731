"""What differs between two versions of a cast, gathered for the people who write it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from npc.logic.cast import Cast
from npc.logic.compiler import CompiledProgram
from npc.logic.footprint import walk
from npc.logic.nodes import Say, SayAny
from npc.testing.difference.conditions import conditions_of
from npc.testing.difference.domain import REACH, domain_of
from npc.testing.difference.examples import Example, example_of
from npc.testing.difference.lockstep import PATH_LIMIT, Exploration, Region, Result, compare_programs

ASPECTS = ("void", "response", "values", "effects", "facts")
"""In what two outcomes may differ, in the order in which people care."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a version's logic.

    Attributes:
        file: the file's name.
        line: the line, from 1.
        text: the line's text.
    """

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """States and hearings in which a character now does one and the same other thing, by the same lines of logic.

    Attributes:
        character: whose.
        rules: the statements of the logic that decide, before and now; None where none does.
        places: the lines that end the turn, before and now.
        responses: the ids that can be said, before and now.
        aspects: in what it differs: ``void``, ``response``, ``values``, ``effects``, ``facts``.
        conditions: what holds in all of these states and hearings.
        regions: how many paths through the logic lead there.
        example: one state and hearing, with what came of running both versions there.
    """

    character: str
    rules: tuple[Place | None, Place | None]
    places: tuple[Place | None, Place | None]
    responses: tuple[tuple[str, ...], tuple[str, ...]]
    aspects: tuple[str, ...]
    conditions: tuple[str, ...]
    regions: int
    example: Example


@dataclass(frozen=True, slots=True)
class Undecided:
    """States and hearings of which it is not known whether they differ."""

    character: str
    conditions: tuple[str, ...]


@dataclass(slots=True)
class Behaviour:
    """What differs in what characters do.

    Attributes:
        changes: by character and line.
        undecided: what could not be found out.
        paths: how many paths were compared.
    """

    changes: list[Change] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    paths: int = 0


def compare_behaviour(
    old: Cast,
    new: Cast,
    progress: Callable[[str, int], None] = lambda character, paths: None,
    *,
    reach: int = REACH,
    limit: int = PATH_LIMIT,
) -> Behaviour:
    """Find every state and hearing in which a character that both casts have does another thing.

    Args:
        progress: told the character and the number of paths compared, every now and then.
        reach: numbers without a declared bound are compared up to this, either way.
        limit: paths to compare for each character; the rest is reported as undecided.
    """
    found = Behaviour()
    for character in (name for name in new.characters if name in old.characters):
        before, after = (cast.characters[character].program for cast in (old, new))
        assert isinstance(before, CompiledProgram)
        assert isinstance(after, CompiledProgram)
        explored = compare_programs(
            before,
            after,
            domain_of(old, new, character, reach),
            lambda paths, character=character: progress(character, found.paths + paths),  # type: ignore[misc]
            limit,
        )
        found.paths += explored.paths
        _gather(found, explored, (old, new), character)
    return found


def _gather(found: Behaviour, explored: Exploration, casts: tuple[Cast, Cast], character: str) -> None:
    groups: dict[Any, list[Region]] = {}
    for region in explored.regions:
        groups.setdefault(_key(casts, character, region), []).append(region)
    for regions in groups.values():
        told = [conditions_of(region.unknowns) for region in regions]
        simplest = sorted(range(len(regions)), key=lambda n: (len(told[n]), n))
        for number in simplest:
            example = example_of(regions[number], casts, character)
            if example is not None:
                break
            found.undecided.append(Undecided(character, tuple(told[number])))
        else:
            continue
        region = regions[number]
        assert region.old is not None
        assert region.new is not None
        both = tuple(zip(casts, (region.old, region.new), strict=True))
        found.changes.append(
            Change(
                character,
                tuple(_rule(cast, character, result) for cast, result in both),  # type: ignore[arg-type]
                tuple(_end(cast, character, result) for cast, result in both),  # type: ignore[arg-type]
                (region.old.candidates, region.new.candidates),
                tuple(one for one in ASPECTS if any(one in region.aspects for region in regions)),
                tuple(one for one in told[number] if all(one in others for others in told)),
                len(regions),
                example,
            )
        )
    found.undecided += [Undecided(character, tuple(conditions_of(region.unknowns))) for region in explored.undecided]


def _key(casts: tuple[Cast, Cast], character: str, region: Region) -> Any:
    parts: list[Any] = ["response" in region.aspects]
    for cast, result in zip(casts, (region.old, region.new), strict=True):
        assert result is not None
        rule = _rule(cast, character, result)
        effects = tuple(name for name, _ in result.effects)
        end = _end(cast, character, result)
        parts.append((rule and rule.line, end and end.line, result.candidates, result.void, effects))
    return tuple(parts)


def _rule(cast: Cast, character: str, result: Result) -> Place | None:
    """The statement at the left margin of the logic in which a run ended."""
    own = {statement.line for statement in cast.trees.characters[character].logic.body}
    return _place(cast, character, [line for line in result.trail if line in own][-1:])


def _end(cast: Cast, character: str, result: Result) -> Place | None:
    """The line that says what is said; the last line that ran, where nothing is."""
    if result.void is not None:
        return _place(cast, character, result.trail[-1:])
    says = _saying_lines(cast, character)
    return _place(cast, character, [line for line in result.trail if line in says][-1:] or result.trail[-1:])


def _saying_lines(cast: Cast, character: str) -> frozenset[int]:
    return frozenset(
        node.line for node in walk(cast.trees.characters[character].logic) if isinstance(node, Say | SayAny)
    )


def _place(cast: Cast, character: str, lines: Sequence[int]) -> Place | None:
    if not lines:
        return None
    file = cast.characters[character].declaration.file
    texts = cast.catalog.sources.get(file, "").splitlines()
    return Place(Path(file).name, lines[0], texts[lines[0] - 1].strip() if 0 < lines[0] <= len(texts) else "")
