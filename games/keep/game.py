"""One game: the session, the courtyard, the scenes, and the loop that gives each its time."""

from __future__ import annotations

import time
from collections.abc import Callable

import npc
from games.keep.scene import Stage
from games.keep.scene_courtyard import CourtyardScene
from games.keep.scene_title import TitleScene
from games.keep.seeds import Seeds
from games.keep.simulation import STEPS_PER_SECOND, Courtyard
from games.keep.story import Story
from games.keep.window import Close, Input, Window

MOST_STEPS = 5
"""Steps that one frame may catch up; a longer stall slows the game down instead of making it jump."""

FRAME = 1 / STEPS_PER_SECOND


class Game:
    """Everything of one playthrough.

    Args:
        session: the dialogue session; the game's facts live there.
        window: where to draw.
        with_title: whether it begins with the title screen.
        seeds: where the playthrough is kept when the player asks for it.
        clock: seconds, only ever growing.
    """

    def __init__(
        self,
        session: npc.Session,
        window: Window,
        *,
        with_title: bool = True,
        seeds: Seeds | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.session = session
        self.window = window
        self.courtyard = Courtyard(session.facts)
        self.stage = Stage()
        self.story = Story(session, seeds)
        self.stage.push(CourtyardScene(self.stage, self.story, self.courtyard))
        if with_title:
            self.stage.push(TitleScene(self.stage, session.cast.catalog.title))
        self._clock = clock
        self._then = clock()
        self._owed = 0.0

    @property
    def running(self) -> bool:
        return self.stage.top is not None

    def frame(self) -> None:
        """Read input, let the time that has passed pass in the game, and draw."""
        now = self._clock()
        self._owed += now - self._then
        self._then = now
        steps = min(MOST_STEPS, int(self._owed / FRAME))
        self._owed = min(self._owed - steps * FRAME, FRAME)
        self.advance(steps)

    def advance(self, steps: int) -> None:
        """Read input, take that many steps, and draw."""
        self.feed(*self.window.poll())
        for _ in range(steps):
            if self.stage.top is not None:
                self.stage.top.step()
                self.story.step()
        self.stage.draw(self.window)
        self.window.present()

    def feed(self, *inputs: Input) -> None:
        """Act on input as if it had come from the window."""
        for made in inputs:
            if isinstance(made, Close):
                self.stage.clear()
            elif self.stage.top is not None:
                self.stage.top.handle(made)

    def run(self, frames: int | None = None) -> None:
        """Play until the player leaves, or for a number of frames."""
        while self.running and frames != 0:
            begun = self._clock()
            self.frame()
            if frames is not None:
                frames -= 1
            time.sleep(max(0.0, FRAME - (self._clock() - begun)))
