"""Dialogue files: recorded conversations, and what must come of them.

Paraphrases, branches and parameters are written once and run as conversations of their own, so that each has a name, a
state and a result of its own; `read_dialogue` lays them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from npc.catalog import dialogue_shapes as shapes
from npc.catalog import rules
from npc.catalog.document import Document
from npc.catalog.model import Dialogue, DialogueConversation, DialogueStep, Expectation, Scalar
from npc.catalog.reading import open_document
from npc.catalog.structure import check_shape
from npc.diagnostics import did_you_mean
from npc.errors import CatalogError

FilePath = tuple[str | int, ...]
Row = Mapping[str, Scalar]

_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")


def read_dialogue(path: Path) -> Dialogue:
    """The work of `npc.catalog.load_dialogue`, which says what it does."""
    document = open_document(path)
    shape = check_shape(document, shapes.DialogueFile)
    dialogue = None
    if shape is not None and not document.has_errors:
        dialogue = Dialogue(shape.dialogue, tuple(_Layout(document, shape).conversations()), document.file)
    if dialogue is None or document.has_errors:
        raise CatalogError(sorted(document.diagnostics, key=lambda d: (d.position, d.code)))
    return dialogue


class _Layout:
    """Lays out the conversations of one file."""

    def __init__(self, document: Document, file: shapes.DialogueFile) -> None:
        self._document, self._file = document, file
        self._lines: dict[str, int] = {}

    def conversations(self) -> Iterator[DialogueConversation]:
        for number, written in enumerate(self._file.conversations):
            path: FilePath = ("conversations", number)
            self._once(written.name, (*path, "name"))
            tags = frozenset((*self._file.tags, *written.tags))
            for name, row in self._rows(written, path):
                whole = DialogueConversation(
                    name=name,
                    start=self._filled(written.start, row, (*path, "start")),
                    seed=written.seed,
                    steps=(),
                    position=self._document.position(*path, "name"),
                    origin=written.name,
                    tags=tags,
                    xfail=written.xfail,
                    path=path,
                    locate=self._document.key_position,
                    at_least=None if written.at_least is None else (written.at_least.passes, written.at_least.of),
                )
                yield from self._ways(whole, written.steps, (*path, "steps"), row)

    def _once(self, name: str, path: FilePath) -> None:
        position = self._document.position(*path)
        if name in self._lines:
            message, hint = f"“{name}” is here twice", f"the first is in line {self._lines[name]}: rename one"
            self._document.report(rules.LISTED_TWICE, f"conversation {message}", position, hint)
        self._lines.setdefault(name, position.line)

    def _rows(self, written: shapes.ConversationShape, path: FilePath) -> Iterator[tuple[str, Row]]:
        if written.parameters is None:
            yield written.name, {}
            return
        first = written.parameters[0]
        for number, row in enumerate(written.parameters):
            if row.keys() != first.keys():
                missing = ", ".join(f"`{name}`" for name in sorted(row.keys() ^ first.keys()))
                message = f"the parameters differ in {missing} from those of the first row"
                place = self._document.position(*path, "parameters", number)
                self._document.report(rules.UNKNOWN_PARAMETER, message, place, "give every row the same names")
                return
            name = f"{written.name} [{', '.join(f'{key}={_plain(value)}' for key, value in row.items())}]"
            self._once(name, (*path, "parameters", number))
            yield name, row

    def _ways(
        self, before: DialogueConversation, written: list[shapes.Step], path: FilePath, row: Row
    ) -> Iterator[DialogueConversation]:
        """The conversation itself, then one for each paraphrase and branch of its steps."""
        steps = list(before.steps)
        aside: list[DialogueConversation] = []
        for number, shape in enumerate(written):
            place = (*path, number)
            step = self._step(shape, place, row)
            for said, words in enumerate(shape.paraphrases or ()):
                other = replace(
                    step,
                    say=_plain(self._filled(words, row, (*place, "paraphrases", said))),
                    position=self._document.position(*place, "paraphrases", said),
                    paraphrase=True,
                )
                name = f"{before.name} ~ {other.say}"
                self._once(name, (*place, "paraphrases", said))
                aside.append(replace(before, name=name, steps=(*steps, other), position=other.position))
            steps.append(step)
            for way, branch in enumerate(shape.branches or ()):
                at = (*place, "branches", way)
                name = f"{before.name} > {branch.name}"
                self._once(name, (*at, "name"))
                position = self._document.position(*at, "name")
                begun = replace(before, name=name, steps=tuple(steps), position=position)
                aside += self._ways(begun, branch.steps, (*at, "steps"), row)
        yield replace(before, steps=tuple(steps))
        yield from aside

    def _step(self, step: shapes.Step, path: FilePath, row: Row) -> DialogueStep:
        character = step.character or self._file.character
        position = self._document.position(*path)
        if character is None:
            hint = "add `character:` to the step, or at the top of the file for all steps"
            self._document.report(rules.NO_SPEAKER, "the step does not say to which character", position, hint)
        heard = None if step.heard is None else {intent: slots or {} for intent, slots in step.heard.items()}
        return DialogueStep(
            character=str(self._filled(character or "", row, (*path, "character"))),
            say=None if step.say is None else _plain(self._filled(step.say, row, (*path, "say"))),
            event=None if step.event is None else _plain(self._filled(step.event, row, (*path, "event"))),
            heard=self._filled(heard, row, (*path, "heard")),
            sets=self._filled(step.set or {}, row, (*path, "set")),
            expect=None if step.expect is None else self._expectation(step.expect, row, (*path, "expect")),
            position=position,
            path=path,
        )

    def _expectation(self, shape: shapes.Expectation, row: Row, path: FilePath) -> Expectation:
        def names(key: str, listed: list[str] | None) -> tuple[str, ...] | None:
            return None if listed is None else tuple(map(str, self._filled(listed, row, (*path, key))))

        response = [shape.response] if isinstance(shape.response, str) else shape.response
        return Expectation(
            names("response", response),
            names("effects", shape.effects),
            self._filled(shape.facts, row, (*path, "facts")),
            names("heard", shape.heard),
            names("not_allowed", shape.not_allowed),
            shape.verdict,
            self._filled(shape.values, row, (*path, "values")),
        )

    def _filled(self, value: Any, row: Row, path: FilePath) -> Any:
        """The value with its parameters put in: a text that is one `$name` becomes the value itself."""
        if not row:
            return value
        if isinstance(value, dict):
            return {self._filled(k, row, path): self._filled(v, row, (*path, k)) for k, v in value.items()}
        if isinstance(value, list):
            return [self._filled(each, row, (*path, number)) for number, each in enumerate(value)]
        if not isinstance(value, str):
            return value
        for name in _PARAMETER.findall(value):
            if name not in row:
                position, hint = self._document.position(*path), did_you_mean(name, row)
                self._document.report(rules.UNKNOWN_PARAMETER, f"there is no parameter `${name}`", position, hint)
                return value
        if (whole := _PARAMETER.fullmatch(value)) is not None:
            return row[whole[1]]
        return _PARAMETER.sub(lambda place: _plain(row[place[1]]), value)


def _plain(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
