"""Pictures of a cast's states: which states there are, and which turns lead from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import npc
from npc.exploration.preparing import prepare
from npc.exploration.states import LEGIBLE, Painter, States
from tests.exploration.brute_force import TooLarge, Truth, explore_by_force
from tests.exploration.generate import write_cast

CHECKOUT = Path(__file__).resolve().parents[2]
PLANTED = Path(__file__).parent / "planted"
COUNT, PIECES = 80, 8
RUNS = 15_000
"""Turns of a cast at most that are taken by force; a cast with more is passed over."""


@pytest.fixture(scope="module")
def keep() -> Painter:
    """The demo's cast, ready to be drawn."""
    cast = npc.load(CHECKOUT / "catalogs" / "keep")
    return Painter(cast, prepare(cast))


@pytest.mark.parametrize("piece", range(PIECES))
def test_pictures_agree_with_brute_force(piece: int, tmp_path: Path) -> None:
    """Of small generated casts, the states and the turns between them are those of every concrete turn."""
    compared = 0
    for seed in range(piece, COUNT, PIECES):
        try:
            cast = npc.load(write_cast(seed, tmp_path / f"c{seed}" / "small"))
            truth = explore_by_force(cast, RUNS)
        except (npc.CatalogError, TooLarge):
            continue
        painter = Painter(cast, prepare(cast))
        plain = [name for name in painter.names if name in cast.catalog.facts]
        for names in [*((name,) for name in plain), *combinations(plain, 2)]:
            picture = painter.states(names)
            assert picture.exact
            assert drawn(picture) == by_force(truth, names), (seed, names)
            compared += 1
    assert compared >= 5


def drawn(picture: States) -> tuple[set[Any], set[Any]]:
    values = [tuple(state.values.values()) for state in picture.states]
    return set(values), {(values[turn.start], values[turn.end]) for turn in picture.turns}


def by_force(truth: Truth, names: Sequence[str]) -> tuple[set[Any], set[Any]]:
    seen = {key: tuple(str(values[name]) for name in names) for key, values in truth.states.items()}
    turns = {(seen[key], seen[after]) for key, several in truth.edges.items() for after in several}
    return set(seen.values()), {(start, end) for start, end in turns if start != end}


def test_goals_and_locks_are_marked() -> None:
    """A state in which a goal holds says so, and one from which it can no longer be reached."""
    cast = npc.load(PLANTED / "lockable_quest" / "bug")
    picture = Painter(cast, prepare(cast)).states(["relic.holder", "nan.trust", "abbey.saved"])
    saved = [state for state in picture.states if state.reaches]
    assert saved
    assert all(state.values["abbey.saved"] == "True" and state.reaches == ("abbey.saved",) for state in saved)
    locked = [state.values for state in picture.states if state.locked]
    assert locked
    assert all(values["relic.holder"] not in ("player", "abbot") for values in locked)


def test_every_state_is_as_many_turns_away_as_it_says(keep: Painter) -> None:
    """The first state is where conversations begin; each other one is a turn further than one that leads to it."""
    picture = keep.states(["warden.trust", "warden.has_key"])
    assert dict(picture.states[0].values) == {"warden.trust": "1", "warden.has_key": "True"}
    for number, state in enumerate(picture.states):
        before = [picture.states[turn.start].depth for turn in picture.turns if turn.end == number]
        assert state.depth == (min(before) + 1 if number else 0)


def test_a_turn_says_what_is_heard_and_said(keep: Painter) -> None:
    """Turns that come to the same line are told together, with all that may be heard for it, and events."""
    picture = keep.states(["warden.has_key"])
    [turn] = picture.turns
    told = {cause.lines: cause for cause in turn.causes}
    assert set(told) == {("take_bribe",), ("lends_key",), ("hand_over",)}
    assert told[("take_bribe",)].effects == ("pay", "give")
    assert "event shown:royal_seal" in told[("hand_over",)].heard
    assert str(told[("lends_key",)]) == "warden: ask_key → lends_key (give)"


def test_a_cast_is_shown_in_legible_pictures_of_what_belongs_together(keep: Painter) -> None:
    """Unasked, facts that decide about one another are shown together as far as that is legible; nothing is shown
    twice, and what is not shown is named."""
    pictures, left_out = keep.chosen_by_itself()
    shown = [name for picture in pictures for name in picture.facts]
    assert len(shown) == len(set(shown))
    assert sorted([*shown, *left_out]) == sorted(name for name in keep.names if not name.startswith("pedlar.stock."))
    assert ("pedlar.told_bell", "pedlar.has_bell") in [picture.facts for picture in pictures]
    assert all(len(picture.turns) <= LEGIBLE and picture.exact for picture in pictures)
    own, _ = keep.chosen_by_itself("warden")
    assert {name.partition(".")[0] for picture in own for name in picture.facts} == {"warden"}


def test_what_cannot_be_followed_shows_too_much_rather_than_too_little(keep: Painter) -> None:
    """Where too much decides about a fact, its picture says that it may show more than there is."""
    picture = keep.states(["pedlar.topic"])
    assert not picture.exact
    assert {state.values["pedlar.topic"] for state in picture.states} == {
        "royal_seal",
        "bread",
        "herring",
        "rope",
        "lantern",
    }
