"""An exploration that is as good as new, where a cast was changed in nothing that exploring looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from npc.catalog.model import SourceText
from npc.exploration.places import place_of, source_line
from npc.exploration.results import Exploration, Finding, Question, in_order
from npc.logic.cast import Cast


@dataclass(frozen=True, slots=True)
class Kept:
    """An exploration, with what decided it: everything but words that are shown or heard, and where things stand.

    Attributes:
        exploration: what was found.
        basis: what decided it.
        begins: the line in which each character's logic begins.
    """

    exploration: Exploration
    basis: Any
    begins: dict[str, int]

    @classmethod
    def of(cls, cast: Cast, exploration: Exploration) -> Kept:
        """Keep an exploration of a cast."""
        return cls(exploration, _basis(cast), _begins(cast))

    def for_cast(self, cast: Cast) -> Exploration | None:
        """What exploring a cast would find, with places as they are now; None where it has to be explored to know.

        What was cut short is kept only as long as nothing moves, since its reasons name lines.
        """
        begins = _begins(cast)
        if _basis(cast) != self.basis or not (self.exploration.complete or begins == self.begins):
            return None
        found = self.exploration
        return replace(
            found,
            findings=in_order(self._moved(cast, found.findings)),
            answers={_shifted(question, self.begins, begins): answer for question, answer in found.answers.items()},
            seconds=0.0,
            kept=True,
        )

    @staticmethod
    def _moved(cast: Cast, findings: Iterable[Finding]) -> Iterable[Finding]:
        for finding in findings:
            place = place_of(cast, finding.subject)
            now = replace(finding.diagnostic, position=place, source_line=source_line(cast, place))
            yield replace(finding, diagnostic=now)


def _shifted(question: Question, before: dict[str, int], after: dict[str, int]) -> Question:
    match question:
        case ("statement", name, int(line)):
            return "statement", name, line - before[name] + after[name]
        case ("void", name, (int(line), reason)):
            return "void", name, (line - before[name] + after[name], reason)
    return question


def _begins(cast: Cast) -> dict[str, int]:
    return {name: character.declaration.logic.start.line for name, character in cast.characters.items()}


def _basis(cast: Cast) -> Any:
    catalog = cast.catalog
    return (
        tuple(catalog.items),
        [(fact.name, fact.type, fact.initial, fact.game_owned) for fact in catalog.facts.values()],
        [(effect.name, list(effect.args.items()), _text(effect.do)) for effect in catalog.effects.values()],
        [source.text for source in (*catalog.invariants, *catalog.goals)],
        len(catalog.goals),
        catalog.events,
        [_of_character(cast, name) for name in cast.characters],
    )


def _of_character(cast: Cast, name: str) -> Any:
    declared = cast.characters[name].declaration
    return (
        name,
        declared.otherwise,
        declared.logic.text,
        [(table.name, list(table.entries.items()), table.values) for table in declared.tables.values()],
        [(one.id, _text(one.when), one.tags, one.placeholders) for one in declared.responses.values()],
        [
            (intent.id, [(slot.name, slot.type, slot.optional) for slot in intent.slots.values()])
            for intent in declared.intents.values()
        ],
    )


def _text(source: SourceText | None) -> str | None:
    return None if source is None else source.text
