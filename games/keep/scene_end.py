"""The win: the cell stands open."""

from __future__ import annotations

from collections.abc import Callable

from games.keep.art.items import ITEMS
from games.keep.art.palette import BONE, FLAME, GOLD, INK, PAPER
from games.keep.ending import victory_lines
from games.keep.interface import centred, wrap
from games.keep.story import Story
from games.keep.window import HEIGHT, WIDTH, Click, Input, KeyDown, Window


class EndScene:
    """Says how the locks were opened and what was missed; any key goes on to what `ended` does."""

    def __init__(self, story: Story, ended: Callable[[], None]) -> None:
        self._ended = ended
        self._lines = victory_lines(story.session)
        self._time = 0

    def handle(self, input_: Input) -> None:
        if isinstance(input_, KeyDown | Click) and self._time > 30:
            self._ended()

    def step(self) -> None:
        self._time += 1

    def draw(self, window: Window) -> None:
        window.fill(0, 0, WIDTH, HEIGHT, INK, min(215, self._time * 6))
        if self._time < 20:
            return
        for place, item in enumerate(("cell_key", "writ", "tower_key")):
            window.sprite(ITEMS[item], WIDTH // 2 - 120 + 84 * place, 40, 6)
        first, called, *rest = self._lines
        centred(window, 132, first, 38, GOLD)
        centred(window, 186, called, 24, PAPER)
        y = 238
        for line in rest:
            for part in wrap(window, line, 18, WIDTH - 160):
                centred(window, y, part, 18, BONE)
                y += 26
            y += 6
        if self._time > 90:
            centred(window, 500, "Press any key", 20, FLAME)
