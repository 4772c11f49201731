"""Comparing what came of a turn with what was expected of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from npc.catalog.model import Catalog, Expectation
from npc.catalog.types import FactValue, normal_value
from npc.engine.record import as_json_value
from npc.engine.turn import Turn
from npc.logic.program import Effect


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a turn, as far as it can be expected; `allowed` is asked for only where that matters."""

    response: str
    values: Mapping[str, Any]
    effects: Sequence[Effect]
    heard: Collection[str]
    verdict: str
    reason: str | None
    allowed: Callable[[], Collection[str]]


def seen_in(turn: Turn) -> Seen:
    """What came of a turn of a session."""
    return Seen(
        turn.response, turn.values, turn.effects, turn.heard, turn.verdict, turn.reason, lambda: turn.trace.allowed
    )


def compare(expected: Expectation, seen: Seen, facts: Mapping[str, FactValue], catalog: Catalog) -> Iterator[str]:
    """In what came of a turn differs from what was expected of it, one sentence each."""
    if expected.response and seen.response not in expected.response:
        yield f"expected response {_either(expected.response)}, got {seen.response}"
    for name, value in (expected.values or {}).items():
        if name not in seen.values:
            yield f"expected {{{name}}} in the line, and {seen.response} was said without it"
        elif (got := _plain(seen.values[name])) != value:
            yield f"expected {{{name}}} in the line to be {_shown(value)}, and it is {_shown(got)}"
    effects = [str(effect) for effect in seen.effects]
    if expected.effects is not None and effects != list(expected.effects):
        yield f"expected effects {_listed(expected.effects)}, got {_listed(effects)}"
    for name, value in (expected.facts or {}).items():
        if facts[name] != normal_value(catalog.facts[name].type, value):
            yield f"expected {name} to be {_shown(value)}, and it is {_shown(as_json_value(facts[name]))}"
    if expected.heard is not None and set(seen.heard) != set(expected.heard):
        yield f"expected to hear {_listed(sorted(expected.heard))}, heard {_listed(sorted(seen.heard))}"
    offered = [name for name in expected.not_allowed or () if name in seen.allowed()] if expected.not_allowed else []
    if offered:
        yield f"expected not to be allowed here, but is: {_listed(offered)}"
    if expected.verdict is not None and seen.verdict != expected.verdict:
        yield f"expected verdict {expected.verdict}, got {seen.verdict}" + (f" ({seen.reason})" if seen.reason else "")


def _plain(value: Any) -> Any:
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _shown(value: Any) -> str:
    return "nothing" if value in ({}, []) else str(value)
