"""The settings: on the screen, in the file, and what they change."""

from __future__ import annotations

import pytest

import npc
from games.keep.game import Game
from games.keep.scene_conversation import ConversationScene
from games.keep.settings import CHOICES, Settings, load_settings, save_settings
from games.keep.using import GOLD
from games.keep.window import KeyDown, KeyUp, Typed
from games.keep.window_null import NullWindow


@pytest.fixture
def game(cast, tmp_path):
    def opener(backend, data):
        return npc.Session(cast, backend) if data is None else npc.Session.restore(cast, data, backend)

    file = tmp_path / "settings.json"
    made = Game(npc.Session(cast), NullWindow(), with_title=False, clock=lambda: 0.0, opener=opener, settings_file=file)
    yield made
    made.close()


def press(game: Game, *keys: str) -> None:
    for key in keys:
        game.feed(KeyDown(key), KeyUp(key))
    game.advance(1)


def test_settings_are_turned_kept_and_read_again(game, tmp_path):
    """From the pause, right makes text large, typing fast and the window full; a new process reads the same."""
    press(game, "escape", "down", "down", "down", "return")
    assert game.window.shows("Settings", "Text size", "normal", "Who listens", "embedded")
    press(game, "right", "down", "right", "down", "right", "down", "return")
    assert game.window.fills_screen
    expected = Settings("large", "fast", full_screen=True, symbols=True)
    assert game.settings == expected
    assert load_settings(tmp_path / "settings.json") == (expected, "")


def test_another_backend_goes_on_with_the_same_game(game):
    """A spec that cannot be used is refused with a reason; one that can takes the game over where it is."""
    game.session.facts[GOLD] = 55
    press(game, "escape", "down", "down", "down", "return", "up", "up", "return")
    for _ in range(20):
        press(game, "backspace")
    game.feed(Typed("oracle:delphi"))
    press(game, "return")
    assert game.window.shows("oracle")
    assert game.settings.backend == "embedded"
    for _ in range(20):
        press(game, "backspace")
    game.feed(Typed("embedded:certain|embedded"))
    press(game, "return")
    assert game.settings.backend == "embedded:certain|embedded"
    assert len(game.session.backends) == 2
    assert game.session.facts[GOLD] == 55
    assert game.window.shows("Settings", "embedded:certain|embedded")


@pytest.mark.parametrize(("speed", "steps"), [("slow", 20), ("normal", 10), ("fast", 4), ("at once", 1)])
def test_typing_speed_is_what_was_chosen(make_game, speed, steps):
    """Ten letters take the steps that the speed says."""
    game = make_game()
    game.choose(game.settings.turned("typing_speed", CHOICES["typing_speed"].index(speed) - 1))
    scene = ConversationScene(game.stage, game.story, "warden", "none")
    scene.turn = game.session.hear("warden", {})
    for _ in range(steps - 1):
        scene.step()
    assert scene._shown < 10
    scene.step()
    assert scene._shown >= 10


def test_the_badge_says_who_answered(make_game):
    """After a turn that asked a backend the picture names it and what became of its reply."""
    game = make_game()
    scene = ConversationScene(game.stage, game.story, "warden", "none")
    game.stage.push(scene)
    game.feed(KeyUp("e"), Typed("hello there"), KeyDown("return"))
    while scene.waiting:
        game.advance(1)
    game.advance(1)
    assert game.window.shows(f"{scene.turn.backend}: {scene.turn.verdict}")


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00", "[" * 100_000])
def test_a_damaged_file_is_set_aside_and_told(tmp_path, text):
    """What cannot be understood begins anew and is kept under another name."""
    (tmp_path / "settings.json").write_text(text, encoding="utf-8")
    settings, told = load_settings(tmp_path / "settings.json")
    assert settings == Settings()
    assert "settings.damaged-1.json" in told
    assert (tmp_path / "settings.damaged-1.json").read_text(encoding="utf-8") == text


def test_values_that_do_not_fit_are_passed_over(tmp_path):
    """Single wrong values fall back to the default; the right ones beside them count."""
    (tmp_path / "settings.json").write_text('{"text_size": "huge", "symbols": 1, "typing_speed": "fast", "backend": 3}')
    assert load_settings(tmp_path / "settings.json") == (Settings(typing_speed="fast"), "")


def test_a_disk_that_refuses_is_told(tmp_path):
    """Settings that cannot be kept are told as such."""
    (tmp_path / "file").write_text("in the way")
    assert save_settings(tmp_path / "file" / "settings.json", Settings()).startswith("The settings could not be kept: ")
