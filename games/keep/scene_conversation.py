"""Talking to a character: type freely, read the line as it is said, see what it does."""

from __future__ import annotations

import npc
from games.keep.art.palette import (
    BONE,
    DEEP_STONE,
    FLAME,
    GOLD,
    INK,
    LIGHT_STONE,
    NIGHT,
    PALE_STONE,
    PAPER,
    SKY,
    STONE,
    STRAW,
)
from games.keep.art.portraits import portrait
from games.keep.interface import backend_badge, flights, item_at, key_hints, notices, panel, wrap
from games.keep.journal import journal_lines, learnt
from games.keep.menu import PageScene
from games.keep.scene import Stage
from games.keep.settings import LETTERS_PER_STEP, TEXT_SIZES
from games.keep.sounds import blip_of
from games.keep.story import Story
from games.keep.text_field import TextField
from games.keep.why import why_lines
from games.keep.window import WIDTH, Click, Composed, Input, KeyDown, KeyUp, Scroll, Typed, Window

PANEL_TOP = 284
TEXT_LEFT = 202
TEXT_WIDTH = 726
LINES_HEIGHT = 108
"""What a line may take before the panel grows upwards."""
MOST_GROWTH = 100
"""What it may grow by; a line that is longer still is written smaller rather than cut off."""
FIELD_TOP = 434
CHIPS_TOP = 250
GUESSES = "Did you mean … (Tab)"
CHIPS = 3
WHY_LINES = 11
BLIP_EVERY = 5
"""Steps from one sound of a character's voice to the next."""
OPENING_STEPS = 40
"""The key that began the conversation types a letter too; it is not the player's first word."""


