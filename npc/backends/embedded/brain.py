"""What one character can hear, learnt from its intents: how likely each is expressed by a part of a line."""

from __future__ import annotations

import json
import math
import threading
import weakref
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from npc.backends.embedded import kept
from npc.backends.embedded.clauses import Clause, Marks, marks_of
from npc.backends.embedded.encoder import WIDTH, encode, encoder_sum, from_steps, in_steps
from npc.backends.embedded.index import UNASKED, Index, Match, index_for
from npc.backends.embedded.lessons import Lesson, background, lessons_of, plain_text
from npc.backends.embedded.softmax import softmax, train
from npc.catalog.model import Intent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

VERSION = 2
"""Raised with every change to how a head is trained, so that none kept from before is used."""
CALIBRATION = Path(__file__).with_name("calibration.json")
SIGNS = ("head", "nearest", "ahead", "lexical", "lexically_ahead")
"""What is known of a part of a line and an intent, and tells which intent fits best."""
MEANT_SIGNS = ("head", "nearest", "lexical", "background", "beside", "words", "lessons")
"""What tells whether the intent that fits best is meant at all; the last four are of the part alone: how near
background lines are, the log-odds that it is beside all intents, and the logarithms of its words and of all lessons."""
NEIGHBOURS = 5
"""Background lines, the nearest, whose likeness to a part is a sign."""

# Chosen on tests/backends/embedded/other_worlds.yaml and the tuning half of understanding_cases.yaml.
SCALE, PENALTY, STEPS = 8.0, 1e-3, 150
TOO_CLOSE = 0.75
"""A background line more alike to a lesson than this (a cosine) is no background for the character."""
SHARE_MEANS = 0.5
"""How much a lesson made from `means` counts, against 1 for an example."""
SHARE_MASKED = 0.83
"""How far a reading that takes any item for as good as another counts where some intent knows this very item."""
FLAG_MISMATCH = 0.35
"""What is left of a probability where the part is negated or reported and the intent's lessons are not, or the other
way round."""
FLAG_SLACK = 0.08
"""How much further off (in cosine) a lesson negated and reported alike may be than the nearest of all."""
RIVALRY = 1.0
"""Log-odds by which an intent that makes no difference now stands back in the competition."""


@dataclass(frozen=True)
class Calibration:
    """How signs become a probability, and from which one an intent counts as heard.

    Attributes:
        weights, bias: sign → weight, and what is added to the weighted sum: the log-odds that tell which intent fits
            best.
        meant_weights, meant_bias: the same for the log-odds that it is meant.
        threshold: probability from which a part expresses an intent.
    """

    weights: Mapping[str, float]
    bias: float
    meant_weights: Mapping[str, float]
    meant_bias: float
    threshold: float


@cache
def calibration() -> Calibration:
    """The figures of `calibration.json`, which `training/calibrate.py` finds."""
    data = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    return Calibration(**data)


@dataclass(frozen=True)
class Signs:
    """What is known of one part of a line.

    Attributes:
        signs: (intents, signs), in the order of `Brain.names` and `SIGNS`.
        alone: (signs,), those of `MEANT_SIGNS` that are of the part alone.
        shares: what is left of each intent's probability where the part denies, reports or asks as no example does.
        examples: intent → its example nearest to the part.
        exact: the intents of which an example says the same word for word.
    """

    signs: Floats
    alone: Floats
    shares: Floats
    examples: Mapping[str, str]
    exact: frozenset[str]


