"""Numbers a player says: in digits, in words, and mixed.

What counts as an amount: ``20``, ``1,200``, ``20gp``, ``x5``, ``$20``, ``2k``, ``2.5k``, ``5 hundred``,
``twenty-five``, ``five and twenty``, ``a hundred and ten``, ``a dozen``, ``half a hundred``, ``two score``,
``a couple of coins``, ``a gold coin`` (1), ``-5`` and ``minus five`` (both −5), and one slip in a long word
(``twnety``, ``hunderd``, ``twenty-fve``).

What does not: ordinals (``the 3rd``, ``twenty-second``), decimals and fractions (``2.5``, ``2,5``, ``two thirds``,
``three and a half``), percentages, times of day, digits inside words and ids (``b4``, ``room-5``, ``#7``,
``1.2.3``), vague counts (``hundreds``, ``a few dozen``), and *one* as a pronoun (``no one``, ``this one``).

Digits are ASCII or full-width; those of other scripts are taken for letters, so that nobody pays an amount that a
game's reviewers could not read. Numbers of more than `MAX_DIGITS` digits and whatever stands beyond the first
`MAX_CHARACTERS` characters are not read. The time taken is linear in the characters read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from npc.grounding.typos import Speller

MAX_CHARACTERS = 50_000
MAX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Number:
    """An amount said: its value, and where it stands in the text (`text[start:end]`)."""

    value: int
    start: int
    end: int


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNITS = {
    word: value
    for value, words in enumerate(
        ("zero nought", "one", "two twain", "three", "four", "five", "six", "seven", "eight", "nine")
    )
    for word in words.split()
}
_TEENS = dict(
    zip(
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
        range(10, 20),
        strict=True,
    )
)
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
) | {"fourty": 40}
_JOINED = {tens + unit: a + b for tens, a in _TENS.items() for unit, b in _UNITS.items() if b}
_JOINED |= {"twoscore": 40, "threescore": 60, "fourscore": 80}
_HUNDRED = frozenset({"hundred", "hundreds"})
_SCALES = {"thousand": 1_000, "thousands": 1_000, "grand": 1_000, "million": 1_000_000, "millions": 1_000_000}
_PACKS = {"dozen": 12, "dozens": 12, "score": 20, "scores": 20}
_VAGUE_ALONE = frozenset({"hundreds", "thousands", "millions", "dozens", "scores", "score", "grand"})
_MULTIPLES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "dozen": 12, "score": 20}
_SCORE_BETWEEN, _SETTLE = _words("to with against between by"), _words("settle settled settling keep keeping even")
_ARTICLES = frozenset({"a", "an"})
_VAGUE = frozenset({"few", "several", "many", "some", "countless", "umpteen", "quarter", "third", "of"})
_ORDINALS = _words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth "
    "ninetieth hundredth thousandth millionth"
)
_FRACTIONS = _words(
    "half halves third thirds quarter quarters fourth fourths fifth fifths sixth sixths seventh sevenths "
    "eighth eighths ninth ninths tenth tenths hundredths"
)
_PRONOUN_BEFORE_ONE = _words(
    "no this that which each any every other another the only not some what good your my his her"
)
_KINDS_OF_ONE = _words(
    "big bigger biggest small smaller smallest tiny little large long short old older new red blue green black white "
    "brown yellow golden first second third last next right left wrong best better worst worse same cheap cheaper "
    "cheapest fat"
)
_GETTING = _words("get got find need is was see know write")
_NOT_AMOUNT_AFTER = frozenset({"o'clock", "oclock", "pm", "percent"})
_MINUS_WORDS = frozenset({"minus", "negative"})
_COIN_WORDS = frozenset({"coin", "piece", "gp"})
_COIN_KINDS = frozenset({"gold", "golden", "silver", "copper", "single", "lone", "shiny", "mere", "measly", "lousy"})

_SOUND = _ORDINALS | _FRACTIONS | _words("thirsty elven")
"""Words that are no slip of a number's name, though they look like one."""
_NAMES = {*_UNITS, *_TEENS, *_TENS, *_HUNDRED, *_MULTIPLES, *_SCALES, *_PACKS, *_VAGUE_ALONE}
_BEGINNINGS = frozenset({*_NAMES, *_JOINED, *_VAGUE, *_ARTICLES, "half", "couple", "baker's"})
"""Words that something number-like may begin with, digits aside."""
_COUNTING = frozenset({*_NAMES, *_JOINED, *_COIN_WORDS, *_COIN_KINDS, "couple", "pair"})
"""Words of which every amount has one, digits aside."""
_LONG = Speller(_NAMES, forgiving=6, clear=5)
_UNIT = Speller(_UNITS, forgiving=4)
"""Names of numbers with a slip: any in a long name, and in the five of "twenty-five"."""

