"""Amounts a player names without a number: "all my gold", "every coin I have", "everything I've got".

The rule: such a phrase stands for the value of an int fact of the player's. Where it names a kind ("all my gold",
"all my arrows"), it is the fact whose last part is that word, singular or plural; "coin", "money", "purse", "savings"
and the like, and phrases that name nothing ("everything I have", "all I've got"), stand for money: a fact whose last
part is one of `MONEY_FACTS`. Among the facts that fit, those named ``player.…`` are meant; a cast without any may
have one such fact under another name, and it must be the only one. "Half my gold" stands for nothing.
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
_TOTAL = re.compile(
    rf"""\b(?:
        (?:all|every\s+(?:last|single)?|each\s+and\s+every|the\s+whole|the\s+entirety)
            \s*(?:of\s+)?\b(?:my|our)\s+(?:whole\s+)?(?P<mine>[a-z]+)
      | my\s+(?:entire|whole|last)\s+(?P<entire>[a-z]+)
      | every\s+(?:last\s+|single\s+)?(?P<every>[a-z]+)(?:\s+(?:piece|coin))?\s+(?:that\s+)?{_OWN}
      | all\s+(?:of\s+)?(?:the\s+)?(?P<kind>[a-z]+)\s+(?:that\s+)?{_OWN}
      | (?P<plain>(?:everything|all)(?:\s+(?:of\s+)?(?:it|that|what))?\s+(?:that\s+)?{_OWN})
    )\b""",
    re.VERBOSE,
)


def find_totals(text: str, facts: Mapping[str, FactValue]) -> list[Number]:
    """The amounts that phrases such as "all my gold" stand for in a state, in order of appearance."""
    found = []
    for match in _TOTAL.finditer(plain(text[:MAX_CHARACTERS])):
        named = match["mine"] or match["entire"] or match["every"] or match["kind"]
        value = _amount(named, facts)
        if value is not None:
            found.append(Number(value, match.start(), match.end()))
    return found


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
