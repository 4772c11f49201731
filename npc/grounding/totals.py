"""Amounts a player names without a number: "all my gold", "every coin I have", "half of what I've got".

The rule: such a phrase stands for the value of an int fact of the player's. Where it names a kind ("all my gold",
"all my arrows"), it is the fact whose last part is that word, singular or plural; "coin", "money", "purse", "savings"
and the like, and phrases that name nothing ("everything I have", "all I've got"), stand for money: a fact whose last
part is one of `MONEY_FACTS`. Among the facts that fit, those named ``player.…`` are meant; a cast without any may
have one such fact under another name, and it must be the only one. A part of it ("half my gold", "a third of all I
have") is that part, rounded down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from npc.catalog.types import FactValue
from npc.grounding.numbers import MAX_CHARACTERS, Number, find_numbers, plain

MONEY_FACTS = ("gold", "coins", "coin", "money", "silver", "credits", "crowns")
"""Last parts of the names of facts that hold money, the first one present in a cast being meant."""

_MONEY_NOUNS = "gold coin coins money silver purse cash funds savings wealth fortune treasure gp credits crowns"
_MONEY_WORDS = frozenset(_MONEY_NOUNS.split())
_OWN = r"(?:i|we)(?:\s+(?:have|own|carry|possess|hold|got|brought)|(?:'ve|\s+have)\s+(?:got|left|on\s+me)|'ve)"
_KEPT = r"(?:(?:that\s+is|that's|there\s+is)\s+)?in\s+(?:my|our)\s+(?:purse|pockets?|wallet|pouch|coffers)"
_TOTAL = re.compile(
    rf"""\b(?:
        (?:all|every\s+(?:last|single)?|each\s+and\s+every|the\s+whole|the\s+entirety)
            \s*(?:of\s+)?\b(?:my|our)\s+(?:whole\s+)?(?P<mine>[a-z]+)
      | (?:my|our)\s+(?:entire|whole|last)\s+(?P<entire>[a-z]+)
      | every\s+(?:last\s+|single\s+)?(?P<every>[a-z]+)(?:\s+(?:piece|coin))?\s+(?:(?:that\s+)?{_OWN}|{_KEPT})
      | all\s+(?:of\s+)?(?:the\s+)?(?P<kind>[a-z]+)\s+(?:(?:that\s+)?{_OWN}|{_KEPT})
      | (?P<plain>(?:everything|all)(?:\s+(?:of\s+)?(?:it|that|what))?\s+(?:(?:that\s+)?{_OWN}|{_KEPT}))
      | (?:the\s+|all\s+|all\s+the\s+)?(?:whole\s+|entire\s+)?contents?\s+of\s+(?:my|our)\s+(?P<holder>[a-z]+)
    )\b""",
    re.VERBOSE,
)
_SHARE = (
    r"\b(?:(?:(?:a|one)[\s-]+)?half|(?P<count>an?|one|two|three|four)[\s-]+(?P<share>third|quarter|fourth|fifth|tenth)s?)"
    r"\s+(?:of\s+)?"
)
_SHARES = {None: 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_COUNTS = {"two": 2, "three": 3, "four": 4}
_PART = re.compile(
    rf"""{_SHARE}(?:
        (?:my|our)\s+(?:entire\s+|whole\s+)?(?P<mine>[a-z]+)
      | (?:the\s+)?(?P<kind>[a-z]+)\s+(?:(?:that\s+)?{_OWN}|{_KEPT})
    )\b""",
    re.VERBOSE,
)
_SHARE_BEFORE = re.compile(rf"{_SHARE}$")
_LONGEST_SHARE = 30


def find_totals(text: str, facts: Mapping[str, FactValue]) -> list[Number]:
    """The amounts that phrases such as "all my gold" stand for in a state, in order of appearance."""
    text = plain(text[:MAX_CHARACTERS])
    found = []
    for match in _TOTAL.finditer(text):
        named = match["mine"] or match["entire"] or match["every"] or match["kind"] or match["holder"]
        value = _amount(named, facts)
        if value is not None:
            share = _SHARE_BEFORE.search(text, max(0, match.start() - _LONGEST_SHARE), match.start())
            found.append(Number(_part(share, value), (share or match).start(), match.end()))
    for match in _PART.finditer(text):
        named = match["mine"] or (None if match["kind"] in {"what", "everything", "all"} else match["kind"])
        value = _amount(named, facts)
        if value is not None and not any(total.start < match.end() and match.start() < total.end for total in found):
            found.append(Number(_part(match, value), match.start(), match.end()))
    return sorted(found, key=lambda total: total.start)


def _part(share: re.Match[str] | None, value: int) -> int:
    """The share of a value that a phrase names; all of it where it names none."""
    if share is None:
        return value
    return value * _COUNTS.get(share["count"], 1) // _SHARES[share["share"]]


def _amount(named: str | None, facts: Mapping[str, FactValue]) -> int | None:
    wanted: tuple[str, ...]
    if named is None or named in _MONEY_WORDS:
        wanted = MONEY_FACTS if named is None else (named, *MONEY_FACTS)
    else:
        wanted = (named, named + "s", named.removesuffix("s"))
    for last in wanted:
        fitting = {
            name: value
            for name, value in facts.items()
            if name.rpartition(".")[2] == last and isinstance(value, int) and not isinstance(value, bool)
        }
        own = [value for name, value in fitting.items() if name.startswith("player.")]
        if own:
            return own[0]
        if len(fitting) == 1:
            return next(iter(fitting.values()))
        if fitting:
            return None
    return None


def is_grounded(value: int, utterance: str, facts: Mapping[str, FactValue]) -> bool:
    """Whether an amount stands in the player's own line, as a number or as "all my gold" (see this module)."""
    if any(number.value == value for number in find_numbers(utterance)):
        return True
    return any(total.value == value for total in find_totals(utterance, facts))