class Brain:
    """A set of intents, learnt. Learning takes a second or two; use `brain_for`, which remembers, on disk as well.

    Args:
        intents: all that the character can hear.
        item_names: item id → the names players may use.
        keep: whether what is learnt is kept on disk.
    """

    def __init__(
        self, intents: Mapping[str, Intent], item_names: Mapping[str, tuple[str, ...]], *, keep: bool = True
    ) -> None:
        import numpy as np

        self.index: Index = index_for(intents, item_names)
        self.lessons: list[Lesson] = lessons_of(intents, item_names)
        self.names: tuple[str, ...] = tuple(sorted({lesson.intent for lesson in self.lessons}))
        places = {name: place for place, name in enumerate(self.names)}
        self._labels = np.array([places[lesson.intent] for lesson in self.lessons], dtype=np.int64)
        self._starts = np.searchsorted(self._labels, np.arange(len(self.names)))
        self._marked: dict[Marks, NDArray[np.bool_]] = {}
        classes = len(self.names) + 1
        key = kept.key_of([VERSION, encoder_sum(), background(), *self.lessons])
        arrays = kept.load(
            key,
            {
                "lessons": ((len(self.lessons), WIDTH), np.int8),
                "weights": ((WIDTH, classes), np.float32),
                "biases": ((classes,), np.float32),
            },
        )
        if arrays is None:
            arrays = self._learn(classes)
            if keep:
                kept.store(key, arrays)
        self._blocks, self._weights, self._biases = self._shared(arrays["lessons"]), arrays["weights"], arrays["biases"]
        self._background = background_vectors()
        _brains.add(self)

    @property
    def vectors(self) -> Iterator[Floats]:
        """The vectors of the lessons, one after the other."""
        return chain.from_iterable(map(from_steps, self._blocks))

    def _shared(self, vectors: NDArray[np.int8]) -> list[NDArray[np.int8]]:
        """The lessons' vectors, an array for each intent, which characters that listen for the same have in common."""
        blocks, start = [], 0
        for _, several in groupby(self.lessons, key=attrgetter("intent")):
            texts = tuple(lesson.text for lesson in several)
            block = _blocks.get(texts)
            if block is None:
                block = _blocks[texts] = vectors[start : start + len(texts)].copy()
            blocks.append(block)
            start += len(texts)
        return blocks

    def _learn(self, classes: int) -> kept.Arrays:
        import numpy as np

        vectors = _encoded(self.lessons)
        others = background_vectors()
        if len(vectors):
            others = others[(others @ vectors.T).max(axis=1) < TOO_CLOSE]
        # An example counts once, however many lines it makes; an intent of many examples for more than one of few, but
        # not as many times more.
        sizes = Counter((lesson.intent, lesson.example) for lesson in self.lessons)
        shares = np.array(
            [
                (SHARE_MEANS if lesson.from_means else 1.0) / sizes[lesson.intent, lesson.example]
                for lesson in self.lessons
            ]
            + [1.0] * len(others)
        )
        labels = np.concatenate([self._labels, np.full(len(others), classes - 1, dtype=np.int64)])
        shares /= np.sqrt(np.bincount(labels, shares, classes))[labels]
        weights, biases = train(
            np.concatenate([vectors, others]),
            labels,
            shares.astype(np.float32),
            classes,
            scale=SCALE,
            penalty=PENALTY,
            steps=STEPS,
        )
        return {"lessons": in_steps(vectors), "weights": weights, "biases": biases}

    def text(self, part: Sequence[Clause]) -> str:
        """A part of a line as it is encoded."""
        return plain_text(self.index.mend(tuple(word for clause in part for word in clause.words)))

    def signs(self, parts: Sequence[Sequence[Clause]], offered: AbstractSet[str]) -> list[Signs]:
        """What is known of each part.

        Args:
            parts: clauses, taken together where there are several.
            offered: the intents that make a difference now.
        """
        import numpy as np

        if not parts or not self.names:
            nothing = np.zeros(0, np.float32)
            return [Signs(np.zeros((0, len(SIGNS)), np.float32), nothing, nothing, {}, frozenset()) for _ in parts]
        lines = encode([self.text(part) for part in parts])
        # Rounded, so that no decision hangs on the last digits, which differ between processors.
        # One line at a time is several times as fast as a product of a few lines with thousands.
        likeness = [np.round(np.concatenate([from_steps(block) @ line for block in self._blocks]), 4) for line in lines]
        standing_back = np.array([0.0 if name in offered else RIVALRY for name in self.names] + [0.0])
        chances = softmax(lines @ self._weights + self._biases - standing_back.astype(np.float32))
        odds = np.log(chances + 1e-6) - np.log(1 - chances + 1e-6)
        background = np.sort([self._background @ line for line in lines], axis=1)[:, -NEIGHBOURS:].mean(axis=1)
        found = []
        for number, part in enumerate(parts):
            near, examples, alike = self._nearest(likeness[number], part)
            lexical = _lexical(self.index, part)
            words = np.array([lexical[name].score if name in lexical else 0.0 for name in self.names])
            head = odds[number, :-1]
            signs = np.stack([head, near, near - _best_other(near), words, words - _best_other(words)], axis=1)
            exact = frozenset(name for name, match in lexical.items() if match.score == 1.0)
            unasked = self.index.unasked(tuple(word for clause in part for word in clause.masked))
            shares = np.where(alike, 1.0, FLAG_MISMATCH) * [UNASKED if name in unasked else 1.0 for name in self.names]
            said = math.log(max(1, sum(len(clause.words) for clause in part)))
            alone = np.array([background[number], odds[number, -1], said, math.log(len(self.lessons))])
            found.append(
                Signs(
                    np.round(signs, 4).astype(np.float32),
                    np.round(alone, 4).astype(np.float32),
                    shares.astype(np.float32),
                    examples,
                    exact,
                )
            )
        return found

    def _nearest(self, likeness: Floats, part: Sequence[Clause]) -> tuple[Floats, dict[str, str], NDArray[np.bool_]]:
        """Per intent: likeness of the nearest lesson, its example, and whether one about as near is marked alike."""
        import numpy as np

        same = self._marked_as(marks_of(part))
        near = np.maximum.reduceat(likeness, self._starts)
        near_alike = np.maximum.reduceat(np.where(same, likeness, -1.0), self._starts)
        nearest = np.zeros(len(self.names), np.int64)
        order = np.flatnonzero(likeness == near[self._labels])
        nearest[self._labels[order]] = order  # Of several lessons as near, the last stays.
        examples = {name: self.lessons[place].example for name, place in zip(self.names, nearest, strict=True)}
        return near, examples, near_alike >= near - FLAG_SLACK

    def _marked_as(self, marks: Marks) -> NDArray[np.bool_]:
        """Which lessons are negated and reported as these marks say."""
        import numpy as np

        if marks not in self._marked:
            self._marked[marks] = np.array([lesson.marks == marks for lesson in self.lessons])
        return self._marked[marks]

    def match(self, parts: Sequence[Sequence[Clause]], offered: AbstractSet[str]) -> list[dict[str, Match]]:
        """For each part: intent → how likely the part expresses it, from 0 to 1, and the example nearest to it."""
        import numpy as np

        found = []
        for known in self.signs(parts, offered):
            chances = np.round(_chances(known), 3)
            found.append(
                {
                    name: Match(1.0 if name in known.exact else float(chance), known.examples[name])
                    for name, chance in zip(self.names, chances, strict=True)
                }
            )
        return found


