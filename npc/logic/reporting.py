"""Gathers diagnostics about pieces of pseudocode, each with its place in the writer's file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from npc.catalog.model import SourceText
from npc.diagnostics import Diagnostic, Position, Rule, Severity

LINE_END = re.compile(r"\r\n|\r|\n")
"""What Python's grammar takes as the end of a line (`str.splitlines` knows many more)."""


class Report:
    """Diagnostics in the order found; the same finding at the same place is kept once.

    Args:
        sources: text of every file, by the name positions give it; shown beside the findings.

    Attributes:
        errors_only: warnings are dropped: in a program that could not be read wholly they are mostly wrong.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._lines: dict[str, list[str]] = {}
        self._found: dict[tuple[str, Position], Diagnostic] = {}
        self._muted = 0
        self.errors_only = False

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All findings, by file and place."""
        return sorted(self._found.values(), key=lambda d: (d.position, d.code))

    @property
    def count(self) -> int:
        """How many findings there are."""
        return len(self._found)

    def add(self, rule: Rule, message: str, position: Position, hint: str | None = None) -> None:
        """Note a finding at a place."""
        if not self._muted and not (self.errors_only and rule.severity is Severity.WARNING):
            finding = Diagnostic(rule, message, position, hint, self._source_line(position))
            self._found.setdefault((rule.code, position), finding)

    @property
    def muted(self) -> bool:
        """Whether findings are dropped just now."""
        return self._muted > 0

    def mute(self) -> None:
        """Drop findings until `unmute`, for passes that only explore; calls nest."""
        self._muted += 1

    def unmute(self) -> None:
        self._muted -= 1

    def _source_line(self, position: Position) -> str | None:
        if position.file not in self._lines:
            self._lines[position.file] = LINE_END.split(self._sources.get(position.file, ""))
        lines = self._lines[position.file]
        return lines[position.line - 1] if 0 < position.line <= len(lines) else None


class Places:
    """Where each node of a tree came from, by identity; nodes that stand for something unreadable are `broken`."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.start = source.position(1, 1)
        # The nodes are kept beside their places: an id is only unique while its object lives.
        self._places: dict[int, tuple[object, Position]] = {}
        self._broken: set[int] = set()

    def put(self, node: object, position: Position, *, broken: bool = False) -> None:
        self._places[id(node)] = (node, position)
        if broken:
            self._broken.add(id(node))

    def of(self, node: object) -> Position:
        """The node's place; the start of the pseudocode for a node that has none of its own."""
        found = self._places.get(id(node))
        return found[1] if found else self.start

    def is_broken(self, node: object) -> bool:
        """Whether a diagnostic has been given for the node already, so that nothing is known of its type."""
        return id(node) in self._broken
