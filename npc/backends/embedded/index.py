"""The trained side of the embedded brain: the examples of a set of intents, ready to be compared with a clause."""

from __future__ import annotations

import math
import re
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat
from typing import TYPE_CHECKING

from npc.backends.embedded.clauses import ITEM, NUMBER, OPTION, UNMARKED, Marks, marks_in, without_articles
from npc.backends.embedded.concepts import phrases, spoken_words
from npc.backends.embedded.features import features
from npc.backends.embedded.framing import is_asking_wanted, is_order, is_question_after
from npc.backends.embedded.sparse import SparseRows
from npc.backends.embedded.words import PLAIN_WORDS, STOP_WORDS, sounds, split_words, stem
from npc.catalog.model import Intent, Slot
from npc.catalog.types import IntType, ItemType, SlotType
from npc.grounding import find_items, find_numbers
from npc.grounding.typos import Speller

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# How much each sign counts towards an intent's score.
NEAREST, COVERAGE = 0.55, 0.45
WEIGHT_UNKNOWN = 0.8
"""Weight of a word that neither the examples nor the concepts know: what makes a line foreign to this character."""
WEIGHT_MEANS = 0.62
"""How far likeness to an intent's `means` counts, against 1 for likeness to an example."""
UNASKED = 0.45
"""What is left of a score where a clause asks in a way that no example of an intent over things does."""
FLAG_MISMATCH = 0.35
"""What is left of a likeness when only one side is negated, or only one side tells of others."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TALKING = """
    player players character asks ask says say wants want tells tell speaks line something someone offers wishes
    expresses made makes way being them their
    """
_ABOUT_TALKING = frozenset(_TALKING.split())


_IntentKey = tuple[str, str, tuple[str, ...], tuple[tuple[str, Slot], ...]]
_ItemsKey = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A line a player may say for an intent, as it is compared."""

    intent: str
    text: str
    words: tuple[str, ...]
    marks: Marks
    share: float
    """How far likeness to it counts, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well one intent fits a clause: a score from 0 to 1, and the example it is nearest to."""

    score: float
    example: str


_ASKING = (is_question_after, is_asking_wanted, is_order)


