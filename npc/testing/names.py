"""What a conversation names that its cast does not have: told with its place, before anything is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from npc.catalog.model import Catalog, CharacterDeclaration, DialogueConversation, DialogueStep, Expectation
from npc.catalog.types import check_value
from npc.diagnostics import Position, did_you_mean
from npc.logic.cast import Cast

Problem = tuple[int, Position, str]
"""The number of a step (0: the start), a place in the file, and what is wrong there."""

FilePath = tuple[str | int, ...]


def check_names(cast: Cast, conversation: DialogueConversation) -> Iterator[Problem]:
    """Every name and value of a conversation that the cast does not have or could never hold.

    A misspelt name would otherwise pass where something is *not* to be.
    """
    names = _Names(cast.catalog, conversation)
    yield from names.start()
    for number, step in enumerate(conversation.steps, 1):
        yield from ((number, place, problem) for place, problem in names.step(step))


class _Names:
    def __init__(self, catalog: Catalog, conversation: DialogueConversation) -> None:
        self._catalog, self._conversation = catalog, conversation

    def start(self) -> Iterator[Problem]:
        path = (*self._conversation.path, "start")
        for place, problem in self._values(self._conversation.start, path, ":"):
            yield 0, place, f"it cannot start: {problem}"

    def step(self, step: DialogueStep) -> Iterator[tuple[Position, str]]:
        catalog, locate = self._catalog, self._conversation.locate
        declaration = catalog.characters.get(step.character)
        if declaration is None:
            path = (*step.path, "character")
            yield from self._unknown("character", [step.character], catalog.characters, path)
            return
        yield from self._values(step.sets, (*step.path, "set"))
        for name in step.sets:
            if name in catalog.facts and not catalog.facts[name].game_owned:
                yield locate(*step.path, "set", name), f"{name} is not the game's to set: it has no `owner: game`"
        if step.event is not None:
            yield from self._unknown("event", [step.event], catalog.events, (*step.path, "event"))
        for intent, slots in (step.heard or {}).items():
            path = (*step.path, "heard", intent)
            if intent not in declaration.intents:
                hint = did_you_mean(intent, declaration.intents)
                yield locate(*path), f"{step.character} has no intent `{intent}`" + (f": {hint}" if hint else "")
                continue
            yield from self._slots(declaration, intent, slots, path)
        if step.expect is not None:
            yield from self._expectation(step.expect, declaration, (*step.path, "expect"))

    def _slots(
        self, declaration: CharacterDeclaration, intent: str, given: Mapping[str, Any], path: FilePath
    ) -> Iterator[tuple[Position, str]]:
        declared, locate = declaration.intents[intent].slots, self._conversation.locate
        yield from self._unknown(f"slot of {intent}", given, declared, path)
        for name, slot in declared.items():
            if name not in given:
                if not slot.optional:
                    yield locate(*path), f"{intent} is heard only together with its slot `{name}`: add {name}: …"
            elif problem := check_value(slot.type, given[name]):
                yield locate(*path, name), f"{intent}.{name} can never be that: {problem}"

    def _expectation(
        self, expected: Expectation, declaration: CharacterDeclaration, path: FilePath
    ) -> Iterator[tuple[Position, str]]:
        lines = declaration.responses
        yield from self._unknown("response", expected.response or (), lines, (*path, "response"))
        yield from self._unknown("response", expected.not_allowed or (), lines, (*path, "not_allowed"))
        yield from self._unknown("intent", expected.heard or (), declaration.intents, (*path, "heard"))
        yield from self._values(expected.facts or {}, (*path, "facts"))
        said = [lines[name].placeholders for name in expected.response or lines if name in lines]
        places = {place for each in said for place in each}
        yield from self._unknown("placeholder", expected.values or {}, places, (*path, "values"))

    def _values(
        self, given: Mapping[str, Any], path: FilePath, cannot: str = " can never be that:"
    ) -> Iterator[tuple[Position, str]]:
        facts = self._catalog.facts
        yield from self._unknown("fact", given, facts, path)
        for name, value in given.items():
            if name in facts and (problem := check_value(facts[name].type, value)):
                yield self._conversation.locate(*path, name), f"{name}{cannot} {problem}"

    def _unknown(
        self, kind: str, names: Iterable[str], valid: Iterable[str], path: FilePath
    ) -> Iterator[tuple[Position, str]]:
        known = set(valid)
        for number, name in enumerate(names):
            if name not in known:
                hint = did_you_mean(name, known)
                inside = name if isinstance(names, Mapping) else number
                place = self._conversation.locate(*path, inside)
                yield place, f"there is no {kind} `{name}`" + (f": {hint}" if hint else "")
