"""Where things stand in a cast's files, looked up only for what has a finding."""

from __future__ import annotations

from collections.abc import Callable

from npc.catalog.document import Document
from npc.catalog.model import Catalog
from npc.catalog.yaml_reader import read_document
from npc.diagnostics import Diagnostic, Position, Rule


class Findings:
    """Collects the lints of a cast, each with its place and source line."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._documents: dict[str, Document] = {}
        self._lines: dict[str, list[str]] = {}
        self.found: list[Diagnostic] = []

    def add(self, rule: Rule, message: str, place: Position | Callable[[], Position], hint: str) -> None:
        """Note a finding."""
        position = place() if callable(place) else place
        if position.file not in self._lines:
            self._lines[position.file] = self._catalog.sources.get(position.file, "").split("\n")
        lines = self._lines[position.file]
        line = lines[position.line - 1] if position.line <= len(lines) else None
        self.found.append(Diagnostic(rule, message, position, hint, line))

    def document(self, file: str) -> Document:
        """A file of the cast as read, with the places of its values."""
        if file not in self._documents:
            self._documents[file] = read_document(self._catalog.sources[file].encode(), file)
        return self._documents[file]

    def text_place(self, file: str, response: str, variant: int) -> Position:
        """Where a variant of a response's text stands."""
        return self.document(file).position(*text_path(self.document(file), response, variant))

    def used_place(self, file: str, intent: str) -> Position:
        """Where a character file takes a shared intent."""
        used = (self.document(file).data or {}).get("use", [])
        index = next((i for i, name in enumerate(used) if str(name).rpartition(".")[2] == intent), None)
        return self.document(file).position("use") if index is None else self.document(file).position("use", index)


def text_path(document: Document, response: str, variant: int) -> tuple[str | int, ...]:
    """The keys and indices that lead to a variant of a response's text."""
    path: tuple[str | int, ...] = ("responses", response)
    data = (document.data or {}).get("responses", {}).get(response)
    if isinstance(data, dict):
        path, data = (*path, "text"), data.get("text")
    return (*path, variant) if isinstance(data, list) else path