class Index:
    """A set of intents, ready for comparison. Building takes milliseconds; use `index_for`, which remembers.

    Args:
        intents: what may be heard: id, meaning, examples and slots of each.
        items: item ids with their names, to find items named in the examples.
    """

    def __init__(self, intents: tuple[_IntentKey, ...], items: _ItemsKey) -> None:
        import numpy as np

        self.examples = [example for intent in intents for example in _examples(intent, items)]
        self._names = tuple(name for name, _, _, _ in intents)
        places = {name: place for place, name in enumerate(self._names)}
        self._places = np.array([places[example.intent] for example in self.examples], dtype=np.int64)
        _, self._starts, self._groups = np.unique(self._places, return_index=True, return_inverse=True)
        self._shares = np.array([example.share for example in self.examples])
        self._kept_of: dict[Marks, NDArray[np.float64]] = {}
        self._count_features()
        # An intent over things or sums acts on them ("here is {item}"), unless its examples ask questions.
        acting = {
            name for name, _, _, slots in intents if any(isinstance(s.type, IntType | ItemType) for _, s in slots)
        }
        self._acting_unless = {
            asks: acting - {e.intent for e in self.examples if e.intent in acting and e.share == 1.0 and asks(e.words)}
            for asks in _ASKING
        }
        self._speller = Speller({word for example in self.examples for word in example.words})
        hashes = np.array([hash((_bare(e.words), e.marks)) for e in self.examples], dtype=np.int64)
        self._by_hash = np.argsort(hashes, kind="stable")
        self._hashes = hashes[self._by_hash]

    def _count_features(self) -> None:
        """Find how telling each feature is, how much each example is about it, and how far it speaks for an intent."""
        import numpy as np

        self._row: dict[str, int] = {}
        rows, columns, weights = array("q"), array("q"), array("d")
        for number, example in enumerate(self.examples):
            described = features(example.words)
            rows.extend(self._row.setdefault(feature, len(self._row)) for feature in described)
            columns.extend(repeat(number, len(described)))
            weights.extend(described.values())
        row, column, weight = np.array(rows), np.array(columns), np.array(weights)
        intents = len(self._names)
        pairs, counts = np.unique(row * intents + self._places[column], return_counts=True)
        features_of_pairs, intents_of_pairs = np.divmod(pairs, intents)
        telling = np.log(1 + intents / np.bincount(features_of_pairs)) / (math.log(1 + intents) or 1.0)
        weight = weight * telling[row]
        norms = np.sqrt(np.bincount(column, weight * weight))
        rates = (counts + 0.5) / (np.bincount(self._places)[intents_of_pairs] + 2)
        leaning = rates / (np.bincount(features_of_pairs, rates) + 0.02)[features_of_pairs]
        self._telling = array("d", telling)
        self._likeness = SparseRows(row, column, weight / norms[column])
        self._leaning = SparseRows(features_of_pairs, intents_of_pairs, leaning)

    def _rows(self, weights: Mapping[str, float]) -> dict[int, float]:
        """The features that some example has, by number, with their weights."""
        return {self._row[feature]: weight for feature, weight in weights.items() if feature in self._row}

    def mend(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words with slips of the finger put right, where the examples or concepts know the word that was meant."""
        return tuple(self._mended(word) for word in words)

    def knows(self, word: str) -> bool:
        """Whether some example contains the word and it says something."""
        return word not in STOP_WORDS and stem(word) in self._row

    def _mended(self, word: str) -> str:
        if stem(word) in self._row or word in STOP_WORDS or word in PLAIN_WORDS:
            return word
        general = _general_speller()
        return word if word in general.known else self._speller.mend(word) or general.mend(word) or word

    def match(self, words: tuple[str, ...], marks: Marks) -> dict[str, Match]:
        """Intent → how well it fits, for every intent that shares anything with the clause.

        Args:
            words: the clause's words, mended.
            marks: of the part's clauses.
        """
        import numpy as np

        weights = {row: weight * self._telling[row] for row, weight in self._rows(features(words)).items()}
        unknown = self._unknown(words, weights)
        norm = math.sqrt(sum(w * w for w in weights.values()) + unknown * WEIGHT_UNKNOWN**2)
        total = sum(weights.values()) + unknown * WEIGHT_UNKNOWN
        if not weights:
            return {}
        dots = self._summed(self._likeness, weights, len(self.examples))
        kept = self._kept(marks)
        scores = np.minimum(dots / norm, 1.0) * self._shares * kept
        tops = np.maximum.reduceat(scores, self._starts)
        # Of several examples of an intent, the last stays that is written: the first of the best.
        order = np.flatnonzero((scores == tops[self._groups]) & (scores > 0))[::-1]
        best = np.full(len(self._names), -1)
        best[self._places[order]] = order
        shares = {row: weight / total for row, weight in weights.items()}
        covered = self._summed(self._leaning, shares, len(self._names))
        heard = np.flatnonzero(best >= 0)
        numbers = best[heard]
        fits = NEAREST * scores[numbers] + COVERAGE * covered[heard] * kept[numbers]
        found = {
            self._names[place]: Match(fit, self.examples[number].text)
            for place, number, fit in zip(heard.tolist(), numbers.tolist(), fits.tolist(), strict=True)
        }
        for name in self.unasked(words) & found.keys():
            found[name] = Match(found[name].score * UNASKED, found[name].example)
        for example in self._word_for_word(words, marks):
            found[example.intent] = Match(1.0, example.text)
        return found

    def _word_for_word(self, words: tuple[str, ...], marks: Marks) -> list[Example]:
        """The examples that say the same, of several of an intent the first one last."""
        said = (_bare(words), marks)
        begin = self._hashes.searchsorted(hash(said))
        end = self._hashes.searchsorted(hash(said), "right")
        alike = [self.examples[number] for number in self._by_hash[begin:end][::-1]]
        return [example for example in alike if (_bare(example.words), example.marks) == said]

    def _summed(self, rows: SparseRows, weights: Mapping[int, float], columns: int) -> NDArray[np.float64]:
        """Column → what the rows of features give it, each as much as its feature weighs."""
        import numpy as np

        found = np.zeros(columns)
        for row, weight in weights.items():
            places, shares = rows[row]
            found[places] += weight * shares
        return found

    def _kept(self, marks: Marks) -> NDArray[np.float64]:
        """Example → what is left of its score for a part with these marks."""
        import numpy as np

        if marks not in self._kept_of:
            self._kept_of[marks] = np.array([1.0 if e.marks == marks else FLAG_MISMATCH for e in self.examples])
        return self._kept_of[marks]

    def unasked(self, words: tuple[str, ...]) -> frozenset[str]:
        """The intents over things or sums of which no example asks in the way that these words do."""
        asked = [acting for asks, acting in self._acting_unless.items() if acting and asks(words)]
        return frozenset().union(*asked)

    def _unknown(self, words: tuple[str, ...], weights: Mapping[int, float]) -> int:
        """How many telling words say nothing to this index, not even through a concept it knows."""
        known, count = phrases(), 0
        for word in set(words) - STOP_WORDS:
            root = stem(word)
            meant = (root, *known.get((root,), ()))
            if not any(self._row.get(feature) in weights for feature in meant) and word[0] != "<":
                count += 1
        return count


@cache
def _general_speller() -> Speller:
    return Speller({*spoken_words(), *STOP_WORDS, *PLAIN_WORDS})


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words without those that never tell lines apart."""
    return (
        tuple(word for word in words if word not in {"please", "oh", "sir", "then", "well", "the", "a", "an"}) or words
    )


@lru_cache(maxsize=4_096)
def _examples(intent: _IntentKey, items: _ItemsKey) -> tuple[Example, ...]:
    """An intent's examples, made once for its content, whatever other intents it is offered with."""
    name, means, examples, slots = intent
    item_names, slot_types = dict(items), {slot: declared.type for slot, declared in slots}
    found = []
    for text in examples:
        masked = _masked(text, slot_types, item_names)
        words = tuple(map(sys.intern, split_words(masked) or sounds(text)))
        if words:
            found.append(Example(name, text, words, marks_in(masked), 1.0))
    about = tuple(
        word
        for word in split_words(f"{means} {name.replace('_', ' ').replace('.', ' ')}")
        if word not in _ABOUT_TALKING
    )
    if about:
        found.append(Example(name, means, about, UNMARKED, WEIGHT_MEANS))
    return tuple(found)


def _masked(text: str, slots: Mapping[str, SlotType], item_names: Mapping[str, tuple[str, ...]]) -> str:
    """An example with what its slots may hold masked."""

    def mask(placeholder: re.Match[str]) -> str:
        slot = slots.get(placeholder[1])
        if slot is None:
            return " "
        return NUMBER if isinstance(slot, IntType) else ITEM if isinstance(slot, ItemType) else OPTION

    kinds = {type(kind) for kind in slots.values()}
    spans = [(n.start, n.end, NUMBER) for n in find_numbers(text)] if IntType in kinds else []
    # Only where the intent is about items is one item as good as another; "give me the key" is about the key.
    spans += [(m.start, m.end, ITEM) for m in find_items(text, item_names)] if ItemType in kinds else []
    if not spans and "{" not in text:
        return text
    for start, end, masked in sorted(spans, reverse=True):
        if not any(p.start() < end and start < p.end() for p in _PLACEHOLDER.finditer(text)):
            text = f"{text[:start]} {masked} {text[end:]}"
    return without_articles(_PLACEHOLDER.sub(mask, text))


MAX_INDEXES = 64
"""Characters' sets of intents kept ready; the least recently used are dropped."""

_index = lru_cache(maxsize=MAX_INDEXES)(Index)


def index_for(intents: Mapping[str, Intent], item_names: Mapping[str, tuple[str, ...]]) -> Index:
    """The index of a set of intents in any order, built when their content is first seen and remembered by it."""
    return _index(
        tuple((i.id, i.means, i.examples, tuple(i.slots.items())) for _, i in sorted(intents.items())),
        tuple((item, tuple(names)) for item, names in item_names.items()),
    )
