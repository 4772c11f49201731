"""Every way to the end, played from its script by the embedded brain; and the same cast in the terminal."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from games.keep import terminal
from games.keep.prompt import _completer, line_reader
from games.keep.script import play_script
from games.keep.seeds import Seeds
from games.keep.using import SEARCHED

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.keep"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_way_leads_to_the_end(make_game, script):
    """The whole way is played with typed words, no model, and ends in a win."""
    game = make_game(backend="embedded")
    play_script(game, script.read_text(encoding="utf-8"), script.name)
    assert game.keep.won


def test_the_readmes_film_can_be_made(make_game):
    """The script of the README's moving picture ends with the gate open; what it dictates is typed letter by letter."""
    game = make_game(backend="embedded")
    script = Path(__file__).resolve().parents[2] / "docs" / "screenshots" / "film.keep"
    played = play_script(game, script.read_text(encoding="utf-8"), script.name)
    assert played.expectations == 1
    assert [entry.utterance for entry in game.session.transcript if entry.utterance][-1] == "here is the royal seal"


def play_terminal(session, *lines: str, seeds: Seeds | None = None) -> tuple[bool, str]:
    written = io.StringIO()
    console = Console(file=written, width=200, color_system=None)
    waiting = list(lines)

    def read(prompt: str) -> str:
        if not waiting:
            raise EOFError
        return waiting.pop(0)

    won = terminal.play(session, console, read, seeds)
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
        "cost",
        "leave",
        "bag",
        "open gate",
        "talk Pip",
        "which day was it?",
        "leave",
        "go gatehouse",
        "talk clerk",
        "the joke was told on a Tuesday",
        "talk captain",
        "I challenge you to a duel",
        "I feint",
        "I strike",
        "is that all you've got?",
        "I strike",
        "I feint",
        "I strike",
        "leave",
        "open cell",
    )
    assert won
    assert "− 6 gold" in shown
    assert "+ cell key" in shown
    assert re.search(r"embedded  \d turns, \d calls, \d+ ms a call, free", shown)
    for words in (
        "You come to the cells.",
        "+ writ of release",
        "+ tower key",
        "Pip is free",
        "you showed the warden a royal seal",
        "you found the clause",
        "you beat the captain",
        "19 turns of talk",
        "6 gold is left",
    ):
        assert words in shown


def test_the_terminal_leads_about_the_keep(make_session):
    """`go` walks to a place by its name and says what is there; a shut gate and a shut cell say what is missing."""
    _, shown = play_terminal(
        make_session(), "go to the drowned rat", "go tavern", "go moon", "go cells", "open cell", "open sky", "look"
    )
    for words in (
        "The Drowned Rat",
        "Here: Maud Oxley.",
        "That is where you are.",
        "You can go to: the courtyard, the tavern",
        "The gate to the cells is locked: open gate.",
        "You can open: gate, cell.",
        "Here: Warden Brannoc, Tansy Farthing.",
    ):
        assert words in shown


def test_the_terminal_answers_what_makes_no_sense(make_session):
    """Unknown commands, places, people and a locked gate each get a sentence; the end of input ends the game."""
    won, shown = play_terminal(
        make_session(), "", "dance", "search sky", "talk dragon", "gate", "search well", "look", "help", "bag"
    )
    assert not won
    for words in ("talk warden", "You can search", "dragon", "Locked", "rope", "12 gold"):
        assert words in shown


def test_talk_goes_over_to_somebody_else(make_session):
    """`talk NAME` while talking goes over to the one named; other words that begin so are said."""
    session = make_session()
    _, shown = play_terminal(
        session, "talk warden", "talk to the pedlar", "talk Brannoc", "talk warden", "talk nonsense"
    )
    assert [(entry.character, entry.utterance) for entry in session.transcript] == [
        ("warden", None),
        ("pedlar", None),
        ("warden", None),
        ("warden", "talk nonsense"),
    ]
    assert "That is who you are talking to." in shown
    assert "with another name" in shown


