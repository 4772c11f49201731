"""Walking about on the null window: doors, the locks, finds, hits, weather."""

from __future__ import annotations

import pytest

from games.keep.scene_end import EndScene
from games.keep.using import GATE, HEALTH, ITEMS
from games.keep.weather import draw_weather
from games.keep.window import HEIGHT, WIDTH, Click, KeyDown
from games.keep.window_null import NullWindow
from tests.games.test_scenes import go, settle, talk


def test_opening_the_cell_wins(make_game):
    """The key opens the gate, walking on leads to the cells; writ and tower key open the cell; any key ends it."""
    game = make_game(facts={ITEMS: {"royal_seal": 1, "writ": 1, "tower_key": 1}})
    talk(game, "warden")
    game.feed(Click(172, 510))
    settle(game)
    game.feed(KeyDown("escape"))
    go(game, "gate")
    game.feed(KeyDown("e"))
    assert game.session.facts[GATE] is True
    game.feed(KeyDown("e"))
    game.advance(90)
    assert game.keep.place.id == "cells"
    assert game.window.shows("The cells")
    go(game, "cell_door")
    game.feed(KeyDown("e"))
    game.advance(1)
    assert isinstance(game.stage.top, EndScene)
    game.advance(120)
    assert game.window.shows("Pip is free", "you showed the warden a royal seal", "2 turns of talk", "12 gold is left")
    assert game.window.shows("Ways you did not take", "the warden has his price")
    game.feed(KeyDown("return"))
    assert not game.running


def test_doors_lead_to_other_places_and_back(make_game):
    """E at a door goes through it, and the place is named; a save made there is continued there."""
    game = make_game()
    go(game, "tavern_door")
    game.feed(KeyDown("e"))
    game.advance(1)
    assert game.keep.place.id == "tavern"
    assert game.window.shows("The tavern")
    scene = talk(game, "alewife")
    assert scene.name == "Maud Oxley"
    game.feed(KeyDown("escape"))
    go(game, "tavern_exit")
    game.feed(KeyDown("e"))
    game.advance(1)
    assert game.keep.place.id == "courtyard"


def test_what_is_found_flies_into_the_bag(make_game):
    """A find is drawn in the bar, beside its notice and, for less than a second, on its way."""
    game = make_game()
    go(game, "hay")
    game.feed(KeyDown("e"))
    game.advance(5)
    assert game.window.sprites.count("silver_spoon") == 3
    game.advance(60)
    assert game.window.sprites.count("silver_spoon") == 2
    game.advance(200)
    assert game.window.sprites.count("silver_spoon") == 1


@pytest.mark.parametrize("hour", ["afternoon", "dusk", "night"])
def test_weather_is_outside_only_and_follows_from_the_time(hour):
    """At every hour something falls from the sky, the same for the same step; drawn wholly within the picture."""
    fallen = []
    for time_ in (0, 0, 100, 5_000):
        window = NullWindow()
        drawn = []
        window.fill = lambda *where, drawn=drawn: drawn.append(where)
        draw_weather(window, hour, time_)
        fallen.append(drawn)
    assert fallen[0] == fallen[1] != fallen[2]
    assert all(x + 3 >= 0 and x < WIDTH and 0 <= y < HEIGHT for drawn in fallen for x, y, *_ in drawn)


def test_hits_are_shown_as_hearts(make_game):
    """Whoever has been hit sees how much they can still take; whoever has not, does not."""
    game = make_game()
    game.advance(1)
    assert not any("heart" in name for name in game.window.sprites)
    game.session.facts[HEALTH] = 1
    game.advance(1)
    assert [name for name in game.window.sprites if "heart" in name] == ["heart", "no-heart", "no-heart"]
