"""The settings screen: every line is turned with left and right, and kept at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import npc
from games.keep.art.palette import BONE, FLAME, GOLD, INK, PAPER, STONE
from games.keep.interface import centred, key_hints, panel
from games.keep.keys import ACTIONS, bound, first_keys, label
from games.keep.menu import Entry, MenuScene
from games.keep.scene import Stage
from games.keep.settings import Settings
from games.keep.text_field import TextField
from games.keep.window import HEIGHT, WIDTH, Input, KeyDown, KeyUp, Typed, Window

LABELS = {
    "text_size": "Text size",
    "typing_speed": "Typing speed",
    "full_screen": "Full screen",
    "symbols": "Colours for the colour-blind",
    "sound": "Sound",
    "ambience": "Wind and torches",
}


class Chooser(Protocol):
    """What the screen asks of the game."""

    stage: Stage
    settings: Settings

    def choose(self, settings: Settings) -> str:
        """Keep other settings and act on them; what went wrong, or nothing.

        Raises:
            npc.NpcError: the backend cannot be used; nothing is changed.
        """


def settings_scene(game: Chooser) -> MenuScene:
    """A line for each setting."""

    def turn(name: str) -> Callable[[int], None]:
        def act(direction: int) -> None:
            scene.message = game.choose(game.settings.turned(name, direction))

        return act

    def entries() -> Sequence[Entry]:
        rows = [Entry(label, None, _shown(getattr(game.settings, name)), turn(name)) for name, label in LABELS.items()]
        return [
            *rows,
            Entry("Keys", lambda: game.stage.push(keys_scene(game))),
            Entry("Who listens (backend)", lambda: game.stage.push(BackendScene(game)), game.settings.backend),
            Entry("Back", game.stage.pop),
        ]

    scene = MenuScene(game.stage, "Settings", entries, shade=255)
    return scene


def keys_scene(game: Chooser) -> MenuScene:
    """A line for each action with its key; Enter waits for another."""

    def bind(action: str) -> Callable[[], None]:
        return lambda: game.stage.push(KeyScene(game, action))

    def entries() -> Sequence[Entry]:
        rows = [Entry(name, bind(action), label(game.settings.keys[action])) for action, (_, name) in ACTIONS.items()]
        return [
            *rows,
            Entry("As at first", lambda: _tell(game.choose(replace(game.settings, keys=first_keys())))),
            Entry("Back", game.stage.pop),
        ]

    def _tell(message: str) -> None:
        scene.message = message

    scene = MenuScene(game.stage, "Keys", entries, shade=255)
    return scene


class KeyScene:
    """Waits for the key that an action is to have."""

    def __init__(self, game: Chooser, action: str) -> None:
        self._game, self._action = game, action
        self._problem = ""
        # The key that chose the action may still be held, and repeats.
        self._opening_key_is_up = False

    def handle(self, input_: Input) -> None:
        match input_:
            case KeyUp():
                self._opening_key_is_up = True
            case KeyDown("escape"):
                self._game.stage.pop()
            case KeyDown(key) if self._opening_key_is_up:
                self._take(key)

    def step(self) -> None:
        """Nothing moves while a key is waited for."""

    def draw(self, window: Window) -> None:
        window.fill(0, 0, WIDTH, HEIGHT, INK, 200)
        panel(window, 200, 190, WIDTH - 400, 140)
        centred(window, 214, f"{ACTIONS[self._action][1]}: press a key", 22, GOLD)
        centred(window, 258, self._problem or "Esc leaves it as it is.", 18, BONE)

    def _take(self, key: str) -> None:
        try:
            keys = bound(self._game.settings.keys, self._action, key)
        except ValueError as problem:
            self._problem = f"{str(problem).capitalize()}."
            return
        self._problem = self._game.choose(replace(self._game.settings, keys=keys))
        if not self._problem:
            self._game.stage.pop()


class BackendScene:
    """A backend spec is typed, tried, and kept if it can be used."""

    def __init__(self, game: Chooser) -> None:
        self._game = game
        self._problem = ""
        self._opened = 0
        self.field = TextField()
        self.field.insert(game.settings.backend)

    def handle(self, input_: Input) -> None:
        match input_:
            case KeyDown("escape"):
                self._game.stage.pop()
            case KeyDown("return"):
                self._take()
            case KeyDown(key, control=control):
                self.field.key(key, control=control)
            case Typed(text) if self._opened:  # The key that opened it is not typed.
                self.field.insert(text)

    def step(self) -> None:
        self._opened += 1

    def draw(self, window: Window) -> None:
        window.fill(0, 0, WIDTH, HEIGHT, INK)
        panel(window, 60, 130, WIDTH - 120, 230)
        centred(window, 148, "Who listens to you", 26, GOLD)
        centred(window, 188, "embedded, openai:MODEL, openai:MODEL@http://localhost:11434/v1", 17, BONE)
        centred(window, 212, "Several joined with | are tried in order. No line is ever made up.", 17, BONE)
        window.fill(90, 250, WIDTH - 180, 34, STONE)
        window.fill(92, 252, WIDTH - 184, 30, INK)
        shown = self.field.text
        while window.text_width(shown, 18) > WIDTH - 220:
            shown = shown[1:]
        window.text(100, 259, shown, 18, PAPER)
        window.fill(101 + window.text_width(shown, 18), 257, 2, 20, FLAME)
        centred(window, 306, self._problem[:100], 16, PAPER)
        key_hints(window, WIDTH - 14, HEIGHT - 38, [("Enter", "take"), ("Esc", "back")])

    def _take(self) -> None:
        try:
            self._problem = self._game.choose(replace(self._game.settings, backend=self.field.text.strip()))
        except npc.NpcError as error:
            self._problem = str(error)
            return
        if not self._problem:
            self._game.stage.pop()


def _shown(value: object) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
