"""What the end tells: by which ways, called what, and what was missed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest

import npc
from games.keep.casting import CAST
from games.keep.ending import LOCKS, title_won, victory_lines, ways_taken
from games.keep.using import GOLD


@dataclass
class Said:
    response: str


@dataclass
class Played:
    """What the end reads of a session."""

    transcript: list[Said]
    facts: dict[str, Any] = field(default_factory=lambda: {GOLD: 3})


def played(*responses: str) -> Any:
    return Played([Said(response) for response in responses])


def test_the_lines_that_show_a_way_are_lines_of_the_cast():
    """Every response by which a way is recognised exists, and gives or opens what its lock is about."""
    said = {name for character in npc.load(CAST).catalog.characters.values() for name in character.responses}
    for way in itertools.chain.from_iterable(LOCKS.values()):
        assert said.issuperset(way.responses), way.name


@pytest.mark.parametrize(
    "ways", list(itertools.product(*LOCKS.values())), ids=lambda ways: ", ".join(w.name for w in ways)
)
def test_every_combination_of_ways_is_told_and_the_rest_are_missed(ways):
    """All twelve ways through: each lock's way is told, each other way is hinted at, and there is a title."""
    session = played(*(way.responses[0] for way in ways))
    assert tuple(ways_taken(session).values()) == ways
    told = victory_lines(session)
    for lock, way in zip(LOCKS, ways, strict=True):
        assert f"{lock}: {way.told}." in told
    missed = [way.hint for options in LOCKS.values() for way in options if way not in ways]
    assert told[-1] == f"Ways you did not take: {'; '.join(missed)}."
    assert "Unexplained" not in title_won(session)


def test_titles_differ_by_what_was_done():
    """Not a coin and not a blow, all paid, fenced, sung: four titles; and one for what nobody saw."""
    titles = {
        title_won(played("opens_gate", "clause_applies", "weeps")),
        title_won(played("take_bribe", "receipt", "beaten")),
        title_won(played("hand_over", "clause_applies", "beaten")),
        title_won(played("hand_over", "receipt", "weeps")),
        title_won(played()),
    }
    assert [title.split(":")[0] for title in sorted(titles)] == [
        "The Blade",
        "The Gentle",
        "The Purse",
        "The Unexplained",
        "The Voice",
    ]
