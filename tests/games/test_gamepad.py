"""A gamepad: what its buttons and its stick are, and a game played with it."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.keep.gamepad import BUTTONS, Gamepad
from games.keep.scene_conversation import ConversationScene
from games.keep.scene_walking import WalkingScene
from games.keep.window import KeyDown, KeyUp
from games.keep.window_pygame import PAD_BUTTONS, STICK_RANGE, PygameWindow
from tests.games.test_scenes import go, settle


def test_a_stick_holds_a_key_while_it_is_out() -> None:
    """Pushed far it presses, let in a little it holds, let go it releases; from side to side it changes keys."""
    pad = Gamepad()
    assert pad.stick("leftx", 0.5) == []
    assert pad.stick("leftx", 0.6) == [KeyDown("right")]
    assert pad.stick("leftx", 0.45) == []
    assert pad.stick("lefty", -1.0) == [KeyDown("up")]
    assert pad.stick("leftx", -0.9) == [KeyUp("right"), KeyDown("left")]
    assert pad.stick("leftx", 0.0) == [KeyUp("left")]
    assert pad.gone() == [KeyUp("up")]
    assert pad.gone() == []


@given(st.lists(st.tuples(st.sampled_from(["leftx", "lefty", "triggerleft"]), st.floats(-1, 1))))
def test_no_key_hangs(moves: list[tuple[str, float]]) -> None:
    """Whatever a stick does, keys go down and come up in turn, and none is down once it stands still."""
    pad, down = Gamepad(), set()
    for made in [*(pad.stick(*move) for move in moves), pad.stick("leftx", 0.0), pad.stick("lefty", 0.0)]:
        for one in made:
            if isinstance(one, KeyDown):
                assert one.key not in down
                down.add(one.key)
            else:
                assert isinstance(one, KeyUp)
                down.remove(one.key)
    assert not down


def test_a_game_is_played_with_buttons(make_game) -> None:
    """A talks, X picks a suggestion, A says it, B leaves, Y opens the journal, start pauses."""
    game, pad = make_game(backend="embedded"), Gamepad()

    def press(name: str) -> None:
        game.feed(*pad.button(name, down=True), *pad.button(name, down=False))
        settle(game)

    go(game, "warden")
    press("a")
    scene = game.stage.top
    assert isinstance(scene, ConversationScene)
    press("x")
    picked = scene.field.text
    assert picked in scene.suggestions
    press("a")
    assert scene.spoken == picked
    press("b")
    assert isinstance(game.stage.top, WalkingScene)
    press("y")
    assert game.window.shows("Journal", picked)
    press("b")
    press("start")
    assert game.window.shows("Paused")
    press("dpdown")
    press("b")
    x = game.keep.x
    game.feed(*pad.stick("leftx", -1.0))
    game.advance(5)
    game.feed(*pad.stick("leftx", 0.0))
    assert game.keep.x < x


def test_the_window_reads_the_librarys_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every button that is a key has the library's number, and its events come out as keys."""
    assert set(PAD_BUTTONS.values()) == set(BUTTONS)
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = PygameWindow("test")
    try:
        window.poll()
        pygame.event.post(pygame.event.Event(pygame.CONTROLLERBUTTONDOWN, button=0, instance_id=0))
        pygame.event.post(pygame.event.Event(pygame.CONTROLLERBUTTONUP, button=0, instance_id=0))
        pygame.event.post(pygame.event.Event(pygame.CONTROLLERAXISMOTION, axis=0, value=-STICK_RANGE, instance_id=0))
        pygame.event.post(pygame.event.Event(pygame.CONTROLLERAXISMOTION, axis=4, value=STICK_RANGE, instance_id=0))
        pygame.event.post(pygame.event.Event(pygame.CONTROLLERDEVICEREMOVED, instance_id=0))
        expected = [KeyDown("return"), KeyUp("return"), KeyDown("left"), KeyUp("left")]
        assert [one for one in window.poll() if isinstance(one, KeyDown | KeyUp)] == expected
    finally:
        window.close()
