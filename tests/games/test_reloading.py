"""Editing the cast while the game runs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import npc
from games.keep.casting import CAST
from games.keep.game import LOOK_STEPS, Game
from games.keep.scene_conversation import ConversationScene
from games.keep.using import GOLD
from games.keep.window_null import NullWindow
from tests.games.test_scenes import say, settle, talk


@pytest.fixture
def catalogs(tmp_path: Path) -> Path:
    return shutil.copytree(CAST.parent, tmp_path / "catalogs")


@pytest.fixture
def game(catalogs: Path) -> Game:
    """A game that is played from, and watches, a copy of the catalogs."""

    def open_copy(backend: str, data) -> npc.Session:
        cast = npc.load(catalogs / "keep")
        return npc.Session(cast, backend, 5) if data is None else npc.Session.restore(cast, data, backend)

    session = open_copy("embedded", None)
    return Game(session, NullWindow(), with_title=False, clock=lambda: 0.0, opener=open_copy, catalogs=catalogs)


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    later = file.stat().st_mtime_ns + 10**9  # However coarse the disk's clock is.
    os.utime(file, ns=(later, later))


def test_an_edited_line_is_there_at_once_and_the_talk_goes_on(game, catalogs):
    """With the partner still there, the line just said reads as it was edited; facts and place stay."""
    scene = talk(game, "pedlar")
    say(game, "how much is the rope?")
    game.session.facts[GOLD] = 31
    before, where = dict(game.session.facts), (game.keep.x, game.keep.y, game.keep.place)
    file = catalogs / "keep" / "pedlar.yaml"
    said = scene.line
    pattern = said.replace("a coil of rope", "{item}").replace("6 gold", "{price} gold")
    edit(file, pattern, "Hear me out! " + pattern)
    game.advance(LOOK_STEPS + 1)
    scene = game.stage.top
    assert isinstance(scene, ConversationScene)
    assert scene.turn.response == "quote"
    assert scene.line == f"Hear me out! {said}"
    assert game.window.shows("The cast was edited")
    assert dict(game.session.facts) == before
    assert (game.keep.x, game.keep.y, game.keep.place) == where
    say(game, "yes")
    assert scene.turn.response == "sold"


def test_what_an_edit_changes_is_told_by_turn(game, catalogs):
    """An edited rule takes the turns so far again; where the line is another one now, the turn is named."""
    talk(game, "warden")
    say(game, "would a bribe help?")
    game.feed()
    edit(catalogs / "keep" / "warden.yaml", 'return say("price_again", price=price())', 'return say("refuse_cold")')
    game.advance(LOOK_STEPS + 1)
    assert game.window.shows("turn 2, warden: price_again → refuse_cold")
    assert game.stage.top.turn.response == "refuse_cold"


def test_an_edit_with_an_error_is_told_and_the_game_goes_on(game, catalogs):
    """A half-written file stops nothing: what is wrong is told with its place, and the old cast plays on."""
    talk(game, "warden")
    session = game.session
    edit(catalogs / "keep" / "warden.yaml", 'return say("no_other_way")', 'return say("no_other_ways")')
    game.advance(LOOK_STEPS + 1)
    assert game.window.shows("Not reloaded.", "warden.yaml:")
    assert game.session is session
    say(game, "is there another way in?")
    settle(game)
    assert game.stage.top.turn.response == "no_other_way"
    edit(catalogs / "keep" / "warden.yaml", 'return say("no_other_ways")', 'return say("no_other_way")')
    game.advance(LOOK_STEPS + 1)
    assert game.session is not session


def test_an_answer_under_way_is_waited_for(make_session, never_answers, catalogs):
    """While an answer is awaited nothing is taken over."""
    session = make_session(backend=never_answers)
    game = Game(session, NullWindow(), with_title=False, clock=lambda: 0.0, catalogs=catalogs)
    talk_to = game.stage
    game.feed()
    scene = ConversationScene(talk_to, game.story, "warden", event="")
    talk_to.push(scene)
    scene.say("hello there")
    edit(catalogs / "keep" / "warden.yaml", "Halt.", "Stop.")
    game.advance(3 * LOOK_STEPS)
    assert game.session is session
    game.close()
