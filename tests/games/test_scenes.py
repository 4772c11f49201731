"""The scenes on the null window, with scripted input."""

from __future__ import annotations

import time
from concurrent.futures import Future

import pytest

from games.keep.game import Game
from games.keep.menu import MenuScene, PageScene
from games.keep.scene_conversation import ConversationScene
from games.keep.scene_walking import WalkingScene
from games.keep.script import ScriptError, ScriptMismatch, play_script
from games.keep.seeds import Seeds
from games.keep.simulation import Approach
from games.keep.using import GOLD, ITEMS
from games.keep.window import Click, Close, Composed, KeyDown, KeyUp, Typed
from games.keep.window_null import NullWindow


def go(game: Game, thing: str) -> None:
    Approach(thing).perform(game.keep)
    while game.keep.walking_somewhere:
        game.advance(1)


def talk(game: Game, character: str) -> ConversationScene:
    go(game, character)
    game.feed(KeyDown("e"), Typed("e"), KeyUp("e"))
    settle(game)
    scene = game.stage.top
    assert isinstance(scene, ConversationScene)
    return scene


def say(game: Game, words: str) -> None:
    game.feed(Typed(words), KeyDown("return"))
    settle(game)


def settle(game: Game) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        game.advance(1)
        scene = game.stage.top
        if not isinstance(scene, ConversationScene) or not scene.waiting:
            return
    raise AssertionError("no answer came")


def test_the_title_gives_way_to_the_courtyard(make_session):
    """Where nothing was saved, the title's first choice begins a game in the courtyard, which lies under it."""
    game = Game(make_session(), NullWindow())
    game.advance(1)
    assert game.window.shows("The Keep of Three Locks")
    assert isinstance(game.stage.top, MenuScene)
    assert not game.window.shows("Continue")
    game.feed(KeyDown("return"))
    assert isinstance(game.stage.top, WalkingScene)


def test_closing_the_window_ends_the_game(make_game):
    """A closed window ends the game from any scene."""
    game = make_game()
    talk(game, "warden")
    game.feed(Close())
    assert not game.running


def test_escape_pauses_and_a_key_held_down_is_one_press(make_game):
    """Esc in the courtyard pauses; held down it repeats and does no more; the next Esc goes on; none ends the game."""
    game = make_game()
    game.feed(KeyDown("right"), KeyDown("escape"), KeyDown("escape"))
    x = game.keep.x
    game.advance(30)
    assert game.window.shows("Paused", "Go on", "Quit")
    assert game.keep.x == x
    game.feed(KeyUp("escape"), KeyDown("escape"), KeyUp("escape"))
    assert isinstance(game.stage.top, WalkingScene)
    game.advance(30)
    assert game.keep.x == x
    for _ in range(7):
        game.feed(KeyDown("escape"), KeyUp("escape"))
    assert game.running


def test_quitting_from_the_pause_ends_the_game(make_game):
    """The last entry of the pause ends it; one above the first is the last."""
    game = make_game()
    game.feed(KeyDown("escape"), KeyUp("escape"), KeyDown("up"), KeyDown("return"))
    assert not game.running


@pytest.mark.parametrize("key", ["f1", "tab"])
def test_keys_of_a_conversation_say_so_in_the_courtyard(make_game, key):
    """F1 and Tab need somebody to talk to, and say it."""
    game = make_game()
    game.feed(KeyDown(key))
    game.advance(1)
    assert game.window.shows("Talk to somebody first.")


def test_held_keys_walk_and_released_keys_stop(make_game):
    """The player walks while an arrow is held; opposite arrows cancel."""
    game = make_game()
    x = game.keep.x
    game.feed(KeyDown("right"))
    game.advance(10)
    assert game.keep.x == x + 30
    game.feed(KeyDown("a"))
    game.advance(10)
    game.feed(KeyUp("a"), KeyUp("right"))
    game.advance(10)
    assert game.keep.x == x + 30


