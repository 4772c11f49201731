"""A YAML file as read: its data, where each value stands, and the findings about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from npc.catalog import rules
from npc.catalog.model import SourceText
from npc.diagnostics import Diagnostic, Position, Rule, Severity

MAX_FINDINGS = 200

Data = Any
"""What a file holds: nested dicts and lists of str, int, float, bool and None."""

Hint = str | None | Callable[[], str | None]


class Place:
    """Where a value stands: `line`, `column` and last line `end` count from 0, as the YAML parser counts them.

    `style` is how a scalar is written: `|`, `>`, a quote, or empty. `children` holds the places of a mapping's values
    by key and of a list's by index, `keys` those of a mapping's keys.
    """

    __slots__ = ("children", "column", "end", "keys", "line", "style")

    def __init__(self, line: int, column: int, style: str | None = None, end: int = 0) -> None:
        self.line, self.column, self.style, self.end = line, column, style, end
        self.keys: dict[str, Place] | None = None
        self.children: dict[Any, Place] | None = None


@dataclass
class Document:
    """One file as read.

    Attributes:
        file: the name diagnostics give it.
        text: its text, with ``\\n`` line ends.
        data: what it holds; None when it cannot be used (then `diagnostics` has an error).
        root: where everything stands.
        diagnostics: the findings so far, at most `MAX_FINDINGS` and one that says so.
    """

    file: str
    text: str = ""
    data: dict[str, Data] | None = None
    root: Place = field(default_factory=lambda: Place(0, 0))
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _lines: tuple[str, list[str]] | None = None

    @property
    def lines(self) -> list[str]:
        """The lines of the file, without line ends."""
        if self._lines is None or self._lines[0] is not self.text:
            self._lines = (self.text, self.text.split("\n"))
        return self._lines[1]

    @property
    def has_errors(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self.diagnostics)

    def place(self, *path: str | int) -> Place:
        """The place of the value at a path of keys and indices, or of the nearest value around it."""
        place = self.root
        for step in path:
            child = place.children.get(step) if place.children else None
            if child is None:
                break
            place = child
        return place

    def position(self, *path: str | int) -> Position:
        """The position of the value at a path."""
        return self.position_of(self.place(*path))

    def key_position(self, *path: str | int) -> Position:
        """The position of the key at a path (of the value, in a list)."""
        around = self.place(*path[:-1])
        key = around.keys.get(str(path[-1])) if around.keys and path else None
        return self.position_of(key) if key else self.position(*path)

    def position_of(self, place: Place) -> Position:
        return Position(self.file, place.line + 1, place.column + 1)

    @property
    def is_full(self) -> bool:
        """Whether no more findings are listed."""
        return len(self.diagnostics) > MAX_FINDINGS

    def report(self, rule: Rule, message: str, position: Position | None = None, hint: Hint = None) -> None:
        """Add a finding; at the file's first character when no position is given.

        Args:
            hint: what to do about it; as a function where working it out takes time, called for listed findings only.
        """
        if self.is_full:
            return
        position = position or Position(self.file, 1, 1)
        hint = hint() if callable(hint) else hint
        if len(self.diagnostics) == MAX_FINDINGS:
            rule, hint = rules.TOO_MANY_FINDINGS, "mend the ones listed, then check again"
            message = f"more than {MAX_FINDINGS} findings in this file; the rest are not listed"
        line = self.lines[position.line - 1] if position.line <= len(self.lines) else None
        self.diagnostics.append(Diagnostic(rule, message, position, hint, line))

    def code(self, *path: str | int) -> SourceText:
        """The pseudocode at a path, with the place of its first character; reports code whose lines have no places."""
        value: Data = self.data
        for step in path:
            value = value[step]
        place = self.place(*path)
        if place.style == "|":
            return self._block(value, place)
        start = Position(self.file, place.line + 1, place.column + 1 + (1 if place.style else 0))
        if place.style == ">" or place.end != place.line:
            hint = "write the code as a block: `|` after the key, and the code indented below it"
            self.report(rules.CODE_NOT_BLOCK, "code over several lines is not a `|` block", self.position(*path), hint)
            return SourceText(value, start)
        return SourceText(value, start, columns=_columns(self.lines[place.line], place, value))

    def _block(self, value: str, place: Place) -> SourceText:
        indent = 0
        for number, line in enumerate(value.split("\n"), place.line + 1):
            if line:
                indent = len(self.lines[number]) - len(line)
                break
        return SourceText(value, Position(self.file, place.line + 2, indent + 1), indent)


_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}


def _columns(source: str, place: Place, value: str) -> tuple[int, ...]:
    """The source column, from 1, of each character of a quoted one-line scalar; empty when they simply count up."""
    if place.style not in ("'", '"'):
        return ()
    index, found = place.column + 1, []
    for char in value:
        found.append(index + 1)
        if place.style == "'":
            index += 2 if char == "'" else 1
        elif source[index : index + 1] == "\\":
            index += _ESCAPE_LENGTHS.get(source[index + 1 : index + 2], 2)
        else:
            index += 1
    # One more for the place just behind the text, where an unfinished line is reported.
    found.append(index + 1)
    return () if found == list(range(found[0], found[0] + len(found))) else tuple(found)


def describe(value: Data) -> str:
    """A value's kind as a person reads it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value if len(value) <= 40 else value[:39] + '…'!r}"
        case list():
            return "a list"
        case _:
            return "a mapping"
