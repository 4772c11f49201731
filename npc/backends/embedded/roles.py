"""What a number or a thing in a clause is there for: offered or wanted, only spoken of, or something else."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from enum import IntEnum

from npc.backends.embedded.clauses import ITEM, NUMBER, Clause
from npc.backends.embedded.features import features
from npc.backends.embedded.words import STOP_WORDS
from npc.grounding import Mention


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Role(IntEnum):
    """What a number or a thing is to the slot it might fill; of several, the greatest counts."""

    NONE = 0
    """A number that counts other things, names a rule or a cell, or is a limit to another: no sum that is offered."""
    MENTIONED = 1
    """What the player has or keeps, or the other asks: meant only where nothing else is."""
    MEANT = 2


_POLITE = _words("please final now total kindly")
_NAMED_BY_NUMBER = _words(
    "rule number chapter page line verse law clause article room cell gate door floor day year level size age aged "
    "prisoner order"
)
_NO_PLURALS = _words(
    "always perhaps yes thus plus minus besides thanks cheers afterwards sometimes sounds seems says suits gets works "
    "buys makes brings takes goes gives pays settles covers feels looks"
)
_MEASURES = _words("feet foot inch yard mile ell stone people men women children folk")
_WHOSE = _words("my our your the these those")
_LOOK_AHEAD = 3
"""Words after a number among which the thing that it counts may stand: "two hungry cats"."""

# `<this>` is the number in question, in a clause whose words are written with blanks between.
_LIMIT_ITSELF = re.compile(r"\b(?:not|never) <this> (?:\w+ )?(?:more|less|over|above|beyond)\b")
_OF_PEOPLE = re.compile(r"<this> of (?:us|you|we)\b")
_HAVING = r"(?:have got|have|had|hold|own|owns|carry|possess|got)"
_MENTIONED = re.compile(
    rf"""
      \b(?:i|we)\ (?:(?:only|just|do|still|really|already)\ )*{_HAVING}\ (?:(?:only|just|about|exactly|left)\ )*<this>
    | \b(?:my|our|your|his|her|their|the\ asking)\ (?:(?:last|price|of|is|was)\ )*<this>
    | \b(?:purse|pockets?|wallet|pouch)\ (?:only\ )?(?:has|holds|contains|counts|is)\ (?:only\ )?<this>
    | <this>\ (?:\w+\ ){{0,2}}(?:that\ )?(?:i|we)\ {_HAVING}\b | <this>\ (?:\w+\ )?to\ my\ name
    | <this>\ (?:\w+\ ){{0,3}}in\ (?:my|our)\ (?:purse|pockets?|wallet|pouch)\b
    | \bout\ of\ (?:\w+\ )?<this> | \byours\ (?:was|is)\ <this> | \bkeep\ (?:(?:the|my|other)\ )*<this>
    | \b(?:you|he|she|they)\ (?:\w+\ )?(?:ask|asked|asking|want|wanted|say|said|saying|demand|demanded|named|quoted
        |charge|mentioned|told\ me)\ (?:(?:for|me|of|it\ was|it\ is)\ )*<this>
    | (?<!\bmore\ )(?<!\bhigher\ )(?<!\bfurther\ )\bthan\ (?:\w+\ )?<this>
    | ^of\ (?:\w+\ )?<this>                                        # "instead of 15": clauses end at "instead"
    | ^(?:\w+\ )?i\ (?:had\ )?(?:offered|said)\ <this>
    """,
    re.VERBOSE,
)


def role_of_sum(clause: Clause, place: int, expected: AbstractSet[str]) -> Role:
    """What the number at a place of a clause is to a sum of money.

    Args:
        clause: where it is said.
        place: of its word in `clause.words`.
        expected: features of what the writer's examples have after the sum, such as the name of a currency.
    """
    words = list(clause.words)
    text = " ".join([*words[:place], "<this>", *words[place + 1 :]])
    if _LIMIT_ITSELF.search(text) or _OF_PEOPLE.search(text) or (place and words[place - 1] in _NAMED_BY_NUMBER):
        return Role.NONE
    if is_of_things(clause, place):
        return Role.NONE
    if counted_after(clause, place) is not None and expected.isdisjoint(features(clause.words[place + 1 : place + 2])):
        return Role.NONE
    return Role.MENTIONED if _MENTIONED.search(text) else Role.MEANT


_KEPT = re.compile(r"\b(?:my|our) <this>|\bi (?:\w+ )?keep (?:my |this |that )?<this>")
_JOINT = 4
"""Characters between the names of one thing, at most: "loaf of bread"."""


def role_of_thing(clause: Clause, mention: Mention, *, own: bool) -> Role:
    """What an item named in a clause is to a slot.

    Args:
        clause: where it is named.
        mention: the item and its place.
        own: whether the slot is for things that the player calls their own.
    """
    things = [m for i, m in enumerate(clause.items) if not i or m.start - clause.items[i - 1].end > _JOINT]
    places = [i for i, word in enumerate(clause.masked) if word == ITEM]
    if len(places) != len(things):
        return Role.MEANT
    place = max(place for place, thing in zip(places, things, strict=True) if thing.start <= mention.start)
    text = " ".join([*clause.masked[:place], "<this>", *clause.masked[place + 1 :]])
    kept = _KEPT.search(text)
    return Role.MENTIONED if kept and not (own and "keep" not in kept[0]) else Role.MEANT


def is_money(clause: Clause, place: int) -> bool:
    """Whether the word after a place of a clause is one for money."""
    return "MONEY" in features(clause.words[place + 1 : place + 2])


def is_of_things(clause: Clause, place: int) -> bool:
    """Whether the number at a place of a clause counts an item: "two lanterns", "three of your best fish"."""
    after = _masked_after(clause, place)
    if after[:1] == ("of",):
        after = after[2:] if after[1:2] and after[1] in _WHOSE else after[1:]
    if ITEM not in after[:_LOOK_AHEAD]:
        return False
    between = after[: after.index(ITEM)]
    return all(word in _BEFORE_THINGS or not (word in STOP_WORDS or "MONEY" in features((word,))) for word in between)


def counted_after(clause: Clause, place: int) -> str | None:
    """The word that says what the number at a place of a clause counts, no money and no item: "questions", "feet"."""
    following = _masked_after(clause, place)
    if len(following) > 1 and following[0] == "of" and following[1] in _WHOSE:
        following = following[2:]
    for distance, word in enumerate(following[:_LOOK_AHEAD]):
        if word in STOP_WORDS or word[0] == "<" or "MONEY" in features((word,)):
            return None
        plural = word.endswith("s") and not word.endswith("ss") and word not in _NO_PLURALS
        if plural or word in _MEASURES or (not distance and _is_one(clause, place) and word not in _POLITE):
            return word
    return None


def is_count(clause: Clause, place: int) -> bool:
    """Whether the number at a place of a clause may tell how many of a thing are wanted.

    It stands before the thing or right after it, or else nothing follows that it could count: "two fine loaves",
    "herring x4", "make it three", "four of them".
    """
    words, after = clause.words, _masked_after(clause, place)
    if is_money(clause, place) or (place and words[place - 1] in _NAMED_BY_NUMBER):
        return False
    if is_of_things(clause, place):
        return counted_after(clause, place) is None
    return not [word for word in after if word not in _AFTER_COUNTS] and not (place and words[place - 1] in _PLACING)


_BEFORE_THINGS = _words("more such very really")
_AFTER_COUNTS = _words("please of them those these each more now then if you can may so kind sir lady friend")
_PLACING = _words("at by in on till until since before after around about")


def _is_one(clause: Clause, place: int) -> bool:
    return clause.numbers[clause.words[:place].count(NUMBER)].value == 1


def _masked_after(clause: Clause, place: int) -> tuple[str, ...]:
    masks = [i for i, word in enumerate(clause.masked) if word == NUMBER]
    index = clause.words[:place].count(NUMBER)
    return clause.masked[masks[index] + 1 :] if index < len(masks) else ()
