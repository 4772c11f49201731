"""Plays the game from a text file, line by line, and checks what comes of it. For `demo.py --script` and tests.

::

    walk THING          walk until it is within reach         say WORDS      say them, wait for the answer
    talk CHARACTER      walk there and begin a conversation   show ITEM      hold out an item
    go PLACE            walk there, through doors and gates
    dictate WORDS       say them as fingers do, letter by letter, and wait for all of the answer
    use                 press E                               leave          press Esc
    hold KEY STEPS      keep a key down                       type WORDS     type without sending
    press KEY           press a key                           wait STEPS     let time pass

    expect response ID | verdict NAME | text WORDS | screen WORDS | gold N | item ID [COUNT] | fact NAME VALUE | won
    expect not ...      the opposite

Everything after `#` at the start of a line is a comment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import npc
from games.keep.game import Game
from games.keep.layout import PLACES, Impossible, place_of, way_to
from games.keep.scene_conversation import ConversationScene
from games.keep.simulation import Approach
from games.keep.using import GOLD, ITEMS
from games.keep.window import Input, KeyDown, KeyUp, Typed
from games.keep.window_null import NullWindow

LETTER_STEPS = 3
"""Steps that a letter takes which is dictated."""
PATIENCE = 60.0
"""Seconds an answer may take before the script gives up."""


class ScriptError(Exception):
    """A script went wrong; the text begins with its name and line number."""


class ScriptMismatch(ScriptError):
    """What the script expects is not what happened."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a script that went through consisted of: how many commands, and how many `expect` lines that held."""

    commands: int
    expectations: int

    def __str__(self) -> str:
        """For people: ``31 commands, 6 expectations held``."""
        commands = f"{self.commands} command{'' if self.commands == 1 else 's'}"
        return f"{commands}, {self.expectations} expectation{'' if self.expectations == 1 else 's'} held"


def play_script(game: Game, text: str, name: str = "script") -> Played:
    """Play a script to its end.

    Raises:
        ScriptMismatch: an `expect` line does not hold, or what a line wants done cannot be done.
        ScriptError: a line cannot be understood.
    """
    player = _Player(game)
    commands = expectations = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            player.perform(line.strip())
        except (_Unmet, Impossible) as problem:
            raise ScriptMismatch(f"{name}:{number}: {line.strip()}: {problem}") from None
        except (ValueError, KeyError) as problem:
            raise ScriptError(f"{name}:{number}: cannot understand `{line.strip()}`: {problem}") from None
        if line.split(maxsplit=1)[0] == "expect":
            expectations += 1
        else:
            commands += 1
    return Played(commands, expectations)


class _Unmet(Exception):
    pass


