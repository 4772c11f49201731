"""A player's line cut into clauses, each marked for what takes its words back: negation, and speech of others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from npc.backends.embedded.features import features
from npc.backends.embedded.framing import is_plain_refusal, is_refused_price, without_proposed_things
from npc.backends.embedded.words import sounds, split_words
from npc.catalog.types import FactValue
from npc.grounding import Mention, Number, find_items, find_numbers, find_totals
from npc.grounding.numbers import plain

MAX_READ = 2_000
"""Characters of a line that are considered; nobody's meaning waits longer."""
MAX_CLAUSES = 16
MAX_WORDS = 60
"""Words of a clause that are considered."""

NUMBER, ITEM, OPTION = "<num>", "<item>", "<option>"


Marks = tuple[tuple[bool, bool], ...]
"""In what ways the clauses of a text are marked: (negated, reported), each way once."""

UNMARKED: Marks = ((False, False),)


@dataclass(frozen=True, slots=True)
class Clause:
    """Part of a line.

    Attributes:
        words: spelt-out words, with a number standing as `NUMBER`.
        masked: the same with what it names standing as `ITEM` or `OPTION`, without articles; else `words`.
        negated: it says that something is not so, or not wanted.
        reported: it tells what others said or did, or what was long ago.
        refused: it names a number and will not have it.
        numbers, items, options: what it names, in order, each with its place in the line.
    """

    words: tuple[str, ...]
    masked: tuple[str, ...]
    negated: bool
    reported: bool
    refused: bool
    numbers: tuple[Number, ...]
    items: tuple[Mention, ...]
    options: tuple[Mention, ...]


_SENTENCE_END = re.compile(r"[.!?;\n\r…]+")
_CLAUSE_END = re.compile(
    r"[,:()\"“”—–]+|\s-+\s|\b(?:and|but|then|because|however|although|though|instead)\b|&"
    r"|\bor\s+(?=(?i:i|we)\s*['’]?(?i:ll|will|shall)\b)"
)
_TAG_QUESTION = re.compile(r"(?<=\w),\s*(?:yes|no|eh|huh|right|ok|okay|innit)\s*\?", re.IGNORECASE)
_MASK = re.compile(r"<(num|item|option)(\d+)>")
_NAMED = re.compile(r"<(item|option)\d+>[^<]*<end>")
_TAG = re.compile(r"<(?:item|option)\d+>|<end>")
_BESIDE_MASK = re.compile(r"\b(?:the|a|an|some|of)\s+(?=<)|(?<=<item>)(?:\s*(?:of\s*)?<item>)+")


def without_articles(masked: str) -> str:
    """A masked text without the articles before its masks, and with "a loaf of bread" masked once."""
    return _BESIDE_MASK.sub(" ", masked)


def read_clauses(
    text: str,
    *,
    facts: Mapping[str, FactValue],
    item_names: Mapping[str, tuple[str, ...]],
    options: Mapping[str, tuple[str, ...]],
) -> list[Clause]:
    """The clauses of a line; none when it carries instructions to a machine (see `is_injected`)."""
    text = text[:MAX_READ]
    if is_injected(text):
        return []
    text = _TAG_QUESTION.sub(_blank, text.replace("<", " ").replace(">", " ").replace("|", " "))
    totals = find_totals(text, facts)
    numbers = [*totals, *(n for n in find_numbers(text) if not any(t.start <= n.start < t.end for t in totals))]
    items = find_items(text, item_names)
    chosen = find_items(text, options)
    tagged = _tag(text, numbers, items, chosen)
    clauses: list[Clause] = []
    for sentence in _SENTENCE_END.split(tagged):
        carried, first = False, len(clauses)
        for part in _CLAUSE_END.split(without_proposed_things(sentence)):
            marks = [(kind, int(index)) for kind, index in _MASK.findall(part)]
            part = part.replace("<num", " <num")
            words = tuple(split_words(_MASK.sub(r"<\1> ", _TAG.sub(" ", part)))[:MAX_WORDS])
            masked = without_articles(_MASK.sub(r"<\1> ", _NAMED.sub(r" <\1> ", part)))
            if not words:
                continue
            reported = carried or is_reported(words)
            negated = is_negated(words)
            carried = carried or (reported and not _SPEECH.isdisjoint(words[-2:]))
            clauses.append(
                Clause(
                    words,
                    tuple(split_words(masked)[:MAX_WORDS]) if "<item" in part or "<option" in part else words,
                    negated,
                    reported,
                    NUMBER in words and is_refused_price(words, negated=negated),
                    tuple(numbers[i] for kind, i in marks if kind == "num"),
                    tuple(items[i] for kind, i in marks if kind == "item"),
                    tuple(chosen[i] for kind, i in marks if kind == "option"),
                )
            )
            if len(clauses) == MAX_CLAUSES:
                return _taken_back(clauses, first)
        clauses = _taken_back(clauses, first)
    noise = tuple(sounds(text)[:MAX_WORDS])
    return [Clause(noise, noise, False, False, False, (), (), ())] if noise else clauses


