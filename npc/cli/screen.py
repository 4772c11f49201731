"""What a conversation looks like: in colour on a terminal, as plain text in a pipe or file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from npc.catalog.types import FactValue
from npc.engine.turn import Line, Turn

SPEAKER_COLOURS = ("bright_cyan", "bright_magenta", "bright_yellow", "bright_green", "bright_blue", "bright_red")
ECHO_LENGTH = 200


class Screen:
    """Shows lines, effects and notices. All text goes out as it is: nothing in it is read as markup.

    Args:
        characters: ids in the cast's order; each gets a colour of its own.
    """

    def __init__(self, characters: Sequence[str]) -> None:
        self._console = Console(highlight=False, markup=False, emoji=False)
        self._colours = {name: SPEAKER_COLOURS[index % len(SPEAKER_COLOURS)] for index, name in enumerate(characters)}

    @property
    def live(self) -> bool:
        """Whether this is a terminal."""
        return self._console.is_terminal

    def write(self, *parts: tuple[str, str]) -> None:
        """One line of (text, style) parts. A pipe gets it unbroken, whatever its length."""
        self._console.print(Text.assemble(*parts), soft_wrap=not self.live)

    def notice(self, text: str) -> None:
        self.write((text, "dim"))

    def trouble(self, text: str) -> None:
        self.write((text, "red"))

    def echo(self, text: str) -> None:
        """The player's line, where no terminal has shown it while it was typed."""
        shown = "".join(char if char.isprintable() else " " for char in text[:ECHO_LENGTH])
        self.write(("> ", "dim"), (shown + ("…" if len(text) > ECHO_LENGTH else ""), ""))

    def turn(self, turn: Turn) -> None:
        """What is said, then what came of it."""
        for line in turn.lines:
            self._line(line)
        for effect in turn.effects:
            self.write(("  * ", "yellow"), (str(effect), "yellow"))
        for name, change in turn.changes.items():
            self.notice(f"  {name}: {show_value(change.before)} → {show_value(change.after)}")
        if turn.verdict == "fallback" and turn.reason:
            blame = "the logic asked for what cannot be" if turn.trace.void else "no usable answer"
            self.notice(f"  ({blame}: {turn.reason}; /why tells more)")

    def _line(self, line: Line) -> None:
        mood = line.presentation.get("mood")
        self.write(
            (f"{line.name}:", f"bold {self._colours.get(line.speaker, '')}".strip()),
            (f" ({mood})" if isinstance(mood, str) else "", "dim italic"),
            (f" {line.text}", ""),
        )

    def table(self, rows: Sequence[tuple[str, str]]) -> None:
        """Two columns, the first as wide as it needs to be."""
        width = max((len(left) for left, _ in rows), default=0)
        for left, right in rows:
            self.write((left.ljust(width), "cyan"), (f"  {right}", ""))

    @contextmanager
    def thinking(self, name: str) -> Iterator[None]:
        """While a reply is awaited; nothing in a pipe."""
        if not self.live:
            yield
            return
        with self._console.status(Text(f"{name} is thinking…", style="dim")):
            yield


def show_value(value: FactValue) -> str:
    """A fact's value as a person reads it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return ", ".join(f"{item} ×{count}" if count > 1 else item for item, count in value.items()) or "nothing"
        case frozenset():
            return ", ".join(sorted(value)) or "nothing"
        case _:
            return str(value)