def test_a_click_walks_and_a_click_on_somebody_near_talks(make_game):
    """Clicking the ground walks there, clicking a character walks up, and a second click talks."""
    game = make_game()
    game.feed(Click(300, 400))
    game.advance(200)
    assert max(abs(game.keep.x - 300), abs(game.keep.y - 400)) <= 12
    for _ in range(2):
        game.feed(Click(676, 300))
        game.advance(400)
    assert isinstance(game.stage.top, ConversationScene)
    assert game.stage.top.character == "pedlar"


def test_what_is_impossible_is_said(make_game):
    """A refused command shows its reason."""
    game = make_game()
    game.feed(KeyDown("e"))
    game.advance(1)
    assert game.window.shows("There is nothing here to use.")


def test_the_character_speaks_first_and_the_line_is_typed_out(make_game):
    """Walking up to somebody brings their greeting, letter by letter; Enter on an empty line shows it whole."""
    game = make_game()
    scene = talk(game, "warden")
    assert scene.turn.response == "approach_first"
    assert not scene.line_is_out
    assert not game.window.shows(scene.line)
    game.feed(KeyDown("return"))
    game.advance(1)
    assert scene.line_is_out
    shown = " ".join(game.window.texts)
    assert all(word in shown for word in scene.line.split())


def test_the_key_that_begins_the_conversation_is_not_typed(make_game):
    """E opens the conversation and leaves no letter in the line; later letters are typed."""
    scene = talk(game := make_game(), "warden")
    assert scene.field.text == ""
    game.feed(KeyDown("e"), Typed("e"), KeyUp("e"))
    assert scene.field.text == "e"


def test_effects_show_as_they_happen(make_game):
    """A bargain struck shows what it cost and brought, in words and in the status bar."""
    game = make_game({"herring!": {"buy": {"item": "herring"}}, "yes": {"yes": {}}})
    talk(game, "pedlar")
    say(game, "herring!")
    say(game, "yes")
    assert game.session.facts[GOLD] == 9
    assert game.window.shows("− 3 gold", "+ smoked herring")
    assert {"herring", "bread", "coin"} <= set(game.window.sprites)


def test_the_portrait_follows_the_mood(make_game):
    """The face shown is the one the response's mood names."""
    game = make_game({"scram": {"insult": {}}})
    talk(game, "warden")
    say(game, "scram")
    assert any(name.startswith("portrait-warden-angry") for name in game.window.sprites)


def test_why_explains_the_last_turn(make_game):
    """F1 shows the verdict and the trace, and puts it away again."""
    game = make_game({"key?": {"ask_key": {}}})
    scene = talk(game, "warden")
    say(game, "key?")
    game.feed(KeyDown("f1"))
    game.advance(1)
    assert game.window.shows("Why?", "accepted", "heard: ask_key", "quote_price")
    game.feed(KeyDown("f1"))
    game.advance(1)
    assert not scene.showing_why
    assert not game.window.shows("Why?")


def test_what_may_have_been_meant_is_offered(make_game):
    """After a line that was not understood, what is near to it can be picked; after one that was, the usual few."""
    game = make_game(backend="embedded")
    scene = talk(game, "warden")
    say(game, "cells?")
    assert game.window.shows("Did you mean")
    game.feed(KeyDown("tab"))
    assert "gate" in " ".join(scene.suggestions)
    assert scene.field.text == scene.suggestions[0]
    say(game, "")
    assert scene.turn is not None
    assert scene.turn.heard
    game.advance(1)
    assert not game.window.shows("Did you mean")


def test_a_line_waits_until_its_listener_is_learnt(make_game, monkeypatch):
    """What is said to somebody who is still being learnt is held, and answered once that is done."""
    game = make_game({"hello": {"greet": {}}})
    prepared: Future[None] = Future()
    monkeypatch.setattr(game.session, "prepare", lambda character: prepared)
    scene = talk(game, "warden")
    told = len(game.session.transcript)
    scene.say("hello")
    game.advance(30)
    assert scene.waiting
    assert len(game.session.transcript) == told
    prepared.set_result(None)
    settle(game)
    assert game.session.transcript[-1].utterance == "hello"


