"""Comparing what came of a turn with what was expected of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from npc.catalog.model import Catalog, Expectation
from npc.catalog.types import FactValue, normal_value
from npc.engine.record import as_json_value
from npc.engine.turn import Turn


def compare(expected: Expectation, turn: Turn, facts: Mapping[str, FactValue], catalog: Catalog) -> Iterator[str]:
    """In what the turn differs from what was expected, one sentence each."""
    if expected.response and turn.response not in expected.response:
        yield f"expected response {_either(expected.response)}, got {turn.response}"
    effects = [str(effect) for effect in turn.effects]
    if expected.effects is not None and effects != list(expected.effects):
        yield f"expected effects {_listed(expected.effects)}, got {_listed(effects)}"
    for name, value in (expected.facts or {}).items():
        if facts[name] != normal_value(catalog.facts[name].type, value):
            yield f"expected {name} to be {_shown(value)}, and it is {_shown(as_json_value(facts[name]))}"
    if expected.heard is not None and turn.heard != set(expected.heard):
        yield f"expected to hear {_listed(sorted(expected.heard))}, heard {_listed(sorted(turn.heard))}"
    offered = [name for name in expected.not_allowed or () if name in turn.trace.allowed]
    if offered:
        yield f"expected not to be allowed here, but is: {_listed(offered)}"
    if expected.verdict is not None and turn.verdict != expected.verdict:
        yield f"expected verdict {expected.verdict}, got {turn.verdict}" + (f" ({turn.reason})" if turn.reason else "")


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _shown(value: Any) -> str:
    return "nothing" if value in ({}, []) else str(value)
