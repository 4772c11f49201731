"""Slips of the finger: one letter too many, too few, wrong, or swapped with its neighbour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

MIN_TYPO_LENGTH = 5
"""Letters the word meant must have before a slip is forgiven."""

# Everyday words that stand one letter away from the names of common wares, and mean themselves.
_EVERYDAY = """
    above alone along apart aware beard begin board bored bound bowed break breed brand broad brown chase cheap clock
    close cloth could crave crown dread drink great hones house horde horse light later learn mount mouth night other
    place plain peace point power price ready right round scale score sharp shirt short sight small sound speak spend
    spell stand start steal steel still stock stone store sweat sword table taken thank their there these thick thing
    think those three throw trade tread treat truth water where which while whole worse worth would wound write wrong
    leave never since maybe after until every might about again quite quiet kinds minds money honey funny sunny
    """
REAL_WORDS = frozenset(_EVERYDAY.split())

_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours() -> dict[str, str]:
    near = dict.fromkeys("aeiou", "aeiou")
    for r, row in enumerate(_KEY_ROWS):
        for k, key in enumerate(row):
            beside = row[max(0, k - 1) : k + 2]
            above = _KEY_ROWS[r - 1][k : k + 2] if r else ""
            below = _KEY_ROWS[r + 1][max(0, k - 1) : k + 1] if r < 2 else ""
            near[key] = near.get(key, "") + beside + above + below
    return near


_NEIGHBOURS = _neighbours()


class Speller:
    """Finds the known word that an unknown one was meant to be.

    Args:
        words: the known words, in small letters.
        forgiving: letters from which any one slip in a word is forgiven.
        clear: letters from which slips are forgiven that hardly ever make another word (see `is_clear_slip`).
    """

    def __init__(self, words: Iterable[str], *, forgiving: int = MIN_TYPO_LENGTH, clear: int = MIN_TYPO_LENGTH) -> None:
        self.known = frozenset(words)
        self.forgiving = forgiving
        self.shortest = min(forgiving, clear)
        self._buckets: dict[tuple[str, int], list[str]] = {}
        for word in sorted(self.known):
            if len(word) >= self.shortest:
                self._buckets.setdefault((word[0], len(word)), []).append(word)

    def mend(self, word: str) -> str | None:
        """The known word one slip away, in alphabetical order if there are several; the word itself if it is known.

        The first letter must be right: people rarely miss it, and "bread" is not "dread".
        """
        return word if word in self.known else next(self._meant(word), None)

    def mend_surely(self, word: str) -> str | None:
        """As `mend`, but None where several known words are one slip away."""
        if word in self.known:
            return word
        found = list(islice(self._meant(word), 2))
        return found[0] if len(found) == 1 else None

    def _meant(self, word: str) -> Iterator[str]:
        if not self.shortest <= len(word) + 1 <= 30 or word in REAL_WORDS:
            return
        for length in (len(word), len(word) + 1, len(word) - 1):
            is_slip = is_one_slip if length >= self.forgiving else is_clear_slip
            for candidate in self._buckets.get((word[0], length), ()):
                if is_slip(word, candidate):
                    yield candidate


def is_one_slip(a: str, b: str) -> bool:
    """Whether one word becomes the other by one letter put in or left out, two neighbours swapped, or a wrong key.

    A wrong letter is a slip only if its key lies beside the right one, or both are vowels: "green" is not "greet".
    """
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    if len(a) != len(b):
        return rest_a[1:] == rest_b if len(a) > len(b) else rest_a == rest_b[1:]
    if rest_a[1:] == rest_b[1:]:
        return not rest_a or rest_b[0] in _NEIGHBOURS.get(rest_a[0], "")
    return rest_a[2:] == rest_b[2:] and rest_a[:2] == rest_b[:2][::-1]


def is_clear_slip(typed: str, word: str) -> bool:
    """Whether what was typed has two neighbours of the word swapped, or one letter of it doubled: "roep", "roope"."""
    if len(typed) == len(word) + 1:
        return any(typed[i] == typed[i + 1] and typed[:i] + typed[i + 1 :] == word for i in range(len(word)))
    return sorted(typed) == sorted(word) and is_one_slip(typed, word)
