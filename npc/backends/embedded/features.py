"""What of a clause is compared: stems, pairs of neighbours, and the concepts its words and phrases express."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from sys import intern

from npc.backends.embedded.concepts import phrases
from npc.backends.embedded.words import PLAIN_WORDS, STOP_WORDS, stem

WEIGHT_STOP = 0.27
WEIGHT_PLAIN = 0.57
WEIGHT_WORD = 1.0
WEIGHT_PAIR = 0.43
WEIGHT_CONCEPT = 1.14
WEIGHT_MASK = 1.0
WEIGHT_VOICED = 0.48
"""Weight of a word whose meaning a concept voices already, so that its synonyms stay close to it."""

_QUESTION = frozenset({"what", "where", "who", "how", "why", "when", "which"})


@cache
def _phrase_lengths() -> dict[str, tuple[int, ...]]:
    """First stem → the lengths of the phrases that begin with it, longest first."""
    lengths: dict[str, set[int]] = {}
    for phrase in phrases():
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def features(words: tuple[str, ...]) -> dict[str, float]:
    """Feature → weight, before it is known how telling each feature is among a character's intents.

    Stems are named as they are, pairs with a blank between, concepts in capitals.
    """
    stems = [stem(word) for word in words]
    found: dict[str, float] = {}
    for word, root in zip(words, stems, strict=True):
        if word[0] == "<":
            weight = WEIGHT_MASK
        elif word in _QUESTION:
            weight = 2 * WEIGHT_STOP
        elif word in PLAIN_WORDS:
            weight = WEIGHT_PLAIN
        elif word in STOP_WORDS:
            weight = WEIGHT_STOP
        else:
            weight = WEIGHT_WORD
        found[root] = max(weight, found.get(root, 0.0))
    for first, second in pairwise(stems):
        found[intern(f"{first} {second}")] = WEIGHT_PAIR
    known, lengths = phrases(), _phrase_lengths()
    start = 0
    while start < len(stems):
        # The longest phrase speaks for all its words: "so long" has nothing to do with length.
        for length in lengths.get(stems[start], ()):
            concepts = known.get(tuple(stems[start : start + length]), ())
            if concepts:
                found.update(dict.fromkeys(concepts, WEIGHT_CONCEPT))
                for voiced in stems[start : start + length]:
                    found[voiced] = min(found[voiced], WEIGHT_VOICED)
                start += length - 1
                break
        start += 1
    return found
