"""Mends that are certain: spaces in texts. Nothing else of a file is touched."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from npc.catalog.document import Document
from npc.catalog.yaml_reader import read_document
from npc.diagnostics import Diagnostic
from npc.linting import rules
from npc.linting.places import text_path
from npc.linting.texts import DOUBLE_SPACE, SPACE_BEFORE_MARK
from npc.logic.cast import Cast

FIXABLE = (rules.DOUBLE_SPACE, rules.EDGE_SPACE, rules.SPACE_BEFORE_MARK)


@dataclass(frozen=True, slots=True)
class Fix:
    """A file's text with its certain mends.

    Attributes:
        file: its name, as diagnostics give it.
        text: the whole text.
        mended: how many texts in it were mended.
    """

    file: str
    text: str
    mended: int


def fixes_for(cast: Cast, diagnostics: Sequence[Diagnostic]) -> list[Fix]:
    """The files of a cast as they are after mending what these findings are about.

    A mend is kept only where the file, read again, holds what it held before and the one text mended. A text over
    several lines is left to the writer.
    """
    wanted = {(d.position.file, d.position.line) for d in diagnostics if d.rule in FIXABLE}
    fixes = []
    for character in cast.characters.values():
        declaration = character.declaration
        file = declaration.position.file
        text = cast.catalog.sources[file]
        mended = 0
        for id_, response in declaration.responses.items():
            for variant, said in enumerate(response.texts):
                if said == mended_text(said):
                    continue
                document = read_document(text.encode(), file)
                path = text_path(document, id_, variant)
                if (file, document.position(*path).line) in wanted:
                    after = _replaced(document, path, said)
                    mended += after != text
                    text = after
        if mended:
            fixes.append(Fix(file, text, mended))
    return fixes


def mended_text(text: str) -> str:
    """The text without double spaces, spaces at its edges and spaces before marks."""
    return SPACE_BEFORE_MARK.sub("", DOUBLE_SPACE.sub(" ", text.strip()))


def _replaced(document: Document, path: tuple[str | int, ...], said: str) -> str:
    place = document.place(*path)
    lines = list(document.lines)
    if place.end != place.line:
        return document.text
    line = lines[place.line]
    start = line.find(said, place.column)
    if start < 0:
        return document.text
    lines[place.line] = line[:start] + mended_text(said) + line[start + len(said) :]
    after = "\n".join(lines)
    expected = copy.deepcopy(document.data)
    _put(expected, path, mended_text(said))
    again = read_document(after.encode(), document.file)
    return after if again.data == expected and not again.has_errors else document.text


def _put(data: Any, path: tuple[str | int, ...], value: str) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value
