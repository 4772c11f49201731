"""Sayings in which the name of a thing does not mean the thing: "does that ring a bell", "let's seal the deal".

A saying is left out where players of some world would mean it to the letter ("take a bow", "a piece of cake").
"""

from __future__ import annotations

import re

from npc.grounding.numbers import plain

# One saying a line: OWN is "my", "your", …, and MY besides "the" and "a"; a star stands for the endings of a verb.
_SAYINGS = """
    ring* a bell
    ring* any bells
    rang a bell
    clear as a bell
    sound as a bell
    saved by the bell
    with bells on
    seal* MY deal
    seal* MY bargain
    seal* MY fate
    seal of approval
    stamp of approval
    stamp* OWN foot
    stamp* OWN feet
    lock and key
    key question
    key point
    key issue
    key word
    key difference
    key to success
    key to happiness
    key to OWN heart
    key to (?:a|any|every|all) (?:good|fair|great|happy|long|true|successful)
    end of OWN rope
    money for old rope
    rope* (?:me|us|him|her|them) in
    daily bread
    best thing since sliced bread
    on a roll
    roll* over
    red herring
    red herrings
    fish out of water
    (?:other|bigger) fish to fry
    drink* like a fish
    silver tongue
    silver tongued
    silver lining
    silver spoon in OWN mouth
    born with a silver spoon
    heart of gold
    good as gold
    (?:gold|silver|copper|bronze) (?:coin|piece)s?
    worth OWN salt
    salt of the earth
    take it with a (?:pinch|grain) of salt
    apple of OWN eye
    bad apples
    eat OWN hat
    hats? off to
    drop of a hat
    under OWN hat
    axe to grind
    bone to pick
    cross* swords
    double edged sword
    knight in shining armou?r
    chink in OWN armou?r
    hold OWN horses
    spill* the beans
    bite the bullet
    bring* home the bacon
    tooth and nail
    nail on the head
    in the same boat
    needle in a haystack
    hold a candle to
    burn* the candle at both ends
    other side of the coin
    smoke and mirrors
    pot calling the kettle
    not OWN cup of tea
    wild goose chase
    cat got OWN tongue
    cat out of the bag
"""
_OWN = "(?:my|your|his|her|its|our|their)"
_MY = "(?:my|your|his|her|its|our|their|the|this|that|a|an)"


def _pattern(saying: str) -> str:
    words = re.sub(r"\bOWN\b", _OWN, re.sub(r"\bMY\b", _MY, saying.strip())).replace("*", "(?:e?s|e?d|ing)?")
    return words.replace(" ", r"[\s-]+")


# A virtue or a deed is the key to something; what a key might lie in or on is not.
_VIRTUE = (
    r"(?:\w{3,}(?:ness|ence|ance|ity|sty|alty|ship|ation)|trust|love|hope|luck|faith|time|timing|practice|planning)"
    r" (?:is|are) (?:the )?keys?"
)
_SAYING = re.compile(r"\b(?:" + "|".join(map(_pattern, [*_SAYINGS.strip().splitlines(), _VIRTUE])) + r")\b")

_WILL_DO = re.compile(r"(?:\b(?:to|let's|lets|let\s+us|shall\s+we|will|would|can|could)|'ll)\s+$")
_TO_IT = re.compile(r"\s+(?:it|this|that|the|our|my|your|us|me|them|him|her)\b")


def find_sayings(text: str) -> list[tuple[int, int]]:
    """Where a text uses a saying, as `(start, end)`, in order of appearance."""
    return [match.span() for match in _SAYING.finditer(plain(text))]


def is_done(text: str, start: int, end: int) -> bool:
    """Whether the word at `text[start:end]` is a deed and no thing: "to seal it", "let's seal this"."""
    before = plain(text[max(0, start - 12) : start])
    return bool(_WILL_DO.search(before) and _TO_IT.match(plain(text[end : end + 12])))
