"""Lints of the lines that players read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from npc.catalog.model import CharacterDeclaration, Response
from npc.diagnostics import Rule
from npc.linting import rules
from npc.linting.places import Findings
from npc.logic.cast import Cast

DOUBLE_SPACE = re.compile(r"(?<=\S) {2,}(?=\S)")
SPACE_BEFORE_MARK = re.compile(r" +(?=[,.;:](?:\s|$))(?<!^)(?! \.\.)")
_PAIRS = {"“": "”", "(": ")", "«": "»"}
_WORD = re.compile(r"[^\W\d_]{4,}")
_OFTEN = 3
"""Uses of a presentation tag from which another that is almost the same is taken for a slip."""


def check_texts(cast: Cast, findings: Findings, longest: int) -> None:
    """W201 to W208.

    Args:
        longest: characters that a speech box holds.
    """
    names = {word for character in cast.characters.values() for word in _WORD.findall(character.name)}
    counts = Counter(
        (key, value)
        for character in cast.characters.values()
        for response in character.declaration.responses.values()
        for key, value in response.presentation.items()
        if isinstance(value, str)
    )
    words = Counter(
        word
        for character in cast.characters.values()
        for response in character.declaration.responses.values()
        for text in response.texts
        for word in set(_WORD.findall(text))
    )
    slips = _near_names(words, names)
    for character in cast.characters.values():
        _check_character(character.declaration, findings, longest, slips, counts)


def _check_character(
    declaration: CharacterDeclaration,
    findings: Findings,
    longest: int,
    slips: dict[str, str],
    counts: Counter[tuple[str, str]],
) -> None:
    met: dict[str, str] = {}
    file = declaration.position.file
    for id_, response in declaration.responses.items():
        for variant, text in enumerate(response.texts):
            place = lambda id_=id_, variant=variant: findings.text_place(file, id_, variant)  # noqa: E731
            for rule, message, hint in _text_findings(text, longest, slips):
                findings.add(rule, message, place, hint)
            same = met.setdefault(text, id_)
            if same != id_ or text in response.texts[:variant]:
                other = "twice here" if same == id_ else f"in `{same}` as well"
                findings.add(rules.SAME_TEXT, f"this text stands {other}", place, "word it anew, or say one of them")
        _check_tags(response, findings, counts)


def _text_findings(text: str, longest: int, slips: dict[str, str]) -> Iterator[tuple[Rule, str, str]]:
    fixable = "npc check --fix mends it"
    if DOUBLE_SPACE.search(text):
        yield rules.DOUBLE_SPACE, "two spaces in a row", fixable
    if text != text.strip():
        yield rules.EDGE_SPACE, "the text begins or ends with a space", fixable
    if SPACE_BEFORE_MARK.search(text.strip()):
        yield rules.SPACE_BEFORE_MARK, "a space before a comma or full stop", fixable
    for mark in _unbalanced(text):
        yield rules.UNBALANCED, f"{mark} has no partner", "add the other one, or take this one away"
    if len(text) > longest:
        message = f"{len(text)} characters; a speech box holds {longest}"
        yield rules.TOO_LONG, message, "shorten it, or split it into two responses (--longest-line N sets the bound)"
    for word in dict.fromkeys(_WORD.findall(text)):
        if word in slips:
            yield rules.NEAR_NAME, f"“{word}” is almost “{slips[word]}”", f"write {slips[word]}, or another name"


def _unbalanced(text: str) -> list[str]:
    found = [opening for opening, closing in _PAIRS.items() if text.count(opening) > text.count(closing)]
    found += [closing for opening, closing in _PAIRS.items() if text.count(closing) > text.count(opening)]
    return found + (['"'] if text.count('"') % 2 else [])


def _near_names(words: Counter[str], names: set[str]) -> dict[str, str]:
    """Capitalised words one slip away from a character's name that are no name themselves."""
    capitalised = [word for word in words if word[0].isupper() and word not in names and word.lower() not in words]
    return {word: name for word in capitalised for name in sorted(names) if _one_slip(word, name)}


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped with the next makes one word the other."""
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 5:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    if a[1:] == b or a == b[1:] or a[1:] == b[1:]:
        return a.rstrip("s") != b.rstrip("s")
    return a[2:] == b[2:] and a[:2] == b[1::-1]


def _check_tags(response: Response, findings: Findings, counts: Counter[tuple[str, str]]) -> None:
    for key, value in response.presentation.items():
        if not isinstance(value, str) or counts[key, value] > 1:
            continue
        often = [other for (k, other), n in counts.items() if k == key and n >= _OFTEN and _one_slip(value, other)]
        if often:
            message = f"`{key}: {value}` stands here alone, and `{often[0]}` {counts[key, often[0]]} times"
            findings.add(rules.ODD_TAG, message, response.position, f"write {often[0]}")
