"""A difference as people read it, and as programs do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from npc.engine.wording import fill
from npc.logic.cast import Cast
from npc.logic.program import Run
from npc.testing.difference.casts import CastDifference
from npc.testing.difference.declared import DeclaredChange, plain
from npc.testing.difference.domain import NEW, OLD
from npc.testing.difference.examples import Example
from npc.testing.difference.report import Change, Place

MOST_CONDITIONS = 8
"""Conditions of a change that are shown; beyond it the example has to do."""
LONGEST = 160
"""Characters of a declaration that are shown."""


def render(difference: CastDifference, casts: tuple[Cast, Cast]) -> Iterator[str]:
    """The lines of a report for a writer."""
    if difference.is_empty:
        yield f"{difference.cast}: every character does and says what it did"
        return
    behaviour = difference.behaviour
    yield f"{difference.cast}: {_summary(difference)}"
    for character, changes in groupby(behaviour.changes, lambda change: change.character):
        yield ""
        yield f"{character} does something else:"
        for number, change in enumerate(changes, 1):
            yield from ("  " + line for line in _change(number, change, casts))
    if behaviour.undecided:
        yield ""
        yield "not decided whether anything differs (the numbers meet in ways that are not solved):"
        for left in behaviour.undecided:
            yield f"  {left.character}: when {_listed(left.conditions) or 'anything is heard'}"
    if difference.declared:
        yield ""
        yield "declared differently:"
        yield from (f"  {line}" for one in difference.declared for line in _declared(one))
    if difference.touched:
        yield ""
        yield "touched:"
        for one in difference.touched:
            place = one.file if one.line is None else f"{one.file}:{one.line}"
            yield f"  {one.kind} {place}" + (f" “{one.name}”" if one.name else "") + f": {one.why}"


def _summary(difference: CastDifference) -> str:
    counts = (
        (len(difference.behaviour.changes), "change of behaviour", "changes of behaviour"),
        (len(difference.behaviour.undecided), "case not decided", "cases not decided"),
        (len(difference.declared), "declaration", "declarations"),
        (sum(one.kind == "seed" for one in difference.touched), "seed touched", "seeds touched"),
        (sum(one.kind == "recording" for one in difference.touched), "recording touched", "recordings touched"),
    )
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts if count)


def _change(number: int, change: Change, casts: tuple[Cast, Cast]) -> Iterator[str]:
    old_rule, new_rule = change.rules
    old_place, new_place = change.places
    names = [" or ".join(said) for said in change.responses]
    said = names[OLD] if names[OLD] == names[NEW] else f"{names[OLD]} → {names[NEW]}"
    yield f"{number}. {said} ({', '.join(change.aspects)})"
    if _text(old_rule) == _text(new_rule):
        yield f"   in   {_shown(new_rule)}"
    else:
        yield f"   was  {_shown(old_rule)}"
        yield f"   now  {_shown(new_rule)}"
    if _text(old_place) != _text(new_place):
        yield f"   - {_shown(old_place)}"
        yield f"   + {_shown(new_place)}"
    elif _text(new_place) != _text(new_rule):
        yield f"     {_shown(new_place)}"
    yield f"   when {_listed(change.conditions) or 'anything is heard'}"
    example = change.example
    yield f"   for example, {_situation(example, casts, change.character)}"
    for word, version in (("before", OLD), ("now", NEW)):
        yield f"     {word + ':':<8}{outcome(example.runs[version], casts[version], change.character)}"


def _text(place: Place | None) -> str | None:
    return None if place is None else place.text


def _shown(place: Place | None) -> str:
    return "the end of the logic" if place is None else f"{place.text}   ({place.file}:{place.line})"


def _listed(conditions: tuple[str, ...]) -> str:
    shown = list(conditions[:MOST_CONDITIONS])
    more = len(conditions) - len(shown)
    return ", ".join(shown) + (f", and {more} more" if more > 0 else "")


def _situation(example: Example, casts: tuple[Cast, Cast], character: str) -> str:
    parts = [f"{name} = {_value(value)}" for name, value in start_of(example, casts[NEW], NEW).items()]
    context = example.context
    parts += [] if context.last is None else [f'last = "{context.last}"']
    parts += [f"turn = {context.turn}"] if context.turn > 1 else []
    state = f"with {', '.join(parts)}: " if parts else ""
    if context.event is not None:
        return f"{state}event {context.event}"
    old, new = (_heard(hearing) for hearing in example.hearings)
    if old == new:
        return f"{state}{character} hears {new}"
    return f"{state}{character} heard {old}, and now hears {new}"


def start_of(example: Example, cast: Cast, version: int) -> dict[str, Any]:
    """The facts of an example that differ from their initial values; texts are left out, for none is tested."""
    facts = example.facts[version]
    return {
        name: plain(facts[name])
        for name, fact in cast.catalog.facts.items()
        if facts[name] != fact.initial and not (isinstance(fact.initial, str) and facts[name] == f"‹{name}›")
    }


def _heard(hearing: Mapping[str, Mapping[str, Any]]) -> str:
    shown = [
        name + (f"({', '.join(f'{slot}={_value(value)}' for slot, value in slots.items())})" if slots else "")
        for name, slots in hearing.items()
    ]
    return " and ".join(shown) or "nothing it knows"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {count}" for name, count in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(map(str, value)) + "}"
    return str(value)


def outcome(run: Run, cast: Cast, character: str) -> str:
    """What a run comes to, on one line."""
    if run.void is not None:
        return f"void, so {run.response}: {run.void.message}"
    response = cast.characters[character].declaration.responses[run.response]
    words = fill(response.texts[0], run.values, cast.catalog.items)
    said = " or ".join(run.candidates)
    parts = [f"{said} “{_short(words)}”", *map(str, run.effects)]
    parts += [f"{name} = {_value(plain(value))}" for name, value in run.changes.items()]
    return "; ".join(parts)


def _declared(change: DeclaredChange) -> Iterator[str]:
    owner = "" if change.character is None else f"{change.character}: "
    if change.part in ("added", "removed"):
        yield f"{owner}{change.kind} {change.name} {change.part}"
        return
    word = "reworded" if change.part in ("texts", "means") else f"{change.part} changed"
    yield f"{owner}{change.kind} {change.name} {word}"
    old, new = change.old, change.new
    if isinstance(old, list) and isinstance(new, list):
        yield from (f"  - {_short(str(one))}" for one in old if one not in new)
        yield from (f"  + {_short(str(one))}" for one in new if one not in old)
    else:
        yield f"  - {_short(_value(old))}"
        yield f"  + {_short(_value(new))}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def as_json(difference: CastDifference) -> dict[str, Any]:
    """The difference as JSON data."""
    behaviour = difference.behaviour
    return {
        "cast": difference.cast,
        "same": difference.is_empty,
        "paths": behaviour.paths,
        "changes": [_change_json(change) for change in behaviour.changes],
        "undecided": [{"character": one.character, "conditions": list(one.conditions)} for one in behaviour.undecided],
        "declared": [
            {"kind": c.kind, "character": c.character, "name": c.name, "part": c.part, "old": c.old, "new": c.new}
            for c in difference.declared
        ],
        "touched": [
            {"kind": one.kind, "file": one.file, "line": one.line, "name": one.name, "why": one.why}
            for one in difference.touched
        ],
    }


def _change_json(change: Change) -> dict[str, Any]:
    example = change.example
    versions = {}
    for word, version in (("old", OLD), ("new", NEW)):
        run = example.runs[version]
        versions[word] = {
            "rule": _place_json(change.rules[version]),
            "line": _place_json(change.places[version]),
            "candidates": list(change.responses[version]),
            "facts": {name: plain(value) for name, value in example.facts[version].items()},
            "heard": {name: dict(slots) for name, slots in example.hearings[version].items()},
            "response": run.response,
            "values": {name: plain(value) for name, value in run.values.items()},
            "effects": [str(effect) for effect in run.effects],
            "changes": {name: plain(value) for name, value in run.changes.items()},
            "void": None if run.void is None else run.void.reason,
        }
    context = example.context
    return {
        "character": change.character,
        "aspects": list(change.aspects),
        "conditions": list(change.conditions),
        "regions": change.regions,
        "last": context.last,
        "turn": context.turn,
        "event": context.event,
        **versions,
    }


def _place_json(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"file": place.file, "line": place.line, "text": place.text}
