"""A list to choose from: with arrows and Enter, with the mouse, and with a gamepad, which sends the same keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from games.keep.art.palette import BONE, DEEP_STONE, GOLD, INK, NIGHT, PAPER, STONE, STRAW
from games.keep.interface import centred, key_hints, panel, wrap
from games.keep.scene import Stage
from games.keep.window import HEIGHT, WIDTH, Click, Input, KeyDown, KeyUp, Window

ROW = 36
MENU_WIDTH = 620
MENU_LEFT = (WIDTH - MENU_WIDTH) // 2


@dataclass(frozen=True)
class Entry:
    """One line of a menu.

    Attributes:
        label: what it is called.
        act: what Enter does; None: it cannot be chosen.
        value: what stands at its right.
        turn: what left (-1) and right (1) do.
    """

    label: str
    act: Callable[[], None] | None = None
    value: str = ""
    turn: Callable[[int], None] | None = None


class MenuScene:
    """A menu over whatever is below it.

    Args:
        stage: the stack it lies on.
        title: its heading.
        entries: makes the lines, anew for every picture, so that they are always true.
        leave: what Esc does; None: it closes the menu.
        lines: a few words under the heading.
        top: where the heading is.
        shade: how dark what lies below becomes, to 255.
    """

    def __init__(
        self,
        stage: Stage,
        title: str,
        entries: Callable[[], Sequence[Entry]],
        *,
        leave: Callable[[], None] | None = None,
        lines: Sequence[str] = (),
        top: int = 48,
        shade: int = 225,
    ) -> None:
        self.title = title
        self.message = ""
        self.chosen = 0
        self._stage, self._entries, self._lines = stage, entries, tuple(lines)
        self._leave = leave or stage.pop
        self._top, self._shade = top, shade
        # The key that opened it may still be held, and repeats.
        self._opening_key_is_up = False

    def entries(self) -> Sequence[Entry]:
        """The lines as they are now."""
        return self._entries()

    def handle(self, input_: Input) -> None:
        match input_:
            case KeyUp():
                self._opening_key_is_up = True
            case KeyDown("escape") if self._opening_key_is_up:
                self._leave()
            case KeyDown("up" | "w"):
                self._move(-1)
            case KeyDown("down" | "s" | "tab"):
                self._move(1)
            case KeyDown("left" | "a"):
                self._turn(-1)
            case KeyDown("right" | "d"):
                self._turn(1)
            case KeyDown("return" | "space" | "e"):
                self._choose(self.chosen)
            case Click(x, y):
                row, rest = divmod(y - self._rows_top, ROW)
                inside = MENU_LEFT <= x < MENU_LEFT + MENU_WIDTH and rest < ROW - 4
                if inside and 0 <= row < len(self.entries()):
                    self._choose(row)

    def step(self) -> None:
        """Nothing moves in a menu."""

    def draw(self, window: Window) -> None:
        window.fill(0, 0, WIDTH, HEIGHT, INK, self._shade)
        centred(window, self._top, self.title, 54 if self._top > 60 else 34, GOLD)
        for row, line in enumerate(self._lines):
            centred(window, self._rows_top - 28 * len(self._lines) - 12 + row * 28, line, 19, PAPER)
        for row, entry in enumerate(self.entries()):
            self._draw_entry(window, entry, self._rows_top + row * ROW, row == self._at)
        for row, line in enumerate(wrap(window, self.message, 17, WIDTH - 120)[:2]):
            centred(window, 472 + row * 22, line, 17, BONE)
        window.fill(WIDTH - 410, 486, 410, 54, INK)
        key_hints(window, WIDTH - 14, HEIGHT - 38, [("arrows", "choose"), ("Enter", "take"), ("Esc", "back")])

    @property
    def _rows_top(self) -> int:
        return self._top + (78 if self._lines else 70) + 28 * len(self._lines)

    @property
    def _at(self) -> int:
        return min(self.chosen, len(self.entries()) - 1)

    def _draw_entry(self, window: Window, entry: Entry, top: int, chosen: bool) -> None:
        window.fill(MENU_LEFT, top, MENU_WIDTH, ROW - 4, STRAW if chosen else DEEP_STONE)
        window.fill(MENU_LEFT + 2, top + 2, MENU_WIDTH - 4, ROW - 8, NIGHT)
        colour = STONE if entry.act is None and entry.turn is None else PAPER if chosen else BONE
        if chosen:  # A mark, so that the choice is not told by colour alone.
            for across in range(5):
                window.fill(MENU_LEFT + 12 + 2 * across, top + 8 + across, 2, 16 - 2 * across, STRAW)
        window.text(MENU_LEFT + 30, top + 8, entry.label, 19, colour)
        value = f"< {entry.value} >" if entry.turn is not None and chosen else entry.value
        room = MENU_WIDTH - 60 - window.text_width(entry.label, 19)
        while value and window.text_width(value, 17) > room:
            value = value[:-2].rstrip("…") + "…" if len(value) > 2 else ""
        window.text(MENU_LEFT + MENU_WIDTH - 14 - window.text_width(value, 17), top + 9, value, 17, colour)

    def _move(self, direction: int) -> None:
        self.chosen = (self._at + direction) % len(self.entries())
        self.message = ""

    def _turn(self, direction: int) -> None:
        turn = self.entries()[self._at].turn
        if turn is not None:
            turn(direction)

    def _choose(self, row: int) -> None:
        self.chosen = row
        entry = self.entries()[self._at]
        if entry.act is not None:
            entry.act()
        elif entry.turn is not None:
            entry.turn(1)


class PageScene:
    """A page to read, closed by Esc, Enter, a click, or the key that opened it."""

    def __init__(self, stage: Stage, title: str, lines: Sequence[str]) -> None:
        self._stage, self._title, self._text = stage, title, tuple(lines)
        self._first = 0
        # The key that opened it may still be held, and repeats.
        self._opening_key_is_up = False

    def handle(self, input_: Input) -> None:
        match input_:
            case KeyDown("up" | "pageup"):
                self._first = max(0, self._first - 3)
            case KeyDown("down" | "pagedown"):
                self._first += 3
            case KeyUp():
                self._opening_key_is_up = True
            case KeyDown("j" | "i" | "f4") if not self._opening_key_is_up:
                pass
            case KeyDown("escape" | "return" | "space" | "e" | "j" | "i" | "f4") | Click():
                self._stage.pop()

    def step(self) -> None:
        """A page stands still."""

    def draw(self, window: Window) -> None:
        window.fill(0, 0, WIDTH, HEIGHT, INK, 180)
        window.fill(WIDTH - 500, 486, 500, 54, INK)
        panel(window, 40, 20, WIDTH - 80, HEIGHT - 60)
        centred(window, 40, self._title, 30, GOLD)
        lines = [part for line in self._text for part in wrap(window, line, 18, WIDTH - 160)]
        room = 15
        first = min(self._first, max(0, len(lines) - room))
        for row, line in enumerate(lines[first : first + room]):
            window.text(80, 92 + row * 25, line, 18, PAPER)
        hints = [("up/down", "scroll")] if len(lines) > room else []
        key_hints(window, WIDTH - 14, HEIGHT - 28, [*hints, ("Esc", "close")])