def _blank(asked: re.Match[str]) -> str:
    """What stands in for ", yes?" after a question: as many characters, so that places stay true."""
    return " " * (len(asked[0]) - 1) + "?"


_WISHES = frozenset({"YES", "BUY", "GIVE", "WANT", "OFFER"})


def _taken_back(clauses: list[Clause], first: int) -> list[Clause]:
    """The clauses, those negated that a refused price takes back: "I'd like the rope, but not for 6 gold".

    It takes back wishes without a sum of their own: those before it, and those of its own sentence, which begins at
    clause `first`. "I'll give you 5 for it, but not 6" stands, and so does "not 6, but the bread for 2".
    """
    if not any(clause.refused and not clause.items for clause in clauses[first:]):
        return clauses
    return [replace(clause, negated=True) if _is_bare_wish(clause) else clause for clause in clauses]


def _is_bare_wish(clause: Clause) -> bool:
    if clause.numbers or is_plain_refusal(clause.words):
        return False
    return bool(clause.items) or not _WISHES.isdisjoint(features(clause.words))


def _tag(text: str, numbers: list[Number], items: list[Mention], options: list[Mention]) -> str:
    spans = [(n.start, n.end, f" <num{i}> ") for i, n in enumerate(numbers)]
    spans += [(m.start, m.end, f" <item{i}>{text[m.start : m.end]}<end> ") for i, m in enumerate(items)]
    spans += [(m.start, m.end, f" <option{i}>{text[m.start : m.end]}<end> ") for i, m in enumerate(options)]
    parts, end = [], 0
    for start, stop, tagged in sorted(spans):
        if start >= end:
            parts.append(text[end:start] + tagged)
            end = stop
    return "".join([*parts, text[end:]])


# --- negation ------------------------------------------------------------------------------------------------------

_NEGATORS = frozenset({"not", "never", "no", "without", "neither", "nor", "none"})
_INVERTED = re.compile(
    r"\b(?:do|does|did|can|could|will|would|is|are|have|has|should|may|might)"
    r" (?:not (?:you|we|i|there|he|she|it|they|that|this)|(?:you|we|i|they|there) not)\b"
)
_HARMLESS = re.compile(
    r"\b(?:why(?: do| do you)? not|not only|not (?:a|one) (?:\w+ )?(?:more|less)"
    r"|no (?:problem|doubt|worries|more than|less than|offence"
    r"|offense|need to worry)"
    r"|can not (?:wait|afford|pay (?:that|so|this)|spend|go (?:that|any)|help but)|do not (?:mind|worry"
    r"|be)|not bad|if not"
    r"|if (?:you|we|he|she|they|it|i) (?:do|does|will|can|are|is|would|have) not"
    r"|or not|not too|not worth|not enough|not paying (?:that|so|this)"
    r"|not (?:made of|that rich|a rich)|no idea|not sure|do not know"
    r"|do not understand|(?:is|are|was) not (?:that|it)"
    r"|do not have (?:that|so|enough|much|(?:any )?(?:money|gold|coin))"
    r"|^(?:has|is|are|was|were|did|does) (?:there )?(?:no|none)"
    r"|(?:have|had) never (?:met|seen|heard|known|tasted)(?:$| (?:such|so|a (?:more|better|finer|worse)))"
    r"|(?:none|no) (?:better|finer|worse|like)"
    r"|have not got (?:that|so|enough)|no (?:money|gold|coin|time)|not from (?:around )?here|no one|no longer)\b"
)
_DISMISSED = re.compile(
    r"\b(?:never mind|forget(?: about)?|keep your|stop (?:asking|talking|with)|enough about|no need for"
    r"|let us not|rather not"
    r"|do not bother|instead of|cancel|changed my mind)\b"
)
_INTERJECTED = """
    i you he she it we they that this give let wait thank thanks please what how why my your the a is are just sir
    """
_AFTER_INTERJECTION = frozenset(_INTERJECTED.split())


@lru_cache(maxsize=4_096)
def marks_in(text: str) -> Marks:
    """The marks of a text's clauses, as `marks_of` gives those of a line's."""
    parts = (part for sentence in _SENTENCE_END.split(text) for part in _CLAUSE_END.split(sentence))
    worded = [words for part in parts if (words := tuple(split_words(part)))]
    return _same(tuple(sorted({(is_negated(words), is_reported(words)) for words in worded})) or UNMARKED)


@cache
def _same(marks: Marks) -> Marks:
    """One object for equal marks: there are thousands of examples, and few ways to be marked."""
    return marks


def marks_of(clauses: Sequence[Clause]) -> Marks:
    """How these clauses are marked, negated and reported, each way once."""
    return tuple(sorted({(clause.negated, clause.reported) for clause in clauses}))


