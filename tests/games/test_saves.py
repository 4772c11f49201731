"""Saved games: slots, what is wrong with a file, and processes that die while they save."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import npc
from games.keep.game import Game
from games.keep.saves import AUTOSAVE, VERSION, Saves
from games.keep.scene_walking import WalkingScene
from games.keep.using import GOLD
from games.keep.window import KeyDown, KeyUp
from games.keep.window_null import NullWindow

CHECKOUT = Path(__file__).resolve().parents[2]
DIES_AT = {
    "before the first byte": ("os.getpid", 1),
    "when the text is written, not yet on the disk": ("os.fsync", 1),
    "before it takes the old file's place": ("os.replace", 1),
    "after it took the old file's place": ("os.fsync", 2),
}

SAVER = """
import os, signal, sys
from pathlib import Path
from games.keep.saves import Saves
saves = Saves(Path(sys.argv[1]))
name, count, me = sys.argv[2], int(sys.argv[3]), os.getpid()
number = 0
if name:
    real, left = getattr(os, name), [count]
    def dying(*given):
        left[0] -= 1
        if number and left[0] <= 0:
            os.kill(me, getattr(signal, "SIGKILL", signal.SIGTERM))
        return real(*given)
while True:
    saves.keep("1", {"number": number, "padding": "x" * 20_000}, {}, "a game")
    print(number, flush=True)
    if name and not number:
        left[0] = count
        setattr(os, name, dying)
    number += 1
