"""Dialogue files: recorded conversations, and what must come of them."""

from __future__ import annotations

from pathlib import Path

from npc.catalog import rules, shapes
from npc.catalog.document import Document
from npc.catalog.model import Dialogue, DialogueConversation, DialogueStep, Expectation
from npc.catalog.reading import open_document
from npc.catalog.structure import check_shape
from npc.errors import CatalogError


def read_dialogue(path: Path) -> Dialogue:
    """The work of `npc.catalog.load_dialogue`, which says what it does."""
    document = open_document(path)
    shape = check_shape(document, shapes.DialogueFile)
    dialogue = _dialogue(document, shape) if shape is not None and not document.has_errors else None
    if dialogue is None or document.has_errors:
        raise CatalogError(sorted(document.diagnostics, key=lambda d: (d.position, d.code)))
    return dialogue


def _dialogue(document: Document, shape: shapes.DialogueFile) -> Dialogue:
    conversations: list[DialogueConversation] = []
    lines: dict[str, int] = {}
    for number, conversation in enumerate(shape.conversations):
        path = ("conversations", number)
        position = document.position(*path, "name")
        if conversation.name in lines:
            message = f"conversation “{conversation.name}” is here twice"
            hint = f"the first is in line {lines[conversation.name]}: rename one"
            document.report(rules.LISTED_TWICE, message, position, hint)
        lines.setdefault(conversation.name, position.line)
        steps = tuple(
            _step(document, shape.character, step, (*path, "steps", index))
            for index, step in enumerate(conversation.steps)
        )
        conversations.append(
            DialogueConversation(conversation.name, conversation.start, conversation.seed, steps, position)
        )
    return Dialogue(shape.dialogue, tuple(conversations), document.file)


def _step(document: Document, default: str | None, step: shapes.Step, path: tuple[str | int, ...]) -> DialogueStep:
    character = step.character or default
    position = document.position(*path)
    if character is None:
        hint = "add `character:` to the step, or at the top of the file for all steps"
        document.report(rules.NO_SPEAKER, "the step does not say to which character", position, hint)
    heard = None if step.heard is None else {intent: slots or {} for intent, slots in step.heard.items()}
    expected = None if step.expect is None else _expectation(step.expect)
    return DialogueStep(character or "", step.say, step.event, heard, expected, position)


def _expectation(shape: shapes.Expectation) -> Expectation:
    def names(listed: list[str] | None) -> tuple[str, ...] | None:
        return None if listed is None else tuple(listed)

    response = (shape.response,) if isinstance(shape.response, str) else names(shape.response)
    return Expectation(
        response, names(shape.effects), shape.facts, names(shape.heard), names(shape.not_allowed), shape.verdict
    )