class _Player:
    """Turns the lines of a script into input, as a person's fingers would."""

    def __init__(self, game: Game) -> None:
        self._game = game

    def perform(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        rest = rest.strip()
        match verb:
            case "walk":
                self._walk(rest)
            case "go":
                self._go(rest)
            case "talk":
                self._talk(rest)
            case "use":
                self._press("e")
            case "say":
                self._conversation()
                self._feed(Typed(rest), KeyDown("return"))
                self._await_answer()
            case "dictate":
                self._dictate(rest)
            case "type":
                self._feed(Typed(rest))
            case "show":
                self._conversation().show(rest)
                self._await_answer()
            case "leave":
                self._conversation()
                self._press("escape")
            case "press":
                self._press(rest)
            case "hold":
                key, steps = rest.split()
                self._feed(KeyDown(key))
                self._wait(int(steps))
                self._feed(KeyUp(key))
            case "wait":
                self._wait(int(rest))
            case "expect":
                wanted = not rest.startswith("not ")
                self._expect(rest.removeprefix("not ").strip(), wanted)
            case _:
                raise ValueError(f"no command `{verb}`")

    def _dictate(self, words: str) -> None:
        scene = self._conversation()
        for letter in words:
            self._feed(Typed(letter))
            self._wait(LETTER_STEPS)
        self._wait(6 * LETTER_STEPS)
        self._feed(KeyDown("return"), KeyUp("return"))
        self._await_answer()
        while not scene.line_is_out:
            self._wait(1)

    def _walk(self, thing: str) -> None:
        keep = self._game.keep
        if isinstance(self._game.stage.top, ConversationScene):
            raise _Unmet("somebody is being talked to: leave first")
        self._go(place_of(thing).id)
        Approach(thing).perform(keep)
        while keep.walking_somewhere and self._game.running:
            self._wait(1)

    def _go(self, place: str) -> None:
        keep = self._game.keep
        if place not in PLACES:
            raise ValueError(f"no place `{place}`; one of {', '.join(PLACES)}")
        while keep.place.id != place:
            here, way = keep.place, way_to(keep.place.id, place)
            assert way is not None
            self._walk(way.id)
            self._press("e")
            while keep.place is here and keep.walking_somewhere:
                self._wait(1)
            if keep.place is here:
                raise _Unmet(f"the {way.id} leads nowhere yet")

    def _talk(self, character: str) -> None:
        self._go(place_of(character).id)
        self._walk(character)
        self._press("e")
        if self._conversation().character != character:
            raise _Unmet(f"somebody else is nearer: {self._conversation().character}")
        self._await_answer()

    def _conversation(self) -> ConversationScene:
        top = self._game.stage.top
        if not isinstance(top, ConversationScene):
            raise _Unmet("nobody is being talked to")
        return top

    def _await_answer(self) -> None:
        end = time.monotonic() + PATIENCE
        while self._conversation().waiting:
            self._wait(1)
            if time.monotonic() > end:
                raise _Unmet(f"no answer came in {PATIENCE:.0f} seconds")
            if self._conversation().waiting:
                time.sleep(0.001)
        self._wait(1)

    def _expect(self, what: str, wanted: bool) -> None:
        kind, _, rest = what.partition(" ")
        checks: Mapping[str, Callable[[str], tuple[bool, str]]] = {
            "response": lambda value: self._compare(self._turn().response, value),
            "verdict": lambda value: self._compare(str(self._turn().verdict), value),
            "text": lambda value: (value.lower() in self._turn().text.lower(), self._turn().text),
            "screen": self._screen,
            "gold": lambda value: self._compare(self._game.session.facts[GOLD], int(value)),
            "item": self._item,
            "fact": self._fact,
            "won": lambda _: (self._game.keep.won, "won" if self._game.keep.won else "not won"),
        }
        if kind not in checks:
            raise ValueError(f"cannot expect `{kind}`; one of {', '.join(checks)}")
        holds, found = checks[kind](rest.strip())
        if holds is not wanted:
            raise _Unmet(f"found {found}{self._heard()}")

    def _turn(self) -> npc.Turn:
        turn = self._conversation().turn
        if turn is None:
            raise _Unmet("nothing has been said yet")
        return turn

    def _heard(self) -> str:
        top = self._game.stage.top
        if not isinstance(top, ConversationScene) or top.turn is None:
            return ""
        return f' (said "{top.turn.text}", heard {", ".join(sorted(top.turn.heard)) or "nothing"})'

    def _screen(self, words: str) -> tuple[bool, str]:
        window = self._game.window
        if not isinstance(window, NullWindow):
            raise ValueError("`expect screen` needs --headless")
        return window.shows(words), " | ".join(window.texts)

    def _item(self, rest: str) -> tuple[bool, str]:
        item, _, count = rest.partition(" ")
        if item not in self._game.session.cast.catalog.items:
            raise ValueError(f"no item `{item}`")
        bag = self._game.session.facts[ITEMS]
        assert isinstance(bag, Mapping)
        have = bag.get(item, 0)
        return (have == int(count) if count else have > 0), f"{have} of {item}"

    def _fact(self, rest: str) -> tuple[bool, str]:
        name, _, value = rest.partition(" ")
        shown = str(self._game.session.facts[name]).lower()
        return shown == value.strip().lower(), f"{name} = {shown}"

    def _compare(self, found: object, wanted: object) -> tuple[bool, str]:
        return found == wanted, str(found)

    def _press(self, key: str) -> None:
        self._feed(KeyDown(key), KeyUp(key))

    def _feed(self, *inputs: Input) -> None:
        self._game.feed(*inputs)
        self._wait(1)

    def _wait(self, steps: int) -> None:
        for _ in range(steps):
            self._game.advance(1)
