"""The win: through the gate."""

from __future__ import annotations

from collections.abc import Callable

from games.keep.art.items import ITEMS
from games.keep.art.palette import BONE, FLAME, GOLD, INK, PAPER
from games.keep.interface import centred
from games.keep.story import Story, how_it_was_done, victory_lines
from games.keep.window import HEIGHT, WIDTH, Click, Input, KeyDown, Window


class EndScene:
    """Says how the first lock was opened; any key goes on to what `ended` does."""

    def __init__(self, story: Story, ended: Callable[[], None]) -> None:
        self._ended = ended
        self.how = how_it_was_done(story.session)
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
        window.sprite(ITEMS["cell_key"], WIDTH // 2 - 36, 84, 6)
        first, *rest = self._lines
        centred(window, 190, first, 38, GOLD)
        for row, line in enumerate(rest):
            centred(window, 258 + row * 32, line, 20, PAPER if row < 2 else BONE)
        if self._time > 90:
            centred(window, 430, "Press any key", 20, FLAME)