def _chances(known: Signs) -> NDArray[np.float64]:
    """How likely a part expresses each intent: the one that fits best as likely as it is meant, others less."""
    import numpy as np

    figures = calibration()
    fitting = known.shares * _logistic(known.signs @ [figures.weights[sign] for sign in SIGNS] + figures.bias)
    if not len(fitting):
        return fitting
    best = int(fitting.argmax())
    signs = [*known.signs[best, [SIGNS.index(sign) for sign in MEANT_SIGNS if sign in SIGNS]], *known.alone]
    meant = np.dot(signs, [figures.meant_weights[sign] for sign in MEANT_SIGNS]) + figures.meant_bias
    scale: NDArray[np.float64] = fitting * (known.shares[best] * _logistic(meant) / fitting[best])
    return scale


def _logistic(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    chances: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return chances


_brains: weakref.WeakSet[Brain] = weakref.WeakSet()
"""All brains in memory."""
_blocks: weakref.WeakValueDictionary[tuple[str, ...], NDArray[np.int8]] = weakref.WeakValueDictionary()
"""Texts → their vectors, as long as some brain in memory has them."""


def _encoded(lessons: Sequence[Lesson]) -> Floats:
    """The vectors of lessons: those that another brain has learnt too are taken from there, since encoding takes long.

    Characters share intents, and an edited character most of its examples with itself as it was before.
    """
    import numpy as np

    known: dict[str, Floats] = {}
    for brain in list(_brains):
        known.update((each.text, vector) for each, vector in zip(brain.lessons, brain.vectors, strict=True))
    new = [text for text in dict.fromkeys(lesson.text for lesson in lessons) if text not in known]
    known.update(zip(new, from_steps(in_steps(encode(new))), strict=True))
    return np.stack([known[lesson.text] for lesson in lessons]) if lessons else np.zeros((0, WIDTH), np.float32)


def _best_other(values: Floats) -> Floats:
    """For each value, the largest of the others; 0 when there are none."""
    import numpy as np

    if len(values) < 2:
        return np.zeros_like(values)
    first, second = np.argsort(-values, kind="stable")[:2]
    found = np.full_like(values, values[first])
    found[first] = values[second]
    return found


def _lexical(index: Index, part: Sequence[Clause]) -> dict[str, Match]:
    """The better of two readings: with the items' own names, and with any item as good as another."""
    marks = marks_of(part)
    literal = tuple(word for clause in part for word in clause.words)
    masked = tuple(word for clause in part for word in clause.masked)
    best: dict[str, Match] = {}
    # "Key" in a line says more than "some item" where an intent is about that very key.
    share_masked = SHARE_MASKED if any(index.knows(word) for word in set(literal) - set(masked)) else 1.0
    for words, share in {masked: share_masked, literal: 1.0}.items():
        for name, match in index.match(index.mend(words), marks).items():
            score = match.score * share
            if name not in best or score > best[name].score:
                best[name] = Match(score, match.example)
    return best


@cache
def background_vectors() -> Floats:
    """The vectors of the background lines, from disk where they are kept."""
    import numpy as np

    texts = background()
    key = kept.key_of(["background", encoder_sum(), texts])
    arrays = kept.load(key, {"lines": ((len(texts), WIDTH), np.float32)})
    if arrays is None:
        arrays = {"lines": encode(texts)}
        kept.store(key, arrays)
    lines: Floats = arrays["lines"]
    return lines


MAX_BRAINS = 64
"""Characters kept in memory; the least recently used are dropped."""

_IntentsKey = tuple[tuple[str, str, tuple[str, ...], str], ...]
_ItemsKey = tuple[tuple[str, tuple[str, ...]], ...]
_learning = threading.Lock()


class _Contents:
    """Intents and item names, equal to others of the same content in any order."""

    def __init__(self, intents: Mapping[str, Intent], item_names: Mapping[str, tuple[str, ...]]) -> None:
        self.intents, self.item_names = intents, item_names
        self._key = (
            tuple((i.id, i.means, i.examples, repr(i.slots)) for _, i in sorted(intents.items())),
            tuple(item_names.items()),
        )
        self._hash = hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Contents) and self._key == other._key

    def __hash__(self) -> int:
        return self._hash


