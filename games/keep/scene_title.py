"""The title, over the courtyard."""

from __future__ import annotations

from games.keep.art.palette import BONE, FLAME, GOLD, INK, PAPER
from games.keep.interface import centred
from games.keep.scene import Stage
from games.keep.window import HEIGHT, WIDTH, Click, Input, KeyDown, Window

LINES = (
    "Behind the gate are the cells. The warden has the key.",
    "Walk up to people, press E, and say whatever you like.",
)


class TitleScene:
    """Any key begins the game; Esc leaves it."""

    def __init__(self, stage: Stage, title: str) -> None:
        self._stage, self._title = stage, title

    def handle(self, input_: Input) -> None:
        match input_:
            case KeyDown("escape"):
                self._stage.clear()
            case KeyDown() | Click():
                self._stage.pop()

    def step(self) -> None:
        """Nothing moves on the title but the courtyard's light."""

    def draw(self, window: Window) -> None:
        window.fill(0, 0, WIDTH, HEIGHT, INK, 150)
        centred(window, 150, self._title, 54, GOLD)
        for row, line in enumerate(LINES):
            centred(window, 244 + row * 30, line, 20, PAPER)
        centred(window, 360, "Press any key", 22, FLAME)
        centred(window, 440, "No line is made up as you play: all of them were written, and the rules hold.", 15, BONE)
