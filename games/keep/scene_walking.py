"""Walking about the keep."""

from __future__ import annotations

from collections.abc import Callable

from games.keep.art.palette import INK, PAPER, STRAW
from games.keep.interface import centred, flights, item_at, key_hints, notices, shadowed, status_bar
from games.keep.journal import bag_lines, journal_lines
from games.keep.keys import label, meant
from games.keep.layout import Impossible, Thing
from games.keep.menu import PageScene
from games.keep.scene import Stage
from games.keep.scene_conversation import ConversationScene
from games.keep.scene_end import EndScene
from games.keep.simulation import Approach, Command, Interact, Keep, Walk, WalkTo
from games.keep.sounds import DOOR, ITEM, STEP
from games.keep.story import Story
from games.keep.using import Happening
from games.keep.view import draw_place
from games.keep.window import HEIGHT, WIDTH, Click, Input, KeyDown, KeyUp, Window

DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}

STEP_EVERY = 19
"""Steps of the simulation from one footfall to the next."""
SOUNDS = {"found": ITEM, "gate": DOOR}
NAME_STEPS = 100
"""How long the name of a place stands over it after one has come in."""


class WalkingScene:
    """Walk with the arrows, WASD or a click; E uses what is near, X shoves whoever is, J and I open the journal and the
    bag, unless the settings have other keys for it; Esc pauses.

    Args:
        stage: the stack it lies on.
        story: the session and the notices.
        keep: where to walk.
        pause: called for Esc.
        ended: called when the end was read.
    """

    def __init__(
        self,
        stage: Stage,
        story: Story,
        keep: Keep,
        pause: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        self._pause, self._ended = pause, ended
        self._stage, self._story, self._keep = stage, story, keep
        self._held: set[str] = set()
        self._time = 0
        self._since_arrival = NAME_STEPS

    def handle(self, input_: Input) -> None:
        match input_:
            case KeyDown(key):
                self._act(meant(self._story.settings.keys, key))
            case KeyUp(key):
                self._held.discard(meant(self._story.settings.keys, key))
            case Click(x, y):
                self._click(x, y)

    def _act(self, action: str) -> None:
        match action:
            case "use" | "return":
                self._perform(Interact())
            case "shove":
                self._shove()
            case "left" | "right" | "up" | "down":
                self._held.add(action)
            case "escape":
                self._held.clear()
                self._pause()
            case "f1" | "tab":
                self._story.tell("Talk to somebody first.")
            case "f2":
                self._story.keep_as_seed()
            case "journal" | "f4":
                self._read("Journal", journal_lines(self._story.session))
            case "bag":
                self._read("What you carry", bag_lines(self._story.session))

    def step(self) -> None:
        self._time += 1
        across = _sum(self._held, 0)
        along = _sum(self._held, 1)
        if across or along:
            self._perform(Walk(across, along))
        else:
            self._keep.follow_path()
        before = self._keep.place
        self._keep.tick()
        self._since_arrival = 0 if self._keep.place is not before else self._since_arrival + 1
        told = self._keep.pass_time(len(self._story.session.transcript))
        if told:
            self._story.tell(told)
        if self._keep.walking and self._time % STEP_EVERY == 0:
            self._story.play(STEP)
        if self._keep.won:
            self._held.clear()
            self._stage.push(EndScene(self._story, self._ended))

    def draw(self, window: Window) -> None:
        draw_place(window, self._keep, self._story, self._time)
        status_bar(window, self._story)
        keys = self._story.settings.keys
        key_hints(
            window,
            WIDTH - 14,
            HEIGHT - 38,
            [*((label(keys[action]), action) for action in ("use", "journal", "bag")), ("Esc", "pause")],
        )
        if self._stage.top is not self:
            return
        thing = self._keep.within_reach()
        if thing is not None:
            self._prompt(window, thing)
        if self._since_arrival < NAME_STEPS:
            centred(window, 20, self._keep.place.name.capitalize(), 26, PAPER)
        notices(window, self._story, WIDTH // 2, 460)
        flights(window, self._story, self._keep.x, self._keep.y - 40)

    def _prompt(self, window: Window, thing: Thing) -> None:
        words = thing.prompt
        if thing.is_character:
            words = f"talk to {self._story.session.cast.character(thing.id).name}"
        key = label(self._story.settings.keys["use"])
        wide = window.text_width(key, 15)
        width = window.text_width(words, 17) + 32 + wide
        left = min(max(8, thing.x - width // 2), WIDTH - width - 8)
        top = max(8, thing.y - 110)
        window.fill(left, top, width, 28, (22, 18, 30), 220)
        window.fill(left + 6, top + 5, wide + 12, 18, STRAW)
        window.text(left + 12, top + 7, key, 15, INK)
        shadowed(window, left + 25 + wide, top + 7, words, 17, PAPER)

    def _click(self, x: int, y: int) -> None:
        item = item_at(self._story, x, y)
        if item is not None:
            self._story.tell(f"You have: {self._story.item_name(item)}.")
            return
        thing = next((thing for thing in self._keep.place.things if thing.prompt and _is_at(thing, x, y)), None)
        if thing is None:
            self._perform(WalkTo(x, y))
        elif self._keep.within_reach() is thing:
            self._perform(Interact())
        else:
            self._perform(Approach(thing.id))

    def _read(self, title: str, lines: list[str]) -> None:
        self._held.clear()
        self._stage.push(PageScene(self._stage, title, lines))

    def _shove(self) -> None:
        thing = self._keep.within_reach()
        if thing is not None and thing.is_character:
            self._converse(thing.id, "attacked")

    def _converse(self, character: str, event: str) -> None:
        self._held.clear()
        self._keep.walking = False
        self._stage.push(ConversationScene(self._stage, self._story, character, event))

    def _perform(self, command: Command) -> None:
        try:
            happening = command.perform(self._keep)
        except Impossible as reason:
            self._story.tell(str(reason))
            return
        if happening is not None:
            self._show(happening)

    def _show(self, happening: Happening) -> None:
        if happening.kind == "talk":
            self._converse(happening.subject, "approach")
            return
        sound = SOUNDS.get(happening.kind)
        if happening.kind == "moved":
            self._held.clear()
            self._since_arrival = 0
            self._story.play(DOOR)
            return
        self._story.tell(happening.text, "gain" if sound else "told", happening.item, sound)


def _sum(held: set[str], axis: int) -> int:
    """Where the held keys point along an axis; opposite keys cancel, two keys for one direction count once."""
    parts = {DIRECTIONS[key][axis] for key in held}
    return (1 in parts) - (-1 in parts)


def _is_at(thing: Thing, x: int, y: int) -> bool:
    tall = 70 if thing.is_character else 40
    box = thing.box
    return box.x - 8 <= x <= box.x + box.width + 8 and box.y - tall <= y <= box.y + box.height + 8