"""


def saver(folder: Path, name: str = "", count: int = 0) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", SAVER, str(folder), name, str(count)]
    return subprocess.Popen(arguments, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("moment", DIES_AT)
def test_a_save_survives_a_kill_in_the_middle_of_the_next(moment, tmp_path):
    """Killed at each step of writing a second save, a process leaves the first or the second, whole."""
    name, count = DIES_AT[moment]
    process = saver(tmp_path, name.rpartition(".")[2], count)
    told, _ = process.communicate(timeout=30)
    assert told.split() == ["0"]
    assert process.returncode == (-signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    save = Saves(tmp_path).read("1")
    assert save.state == "fine"
    assert save.session["number"] == (1 if moment.startswith("after") and os.name == "posix" else 0)


def test_saves_survive_kills_from_outside(tmp_path):
    """Killed after any of many saves, a process leaves the last that it told of, or the one it was at."""
    dice = random.Random(5)
    for _ in range(6):
        process = saver(tmp_path)
        assert process.stdout is not None
        for _ in range(dice.randint(1, 40)):
            last = int(process.stdout.readline())
        process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        rest, _ = process.communicate(timeout=30)
        last = max([last, *map(int, rest.split())])
        save = Saves(tmp_path).read("1")
        assert save.state == "fine"
        assert save.session["number"] in (last, last + 1)


def test_every_cut_and_every_changed_byte_is_seen(tmp_path):
    """A file cut off anywhere, or with a letter of its content changed, is told as damaged and never read as fine."""
    saves = Saves(tmp_path, lambda: 5.0)
    saves.keep("1", {"gold": 12}, {"x": 4}, "12 gold")
    file = tmp_path / "1.json"
    whole = file.read_text(encoding="utf-8")
    assert saves.read("1").told == "12 gold"
    for at in range(len(whole)):
        file.write_text(whole[:at], encoding="utf-8")
        assert saves.read("1").state == "damaged"
        file.write_text(whole[:at] + "~" + whole[at + 1 :], encoding="utf-8")
        assert saves.read("1").state == "damaged" or whole[at] in "\n ", at


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000, '{"format": "other"}', "\x00"])
def test_what_is_no_save_is_damaged(tmp_path, text):
    """Any other file in a slot is told as damaged."""
    (tmp_path / "2.json").write_text(text, encoding="utf-8")
    assert Saves(tmp_path).read("2").state == "damaged"


@pytest.mark.parametrize(("version", "state"), [(VERSION + 1, "newer"), (None, "damaged")])
def test_what_cannot_be_read_is_kept_beside_a_new_save(tmp_path, version, state):
    """Saving over a newer or damaged file keeps it under another name, byte for byte, and says so."""
    text = json.dumps({"format": "keep-of-three-locks", "version": version, "content": {}})
    (tmp_path / "1.json").write_text(text, encoding="utf-8")
    saves = Saves(tmp_path)
    assert saves.read("1").state == state
    assert saves.keep("1", {}, {}, "new") == f"What was there is kept as 1.{state}-1.json."
    assert (tmp_path / f"1.{state}-1.json").read_text(encoding="utf-8") == text
    assert saves.read("1").told == "new"


def test_a_disk_that_refuses_is_told(tmp_path):
    """A save that cannot be written is told as such, in the foreground and in the background; the game goes on."""
    (tmp_path / "file").write_text("in the way")
    game = Game(npc.Session(npc.load(CHECKOUT / "catalogs" / "keep")), NullWindow(), saves=Saves(tmp_path / "file"))
    assert game.save("1").startswith("The game could not be saved: ")
    game.session.facts[GOLD] = 50
    game.stage.pop()
    game.advance(61)
    assert game.close()[0].startswith("The game could not be saved: ")


def press(game: Game, *keys: str) -> None:
    for key in keys:
        game.feed(KeyDown(key), KeyUp(key))
    game.advance(1)


@pytest.fixture
def begin(cast, tmp_path):
    """A game as the program starts it: with its title, saving in a folder."""

    def start() -> Game:
        def opener(backend, data):
            return npc.Session(cast) if data is None else npc.Session.restore(cast, data)

        game = Game(npc.Session(cast), NullWindow(), clock=lambda: 0.0, saves=Saves(tmp_path), opener=opener)
        game.advance(1)
        return game

    return start


def test_a_game_goes_on_where_it_was_left(begin, tmp_path):
    """What changes is saved by itself; Continue in a new process is there again, with gold and place."""
    game = begin()
    press(game, "return")
    game.session.facts[GOLD] = 77
    game.feed(KeyDown("right"))
    game.advance(70)
    game.saves.finish()
    assert Saves(tmp_path).read(AUTOSAVE).told == "77 gold, 0 turns of talk"
    game.feed(KeyUp("right"))
    where = (game.keep.x, game.keep.y)
    assert game.close() == []
    again = begin()
    assert again.window.shows("Continue", "77 gold")
    press(again, "return")
    assert isinstance(again.stage.top, WalkingScene)
    assert again.session.facts[GOLD] == 77
    assert (again.keep.x, again.keep.y, again.keep.facing) == (*where, "right")


def test_looking_at_the_title_saves_nothing(begin, tmp_path):
    """Opening and closing the program, or a new game in which nothing was done, leaves no autosave."""
    for keys in ((), ("return",)):
        game = begin()
        press(game, *keys)
        game.advance(200)
        assert game.close() == []
    assert list(tmp_path.iterdir()) == []


def test_slots_are_kept_and_loaded_from_the_pause(begin):
    """Pause, save in slot 2, lose the gold, load slot 2: the gold is back."""
    game = begin()
    press(game, "return")
    game.session.facts[GOLD] = 40
    press(game, "escape", "down", "return", "down", "return")
    assert game.window.shows("Saved.", "Slot 2", "40 gold")
    press(game, "escape", "escape")
    game.session.facts[GOLD] = 1
    press(game, "escape", "down", "down", "return")
    assert game.window.shows("Load", "Slot 2", "40 gold", "empty")
    press(game, "down", "down", "return")
    assert game.session.facts[GOLD] == 40
    game.advance(1)
    assert isinstance(game.stage.top, WalkingScene)
    assert game.close() == []


def test_a_damaged_autosave_is_told_on_the_title_and_kept(begin, tmp_path):
    """The title says which save is damaged, offers no Continue for it, and playing on does not lose it."""
    (tmp_path / "autosave.json").write_text("half a fi", encoding="utf-8")
    game = begin()
    assert game.window.shows("Autosave: damaged")
    assert not game.window.shows("Continue")
    press(game, "return")
    game.session.facts[GOLD] = 3
    game.advance(61)
    game.close()
    assert (tmp_path / "autosave.damaged-1.json").read_text(encoding="utf-8") == "half a fi"
    assert Saves(tmp_path).read(AUTOSAVE).state == "fine"


def test_leaving_to_the_title_offers_the_game_to_continue_and_a_new_one(begin):
    """From the pause to the title: Continue is the game just left; New game begins with the purse of the start."""
    game = begin()
    press(game, "return")
    before = game.session.facts[GOLD]
    game.session.facts[GOLD] = 61
    press(game, "escape", "up", "up", "return")
    assert game.window.shows("Continue", "61 gold", "New game")
    press(game, "down", "return")
    assert isinstance(game.stage.top, WalkingScene)
    assert game.session.facts[GOLD] == before
    game.close()


def test_a_new_game_after_one_that_was_continued_is_new(begin):
    """Continue, straight back to the title, New game: not the continued game again."""
    game = begin()
    before = game.session.facts[GOLD]
    press(game, "return")
    game.session.facts[GOLD] = 61
    game.close()
    again = begin()
    press(again, "return", "escape", "up", "up", "return", "down", "return")
    assert isinstance(again.stage.top, WalkingScene)
    assert again.session.facts[GOLD] == before
    again.close()
