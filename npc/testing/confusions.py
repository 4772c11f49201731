"""Which of a character's intents the embedded brain confuses: each example heard by a brain that has not seen it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from npc.backends.embedded.brain import Brain, calibration
from npc.backends.embedded.clauses import read_clauses
from npc.backends.embedded.lessons import fill_example
from npc.backends.embedded.slots import option_names
from npc.catalog.model import Intent
from npc.logic.cast import Cast

FOLDS = 5
"""Brains that are taught; each leaves out every fifth example of every intent (k-fold cross-validation)."""
FEW_EXAMPLES = 4
"""An intent with fewer examples than this is mostly heard by luck."""


@dataclass(frozen=True, slots=True)
class Overheard:
    """An example, and what a brain that had not seen it made of it.

    Attributes:
        intent: whose example it is.
        example: the writer's own words.
        taken_for: the intent it was taken for; None when nothing was heard.
        nearest: the example it was nearest to, of the intent it was taken for; empty when nothing was heard.
        score: the probability of that intent, or the highest of all when nothing was heard.
    """

    intent: str
    example: str
    taken_for: str | None
    nearest: str
    score: float

    @property
    def right(self) -> bool:
        """Whether it was taken for what it is."""
        return self.taken_for == self.intent


@dataclass(frozen=True, slots=True)
class Confusions:
    """What became of every example of a character.

    Attributes:
        heard: the examples, in the order of the intents.
        scarce: intents with too few examples, with how many they have.
    """

    heard: tuple[Overheard, ...]
    scarce: Mapping[str, int]

    @property
    def missed(self) -> tuple[Overheard, ...]:
        """Examples in which nothing was heard, the farthest from all others first."""
        return tuple(sorted((one for one in self.heard if one.taken_for is None), key=lambda one: one.score))

    @property
    def pairs(self) -> dict[tuple[str, str], tuple[Overheard, ...]]:
        """Two intents → the examples of either that were taken for the other; the most confused pair first."""
        found: dict[tuple[str, str], list[Overheard]] = {}
        for one in self.heard:
            if one.taken_for is not None and not one.right:
                first, second = sorted((one.intent, one.taken_for))
                found.setdefault((first, second), []).append(one)
        ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        return {pair: tuple(examples) for pair, examples in ranked}


def find_confusions(cast: Cast, character: str) -> Iterator[int | Confusions]:
    """Hear every example of a character with the others alone. Takes about a second.

    Yields:
        How many of the `FOLDS` brains are done, after each; the result at last.
    """
    declaration = cast.character(character).declaration
    items = {item.id: (item.display_name, *item.names) for item in cast.catalog.items.values()}
    intents = declaration.intents
    found: dict[tuple[str, int], Overheard] = {}
    for fold in range(FOLDS):
        brain = Brain({name: without_fold(intent, fold) for name, intent in intents.items()}, items, keep=False)
        left_out = [
            (name, number) for name, intent in intents.items() for number in range(fold, len(intent.examples), FOLDS)
        ]
        for name, number in left_out:
            found[name, number] = _overheard(brain, intents, items, name, number)
        yield fold + 1
    yield Confusions(
        tuple(found[key] for key in sorted(found, key=lambda key: (list(intents).index(key[0]), key[1]))),
        {name: len(intent.examples) for name, intent in intents.items() if len(intent.examples) < FEW_EXAMPLES},
    )


def without_fold(intent: Intent, fold: int) -> Intent:
    """The intent without every `FOLDS`th of its examples, from the given one on."""
    return replace(intent, examples=tuple(e for number, e in enumerate(intent.examples) if number % FOLDS != fold))


def _overheard(
    brain: Brain, intents: Mapping[str, Intent], items: Mapping[str, tuple[str, ...]], name: str, number: int
) -> Overheard:
    example = intents[name].examples[number]
    words = fill_example(example, {slot: s.type for slot, s in intents[name].slots.items()}, items, number)
    line = read_clauses(words, facts={}, item_names=items, options=option_names(list(intents.values())))
    (matches,) = brain.match([tuple(line)], intents.keys())
    best = min(matches, key=lambda other: (-matches[other].score, other))
    score = matches[best].score
    if score < calibration().threshold:
        return Overheard(name, example, None, "", score)
    return Overheard(name, example, best, matches[best].example, score)
