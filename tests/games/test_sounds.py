"""What is heard: the sounds themselves, when they are played, and silence where there is none to be made."""

from __future__ import annotations

from array import array

import pygame
import pytest

from games.keep.sounds import AMBIENCE, COIN, DOOR, ITEM, RATE, SOUNDS, STEP, VOICES, Sound, blip_of, samples
from games.keep.using import GOLD
from games.keep.window import KeyDown, KeyUp
from games.keep.window_pygame import PygameWindow
from tests.games.test_scenes import go, say, talk


def wave_of(sound: Sound) -> array[int]:
    wave = array("h")
    wave.frombytes(samples(sound))
    return wave


def names(game) -> list[str]:
    return [sound.name for sound, _ in game.window.played]


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_can_be_heard_and_does_not_click(name: str):
    """Every sound is short, neither silent nor cut off at the top, and fades out; the ambience meets its beginning."""
    wave = wave_of(Sound(name))
    loudest = max(map(abs, wave))
    assert 600 < loudest < 32_000
    if name == "ambience":
        assert len(wave) == 8 * RATE
        assert abs(wave[-1] - wave[0]) < 1_500
    else:
        assert len(wave) < 1.2 * RATE
        assert abs(wave[-1]) < 1_500


def test_voices_differ(cast):
    """Each character of the cast has a voice, and no two the same."""
    assert set(VOICES) == set(cast.characters)
    assert len({samples(blip_of(character)) for character in VOICES}) == len(VOICES)


def test_feet_voices_and_what_is_found_are_heard(make_game):
    """Walking plays steps, a line that appears its speaker's voice, and something found its own sound."""
    game = make_game()
    go(game, "crate")
    assert set(names(game)) == {"step"}
    before = len(game.window.played)
    game.feed(KeyDown("e"), KeyUp("e"))
    game.advance(1)
    assert names(game)[before:] == ["item"]
    talk(game, "warden")
    game.advance(20)
    assert (blip_of("warden"), 1.0) in game.window.played
    assert (STEP, 1.0) in game.window.played


def test_paying_rings_and_the_gate_creaks(make_game):
    """A bribe that is taken sounds of coins and of the key handed over; the gate, once opened, of a door."""
    game = make_game({"take these 60 gold": {"offer_gold": {"amount": 60}}})
    game.session.facts[GOLD] = 60
    talk(game, "warden")
    say(game, "take these 60 gold")
    game.advance(1)
    assert {COIN, ITEM} <= {sound for sound, _ in game.window.played}
    game.feed(KeyDown("escape"), KeyUp("escape"))
    go(game, "gate")
    game.feed(KeyDown("e"), KeyUp("e"))
    game.advance(1)
    assert DOOR in {sound for sound, _ in game.window.played}


def test_all_of_it_can_be_turned_off(make_game):
    """Sound turned off plays nothing; the ambience is turned off by itself, and both at once in a running game."""
    game = make_game()
    assert game.window.ambience == 1.0
    game.choose(game.settings.turned("sound", 1).turned("ambience", 1))
    assert (game.settings.sound, game.settings.ambience) == ("off", "off")
    go(game, "well")
    assert game.window.played == []
    assert game.window.ambience == 0.0


def test_the_mixer_plays_until_it_is_told_to_stop(monkeypatch):
    """On the library's device without a speaker, the ambience goes on until its volume is nothing."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    window = PygameWindow("test")
    try:
        window.surround(1.0)
        assert pygame.mixer.get_busy()
        window.surround(0.4)
        window.surround(0.0)
        assert not pygame.mixer.get_busy()
        window.play(COIN, 1.0)
        assert pygame.mixer.get_busy()
    finally:
        window.close()


def test_a_machine_without_a_device_is_silent(monkeypatch):
    """Where no audio device can be opened, nothing is played and nothing goes wrong."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "none-such")
    window = PygameWindow("test")
    try:
        window.surround(1.0)
        window.play(AMBIENCE, 1.0)
        assert pygame.mixer.get_init() is None
    finally:
        window.close()