def test_a_farewell_is_said_and_the_talk_goes_on(make_session):
    """`bye` is a line like any other; `leave` is what ends a talk."""
    session = make_session()
    play_terminal(session, "talk warden", "bye", "hello again")
    assert [entry.utterance for entry in session.transcript] == [None, "bye", "hello again"]


@pytest.mark.parametrize("line", ["talk", "talk to the milkmaid"])
def test_who_there_is_to_talk_to_goes_by_name(make_session, line):
    """Whoever names nobody, or nobody there is, is told whom one can talk to, by the names that are shown."""
    session = make_session()
    _, shown = play_terminal(session, line)
    assert "You can talk to: Maud Oxley, " in shown
    assert not session.transcript


@pytest.mark.parametrize("place", ["hay", "the hay", "a haystack", "The Crates", "crate"])
def test_places_go_by_their_names_with_or_without_an_article(make_session, place):
    """What the help and the picture call a place can be searched, article or not."""
    session = make_session()
    play_terminal(session, f"search {place}")
    assert session.facts[SEARCHED]


def test_markup_in_a_players_words_is_shown_as_typed(make_session):
    """Square brackets of the player's are no markup and break nothing."""
    _, shown = play_terminal(make_session(), "talk warden", "[bold]hello[/wrong]", "leave", "[/]")
    assert "Traceback" not in shown


def test_the_terminal_keeps_what_was_said_as_a_seed(make_session, tmp_path):
    """`/seed NAME` keeps the playthrough, and is no line to anybody; a name that is taken is told."""
    seeds = Seeds(tmp_path / "keep" / "played.dialogue.yaml")
    said = ("/seed early", "talk warden", "/seed A Halt", "/seed A Halt")
    _, shown = play_terminal(make_session(backend="embedded"), *said, seeds=seeds)
    assert "nothing was said yet that a seed could expect" in shown
    assert "Kept as a seed in keep/played.dialogue.yaml" in shown
    assert "has a conversation “A Halt” already: choose another name" in shown
    assert seeds.file is not None
    assert seeds.file.read_text(encoding="utf-8").count("- name: A Halt\n") == 1


def test_the_terminals_line_completes_and_remembers(make_session):
    """Tab completes what can be done here, or said; the arrow up brings a line back; the status says what one has."""
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    game = terminal._Terminal(make_session(), Console(file=io.StringIO()), lambda _: "", Seeds())
    assert "go tavern" in game.completions()
    assert "talk Warden Brannoc" in game.completions()
    assert game.status() == " the courtyard | 12 gold | Tab completes | loaf of bread"
    found = _completer(game.completions).get_completions(Document("GO ta"), CompleteEvent())
    assert [(each.text, each.start_position) for each in found] == [("go tavern", -5)]
    with create_pipe_input() as keys:
        read = line_reader(game.completions, game.status, input=keys, output=DummyOutput())
        keys.send_text("go tavern\r")
        assert read("> ") == "go tavern"
        keys.send_text("\x1b[A\r")
        assert read("> ") == "go tavern"
        keys.send_text("\x04")
        with pytest.raises(EOFError):
            read("> ")


def test_the_terminal_guesses_what_was_meant(make_session):
    """A line that is not understood gets what is near to it; one that is gets no guess."""
    _, shown = play_terminal(make_session(backend="embedded"), "talk warden", "cells?")
    assert "Did you mean: " in shown
    assert "gate" in shown.partition("Did you mean: ")[2]
    _, shown = play_terminal(make_session(backend="embedded"), "talk warden", "tell me a joke")
    assert "Did you mean" not in shown


def test_while_talking_the_line_completes_what_could_be_said(make_session):
    """The suggestions of the one talked to, and what could be shown."""
    game = terminal._Terminal(make_session(), Console(file=io.StringIO()), lambda _: "", Seeds())
    game._partner = "warden"
    assert {"leave", "show loaf of bread", *game._session.suggestions("warden")} <= set(game.completions())