class ConversationScene:
    """One conversation, from walking up to the character until Esc.

    Args:
        stage: the stack it lies on.
        story: the session and the notices.
        character: id of the character.
        event: how it begins; the character answers to that first. Empty: it was under way already.
    """

    def __init__(self, stage: Stage, story: Story, character: str, event: str = "approach") -> None:
        self._stage, self._story = stage, story
        self._session = story.session
        self.character = character
        self._growth = 0
        self.name = self._session.cast.character(character).name
        self.field = TextField()
        self.turn: npc.Turn | None = None
        self.spoken = ""
        self.suggestions: tuple[str, ...] = ()
        self._guessed = False
        self.showing_why = False
        self._known = len(learnt(self._session))
        self._opening_key_is_up = not event
        self._picked = -1
        self._turns = 0
        self._shown = 0.0
        self._time = 0
        self._why_top = 0
        self._why: list[str] = []
        self._ticket: npc.Ticket | None = None
        self._prepared = self._session.prepare(character)
        self._held = ""
        if event in self._session.cast.catalog.events:
            self._ticket = self._session.submit(character, event=event)

    @property
    def waiting(self) -> bool:
        """Whether an answer is being waited for."""
        return self._ticket is not None or bool(self._held)

    @property
    def line(self) -> str:
        """What the character last said, in full."""
        return self.turn.text if self.turn else ""

    @property
    def line_is_out(self) -> bool:
        return self._shown >= len(self.line)

    def handle(self, input_: Input) -> None:
        match input_:
            case KeyUp():
                self._opening_key_is_up = True
            case KeyDown("escape"):
                self._leave()
            case KeyDown("f1"):
                self.showing_why = not self.showing_why
                self._why_top = 0
            case KeyDown("f2"):
                self._story.keep_as_seed()
            case KeyDown("f4"):
                self._stage.push(PageScene(self._stage, "Journal", journal_lines(self._session)))
            case KeyDown("return"):
                self._enter()
            case KeyDown("tab", shift=shift):
                self._pick(-1 if shift else 1)
            case KeyDown("pageup") | Scroll(1):
                self._why_top = max(0, self._why_top - 3)
            case KeyDown("pagedown") | Scroll(-1):
                self._why_top += 3
            case KeyDown("c" | "x" as key, control=True) if self.field.selected:
                self._story.copy(self.field.selected if key == "c" else self.field.cut())
            case KeyDown(key, control=control, shift=shift):
                self.field.key(key, control=control, shift=shift)
            case Composed(text):
                self.field.compose(text)
            case Typed(text) if self._opening_key_is_up or self._time > OPENING_STEPS:
                self.field.insert(text)
            case Click(x, y):
                self._click(x, y)

    def step(self) -> None:
        self._time += 1
        if self._ticket is not None:
            if self._ticket.done():
                self._receive(self._ticket)
        elif self._held:
            self._submit_once_prepared()
        elif not self.line_is_out:
            self._shown += LETTERS_PER_STEP[self._story.settings.typing_speed]
            if self._time % BLIP_EVERY == 0 and not self.line_is_out:
                self._story.play(blip_of(self.character))

    def say(self, text: str) -> None:
        """Say a line to the character, unless an answer is still being waited for."""
        if text and not self.waiting:
            self.spoken = self._held = text
            self._submit_once_prepared()

    def _submit_once_prepared(self) -> None:
        # Somebody who is being learnt for the first time would use up the time that an answer may take.
        if self._prepared.done():
            self._ticket, self._held = self._session.submit(self.character, self._held), ""

    def show(self, item: str) -> None:
        """Hold an item out to the character, who may have something to say to it."""
        name = self._story.item_name(item)
        if self.waiting:
            return
        if f"shown:{item}" not in self._session.cast.catalog.events:
            self._story.tell(f"{self.name} glances at the {name} and says nothing.")
            return
        self.spoken = f"(You show the {name}.)"
        self._ticket = self._session.submit(self.character, event=f"shown:{item}")

    def draw(self, window: Window) -> None:
        window.fill(0, 0, WIDTH, 480, INK, 120)
        size, rows = self._laid_out(window)
        self._growth = max(0, len(rows) * (size + 7) - LINES_HEIGHT)
        panel(window, 10, self._panel_top, WIDTH - 20, 194 + self._growth)
        self._draw_portrait(window)
        self._draw_line(window, size, rows)
        self._draw_field(window)
        if self.showing_why:
            self._draw_why(window)
        else:
            self._draw_chips(window)
            if self.turn is not None:
                backend_badge(window, self.turn)
            notices(window, self._story, WIDTH // 2, 190 - self._growth)
            flights(window, self._story, 106, self._panel_top + 96)
        window.fill(WIDTH - 500, 486, 500, 50, INK)
        hints = [("Tab", "suggest"), ("F1", "why?"), ("F2", "seed"), ("F4", "journal"), ("Esc", "leave")]
        key_hints(window, WIDTH - 14, 502, hints)

    def _enter(self) -> None:
        if not self.field.text.strip():
            self._shown = len(self.line)
            return
        if not self.waiting:
            self.say(self.field.send())
            self._picked = -1

    def _leave(self) -> None:
        self._held = ""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        self._stage.pop()

    def _receive(self, ticket: npc.Ticket) -> None:
        self._ticket = None
        try:
            self.turn = ticket.result()
        except npc.NpcError as error:
            self._story.tell(str(error))
            return
        self._shown = 0.0
        self.show_turn(self.turn)
        self._story.tell_changes(self.turn)
        known = len(learnt(self._session))
        if known > self._known:
            self._story.tell("Written down in your journal.")
        self._known = known

    def show_turn(self, turn: npc.Turn) -> None:
        """Have a turn on the screen: its line, why it was said, and what could be said next."""
        self.turn = turn
        self._turns += 1
        self._why_top = 0
        self._why = why_lines(turn, self._session.account)
        # A different few each turn, so that waiting players discover what else can be said.
        offered = self._session.suggestions(self.character)
        start = self._turns * CHIPS % len(offered) if offered else 0
        guesses = self._session.guesses(turn)
        self._guessed = bool(guesses)
        self.suggestions = guesses or offered[start:] + offered[:start]
        self._picked = -1

    def _pick(self, direction: int) -> None:
        if self.suggestions:
            self._picked = (self._picked + direction) % len(self.suggestions)
            self.field.replace(self.suggestions[self._picked])

    def _click(self, x: int, y: int) -> None:
        item = item_at(self._story, x, y)
        if item is not None:
            self.show(item)
        elif 0 <= y - self._chips_top < 28 and self.suggestions:
            self._picked = self._first_chip + min(CHIPS - 1, (x - 10) * CHIPS // (WIDTH - 20))
            self._picked %= len(self.suggestions)
            self.field.replace(self.suggestions[self._picked])
        else:
            self._shown = len(self.line)

    @property
    def _first_chip(self) -> int:
        return max(0, self._picked) // CHIPS * CHIPS

    @property
    def _panel_top(self) -> int:
        return PANEL_TOP - self._growth

    @property
    def _chips_top(self) -> int:
        return CHIPS_TOP - self._growth

    def _draw_portrait(self, window: Window) -> None:
        mood = str(self.turn.lines[0].presentation.get("mood", "calm")) if self.turn and self.turn.lines else "calm"
        talking = not self.line_is_out and not self.waiting and self._time // 6 % 2 == 0
        blinking = self._time % 190 < 8
        window.fill(22, self._panel_top + 12, 168, 168, STRAW)
        window.fill(24, self._panel_top + 14, 164, 164, INK)
        picture = portrait(self.character, mood, blinking=blinking, talking=talking)
        window.sprite(picture, 26, self._panel_top + 16, 5)

    def _laid_out(self, window: Window) -> tuple[int, list[str]]:
        """In what size the line is written, and its rows."""
        size = TEXT_SIZES[self._story.settings.text_size]
        rows = wrap(window, self.line, size, TEXT_WIDTH)
        while size > 12 and len(rows) * (size + 7) > LINES_HEIGHT + MOST_GROWTH:
            size -= 1
            rows = wrap(window, self.line, size, TEXT_WIDTH)
        return size, rows

    def _draw_line(self, window: Window, size: int, rows: list[str]) -> None:
        window.text(TEXT_LEFT, self._panel_top + 15, self.name, 18, GOLD)
        if self.spoken:
            left = TEXT_LEFT + window.text_width(self.name, 18) + 18
            shown = self.spoken if self.spoken.startswith("(") else f"You: {self.spoken}"
            width = TEXT_LEFT + TEXT_WIDTH - left
            lines = wrap(window, shown, 15, width - 12)
            window.text(left, self._panel_top + 18, lines[0] + (" …" if len(lines) > 1 else ""), 15, LIGHT_STONE)
        if self.waiting:
            for dot in range(3):
                lift = 5 if self._time // 9 % 4 == dot else 0
                window.fill(TEXT_LEFT + dot * 18, self._panel_top + 58 - lift, 9, 9, SKY if lift else STONE)
            return
        left_to_show = int(self._shown)
        for row, line in enumerate(rows):
            window.text(TEXT_LEFT, self._panel_top + 42 + row * (size + 7), line[: max(0, left_to_show)], size, PAPER)
            left_to_show -= len(line) + 1

    def _draw_field(self, window: Window) -> None:
        window.fill(TEXT_LEFT - 4, FIELD_TOP, TEXT_WIDTH + 8, 34, STONE if not self.waiting else DEEP_STONE)
        window.fill(TEXT_LEFT - 2, FIELD_TOP + 2, TEXT_WIDTH + 4, 30, INK)
        start, end = self.field.selection
        before, after = self.field.text[: self.field.cursor] + self.field.composed, self.field.text[self.field.cursor :]
        hidden = 0
        while window.text_width(before[hidden:], 18) > TEXT_WIDTH - 40:
            hidden += 1
        left = TEXT_LEFT + 6
        edge = left + window.text_width(before[hidden:], 18)
        while after and edge + window.text_width(after, 18) > TEXT_LEFT + TEXT_WIDTH - 6:
            after = after[:-1]
        if start != end:
            shown = before[hidden:] + after
            first, last = max(0, start - hidden), max(0, end - hidden)
            wide = window.text_width(shown[first:last], 18) + 2
            window.fill(
                left + window.text_width(shown[:first], 18) + (2 if first else 0), FIELD_TOP + 5, wide, 24, STONE
            )
        if not before and not after:
            window.text(TEXT_LEFT + 8, FIELD_TOP + 10, "Say anything …", 18, STONE)
        window.text(left, FIELD_TOP + 10, before[hidden:] + after, 18, PAPER)
        if self.field.composed:
            wide = window.text_width(self.field.composed, 18)
            window.fill(edge - wide, FIELD_TOP + 28, wide, 2, GOLD)
        if self._time // 30 % 2 == 0:
            window.fill(edge, FIELD_TOP + 7, 2, 20, FLAME)

    def _draw_chips(self, window: Window) -> None:
        width = (WIDTH - 20) // CHIPS
        if self._guessed:
            window.fill(10, self._chips_top - 26, window.text_width(GUESSES, 15) + 20, 26, NIGHT)
            window.text(20, self._chips_top - 19, GUESSES, 15, GOLD)
        for place, words in enumerate(self.suggestions[self._first_chip : self._first_chip + CHIPS]):
            left = 10 + place * width
            picked = self._first_chip + place == self._picked
            window.fill(left, self._chips_top, width - 6, 28, STRAW if picked else DEEP_STONE)
            window.fill(left + 2, self._chips_top + 2, width - 10, 24, NIGHT)
            lines = wrap(window, words, 15, width - 36)
            window.text(left + 10, self._chips_top + 8, lines[0] + ("…" if len(lines) > 1 else ""), 15, PALE_STONE)

    def _draw_why(self, window: Window) -> None:
        panel(window, 10, 8, WIDTH - 20, PANEL_TOP - 14)
        window.text(26, 20, "Why?", 20, GOLD)
        key_hints(window, WIDTH - 26, 18, [("PgUp/PgDn", "scroll"), ("F1", "close")])
        if self.turn is None:
            window.text(26, 50, "Nothing has been said yet.", 15, BONE)
            return
        lines: list[str] = []
        for part in self._why:
            lines += wrap(window, part, 15, WIDTH - 70)
        top = min(self._why_top, max(0, len(lines) - WHY_LINES))
        for row, line in enumerate(lines[top : top + WHY_LINES]):
            window.text(26, 50 + row * 20, line, 15, BONE if row or top else SKY)
