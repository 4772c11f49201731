"""Items a player names: by id, shown name or synonym, in the plural, with an article or a slip of the finger.

A name within a saying ("that rings a bell") or used for a deed ("let's seal it") names nothing.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from npc.grounding.idioms import find_sayings, is_done
from npc.grounding.numbers import MAX_CHARACTERS
from npc.grounding.typos import REAL_WORDS, Speller, is_one_slip

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ARTICLES = frozenset({"a", "an", "the", "some", "my", "your", "of"})
_SHORT = 4
"""Letters that a word must have before two of them may be swapped or one doubled, and any other slip be forgiven
where another word of the name is right."""


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

    A name that two items share names the one declared first. Exact names win over plurals, plurals over typos. Of
    short words few slips are forgiven ("bel" is no bell), save beside another word of the name ("mule bel").
    """
    lexicon = _lexicon(item_names)
    if not lexicon.longest:
        return []
    text = text[:MAX_CHARACTERS]
    words = [(m[0].lower().replace("’", "'"), m.start(), m.end()) for m in _WORD.finditer(text)]
    mended = [lexicon.speller.mend(word) for word, _, _ in words]
    found = []
    index = 0
    while index < len(words):
        # Of a name with a slip that cannot be told by itself, the next word is right.
        is_start = mended[index] is not None or any(mended[index + 1 : index + 2])
        for length in range(min(lexicon.longest, len(words) - index) if is_start else 0, 0, -1):
            stop = index + length
            item = lexicon.item(tuple(word for word, _, _ in words[index:stop]), tuple(mended[index:stop]))
            if item is not None:
                found.append(Mention(item, words[index][1], words[stop - 1][2]))
                index = stop - 1
                break
        index += 1
    if not found:
        return []
    sayings = find_sayings(text)
    return [
        mention
        for mention in found
        # An item may be called like a saying: "the Red Herring".
        if not any(
            start < mention.end and mention.start < end and end - start > mention.end - mention.start
            for start, end in sayings
        )
        and not is_done(text, mention.start, mention.end)
    ]


class _Lexicon:
    """Every form of every name, made once per set of names."""

    def __init__(self, item_names: Mapping[str, tuple[str, ...]]) -> None:
        self.exact: dict[tuple[str, ...], str] = {}
        self.plural: dict[tuple[str, ...], str] = {}
        self.almost: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        """A name with "" for one of its words → that word, and the item."""
        known: set[str] = set()
        for item, names in item_names.items():
            for name in (item.replace("_", " ").replace(".", " "), *names):
                words = _words(name)
                if not words:
                    continue
                self.exact.setdefault(words, item)
                known.update(words)
                for place, word in enumerate(words if len(words) > 1 else ()):
                    if len(word) >= _SHORT:
                        self.almost.setdefault(_without(words, place), []).append((word, item))
                for form in (*_plurals(words[-1]), *_singulars(words[-1])):
                    self.plural.setdefault((*words[:-1], form), item)
                    known.add(form)
        self.longest = max(map(len, self.exact), default=0)
        self.speller = Speller(known, clear=_SHORT)

    def item(self, words: tuple[str, ...], mended: tuple[str | None, ...]) -> str | None:
        """The item a run of words names, as typed or else with slips mended, or None."""
        meant = tuple(word for word in mended if word is not None)
        if len(meant) == len(words):
            named = self.exact.get(words) or self.plural.get(words) or self.exact.get(meant) or self.plural.get(meant)
            if named is not None:
                return named
        for place in range(len(words) if len(words) > 1 else 0):
            for word, item in self.almost.get(_without(words, place), ()):
                if words[place][0] == word[0] and words[place] not in REAL_WORDS and is_one_slip(words[place], word):
                    return item
        return None


def _without(words: tuple[str, ...], place: int) -> tuple[str, ...]:
    return (*words[:place], "", *words[place + 1 :])


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
