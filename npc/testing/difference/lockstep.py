"""Two versions of a character's program, run side by side on the same unknowns: where they come to different things."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from npc.catalog.types import Text
from npc.logic.compiler import CompiledProgram
from npc.logic.execution import Execution, Void
from npc.logic.expressions import Spoken
from npc.logic.symbols import Deferred, Unresolved
from npc.testing.difference.domain import NEW, OLD, Domain
from npc.testing.difference.numbers import Branches, Impossible
from npc.testing.difference.unknowns import UnknownBag, Unknowns, VersionContext, VersionFacts, VersionOracle

PATH_LIMIT = 200_000
"""Paths over which two versions are compared; what lies beyond is reported as not decided."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one version comes to on a path.

    Attributes:
        candidates: what could be said.
        values: placeholder values, by name.
        effects: in order, with arguments.
        overlay: facts written, with their values.
        void: the reason why the turn is void, or None.
        trail: the lines that ran.
    """

    candidates: tuple[str, ...]
    values: Mapping[str, Any]
    effects: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
    overlay: Mapping[str, Any]
    void: str | None
    trail: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """A path: a set of states and hearings in which either version does one and the same throughout.

    Attributes:
        unknowns: what the path has decided: exactly this holds in the region.
        aspects: in what the versions differ: ``void``, ``response``, ``values``, ``effects``, ``facts``; none: it is
            not decided whether they do.
        old, new: what each comes to; None where that was not found out.
    """

    unknowns: Unknowns
    aspects: tuple[str, ...]
    old: Result | None = None
    new: Result | None = None


@dataclass(slots=True)
class Exploration:
    """All that comparing two versions found.

    Attributes:
        regions: those in which the versions differ.
        undecided: those of which that is not known.
        paths: how many were taken.
    """

    regions: list[Region] = field(default_factory=list)
    undecided: list[Region] = field(default_factory=list)
    paths: int = 0


def compare_programs(
    old: CompiledProgram,
    new: CompiledProgram,
    domain: Domain,
    progress: Callable[[int], None] = lambda paths: None,
    limit: int = PATH_LIMIT,
    enough: int | None = None,
) -> Exploration:
    """Run two versions of a program over all states and hearings of a domain, each set of alike ones once.

    Args:
        progress: told the number of paths taken, every now and then.
        limit: paths to take at most.
        enough: regions that differ, after which no more are looked for.
    """
    found = Exploration()
    branches = Branches()
    more = True
    while more:
        unknowns = Unknowns(branches, domain)
        if found.paths >= limit:
            found.undecided.append(Region(unknowns, ()))
            break
        found.paths += 1
        if found.paths % 500 == 0:
            progress(found.paths)
        before = after = None
        try:
            before = _result(old, unknowns, OLD)
            after = _result(new, unknowns, NEW)
            aspects = tuple(_differences(unknowns, (before, after)))
            if aspects:
                found.regions.append(Region(unknowns, aspects, before, after))
        except Unresolved:
            found.undecided.append(Region(unknowns, (), before, after))
        except Impossible:
            pass
        more = branches.next() and (enough is None or len(found.regions) < enough)
    return found


def paths_of(program: CompiledProgram, domain: Domain, version: int, limit: int) -> Iterator[tuple[Unknowns, Result]]:
    """The paths of one version alone, as many as the limit allows; what cannot be followed is left out."""
    branches = Branches()
    for _ in range(limit):
        unknowns = Unknowns(branches, domain)
        with suppress(Unresolved, Impossible):
            yield unknowns, _result(program, unknowns, version)
        if not branches.next():
            return


def _result(program: CompiledProgram, unknowns: Unknowns, version: int) -> Result:
    run = Execution(VersionFacts(unknowns, version), VersionOracle(unknowns, version), VersionContext(unknowns))
    try:
        return result_of(program, run, program.execute(run))
    except Void as void:
        return Result((program.otherwise,), {}, (), {}, void.reason, tuple(run.trail))


def result_of(program: CompiledProgram, run: Execution, spoken: Spoken | None) -> Result:
    """What a run that is not void has come to."""
    candidates = (program.otherwise,) if spoken is None else spoken.candidates
    values = {} if spoken is None else spoken.values
    return Result(candidates, values, tuple(run.effects), dict(run.overlay), None, tuple(run.trail))


def _differences(unknowns: Unknowns, results: tuple[Result, Result]) -> Iterator[str]:
    """In what two results differ; where that depends on what is not known yet, the path forks."""
    old, new = results
    if old.void != new.void:
        yield "void"
    if set(old.candidates) != set(new.candidates):
        yield "response"
    elif not same(old.values, new.values):
        yield "values"
    if not _same_effects(old.effects, new.effects):
        yield "effects"
    for name in sorted({*old.overlay, *new.overlay}):
        if not _same_fact(unknowns, name, results):
            yield "facts"
            return


def _same_effects(old: Any, new: Any) -> bool:
    return [name for name, _ in old] == [name for name, _ in new] and all(
        same(dict(before), dict(after)) for (_, before), (_, after) in zip(old, new, strict=True)
    )


def _same_fact(unknowns: Unknowns, name: str, results: tuple[Result, Result]) -> bool:
    """Whether a fact has the same value after both. What one version does not know of stays as it is there."""
    known = unknowns.domain.facts[name]
    starts = [unknowns.fact(name, version) for version in (OLD, NEW)]
    ends = [result.overlay.get(name, start) for result, start in zip(results, starts, strict=True)]
    if known.kind == "fixed" and not same(*starts):
        changed = [not same(start, end) for start, end in zip(starts, ends, strict=True)]
        return changed[OLD] == changed[NEW] and (not changed[OLD] or same(*ends))
    if known.kind == "bag":
        return all(
            same(*(_count(unknowns, name, item, version, end) for version, end in enumerate(ends)))
            for item in dict.fromkeys((*known.names[OLD], *known.names[NEW]))
        )
    if known.kind == "set":
        return all(
            _member(unknowns, name, member, OLD, ends[OLD]) == _member(unknowns, name, member, NEW, ends[NEW])
            for member in dict.fromkeys((*known.names[OLD], *known.names[NEW]))
        )
    return same(*ends)


def _count(unknowns: Unknowns, bag: str, item: str, version: int, end: Any) -> Any:
    if item not in unknowns.domain.facts[bag].names[version]:
        return unknowns.count(bag, item)
    return (end.counts if isinstance(end, UnknownBag) else end).get(item, 0)


def _member(unknowns: Unknowns, fact: str, member: str, version: int, end: Any) -> bool:
    if member not in unknowns.domain.facts[fact].names[version]:
        return unknowns.member(fact, member)
    return member in end


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, of the same kind; forks where unknowns leave that open."""
    if one is other:
        return True
    one, other = (value.concrete() if isinstance(value, Deferred) else value for value in (one, other))
    if isinstance(one, bool) is not isinstance(other, bool) or isinstance(one, Text) is not isinstance(other, Text):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    return bool(one == other)
