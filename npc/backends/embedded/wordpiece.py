"""Text to word pieces, as BERT's uncased vocabulary wants it.

Rules and vocabulary are those of BERT (Devlin et al. 2018; its `BasicTokenizer` and `WordpieceTokenizer`): lower case,
no accents, punctuation and CJK characters apart, then for each word the longest pieces that the vocabulary has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"
LONGEST_WORD = 100
"""Characters of a word beyond which it is unknown as a whole, as in BERT."""
_CJK = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPieces:
    """A vocabulary, and how texts are cut into its pieces.

    Args:
        vocabulary: the pieces; a piece's place is its number. Pieces inside a word begin with ``##``.
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._unknown = self._numbers[UNKNOWN]
        self._begin, self._end = self._numbers[BEGIN], self._numbers[END]
        self._pieces_of = lru_cache(maxsize=8_192)(self._cut)

    @classmethod
    def load(cls, path: Path) -> WordPieces:
        """Read a vocabulary file: one piece a line, UTF-8."""
        return cls(path.read_text(encoding="utf-8").split("\n")[:-1])

    def numbers(self, text: str, limit: int) -> list[int]:
        """The numbers of a text's pieces between the begin and the end sign, `limit` in all at most."""
        found = [self._begin]
        for word in words_of(text):
            found += self._pieces_of(word)
            if len(found) >= limit:
                break
        return [*found[: limit - 1], self._end]

    def _cut(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self._unknown,)
        found = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = word[start:end] if start == 0 else "##" + word[start:end]
                if piece in self._numbers:
                    found.append(self._numbers[piece])
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def words_of(text: str) -> Iterable[str]:
    """The words of a text, in lower case and without accents; every punctuation mark and CJK character by itself."""
    if text.isascii():
        text = text.lower()
    else:
        cleaned = "".join(f" {char} " if _is_cjk(char) else char for char in text)
        # Folding a character at a time: lower case, then apart from its accents, which go.
        text = unicodedata.normalize("NFD", "".join(char.lower() for char in cleaned))
        text = "".join(char for char in text if unicodedata.category(char) != "Mn")
    word = ""
    for char in text:
        if char.isalnum():
            word += char
        elif _is_space(char) or _is_dropped(char) or _is_punctuation(char):
            if _is_dropped(char):
                continue
            if word:
                yield word
                word = ""
            if not _is_space(char):
                yield char
        else:
            word += char
    if word:
        yield word


def _is_space(char: str) -> bool:
    return char in " \t\n\r" or unicodedata.category(char) == "Zs"


def _is_dropped(char: str) -> bool:
    return char not in "\t\n\r" and (char in "\0\ufffd" or unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs"))


def _is_punctuation(char: str) -> bool:
    # BERT counts all ASCII signs that are neither letter nor digit, such as $ and ~.
    code = ord(char)
    return 33 <= code <= 126 or unicodedata.category(char).startswith("P")


def _is_cjk(char: str) -> bool:
    code = ord(char)
    return any(low <= code <= high for low, high in _CJK)