def is_negated(words: tuple[str, ...]) -> bool:
    """Whether a clause denies or dismisses what it names; polite questions ("can't you …?") do not."""
    if words[0] == "no" and len(words) > 1 and (words[1] in _AFTER_INTERJECTION or words[1] == "no"):
        words = words[1:]
    text = " ".join(words)
    if _DISMISSED.search(text):
        return True
    if _NEGATORS.isdisjoint(words):
        return False
    text = _HARMLESS.sub(" ", _INVERTED.sub(" ", text))
    rest = text.split()
    return len(words) > 1 and any(word in _NEGATORS for word in rest)


# --- speech and deeds of others ------------------------------------------------------------------------------------

_SPEAKING = """
    ask asked asks say says said saying tell tells told shout shouted yelled whispered replied answered demanded begged
    """
_SPEECH = frozenset(_SPEAKING.split())
_VERB = (
    r"(?:ask(?:ed|s)|say|says|said|tells|told|wants|wanted|demand(?:ed|s)|claim(?:ed|s)|mention(?:ed|s)"
    r"|begged|begs|offers"
    r"|offered|promised|insist(?:ed|s)|shout(?:ed|s)|whisper(?:ed|s)|wrote|thinks|thought|heard"
    r"|order(?:ed|s)|gave|gives|paid"
    r"|pays|sold|bought|took|stole|needed|used to|tried|got|came|went|lost|warned|threatened)"
)
_OTHER = (
    r"(?:he|she|they|someone|somebody|anyone|everyone|everybody|nobody|people|folk|folks|(?:the|my|a|an"
    r"|that|this|his|her"
    r"|their|our|some|one)(?: (?!you\b|i\b|we\b|<)[a-z]+){1,3}?)"
)
_OPENING = r"^(?:(?:and|but|well|yesterday|once|so|oh|because|when|then|you know|i heard|apparently) )*"
_ADVERB = r"(?: (?:has|had|have|was|already|just|once|always|also|even|never|keeps|kept|not|did))*"
_REPORTED = re.compile(
    rf"{_OPENING}{_OTHER}{_ADVERB} {_VERB}\b"
    r"|^(?:asked|said|told|wanted|demanded|begged|claimed) (?:me|us|him|her|them|for|to|that|the)\b"
    r"|\bi (?:have |had |already |once )*(?:asked|told|said to|begged|warned) (?:him|her|them|the|my|a"
    r"|everyone|someone)\b"
    r"|\bi (?:already |once )*(?:gave|paid|bought|sold|found|took|lost) (?:him|her|them|the|my|a|an|some|someone|<)"
    r"|^(?:did|has|have|had|does|do) (?:he|she|they|anyone|anybody|someone|somebody|people|the [a-z]+) "
    r"|\bif (?:someone|somebody|anyone|anybody|he|she|they|people)\b"
    r"|\b(?:ask(?:ed|s)|told|tells|gave|wanted|begged|ordered) (?:me|us) (?:for|to|about|if|that|the|a|his|her)\b"
)
_PAST = re.compile(
    r"\b(?:yesterday|last (?:night|week|month|year|time|winter|summer)|(?:days?|years?|weeks?|months?"
    r"|hours?|moons?) ago"
    r"|long ago|back then|as a child)\b"
)
_PAST_VERB = re.compile(
    r"\b(?:[a-z]{2,}ed|gave|was|were|had|bought|sold|said|told|took|paid|got|went|came|saw|heard)\b"
)


def is_reported(words: tuple[str, ...]) -> bool:
    """Whether a clause tells of what others said, want or did, or of the past, rather than asking for it now."""
    text = " ".join(words)
    return bool(_REPORTED.search(text) or (_PAST.search(text) and _PAST_VERB.search(text)))


# --- words meant for a machine -------------------------------------------------------------------------------------

_INJECTED = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instructions?|prompts?|programming|directives?"
    r"|guidelines|system|context|above|constraints)\b"
    r"|\b(?:system|assistant|developer|user|human|ai)\s*(?:prompt|message|mode|note|override)?\s*[:=\]]"
    r"|\bsystem (?:prompt|message|override)\b|\b(?:heard|slots|response|intents?|role|content)\s*[\"']?\s*[:=]"
    r"|\byou are now\b|\bnew instructions\b|\bas an ai\b|\bact as (?:if|an? (?:ai|model|assistant))"
    r"|\bjailbreak|\blanguage model\b"
    r"|\b(?:developer|debug|admin|god|sudo) mode\b|\b(?:output|reply|respond|answer"
    r"|return) (?:only )?(?:with |in )?(?:the )?(?:following|json|yaml)"
    r"|```|\{\s*[\"']|\[\s*[\"']|\[/?inst\]|/?im_(?:start|end)|\bend of (?:prompt|instructions|input)\b"
    r"|=>|\bdef \w+\s*\(|\bprint\s*\(|\b(?:const|var) \w+\s*="
    r"|</|#{3,}|\bsay\s*\(|\bgive\s*\(|\bheard\."
)


def is_injected(text: str) -> bool:
    """Whether a line speaks to a machine rather than to the character: pasted replies, roles, "ignore your prompt"."""
    return bool(_INJECTED.search(plain(text)))
