"""Items a player names: by id, shown name or synonym, in the plural, with an article or a slip of the finger."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from npc.grounding.numbers import MAX_CHARACTERS

MIN_TYPO_LENGTH = 5
"""Letters a word must have before one wrong, missing, extra or swapped letter is forgiven."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ARTICLES = frozenset({"a", "an", "the", "some", "my", "your", "of"})


@dataclass(frozen=True, slots=True)
class Mention:
    """An item named in a text: its id, and where it stands (`text[start:end]`)."""

    item: str
    start: int
    end: int


def find_items(text: str, item_names: Mapping[str, tuple[str, ...]]) -> list[Mention]:
    """The items a text names, in order of appearance; the longest name that fits a place wins.

    Args:
        text: the player's line; the first `MAX_CHARACTERS` characters are read.
        item_names: item id → names a player may use. The id itself, with blanks for underscores, counts as well.

    A name that two items share names the one declared first. Exact names win over plurals, plurals over typos.
    """
    lexicon = _lexicon(item_names)
    if not lexicon.longest:
        return []
    words = [(m[0].lower().replace("’", "'"), m.start(), m.end()) for m in _WORD.finditer(text[:MAX_CHARACTERS])]
    found = []
    index = 0
    while index < len(words):
        for length in range(min(lexicon.longest, len(words) - index), 0, -1):
            span = words[index : index + length]
            item = lexicon.item(tuple(word for word, _, _ in span))
            if item is not None:
                found.append(Mention(item, span[0][1], span[-1][2]))
                index += length - 1
                break
        index += 1
    return found


class _Lexicon:
    """Every form of every name, made once per set of names."""

    def __init__(self, item_names: Mapping[str, tuple[str, ...]]) -> None:
        self.exact: dict[tuple[str, ...], str] = {}
        self.plural: dict[tuple[str, ...], str] = {}
        self.deletions: dict[str, list[str]] = {}
        known: set[str] = set()
        for item, names in item_names.items():
            for name in (item.replace("_", " ").replace(".", " "), *names):
                words = _words(name)
                if not words:
                    continue
                self.exact.setdefault(words, item)
                known.update(words)
                for form in (*_plurals(words[-1]), *_singulars(words[-1])):
                    self.plural.setdefault((*words[:-1], form), item)
                    known.add(form)
        self.longest = max(map(len, self.exact), default=0)
        self.known = known
        for word in sorted(known):
            if len(word) >= MIN_TYPO_LENGTH:
                for form in _deletions(word):
                    self.deletions.setdefault(form, []).append(word)

    def item(self, words: tuple[str, ...]) -> str | None:
        """The item a run of words names, or None."""
        found = self.exact.get(words) or self.plural.get(words)
        if found is not None:
            return found
        mended = tuple(word if word in self.known else self._mended(word) for word in words)
        if mended == words or "" in mended:
            return None
        return self.exact.get(mended) or self.plural.get(mended)

    def _mended(self, word: str) -> str:
        """The known word one slip away from an unknown one, or the empty string."""
        if not MIN_TYPO_LENGTH <= len(word) <= 30 or word in _REAL_WORDS:
            return ""
        # Two words are one edit or one swap apart only if they share a form with one letter less.
        for form in _deletions(word):
            for candidate in self.deletions.get(form, ()):
                if candidate[0] == word[0] and _is_one_slip(word, candidate):
                    return candidate
        return ""


# Everyday words that stand one letter away from the names of common wares, and mean themselves.
_REAL_WORDS = frozenset(
    """above alone along apart aware beard begin board bored bound bowed break breed brand broad brown chase cheap clock
    close cloth could crave crown dread drink great hones house horde light later learn mount mouth night other place
    plain peace place point power price ready right round scale score sharp shirt short sight small sound speak spend
    spell stand start steal steel still stock stone store sweat sword table taken thank their there these thick thing
    think those three throw trade tread treat truth water where which while whole worse worth would wound write
    wrong""".split()
)


def _words(name: str) -> tuple[str, ...]:
    words = [m[0].lower().replace("’", "'") for m in _WORD.finditer(name)]
    while len(words) > 1 and words[0] in _ARTICLES:
        words.pop(0)
    return tuple(words)


def _plurals(word: str) -> list[str]:
    forms = [word + "s"]
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        forms.append(word + "es")
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        forms.append(word[:-1] + "ies")
    if word.endswith("f"):
        forms.append(word[:-1] + "ves")
    if word.endswith("fe"):
        forms.append(word[:-2] + "ves")
    return forms


def _singulars(word: str) -> list[str]:
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return []
    forms = [word[:-1]]
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("ves"):
        forms.append(word[:-3] + "f")
    return forms


def _deletions(word: str) -> list[str]:
    return [word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]


def _is_one_slip(a: str, b: str) -> bool:
    """Whether one letter inserted, left out, replaced, or two neighbours swapped, makes one word the other."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    if len(a) != len(b):
        return rest_a[1:] == rest_b if len(a) > len(b) else rest_a == rest_b[1:]
    if rest_a[1:] == rest_b[1:]:
        return True
    return rest_a[2:] == rest_b[2:] and rest_a[:2] == rest_b[:2][::-1]


_lexicons: OrderedDict[tuple[tuple[str, tuple[str, ...]], ...], _Lexicon] = OrderedDict()
_MAX_LEXICONS = 32


def _lexicon(item_names: Mapping[str, tuple[str, ...]]) -> _Lexicon:
    """The lexicon of a set of names, made once; the least recently used are dropped."""
    key = tuple((item, tuple(names)) for item, names in item_names.items())
    made = _lexicons.get(key)
    if made is None:
        made = _lexicons[key] = _Lexicon(item_names)
        for stale in list(islice(_lexicons, max(0, len(_lexicons) - _MAX_LEXICONS))):
            del _lexicons[stale]
    else:
        _lexicons.move_to_end(key)
    return made
