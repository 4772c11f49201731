"""What a question or a proposal is about, whatever it names: asking after a thing is no gift, and wanting no sale."""

from __future__ import annotations

import re

_LEAD = r"^(?:(?:and|but|so|well|ok|oh|then|please|now|say|tell me|excuse me|sorry) )*"
_AFTER = re.compile(rf"{_LEAD}(?:where|why|who|which|when|how (?!about\b)|what (?!if\b|about\b|do you say\b))")
_WANTED = re.compile(
    rf"{_LEAD}(?:would|do|did|does|could) (?:you|he|she|they) (?:not )?(?:want|like|need|fancy|care for)\b(?! to\b)"
)


_ORDER = re.compile(
    r"^(?:(?:<num>|one|a|an|some|the) )*(?:<item>|(?:<num>|one|a|an|some|the) [a-z]+(?: [a-z]+)?) please$"
)


def is_question_after(words: tuple[str, ...]) -> bool:
    """Whether a clause asks where, why, who, which, when, how or what; "how about" and "what if" propose."""
    return bool(_AFTER.search(" ".join(words)))


def is_asking_wanted(words: tuple[str, ...]) -> bool:
    """Whether a clause asks if the other wants a thing: "do you want a spoon", but not "do you want to buy one"."""
    return bool(_WANTED.search(" ".join(words)))


def is_order(words: tuple[str, ...]) -> bool:
    """Whether a clause only names what is wanted: "one fish please"."""
    return bool(_ORDER.search(" ".join(words)))


# --- what says nothing ---------------------------------------------------------------------------------------------

_FILLERS = """
    if you want; if you like; if you wish; if i may; what do you say; what say you; is that so; i hear;
    you know; you see; you think; you hear; i think; i say; i mean; i suppose; i guess; i hope; i wonder; if you
    please; if you will; would you; will you; could you; can you; do you; are you; is it; is it not; are you
    not; do you not; will you not; would you not; does it not; did you not; am i not; right; sir; good sir; kind
    sir; madam; good madam; lady; my lady; lord; my lord; good man; my good man; good woman; my good woman; good
    lady; friend; my friend; good friend; look; listen; see; come; after all; by the way; of course; in fact;
    for now; right now; then; now; now then; there; truly; in truth; you; me; i; it; that; this; excuse me; pardon me;
    beg pardon; i beg your pardon; i do beg your pardon; begging your pardon; forgive me; forgive me for asking; forgive
    my asking; pardon my asking; pardon the question; sorry; go on; come on; do you suppose; do you think; would you
    say; forgive the question; forgive me sir; forgive me madam; excuse me sir; excuse me madam; pardon me sir;
    pardon me madam; hey you; oi; oi you; psst; no more; no less; no questions; no questions asked; no offence
    """
_FILLER = frozenset(tuple(phrase.split()) for phrase in _FILLERS.replace("\n", " ").split(";"))


def is_filler(words: tuple[str, ...]) -> bool:
    """Whether a clause beside others only addresses, softens or asks for assent: ", sir", ", is it not"."""
    return words in _FILLER


# --- proposals -----------------------------------------------------------------------------------------------------

_PROPOSAL = re.compile(
    r"^\W*(?:(?:well|so|ok|okay|and|then|please|but|hm+)\W+)*"
    r"(?:how about|what if|what about|suppose|supposing|what (?:would|do) you say to)\b",
    re.IGNORECASE,
)
_THING = r"(?:(?:a|an|the|my|this|that|some|these|one|also)\s+)*\s*<item\d+>[^<]*<end>(?:\s*of\s*<item\d+>[^<]*<end>)*"
_ADDED = re.compile(rf"(?:\band\b|\bplus\b|\balong\s+with\b|\bwith\b|,|&|\+)\s*{_THING}", re.IGNORECASE)
_FIRST = re.compile(rf"{_THING}\s*(?:\band\b|\bplus\b|\bwith\b|,|&|\+)", re.IGNORECASE)


def without_proposed_things(tagged: str) -> str:
    """A tagged sentence that proposes a sum and things together, without the things: the sum is what is offered."""
    if "<num" not in tagged or "<item" not in tagged or not _PROPOSAL.search(tagged):
        return tagged
    return _FIRST.sub(" ", _ADDED.sub(" ", tagged))


# --- refused prices ------------------------------------------------------------------------------------------------

_LIMIT = re.compile(
    r"\b(?:why not|not (?:only|more|less|(?:a|one|another|<num>) (?:\w+ )?(?:more|less)"
    r"|(?:[a-z<>]+ ){0,3}(?:(?:more|higher) than|over|above|beyond))"
    r"|no (?:more|less|higher|further)|if not|or not|not bad|not mind|no problem)\b"
)
_UNPAID = re.compile(
    r"\b(?:can not (?:afford|pay|spend|go)|not (?:paying|worth|got|enough)|do not have"
    r"|too (?:much|dear|expensive|high|steep|pricey)|refuse to (?:pay|give|spend)"
    r"|(?:is|are) (?:(?:a|an|just|simply|rather|pure|sheer|daylight|highway) )*(?:robbery|theft|extortion|usury|joke"
    r"|insult|outrage|outrageous|steep|absurd|ridiculous|madness))\b"
)
_REFUSING = frozenset({"not", "never", "no"})
_REFUSAL_ITSELF = frozenset({"no", "nope", "nah", "nay", "never", "not"})


def is_refused_price(words: tuple[str, ...], *, negated: bool) -> bool:
    """Whether a clause refuses the number it names: "not for 6 gold", "I can't pay 6"; not "no more than 6"."""
    text = _LIMIT.sub(" ", " ".join(words))
    return bool(_UNPAID.search(text)) or (negated and not _REFUSING.isdisjoint(text.split()))


def is_complaint(words: tuple[str, ...]) -> bool:
    """Whether a clause that names no sum finds the one before it too high: "that's too much"."""
    return "<num>" not in words and bool(_UNPAID.search(" ".join(words)))


def is_plain_refusal(words: tuple[str, ...]) -> bool:
    """Whether a clause only says no."""
    return set(words) <= _REFUSAL_ITSELF
