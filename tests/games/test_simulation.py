"""The keep without a window: walking, collision, things to use, ways between places, the locks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.keep.layout import PLACES, WALL_FOOT, Impossible, find_thing, place_of, way_to
from games.keep.simulation import (
    BODY_HEIGHT,
    BODY_WIDTH,
    Approach,
    Interact,
    Keep,
    Talk,
    Walk,
    WalkTo,
)
from games.keep.using import CELL, GATE, GOLD, HOUR, ITEMS, SEARCHED

moves = st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from([-1, 0, 1]), st.integers(1, 60)), max_size=40)


def make_facts(**changes: Any) -> dict[str, Any]:
    base = {GOLD: 12, ITEMS: {"bread": 1}, GATE: False, CELL: False, SEARCHED: frozenset(), HOUR: "afternoon"}
    return base | changes


def stand_in(place: str, **changes: Any) -> Keep:
    """A keep whose player has just come into a place."""
    keep = Keep(make_facts(**changes))
    keep.place = PLACES[place]
    arrival = next(iter(keep.place.arrivals.values()))
    keep.x, keep.y, keep.facing = arrival.x, arrival.y, arrival.facing
    return keep


def walk_to(keep: Keep, thing: str) -> None:
    Approach(thing).perform(keep)
    while keep.follow_path():
        keep.tick()


@settings(deadline=None)
@given(st.sampled_from(sorted(PLACES)), moves, st.booleans())
def test_the_player_never_stands_in_anything(place, walks, gate_open):
    """Whatever is walked, wherever, the body overlaps no wall, thing or closed gate."""
    keep = stand_in(place, **{GATE: gate_open})
    for across, along, steps in walks:
        for _ in range(steps):
            Walk(across, along).perform(keep)
            assert not keep.blocked(keep.x, keep.y)


@settings(deadline=None)
@given(moves)
def test_walking_the_same_steps_ends_in_the_same_place(walks):
    """The simulation depends on nothing but its commands."""
    ends = []
    for _ in range(2):
        keep = Keep(make_facts())
        for across, along, steps in walks:
            for _ in range(steps):
                keep.walk(across, along)
        ends.append((keep.x, keep.y, keep.facing))
    assert ends[0] == ends[1]


@settings(deadline=None)
@given(st.integers(60, 900), st.integers(110, 420))
def test_a_path_never_leads_through_anything(x, y):
    """Walking to a place by path either is refused at once or arrives near it."""
    keep = Keep(make_facts())
    try:
        WalkTo(x, y).perform(keep)
    except Impossible:
        return
    for _ in range(2000):
        if not keep.follow_path():
            break
        assert not keep.blocked(keep.x, keep.y)
    assert max(abs(keep.x - x), abs(keep.y - y)) <= 12


def test_the_player_starts_on_free_ground():
    """The starting place is not inside anything."""
    keep = Keep(make_facts())
    assert not keep.blocked(keep.x, keep.y)


@pytest.mark.parametrize("thing", [thing.id for place in PLACES.values() for thing in place.things if thing.prompt])
def test_everything_with_a_use_can_be_reached(thing):
    """Each usable thing can be walked to from where one comes in, and is then what E would use."""
    keep = stand_in(place_of(thing).id)
    walk_to(keep, thing)
    within = keep.within_reach()
    assert within is not None
    assert within.id == thing


def test_talking_takes_nearness():
    """Talking from afar is impossible, with a reason; beside the character it is not."""
    keep = Keep(make_facts())
    with pytest.raises(Impossible, match="too far"):
        Talk("warden").perform(keep)
    walk_to(keep, "warden")
    assert Talk("warden").perform(keep).subject == "warden"
    with pytest.raises(Impossible, match="no dragon"):
        Talk("dragon").perform(keep)
    with pytest.raises(Impossible, match="nothing to say"):
        Talk("hay").perform(keep)


def test_nobody_walks_up_the_wall():
    """From before the gate along the wall the player steps down from it, and stops beside the warden, not behind."""
    keep = Keep(make_facts())
    for across, along in ((0, -1), (1, 0)):
        for _ in range(200):
            keep.walk(across, along)
    warden = find_thing("warden").box
    assert keep.body.x + keep.body.width == warden.x
    assert keep.body.y >= WALL_FOOT
    assert Interact().perform(keep).subject == "warden"


@pytest.mark.parametrize("character", ["warden", "pedlar", "captain"])
def test_a_character_one_touches_is_the_one_to_talk_to(character):
    """Wherever the player can stand touching a character, on any side, E talks to them."""
    keep = stand_in(place_of(character).id)
    box = find_thing(character).box
    places = 0
    for x in range(box.x - BODY_WIDTH // 2, box.x + box.width + BODY_WIDTH // 2 + 1):
        for y in range(box.y, box.y + box.height + BODY_HEIGHT + 1):
            keep.x, keep.y = x, y
            if keep.body.distance(box) == 0 and not keep.blocked(x, y):
                places += 1
                assert Interact().perform(keep).subject == character
    assert places > 60


def test_nothing_within_reach_is_said_so():
    """E in the middle of the yard says that there is nothing to use."""
    with pytest.raises(Impossible, match="nothing here"):
        Interact().perform(Keep(make_facts()))


def test_the_gate_opens_with_the_key_only():
    """Without the key the gate stays shut with a reason; with it, it opens and leads down to the cells and back."""
    keep = Keep(make_facts())
    walk_to(keep, "gate")
    with pytest.raises(Impossible, match="Locked"):
        Interact().perform(keep)
    for _ in range(120):
        keep.walk(0, -1)
        keep.tick()
    assert keep.place.id == "courtyard"
    keep.facts[ITEMS] = {"cell_key": 1}
    assert Interact().perform(keep).kind == "gate"
    assert keep.facts[GATE] is True
    for _ in range(120):
        keep.walk(0, -1)
        keep.tick()
    assert keep.place.id == "cells"
    walk_to(keep, "cells_exit")
    assert Interact().perform(keep).subject == "courtyard"
    keep.tick()
    assert keep.place.id == "courtyard"


def test_the_cell_takes_the_writ_and_the_key():
    """With neither, or only one of them, the cell stays shut and says what is missing; with both, the game is won."""
    keep = stand_in("cells", **{ITEMS: {}})
    walk_to(keep, "cell_door")
    for items, missing in (({}, "takes the clerk's writ"), ({"writ": 1}, "tower key"), ({"tower_key": 1}, "writ")):
        keep.facts[ITEMS] = items
        with pytest.raises(Impossible, match=missing):
            Interact().perform(keep)
        assert not keep.won
    keep.facts[ITEMS] = {"writ": 1, "tower_key": 1}
    Interact().perform(keep)
    assert keep.won


@pytest.mark.parametrize("start", list(PLACES))
@pytest.mark.parametrize("goal", list(PLACES))
def test_there_is_a_way_from_everywhere_to_everywhere(start, goal):
    """By the ways that `way_to` names one comes from each place to each other; ids name one thing each."""
    place, steps = start, 0
    while place != goal:
        way = way_to(place, goal)
        assert way is not None
        assert PLACES[place].thing(way.id) is way
        place = way.leads_to or "cells"
        steps += 1
        assert steps < len(PLACES)
    ids = [thing.id for each in PLACES.values() for thing in each.things]
    assert len(ids) == len(set(ids))


def test_whoever_is_in_another_place_is_not_here():
    """One cannot walk up to, or talk to, what is elsewhere; it is said where that is."""
    keep = Keep(make_facts())
    for command in (Approach("alewife"), Talk("alewife")):
        with pytest.raises(Impossible, match="in the tavern"):
            command.perform(keep)


def test_the_day_passes_with_talk():
    """Dusk and night come after enough turns of talk, each told once, and never go back."""
    keep = Keep(make_facts())
    told = [keep.pass_time(turns) for turns in range(200)]
    assert [words for words in told if words] == ["Dusk falls over the keep.", "Night falls over the keep."]
    assert keep.facts[HOUR] == "night"


def test_each_place_gives_up_its_find_once():
    """Hay, crates and well hold one find each; the well wants a rope first."""
    keep = Keep(make_facts())
    walk_to(keep, "hay")
    assert "spoon" in Interact().perform(keep).text
    with pytest.raises(Impossible, match="Only hay"):
        Interact().perform(keep)
    walk_to(keep, "crate")
    Interact().perform(keep)
    assert keep.facts[GOLD] == 16
    walk_to(keep, "well")
    with pytest.raises(Impossible, match="rope"):
        Interact().perform(keep)
    keep.facts[ITEMS] = {**keep.facts[ITEMS], "rope": 1}
    Interact().perform(keep)
    assert keep.facts[ITEMS] == {"bread": 1, "silver_spoon": 1, "rope": 1, "mule_bell": 1}
    with pytest.raises(Impossible, match="Only water"):
        Interact().perform(keep)
