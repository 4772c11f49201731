"""Keys bound by the player."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.keep.keys import ACTIONS, FIXED, are_keys, bound, first_keys, meant
from games.keep.scene_walking import WalkingScene
from games.keep.settings import load_settings
from games.keep.window import KeyDown, KeyUp
from tests.games.test_scenes import go

letters = st.text("abcdefghijklmnopqrstuvwxyz0123456789 ", min_size=1, max_size=1)


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), letters), max_size=20))
def test_every_action_always_has_a_key_of_its_own(changes):
    """However keys are bound, each action has one, none has two, and what was bound last holds."""
    keys = first_keys()
    for action, key in changes:
        keys = bound(keys, action, key)
        assert are_keys(keys)
        assert meant(keys, key) == action
    assert {meant(keys, key) for key in keys.values()} == set(ACTIONS)


@pytest.mark.parametrize("key", sorted(FIXED))
def test_fixed_keys_cannot_be_bound(key):
    """The arrows, Enter, Esc and the like keep their meaning, so that nobody is locked out."""
    with pytest.raises(ValueError, match="always"):
        bound(first_keys(), "use", key)
    assert meant(first_keys(), key) == key


def press(game, *keys):
    for key in keys:
        game.feed(KeyDown(key), KeyUp(key))
        game.advance(1)


def test_a_key_is_bound_in_the_settings_and_works(make_game):
    """Pause, Settings, Keys, Use: press K. K uses the hay, E does nothing, and the screen says K."""
    game = make_game()
    press(game, "escape", "down", "down", "down", "return", *["down"] * 6, "return", *["down"] * 4, "return")
    assert game.window.shows("press a key")
    press(game, "f1")
    assert game.window.shows("always does the same")
    press(game, "k")
    assert game.settings.keys["use"] == "k"
    assert game.window.shows("Use, talk", "K")
    press(game, "escape", "escape", "escape")
    assert isinstance(game.stage.top, WalkingScene)
    go(game, "hay")
    assert game.window.shows("K", "search the hay")
    press(game, "e")
    assert game.session.facts["yard.searched"] == frozenset()
    press(game, "k")
    assert game.session.facts["yard.searched"] == {"hay"}


def test_walking_keys_can_be_bound(make_game):
    """With right on L, L walks right and D does not; the arrow still does."""
    game = make_game()
    game.choose(game.settings.__class__(keys=bound(first_keys(), "right", "l")))
    x = game.keep.x
    for key, moves in (("d", False), ("l", True), ("right", True)):
        before = game.keep.x
        game.feed(KeyDown(key))
        game.advance(3)
        game.feed(KeyUp(key))
        game.advance(1)
        assert (game.keep.x > before) is moves, key
    assert game.keep.x > x


def test_keys_that_make_no_sense_in_the_file_are_passed_over(tmp_path):
    """A file with a key twice, a fixed key or an action too few leaves the keys as at first."""
    file = tmp_path / "settings.json"
    for keys in ({"use": "k"}, first_keys() | {"use": "w"}, first_keys() | {"use": "escape"}, "wasd", None):
        file.write_text(json.dumps({"version": 1, "keys": keys}))
        settings, told = load_settings(file)
        assert (settings.keys, told) == (first_keys(), "")