_CHUNK = re.compile(r"\w+(?:(?<=[0-9])[.,:/'][0-9]\w*|'(?=[^\W\d])\w+)*")
_DIGITS = re.compile(r"(x)?([0-9][0-9.,]*)(k|gp|gps|g|gold|golds|sp|cp|pp|c|coin|coins|pc|pcs|pieces|x)?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_HYPHENS = frozenset("-‐‑")
_MINUS_SIGNS = frozenset("-−–‐‑")
_OPENERS = frozenset(" \t\r\n([{<\"'“”‘’«:;,.!?=~*—…|/")
_CURRENCY = frozenset("$£€¥¢")
# Full-width forms to ASCII and curly quotes to straight ones, character by character so that spans stay true.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2019: 0x27, 0x2018: 0x27}


def plain(text: str) -> str:
    """The text in small letters, full-width forms and curly quotes made plain; every character keeps its place."""
    if text.isascii():
        return text.lower()
    text = text.translate(_PLAIN)
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@lru_cache(maxsize=20_000)
def _mended(word: str, *, is_unit: bool) -> str:
    return (_UNIT if is_unit else _LONG).mend_surely(word) or word


def find_numbers(text: str) -> list[Number]:
    """All amounts in a player's line, in order of appearance; corrections ("20, no, 25") are the caller's to weigh."""
    text = plain(text[:MAX_CHARACTERS])
    return _Reader(text).read() if any(map(_counts, _CHUNK.findall(text))) else []


@lru_cache(maxsize=20_000)
def _counts(word: str) -> bool:
    """Whether an amount may be said with a word: no amount is said without any such word."""
    return word[0].isdigit() or word[0] == "x" or _mended(word, is_unit=False) in _COUNTING


@dataclass(slots=True)
class _Token:
    word: str
    start: int
    end: int
    gap: str
    """What stands between the token before and this one."""

    @property
    def joined(self) -> bool:
        """Whether it may continue the number before it: only blanks or one hyphen in between."""
        return self.gap in _HYPHENS or (self.gap.isspace() and len(self.gap) <= 4)


class _Reader:
    """Recursive descent over the words of a text made plain. Each method takes a token index, answers (value, next)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[_Token] = []
        end = 0
        for match in _CHUNK.finditer(self.text):
            gap = self.text[end : match.start()][-5:]
            word = match[0]
            if word not in _SOUND:
                is_unit = gap in _HYPHENS and bool(self.tokens) and self.tokens[-1].word in _TENS
                word = _mended(word, is_unit=is_unit)
            self.tokens.append(_Token(word, match.start(), match.end(), gap))
            end = match.end()

    def read(self) -> list[Number]:
        found: list[Number] = []
        index = 0
        while index < len(self.tokens):
            parsed = self._number(index)
            if parsed is None:
                index += 1
                continue
            value, stop = parsed
            if value is not None and not self._is_disowned(index, stop):
                start, sign = self._sign(index)
                found.append(Number(sign * value, start, self.tokens[stop - 1].end))
            index = self._past_tail(stop)
        return found

    # --- the grammar -------------------------------------------------------------------------------------------

    def _word(self, index: int, *, joined: bool = True) -> str:
        """The word at `index` if it continues what stands before it, else the empty string."""
        if not 0 <= index < len(self.tokens) or (joined and not self.tokens[index].joined):
            return ""
        return self.tokens[index].word

    def _number(self, index: int) -> tuple[int | None, int] | None:
        """A whole number; (None, next) for something number-like that is not an amount."""
        word = self.tokens[index].word
        if word[0].isdigit() or word[0] == "x":
            return self._after_digits(index)
        if word not in _BEGINNINGS:
            return None
        if word in _VAGUE:
            following = self._word(index + 1)
            if following in _ARTICLES:
                following = self._word(index + 2)
                return (None, index + 3) if following in _MULTIPLES else None
            return (None, index + 2) if following in _MULTIPLES or following in _VAGUE_ALONE else None
        for parse in (self._half, self._couple, self._coin):
            if parsed := parse(index):
                return parsed
        return self._large(index)

    def _after_digits(self, index: int) -> tuple[int | None, int] | None:
        """Digits, perhaps with a multiplier word: "5 hundred", "2.5 thousand", "3 dozen"."""
        digits = _digits(self.tokens[index].word)
        if digits is None:
            return (None, index + 1) if self.tokens[index].word[0].isdigit() else None
        if self._is_label(index):
            return None, index + 1
        mantissa, tenths = digits
        multiple = _MULTIPLES.get(self._word(index + 1)) or _SCALES.get(self._word(index + 1))
        if multiple is not None:
            if mantissa * multiple % 10**tenths:
                return None, index + 2
            return self._extended(mantissa * multiple // 10**tenths, multiple, index + 2)
        if mantissa % 10**tenths or tenths:
            return None, index + 1
        return mantissa, index + 1

    def _half(self, index: int) -> tuple[int, int] | None:
        """ "half a hundred", "half a dozen", "a half dozen"."""
        if self.tokens[index].word in _ARTICLES and self._word(index + 1) == "half":
            index += 1
        elif self.tokens[index].word != "half":
            return None
        after = index + 1
        if self._word(after) in _ARTICLES:
            after += 1
        multiple = _MULTIPLES.get(self._word(after))
        return (multiple // 2, after + 1) if multiple else None

    def _couple(self, index: int) -> tuple[int, int] | None:
        """ "a couple of coins", "a pair", "a couple of hundred"; "a baker's dozen"."""
        at = index + 1 if self.tokens[index].word in _ARTICLES else index
        word = self._word(at, joined=at > index)
        if word == "baker's" and self._word(at + 1) == "dozen":
            return 13, at + 2
        if word not in {"couple", "pair"} or (word == "pair" and at == index):
            return None
        after = at + 2 if self._word(at + 1) == "of" else at + 1
        multiple = _MULTIPLES.get(self._word(after))
        return (2 * multiple, after + 1) if multiple else (2, after)

    def _coin(self, index: int) -> tuple[int, int] | None:
        """ "a coin", "a gold piece", "a single gold": an article that counts money counts one."""
        if self.tokens[index].word not in _ARTICLES:
            return None
        at, single = index + 1, False
        while (kind := self._word(at)) in _COIN_KINDS and at - index <= 3:
            if single and kind in {"gold", "silver", "copper"} and self._word(at + 1) not in _COIN_WORDS:
                return 1, at
            single = single or kind not in {"gold", "golden", "silver", "copper"}
            at += 1
        return (1, index + 1) if self._word(at) in _COIN_WORDS else None

    def _large(self, index: int) -> tuple[int | None, int] | None:
        """Number words with thousands and millions."""
        group = self._group(index)
        if group is None:
            return None
        value, at = group
        pack = _PACKS.get(self._word(at))
        if pack is not None:
            return self._extended(value * pack, pack, at + 1)
        scale = _SCALES.get(self._word(at))
        if scale is not None:
            return self._extended(value * scale, scale, at + 1)
        if self._word(at) == "and" and self._word(at + 1) == "a" and self._word(at + 2) == "half":
            multiple = _MULTIPLES.get(self._word(at + 3))
            return (value * multiple + multiple // 2, at + 4) if multiple else (None, at + 3)
        if self._word(at) == "point" and (self._word(at + 1) in _UNITS or self._word(at + 1)[:1].isdigit()):
            return None, at + 2
        return value, at

    def _extended(self, value: int, below: int, index: int) -> tuple[int, int]:
        """What may follow a multiplier: smaller groups ("thousand two hundred", "three score and ten")."""
        while below > 10:
            at = index + 1 if self._word(index) == "and" else index
            comma = at < len(self.tokens) and at == index and self.tokens[at].gap.strip() == "," and below >= 1_000
            if not comma and not self._word(at):
                break
            group = self._digit_group(at) or (self._group(at, bare=False) if below > 100 else self._small(at))
            if group is None or (comma and not 100 <= group[0] < 1_000):
                break
            addend, after = group
            scale = _SCALES.get(self._word(after), 1) if below > 1_000 else 1
            if not 0 < addend * scale < below:
                break
            value, index, below = value + addend * scale, after + (scale > 1), scale
        return value, index

    def _digit_group(self, index: int) -> tuple[int, int] | None:
        """Digits within a mixed form: "2 thousand 5 hundred", "5 thousand 200"."""
        word = self.tokens[index].word
        if not (word.isascii() and word.isdigit() and len(word) <= 3):
            return None
        if len(word) < 3 and self._word(index + 1) in _HUNDRED:
            return int(word) * 100, index + 2
        return (int(word), index + 1) if len(word) == 3 else None

    def _group(self, index: int, *, bare: bool = True) -> tuple[int, int] | None:
        """Number words below a thousand, or a bare multiplier ("a hundred", "dozen")."""
        word = self.tokens[index].word
        if bare:
            at = index + 1 if word in _ARTICLES else index
            multiplier = self._word(at, joined=at > index)
            if multiplier in _VAGUE_ALONE:
                is_score = multiplier == "score" and at > index and self._word(at + 1) not in _SCORE_BETWEEN
                return (20, at + 1) if is_score and self._word(index - 1, joined=False) not in _SETTLE else None
            if multiplier in _MULTIPLES:
                multiple = _MULTIPLES[multiplier]
                return self._extended(multiple, multiple, at + 1) if multiple != 12 else (12, at + 1)
        small = self._small(index)
        if small is None:
            return None
        value, at = small
        if value and self._word(at) in _HUNDRED:
            return self._extended(value * 100, 100, at + 1)
        return small

    def _small(self, index: int) -> tuple[int, int] | None:
        """One to ninety-nine in words; "five and twenty" too, save after "between"."""
        word = self.tokens[index].word
        if word in _TENS:
            unit = _UNITS.get(self._word(index + 1), 0)
            return (_TENS[word] + unit, index + 2) if unit else (_TENS[word], index + 1)
        if word in _JOINED:
            return _JOINED[word], index + 1
        if word in _TEENS:
            return _TEENS[word], index + 1
        if word not in _UNITS:
            return None
        if self._word(index + 1) == "and" and _UNITS[word] and self._word(index + 2) in _TENS:
            hyphened = self.tokens[index + 1].gap in _HYPHENS
            if hyphened or self._word(index - 1, joined=False) not in {"between", "from", "both"}:
                return _TENS[self.tokens[index + 2].word] + _UNITS[word], index + 3
        return _UNITS[word], index + 1

    # --- what disowns a number ---------------------------------------------------------------------------------

    def _is_label(self, index: int) -> bool:
        """Whether digits are part of an id, a date or a decimal: "room-5", "#7", "2024-01-02", ".5"."""
        token = self.tokens[index]
        before = self.text[token.start - 1] if token.start else " "
        if before == "#":
            return True
        if before == "." and (token.start < 2 or self.text[token.start - 2].isspace()):
            return True
        if index and token.gap in _HYPHENS:
            previous = self.tokens[index - 1].word
            if not previous[0].isdigit():
                return previous not in _MINUS_WORDS
            if index > 1 and self.tokens[index - 1].gap in _HYPHENS and self.tokens[index - 2].word[0].isdigit():
                return True
        chain = [self.tokens[i] for i in (index + 1, index + 2) if i < len(self.tokens)]
        if len(chain) == 2 and all(t.gap in _HYPHENS and t.word[0].isdigit() for t in chain):
            return True
        surrounded = index and token.gap in _HYPHENS and chain and chain[0].gap in _HYPHENS
        return bool(surrounded and chain[0].word[0].isdigit())

    def _is_disowned(self, start: int, stop: int) -> bool:
        """Whether what stands around a number makes it something else: an ordinal, a fraction, a time, a pronoun."""
        last = self.tokens[stop - 1]
        if self.text[last.end : last.end + 1] in ("%", "°") or self.text[last.end : last.end + 2] == " %":
            return True
        following = self._word(stop)
        if following in _NOT_AMOUNT_AFTER or (following == "per" and self._word(stop + 1) == "cent"):
            return True
        if self._past_tail(stop) > stop:
            return True
        if stop - start == 1 and self.tokens[start].word == "one":
            return self.tokens[start].joined and self._makes_pronoun(start - 1)
        return False

    def _makes_pronoun(self, index: int) -> bool:
        """Whether a "one" after this word is a pronoun: "this one", "a tiny one", "the red one", "how do I get one"."""
        word, before = self._word(index, joined=False), self._word(index - 1, joined=False)
        if word in _GETTING and not self._word(index + 2):
            return True
        return word in _PRONOUN_BEFORE_ONE or before in ("a", "an") or (before == "the" and word in _KINDS_OF_ONE)

    def _past_tail(self, stop: int) -> int:
        """The index after an ordinal or fraction word that belongs to the number ending at `stop`, else `stop`."""
        number = self.tokens[stop - 1].word
        at = stop + 1 if self._word(stop) == "and" else stop
        word = self._word(at)
        if word in _ORDINALS and number in (_TENS.keys() | _HUNDRED | _SCALES.keys()):
            return at + 1
        if word in _FRACTIONS and number in (_UNITS.keys() | _TEENS.keys()) and (at == stop) and number != "zero":
            return at + 1
        return stop

    def _sign(self, index: int) -> tuple[int, int]:
        """Where the number begins with its sign, and the sign: 1 or -1."""
        start = self.tokens[index].start
        if self._word(index - 1, joined=False) in _MINUS_WORDS and self.tokens[index].joined:
            return self.tokens[index - 1].start, -1
        at = start
        if at and self.text[at - 1] in _CURRENCY:
            at -= 1
        while at and self.text[at - 1] == " " and start - at < 3 and at > 1 and self.text[at - 2] == "−":
            at -= 1
        if at and self.text[at - 1] in _MINUS_SIGNS and (at == 1 or self.text[at - 2] in _OPENERS | _MINUS_SIGNS):
            return at - 1, -1
        return start, 1


def _digits(word: str) -> tuple[int, int] | None:
    """The value of a word that starts with digits as (mantissa, decimal places), or None when it is no amount."""
    match = _DIGITS.fullmatch(word)
    if match is None or (match[1] and match[3]):
        return None
    digits, places = match[2].rstrip(".,"), 0
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif "." in digits:
        whole, _, fraction = digits.replace(",", "").partition(".")
        if not fraction.isdigit():
            return None
        digits, places = whole + fraction, len(fraction)
    if not digits.isdigit() or len(digits) > MAX_DIGITS:
        return None
    value = int(digits)
    if match[3] == "k":
        value *= 1_000
        while places and not value % 10:
            value, places = value // 10, places - 1
    return value, places
