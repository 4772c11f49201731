"""Scenes and the stack they lie on: the top one is played, those below are drawn under it."""

from __future__ import annotations

from typing import Protocol

from games.keep.window import Input, Window


class Scene(Protocol):
    """One screen of the game. `draw` changes nothing; `step` is one fixed step of 1/60 second."""

    def handle(self, input_: Input) -> None: ...

    def step(self) -> None: ...

    def draw(self, window: Window) -> None: ...


class Stage:
    """The stack of scenes; empty means that the game is over."""

    def __init__(self) -> None:
        self._scenes: list[Scene] = []

    @property
    def top(self) -> Scene | None:
        return self._scenes[-1] if self._scenes else None

    def __len__(self) -> int:
        return len(self._scenes)

    def above(self) -> list[Scene]:
        """The scenes that lie on the lowest, from below."""
        return self._scenes[1:]

    def push(self, scene: Scene) -> None:
        self._scenes.append(scene)

    def pop(self) -> None:
        self._scenes.pop()

    def clear(self) -> None:
        self._scenes.clear()

    def draw(self, window: Window) -> None:
        for scene in self._scenes:
            scene.draw(window)
