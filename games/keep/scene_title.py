"""The title, over the keep: what to play."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from games.keep.menu import Entry, MenuScene, PageScene
from games.keep.saves import AUTOSAVE, SLOTS, Save, Saves
from games.keep.scene_settings import Chooser, settings_scene

LINES = (
    "Below the keep somebody sings, behind three locks.",
    "Walk up to people, press E, and say whatever you like.",
)

CREDITS = (
    "The Keep of Three Locks",
    "",
    "Words, rules, pictures and program: the people of this project.",
    "No line is made up as you play: all of them were written, and the rules hold.",
    "",
    "Built with Python, pygame and SDL, pydantic, PyYAML, NumPy and ONNX Runtime.",
    "Their makers have our thanks.",
)

NAMES = {AUTOSAVE: "Autosave", **{slot: f"Slot {slot}" for slot in SLOTS}}


class Keeper(Chooser, Protocol):
    """What the menus ask of the game."""

    saves: Saves

    def new(self) -> None:
        """Begin a new game."""

    def load(self, save: Save) -> str:
        """Go on with a save; what went wrong, or nothing."""

    def save(self, slot: str) -> str:
        """Keep the game in a slot; what to tell of it."""

    def leave(self) -> None:
        """To the title."""

    def quit(self) -> None:
        """End the program."""


def title_scene(game: Keeper, title: str) -> MenuScene:
    """The title screen: Continue where there is something to continue, and the rest."""
    newest = game.saves.newest()

    def entries() -> Sequence[Entry]:
        rows = [
            Entry("New game", game.new),
            Entry("Load", lambda: game.stage.push(load_scene(game))),
            Entry("Settings", lambda: game.stage.push(settings_scene(game))),
            Entry("Credits", lambda: game.stage.push(PageScene(game.stage, "Credits", CREDITS))),
            Entry("Quit", game.quit),
        ]
        if newest is not None:
            rows.insert(0, Entry("Continue", _loading(game, newest, scene), described(newest)))
        return rows

    scene = MenuScene(game.stage, title, entries, leave=game.quit, lines=LINES, top=84, shade=150)
    damaged = [save for save in map(game.saves.read, (AUTOSAVE, *SLOTS)) if save.state in ("damaged", "newer")]
    if damaged:
        scene.message = f"{NAMES[damaged[0].slot]}: {damaged[0].told}. Nothing is deleted; see Load."
    return scene


def pause_scene(game: Keeper) -> MenuScene:
    """The game stands still: go on, save, load or leave."""

    def entries() -> Sequence[Entry]:
        return [
            Entry("Go on", game.stage.pop),
            Entry("Save", lambda: game.stage.push(save_scene(game))),
            Entry("Load", lambda: game.stage.push(load_scene(game))),
            Entry("Settings", lambda: game.stage.push(settings_scene(game))),
            Entry("Leave to the title", game.leave, "the game is saved"),
            Entry("Quit", game.quit, "the game is saved"),
        ]

    return MenuScene(game.stage, "Paused", entries)


def load_scene(game: Keeper) -> MenuScene:
    """All slots with what is in them; only whole saves of this version can be chosen."""
    saves = [game.saves.read(slot) for slot in (AUTOSAVE, *SLOTS)]

    def entries() -> Sequence[Entry]:
        return [
            Entry(NAMES[save.slot], _loading(game, save, scene) if save.state == "fine" else None, described(save))
            for save in saves
        ] + [Entry("Back", game.stage.pop)]

    scene = MenuScene(game.stage, "Load", entries, shade=255)
    return scene


def save_scene(game: Keeper) -> MenuScene:
    """The slots to save in."""

    def keep(slot: str) -> Callable[[], None]:
        def act() -> None:
            scene.message = game.save(slot)

        return act

    def entries() -> Sequence[Entry]:
        saves = [game.saves.read(slot) for slot in SLOTS]
        rows = [Entry(NAMES[save.slot], keep(save.slot), described(save)) for save in saves]
        return [*rows, Entry("Back", game.stage.pop)]

    scene = MenuScene(game.stage, "Save", entries, shade=255)
    return scene


def described(save: Save) -> str:
    """A slot in a few words: when it was kept and what stands in it, or what is wrong with it."""
    if save.state != "fine":
        return save.told
    return f"{datetime.fromtimestamp(save.when):%d %b %H:%M}, {save.told}"


def _loading(game: Keeper, save: Save, scene: MenuScene) -> Callable[[], None]:
    def act() -> None:
        scene.message = game.load(save)

    return act