def test_suggestions_can_be_picked(make_game):
    """Tab puts a suggested line into the field, Shift+Tab the one before, a click one of those shown."""
    game = make_game()
    scene = talk(game, "warden")
    assert len(scene.suggestions) >= 3
    game.feed(KeyDown("tab"))
    assert scene.field.text == scene.suggestions[0]
    game.feed(KeyDown("tab"), KeyDown("tab", shift=True))
    assert scene.field.text == scene.suggestions[0]
    game.feed(Click(480, 260))
    assert scene.field.text == scene.suggestions[1]


def test_an_item_can_be_shown(make_game):
    """Clicking an item in the bag holds it out: an event where the cast knows it, a notice where it does not."""
    game = make_game(facts={ITEMS: {"royal_seal": 1, "lantern": 1}})
    scene = talk(game, "warden")
    game.feed(Click(222, 510))
    settle(game)
    assert game.window.shows("says nothing")
    game.feed(Click(172, 510))
    settle(game)
    assert scene.turn.response == "hand_over"
    assert game.session.facts[ITEMS]["cell_key"] == 1


def test_a_shove_is_answered(make_game):
    """X beside a character is an attack, and they take it badly."""
    game = make_game()
    go(game, "warden")
    game.feed(KeyDown("x"))
    settle(game)
    assert game.stage.top.turn.response == "attacked"
    assert game.session.facts["warden.trust"] == 0


def test_frames_go_on_while_an_answer_is_awaited(make_game, never_answers):
    """A backend that hangs costs no frame: typing and dots go on, nothing changes, and Esc calls the turn off."""
    game = make_game(backend=never_answers)
    scene = talk(game, "warden")
    before = dict(game.session.facts)
    game.feed(Typed("hello?"), KeyDown("return"))
    slowest = 0.0
    for _ in range(100):
        begun = time.perf_counter()
        game.advance(1)
        slowest = max(slowest, time.perf_counter() - begun)
    assert scene.waiting
    assert slowest < 0.25
    game.feed(Typed("and another thing"), KeyDown("return"))
    assert scene.field.text == "and another thing"
    game.feed(KeyDown("escape"))
    assert isinstance(game.stage.top, WalkingScene)
    assert dict(game.session.facts) == before


def test_a_stall_slows_the_game_down_instead_of_making_it_jump(make_session):
    """After a stall of ten seconds one frame takes at most five steps, and the next are ordinary again."""
    now = [0.0]
    game = Game(make_session(), NullWindow(), with_title=False, clock=lambda: now[0])
    game.feed(KeyDown("right"))
    x = game.keep.x
    now[0] += 10
    game.frame()
    assert game.keep.x == x + 15
    now[0] += 1 / 60
    game.frame()
    assert game.keep.x <= x + 21


def test_words_can_be_copied_and_cut(make_game):
    """Ctrl+A and Ctrl+C put the line on the clipboard, Ctrl+X takes it out as well."""
    game = make_game()
    scene = talk(game, "warden")
    game.feed(Typed("let me in"), KeyDown("a", control=True), KeyDown("c", control=True))
    game.advance(1)
    assert (game.window.copied, scene.field.text) == ("let me in", "let me in")
    game.feed(KeyDown("left"), KeyDown("right", shift=True), KeyDown("x", control=True))
    game.advance(1)
    assert (game.window.copied, scene.field.text) == ("l", "et me in")


def test_what_an_input_method_holds_is_shown_and_not_yet_said(make_game):
    """Composed text stands at the cursor until it is typed; Enter's line has only what was typed."""
    game = make_game()
    scene = talk(game, "warden")
    game.feed(Typed("the "), Composed("k\u00e9"))
    game.advance(1)
    assert game.window.shows("the ké")
    assert scene.field.text == "the "
    game.feed(Typed("key"), Composed(""))
    game.advance(1)
    assert scene.field.text == "the key"
    assert game.window.shows("the key")


def test_a_script_that_goes_through_is_counted(make_game):
    """Played to its end, a script says how many commands and expectations it had; comments count for nothing."""
    played = play_script(make_game(), "# hello\n\nwait 1\nexpect gold 12\nexpect not won\n")
    assert str(played) == "1 command, 2 expectations held"