class _Handed:
    """The very intents that a character has, equal to the same objects in any order, with items of the same names.

    A character hands over the same objects with every line; to compare their contents takes longer.
    """

    def __init__(self, intents: Mapping[str, Intent], item_names: Mapping[str, tuple[str, ...]]) -> None:
        self.intents, self.item_names = intents, item_names
        self._key = (tuple(sorted(map(id, intents.values()))), tuple(item_names.items()))
        self._hash = hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Handed) and self._key == other._key

    def __hash__(self) -> int:
        return self._hash


@lru_cache(maxsize=MAX_BRAINS)
def _contents(handed: _Handed) -> _Contents:
    return _Contents(handed.intents, handed.item_names)


@lru_cache(maxsize=MAX_BRAINS)
def _brain(contents: _Contents) -> Brain:
    return Brain(contents.intents, contents.item_names)


def brain_for(intents: Mapping[str, Intent], item_names: Mapping[str, tuple[str, ...]]) -> Brain:
    """The brain of a set of intents in any order, learnt when its content is first seen and remembered by it."""
    contents = _contents(_Handed(intents, item_names))
    with _learning:
        brain = _brain(contents)
        _learnt.add(hash(contents))
        return brain


_learnt: set[int] = set()


def is_learnt(intents: Mapping[str, Intent], item_names: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether `brain_for` has been asked for these before, and so is quick."""
    return hash(_contents(_Handed(intents, item_names))) in _learnt
