"""What a character's head learns from: the writer's examples and meanings, as lines with their placeholders filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from npc.backends.embedded.clauses import UNMARKED, Marks, marks_in
from npc.backends.embedded.words import sounds, split_words
from npc.catalog.model import Intent
from npc.catalog.types import IntType, ItemType, SlotType
from npc.grounding import find_numbers

BACKGROUND = Path(__file__).with_name("background.txt")
ANY_NUMBER = "10"
"""What stands for every number, in lessons and in lines: which number it is says nothing about what is meant."""
FILLINGS = 3
"""Lines made of an example with placeholders, each with other values."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TELLER = re.compile(r"^\s*the (?:player|customer|user|visitor|guest)s?\b\s*(?:says|tells|said)?\s*(?:that)?\s*", re.I)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A line that expresses an intent.

    Attributes:
        intent: its id.
        example: the writer's own words, or the intent's `means`.
        text: what is encoded.
        marks: of its clauses.
        from_means: it is the meaning, in the writer's voice and not in a player's.
    """

    intent: str
    example: str
    text: str
    marks: Marks
    from_means: bool


def plain_text(words: tuple[str, ...]) -> str:
    """Words of a line as the text that is encoded."""
    return " ".join(ANY_NUMBER if word == "<num>" else word for word in words if word[0] != "<" or word == "<num>")


def as_encoded(text: str) -> str:
    """A line as the text that is encoded, where nothing in it is masked."""
    return plain_text(tuple(split_words(_numbered(text))))


def lessons_of(intents: Mapping[str, Intent], item_names: Mapping[str, tuple[str, ...]]) -> list[Lesson]:
    """The lessons of all intents, in the order of their ids."""
    items = tuple((item, tuple(names)) for item, names in item_names.items())
    return [lesson for name in sorted(intents) for lesson in _lessons(_key(intents[name]), items)]


def background() -> tuple[str, ...]:
    """The lines that belong to nobody, as they are encoded."""
    return _background()


@cache
def _background() -> tuple[str, ...]:
    lines = BACKGROUND.read_text(encoding="utf-8").splitlines()
    texts = (plain_text(tuple(split_words(line))) for line in lines if line and not line.startswith("#"))
    return tuple(dict.fromkeys(text for text in texts if text))


_IntentKey = tuple[str, str, tuple[str, ...], tuple[tuple[str, SlotType], ...]]


def _key(intent: Intent) -> _IntentKey:
    return intent.id, intent.means, intent.examples, tuple((name, slot.type) for name, slot in intent.slots.items())


@lru_cache(maxsize=4_096)
def _lessons(intent: _IntentKey, items: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Lesson, ...]:
    name, means, examples, slots = intent
    found: list[Lesson] = []
    for number, example in enumerate(examples):
        texts = [example]
        if _PLACEHOLDER.search(example):
            texts = [
                fill_example(example, dict(slots), dict(items), number * FILLINGS + turn) for turn in range(FILLINGS)
            ]
        for text in dict.fromkeys(texts):
            numbered = _numbered(text)
            words = tuple(split_words(numbered) or sounds(text))
            if words:
                found.append(Lesson(name, example, plain_text(words), marks_in(numbered), from_means=False))
    about = plain_text(tuple(split_words(_TELLER.sub("", means))))
    if about:
        found.append(Lesson(name, means, about, UNMARKED, from_means=True))
    return tuple(dict.fromkeys(found))


def fill_example(
    example: str, slots: Mapping[str, SlotType], items: Mapping[str, tuple[str, ...]], turn: int = 0
) -> str:
    """An example as a player would say it, its placeholders filled; another turn names another item."""

    def value(placeholder: re.Match[str]) -> str:
        kind = slots.get(placeholder[1])
        if kind is None:
            return "it"
        if isinstance(kind, IntType):
            return ANY_NUMBER
        options = kind.items if isinstance(kind, ItemType) else kind.options
        if not options:
            return "it"
        chosen = options[turn % len(options)]
        names = items.get(chosen, ()) if isinstance(kind, ItemType) else ()
        # The example brings its own article, and so does a display name, which comes first.
        names = names[1:] or names or (chosen.replace("_", " "),)
        return names[(turn // len(options)) % len(names)]

    return _PLACEHOLDER.sub(value, example)


def _numbered(text: str) -> str:
    for number in reversed(find_numbers(text)):
        text = f"{text[: number.start]} <num> {text[number.end :]}"
    return text