def test_drawing_changes_nothing(make_game):
    """Frames without steps leave facts and courtyard as they are."""
    game = make_game()
    talk(game, "pedlar")
    before = (dict(game.session.facts), game.keep.x, game.keep.steps, game.stage.top.field.text)
    for _ in range(5):
        game.advance(0)
    assert (dict(game.session.facts), game.keep.x, game.keep.steps, game.stage.top.field.text) == before


@pytest.mark.parametrize(
    ("script", "error", "message"),
    [
        ("# fine\n\nfly north", ScriptError, "s.keep:3: cannot understand `fly north`: no command `fly`"),
        ("expect gold 13", ScriptMismatch, "s.keep:1: expect gold 13: found 12"),
        ("expect not gold 12", ScriptMismatch, "found 12"),
        ("expect won", ScriptMismatch, "found not won"),
        ("say hello", ScriptMismatch, "nobody is being talked to"),
        ("talk dragon", ScriptMismatch, "There is no dragon here"),
        ("expect luck", ScriptError, "cannot expect `luck`"),
        ("expect item sword", ScriptError, "no item `sword`"),
        ("talk warden\nexpect response hand_over", ScriptMismatch, "found approach_first"),
    ],
)
def test_a_script_that_fails_says_where_and_why(make_game, script, error, message):
    """A script's failure names file, line and what was found instead."""
    with pytest.raises(error) as raised:
        play_script(make_game(), script, "s.keep")
    assert message in str(raised.value)


def test_f2_keeps_the_playthrough_as_a_seed(make_session, tmp_path):
    """F2 keeps what was said so far, while talking and in the courtyard; a notice tells where, or why not."""
    file = tmp_path / "keep" / "played.dialogue.yaml"
    game = Game(make_session(), NullWindow(), with_title=False, seeds=Seeds(file))
    game.feed(KeyDown("f2"))
    game.advance(1)
    assert game.window.shows("nothing was said yet that a seed could expect")
    talk(game, "warden")
    say(game, "hello")
    game.feed(KeyDown("f2"))
    game.advance(1)
    assert game.window.shows("Kept as a seed in keep/played.dialogue.yaml")
    game.feed(KeyDown("escape"), KeyUp("escape"), KeyDown("f2"))
    assert file.read_text(encoding="utf-8").count("- name: ") == 2


def test_the_journal_holds_what_was_learnt_and_said(make_game):
    """A line that teaches something is noted, once; the page shows the notes, and what was said, latest first."""
    game = make_game({"the bell?": {"ask_trouble": {}}, "morning": {"greet": {}}})
    game.feed(KeyDown("j"), KeyUp("j"))
    game.advance(1)
    assert game.window.shows("What you know", "Nothing yet.", "Nobody has said anything yet.")
    game.feed(KeyDown("j"), KeyUp("j"))
    talk(game, "pedlar")
    say(game, "the bell?")
    game.advance(1)
    assert game.window.shows("Written down in your journal.")
    say(game, "morning")
    say(game, "the bell?")
    game.feed(KeyDown("f4"))
    game.advance(1)
    assert sum(text.startswith("* The mule's bell fell down the well.") for text in game.window.texts) == 1
    assert game.window.shows("You: the bell?", "Tansy Farthing:")
    game.feed(KeyDown("f4"))
    assert isinstance(game.stage.top, PageScene), "the key is still held"
    game.feed(KeyUp("f4"), KeyDown("f4"), KeyUp("f4"))
    assert isinstance(game.stage.top, ConversationScene)


def test_the_bag_is_a_page(make_game):
    """I shows the purse and what is carried, how many of each."""
    game = make_game()
    game.session.facts[ITEMS] = {"bread": 3, "rope": 1}
    game.feed(KeyDown("i"), KeyUp("i"))
    game.advance(1)
    assert game.window.shows("What you carry", "12 gold pieces", "3 × a loaf of bread", "a coil of rope")
    game.feed(KeyDown("escape"), KeyUp("escape"))
    assert isinstance(game.stage.top, WalkingScene)
