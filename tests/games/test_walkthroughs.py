"""Every way through the gate, played from its script by the embedded brain; and the same cast in the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from games.keep import terminal
from games.keep.script import play_script

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.keep"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_way_leads_through_the_gate(make_game, script):
    """The whole way is played with typed words, no model, and ends in a win."""
    game = make_game(backend="embedded")
    play_script(game, script.read_text(encoding="utf-8"), script.name)
    assert game.courtyard.won


def play_terminal(session, *lines: str) -> tuple[bool, str]:
    written = io.StringIO()
    console = Console(file=written, width=200, color_system=None)
    waiting = list(lines)

    def read(prompt: str) -> str:
        if not waiting:
            raise EOFError
        return waiting.pop(0)

    won = terminal.play(session, console, read)
    return won, written.getvalue()


def test_the_game_can_be_won_in_the_terminal(make_session):
    """The same cast, by typed lines alone."""
    won, shown = play_terminal(
        make_session(backend="embedded"),
        "talk pedlar",
        "I want to buy a rope",
        "yes",
        "leave",
        "search well",
        "talk to the pedlar",
        "show bell",
        "leave",
        "talk warden",
        "show the seal",
        "why",
        "leave",
        "bag",
        "gate",
    )
    assert won
    assert "− 6 gold" in shown
    assert "+ cell key" in shown
    assert "first lock is open" in shown


def test_the_terminal_answers_what_makes_no_sense(make_session):
    """Unknown commands, places, people and a locked gate each get a sentence; the end of input ends the game."""
    won, shown = play_terminal(
        make_session(), "", "dance", "search sky", "talk dragon", "gate", "search well", "look", "help", "bag"
    )
    assert not won
    for words in ("talk warden", "You can search", "dragon", "Locked", "rope", "12 gold"):
        assert words in shown


def test_markup_in_a_players_words_is_shown_as_typed(make_session):
    """Square brackets of the player's are no markup and break nothing."""
    _, shown = play_terminal(make_session(), "talk warden", "[bold]hello[/wrong]", "leave", "[/]")
    assert "Traceback" not in shown
