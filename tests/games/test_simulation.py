"""The courtyard without a window: walking, collision, things to use, the gate."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.keep.simulation import (
    BODY_HEIGHT,
    BODY_WIDTH,
    GATE,
    GOLD,
    ITEMS,
    SEARCHED,
    THINGS,
    WALL_FOOT,
    Approach,
    Courtyard,
    Impossible,
    Interact,
    Talk,
    Walk,
    WalkTo,
    find_thing,
)

moves = st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from([-1, 0, 1]), st.integers(1, 60)), max_size=40)


def make_facts(**changes: Any) -> dict[str, Any]:
    return {GOLD: 12, ITEMS: {"bread": 1}, GATE: False, SEARCHED: frozenset(), **changes}


def walk_to(courtyard: Courtyard, thing: str) -> None:
    Approach(thing).perform(courtyard)
    while courtyard.follow_path():
        courtyard.tick()


@settings(deadline=None)
@given(moves, st.booleans())
def test_the_player_never_stands_in_anything(walks, gate_open):
    """Whatever is walked, the body overlaps no wall, thing or closed gate."""
    courtyard = Courtyard(make_facts(**{GATE: gate_open}))
    for across, along, steps in walks:
        for _ in range(steps):
            Walk(across, along).perform(courtyard)
            assert not courtyard.blocked(courtyard.x, courtyard.y)


@settings(deadline=None)
@given(moves)
def test_walking_the_same_steps_ends_in_the_same_place(walks):
    """The simulation depends on nothing but its commands."""
    ends = []
    for _ in range(2):
        courtyard = Courtyard(make_facts())
        for across, along, steps in walks:
            for _ in range(steps):
                courtyard.walk(across, along)
        ends.append((courtyard.x, courtyard.y, courtyard.facing))
    assert ends[0] == ends[1]


@settings(deadline=None)
@given(st.integers(60, 900), st.integers(110, 420))
def test_a_path_never_leads_through_anything(x, y):
    """Walking to a place by path either is refused at once or arrives near it."""
    courtyard = Courtyard(make_facts())
    try:
        WalkTo(x, y).perform(courtyard)
    except Impossible:
        return
    for _ in range(2000):
        if not courtyard.follow_path():
            break
        assert not courtyard.blocked(courtyard.x, courtyard.y)
    assert max(abs(courtyard.x - x), abs(courtyard.y - y)) <= 12


def test_the_player_starts_on_free_ground():
    """The starting place is not inside anything."""
    courtyard = Courtyard(make_facts())
    assert not courtyard.blocked(courtyard.x, courtyard.y)


@pytest.mark.parametrize("thing", [thing.id for thing in THINGS if thing.prompt])
def test_everything_with_a_use_can_be_reached(thing):
    """Each usable thing can be walked to, and is then what E would use."""
    courtyard = Courtyard(make_facts())
    walk_to(courtyard, thing)
    within = courtyard.within_reach()
    assert within is not None
    assert within.id == thing


def test_talking_takes_nearness():
    """Talking from afar is impossible, with a reason; beside the character it is not."""
    courtyard = Courtyard(make_facts())
    with pytest.raises(Impossible, match="too far"):
        Talk("warden").perform(courtyard)
    walk_to(courtyard, "warden")
    assert Talk("warden").perform(courtyard).subject == "warden"
    with pytest.raises(Impossible, match="no dragon"):
        Talk("dragon").perform(courtyard)
    with pytest.raises(Impossible, match="nothing to say"):
        Talk("hay").perform(courtyard)


def test_nobody_walks_up_the_wall():
    """From before the gate along the wall the player steps down from it, and stops beside the warden, not behind."""
    courtyard = Courtyard(make_facts())
    for across, along in ((0, -1), (1, 0)):
        for _ in range(200):
            courtyard.walk(across, along)
    warden = find_thing("warden").box
    assert courtyard.body.x + courtyard.body.width == warden.x
    assert courtyard.body.y >= WALL_FOOT
    assert Interact().perform(courtyard).subject == "warden"


@pytest.mark.parametrize("character", ["warden", "pedlar"])
def test_a_character_one_touches_is_the_one_to_talk_to(character):
    """Wherever the player can stand touching a character, on any side, E talks to them."""
    courtyard = Courtyard(make_facts())
    box = find_thing(character).box
    places = 0
    for x in range(box.x - BODY_WIDTH // 2, box.x + box.width + BODY_WIDTH // 2 + 1):
        for y in range(box.y, box.y + box.height + BODY_HEIGHT + 1):
            courtyard.x, courtyard.y = x, y
            if courtyard.body.distance(box) == 0 and not courtyard.blocked(x, y):
                places += 1
                assert Interact().perform(courtyard).subject == character
    assert places > 60


def test_nothing_within_reach_is_said_so():
    """E in the middle of the yard says that there is nothing to use."""
    with pytest.raises(Impossible, match="nothing here"):
        Interact().perform(Courtyard(make_facts()))


def test_the_gate_opens_with_the_key_only():
    """Without the key the gate stays shut with a reason; with it, it opens and can be walked through to win."""
    courtyard = Courtyard(make_facts())
    walk_to(courtyard, "gate")
    with pytest.raises(Impossible, match="Locked"):
        Interact().perform(courtyard)
    for _ in range(120):
        courtyard.walk(0, -1)
        courtyard.tick()
    assert not courtyard.won
    courtyard.facts[ITEMS] = {"cell_key": 1}
    assert Interact().perform(courtyard).kind == "gate"
    assert courtyard.facts[GATE] is True
    for _ in range(120):
        courtyard.walk(0, -1)
        courtyard.tick()
    assert courtyard.won


def test_each_place_gives_up_its_find_once():
    """Hay, crates and well hold one find each; the well wants a rope first."""
    courtyard = Courtyard(make_facts())
    walk_to(courtyard, "hay")
    assert "spoon" in Interact().perform(courtyard).text
    with pytest.raises(Impossible, match="Only hay"):
        Interact().perform(courtyard)
    walk_to(courtyard, "crate")
    Interact().perform(courtyard)
    assert courtyard.facts[GOLD] == 16
    walk_to(courtyard, "well")
    with pytest.raises(Impossible, match="rope"):
        Interact().perform(courtyard)
    courtyard.facts[ITEMS] = {**courtyard.facts[ITEMS], "rope": 1}
    Interact().perform(courtyard)
    assert courtyard.facts[ITEMS] == {"bread": 1, "silver_spoon": 1, "rope": 1, "mule_bell": 1}
    with pytest.raises(Impossible, match="Only water"):
        Interact().perform(courtyard)
