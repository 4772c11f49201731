"""One game: the session, the keep, the scenes, and the loop that gives each its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import npc
from games.keep.casting import Preparation, open_session
from games.keep.reloading import Watch, take_again
from games.keep.saves import AUTOSAVE, Save, Saves
from games.keep.scene import Stage
from games.keep.scene_conversation import ConversationScene
from games.keep.scene_title import pause_scene, title_scene
from games.keep.scene_walking import WalkingScene
from games.keep.seeds import Seeds
from games.keep.settings import VOLUMES, Settings, save_settings
from games.keep.simulation import STEPS_PER_SECOND, Keep
from games.keep.story import Story
from games.keep.using import GOLD
from games.keep.window import Close, Input, Window

MOST_STEPS = 5
"""Steps that one frame may catch up; a longer stall slows the game down instead of making it jump."""

FRAME = 1 / STEPS_PER_SECOND

MOST_DIFFERENCES = 3
"""What comes out differently with an edited cast is told of so many turns."""

LOOK_STEPS = STEPS_PER_SECOND // 2
"""How often it is looked whether the cast was edited."""

AUTOSAVE_STEPS = STEPS_PER_SECOND
"""How often it is looked whether there is something new to keep."""

Opener = Callable[[str, Mapping[str, Any] | None], npc.Session]
"""Opens a session with a backend spec: a new one, or from what `Session.save` gave."""


class Game:
    """Everything of one playthrough, and the way to others.

    Args:
        session: the dialogue session; the game's facts live there.
        window: where to draw.
        with_title: whether it begins with the title screen.
        seeds: where the playthrough is kept when the player asks for it.
        clock: seconds, only ever growing.
        saves: the slots; None: nothing is kept.
        opener: opens the sessions after this one.
        settings: what the player has chosen.
        settings_file: where that is kept; None: nowhere.
        catalogs: the folder whose edits are taken over while the game runs; None: none are.
    """

    def __init__(
        self,
        session: npc.Session,
        window: Window,
        *,
        with_title: bool = True,
        seeds: Seeds | None = None,
        clock: Callable[[], float] = time.perf_counter,
        saves: Saves | None = None,
        opener: Opener | None = None,
        settings: Settings | None = None,
        settings_file: Path | None = None,
        catalogs: Path | None = None,
    ) -> None:
        self.window = window
        self.saves = saves or Saves(None)
        self.stage = Stage()
        self._seeds = seeds or Seeds()
        self._opener = opener or (lambda backend, data: open_session(backend, data=data))
        self.settings = settings or Settings()
        self._settings_file = settings_file
        window.surround(VOLUMES[self.settings.ambience])
        if self.settings.full_screen:
            window.full_screen(True)
        self._watch = Watch(catalogs)
        self._preparation = Preparation()
        self._until_reload_look = LOOK_STEPS
        self._with_title = with_title
        self._clock = clock
        self._then = clock()
        self._owed = 0.0
        self._begin(session)
        if with_title:
            self.stage.push(title_scene(self, session.cast.catalog.title))

    @property
    def running(self) -> bool:
        return self.stage.top is not None

    def new(self) -> None:
        """Begin a new game; the one that lies untouched under the title will do."""
        if self._touched or not self._fresh:
            self._begin(self._opener(self.settings.backend, None))
        else:
            self.stage.pop()

    def load(self, save: Save) -> str:
        """Go on with a save; what went wrong, or nothing. The game under way is kept first, except by itself."""
        try:
            session = self._opener(self.settings.backend, save.session)
        except npc.NpcError as error:
            return f"This save cannot be played: {error}"
        if save.slot != AUTOSAVE:
            self._autosave()
        self._begin(session, save.place)
        if session.restore_report:
            count = len(session.restore_report)
            self.story.tell(f"The game has changed since this was saved ({session.restore_report[0]}; {count} in all).")
        return ""

    def save(self, slot: str) -> str:
        """Keep the game in a slot; what to tell of it."""
        try:
            return f"Saved. {self.saves.keep(slot, *self._kept())}".strip()
        except OSError as error:
            return f"The game could not be saved: {error.strerror}."

    def choose(self, settings: Settings) -> str:
        """Keep other settings and act on them; what went wrong, or nothing.

        Raises:
            npc.NpcError: the backend cannot be used; nothing is changed.
        """
        if settings.backend != self.settings.backend:
            self._go_on_with(settings.backend)
        if settings.full_screen != self.settings.full_screen:
            self.window.full_screen(settings.full_screen)
        self.window.surround(VOLUMES[settings.ambience])
        self.settings = self.story.settings = settings
        return "" if self._settings_file is None else save_settings(self._settings_file, settings)

    def leave(self) -> None:
        """To the title; the game is kept."""
        self._autosave()
        self.saves.finish()
        while len(self.stage) > 1:
            self.stage.pop()
        if self._with_title:
            self.stage.push(title_scene(self, self.session.cast.catalog.title))
        else:
            self.stage.clear()

    def quit(self) -> None:
        """End the program; the game is kept."""
        self.stage.clear()

    def close(self) -> list[str]:
        """Keep the game and give the session back; what went wrong."""
        self._autosave()
        self.session.close()
        return self.saves.finish()

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
                self._look_after_autosave()
                self._look_after_edits()
        self.stage.draw(self.window)
        volume = VOLUMES[self.settings.sound]
        for sound in self.story.take_sounds():
            if volume:
                self.window.play(sound, volume)
        copied = self.story.take_copied()
        if copied:
            self.window.copy(copied)
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
            self._preparation.go_on(self.session)
            if frames is not None:
                frames -= 1
            time.sleep(max(0.0, FRAME - (self._clock() - begun)))

    def _begin(self, session: npc.Session, place: Mapping[str, Any] | None = None) -> None:
        """Put a session on the stage in place of what is there."""
        if self.running:
            if self._seeds.misses(self.session):
                self._seeds.try_to_keep(self.session)
            self.session.close()
        self._seeds.kept = 0
        self._fresh = place is None
        self.session = session
        self._beginning = (session.save(), dict(session.facts))
        self.keep = Keep(session.facts)
        if place is not None:
            self.keep.stand(*(place.get(part) for part in ("x", "y", "facing", "place")))
        self.story = Story(session, self._seeds, self.settings)
        self.stage.clear()
        self.stage.push(WalkingScene(self.stage, self.story, self.keep, self._pause, self.leave))
        self._seen = self._mark()
        self._start = (self._seen, *self._where())
        self._until_look = AUTOSAVE_STEPS

    def _go_on_with(self, backend: str) -> None:
        """Have the game under way heard by another backend."""
        self._autosave()
        data, place, _ = self._kept()
        fresh = self._fresh and not self._touched
        session = self._opener(backend, data)
        menus = self.stage.above()
        self._begin(session, place)
        self._fresh = fresh
        for menu in menus:
            self.stage.push(menu)

    def _pause(self) -> None:
        self.stage.push(pause_scene(self))

    @property
    def _touched(self) -> bool:
        """Whether anything was done since this game was put on the stage."""
        return (self._mark(), *self._where()) != self._start

    def _where(self) -> tuple[str, int, int]:
        return self.keep.place.id, self.keep.x, self.keep.y

    def _mark(self) -> tuple[int, dict[str, object]]:
        return len(self.session.transcript), dict(self.session.facts)

    def _look_after_autosave(self) -> None:
        self._until_look -= 1
        if self._until_look:
            return
        self._until_look = AUTOSAVE_STEPS
        if self._mark() != self._seen:
            self._autosave()
        for problem in self.saves.problems():
            self.story.tell(problem)

    def _look_after_edits(self) -> None:
        self._until_reload_look -= 1
        if self._until_reload_look > 0 or self._awaiting_answer:
            return
        self._until_reload_look = LOOK_STEPS
        if self._watch.changed():
            self._reload()

    @property
    def _awaiting_answer(self) -> bool:
        return isinstance(self.stage.top, ConversationScene) and self.stage.top.waiting

    def _reload(self) -> None:
        """Go on with the edited cast: what was said so far is taken again by it. A cast with errors is not taken."""
        beginning, fresh = self._beginning, self._fresh
        saved, facts = beginning
        try:
            session = self._opener(self.settings.backend, saved)
        except npc.NpcError as error:
            self.story.tell(f"Not reloaded. {str(error).splitlines()[0]}")
            return
        differences = take_again(self.session, facts, session)
        _, place, _ = self._kept()
        talk = self.stage.top
        self._begin(session, place)
        self._beginning, self._fresh = beginning, fresh
        if isinstance(talk, ConversationScene) and talk.character in session.cast.characters:
            self._take_up(talk)
        self.story.tell("The cast was edited and is taken over.")
        for difference in differences[:MOST_DIFFERENCES]:
            self.story.tell(f"Now, {difference}")
        if len(differences) > MOST_DIFFERENCES:
            self.story.tell(f"... and {len(differences) - MOST_DIFFERENCES} more lines come out differently.")

    def _take_up(self, talk: ConversationScene) -> None:
        """Go on with a talk that was had under the session before."""
        scene = ConversationScene(self.stage, self.story, talk.character, event="")
        scene.field, scene.spoken = talk.field, talk.spoken
        self.stage.push(scene)
        turns = [record.turn for record in self.session.records if record.turn.character == talk.character]
        if turns:
            scene.show_turn(turns[-1])

    def _autosave(self) -> None:
        """Keep the game in the slot of its own; one only looked at, or at its end, does not replace another."""
        if self._touched and not self.keep.won:
            self._seen = self._mark()
            self.saves.keep_later(AUTOSAVE, *self._kept())

    def _kept(self) -> tuple[dict[str, Any], dict[str, Any], str]:
        keep = self.keep
        place = {"place": keep.place.id, "x": keep.x, "y": keep.y, "facing": keep.facing}
        turns = len(self.session.transcript)
        told = f"{self.session.facts[GOLD]} gold, {turns} {'turn' if turns == 1 else 'turns'} of talk"
        return self.session.save(), place, told
