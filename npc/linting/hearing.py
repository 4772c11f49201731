"""Lints of intents: examples that cannot be told apart, slots that no example shows."""

from __future__ import annotations

import re

from npc.catalog.model import CharacterDeclaration, Intent
from npc.linting import rules
from npc.linting.places import Findings
from npc.logic.cast import Cast

_WORDS = re.compile(r"\{\w+\}|[\w']+")
_SAYING_NOTHING = frozenset(("a", "an", "the", "please", "just", "so", "well", "oh", "then", "now", "sir", "madam"))


def check_hearing(cast: Cast, findings: Findings) -> None:
    """W301 and W302."""
    for character in cast.characters.values():
        _check_examples(character.declaration, findings)
        for intent in character.declaration.intents.values():
            if intent.position.file == character.declaration.position.file:
                _check_slots(intent, findings)


def _check_examples(declaration: CharacterDeclaration, findings: Findings) -> None:
    met: dict[tuple[str, ...], tuple[str, str]] = {}
    for intent in declaration.intents.values():
        for example in intent.examples:
            words = tuple(word for word in _WORDS.findall(example.lower()) if word not in _SAYING_NOTHING)
            if len(words) < 2:
                continue
            other, text = met.setdefault(words, (intent.id, example))
            # The very same example is found when the cast is loaded.
            if other != intent.id and text.casefold() != example.casefold():
                own = intent.position.file == declaration.position.file
                place = intent.position if own else findings.used_place(declaration.position.file, intent.id)
                message = f"“{example}” of `{intent.id}` is almost “{text}” of `{other}`: nothing tells them apart"
                findings.add(rules.NEAR_EXAMPLES, message, place, "reword one of them, or join the intents")


def _check_slots(intent: Intent, findings: Findings) -> None:
    for name, slot in intent.slots.items():
        shown = any(f"{{{name}}}" in example for example in intent.examples)
        if intent.examples and not shown and not slot.optional:
            message = f"no example of `{intent.id}` shows where `{name}` stands"
            hint = f"write {{{name}}} in an example, such as “I'll take {{{name}}}”"
            findings.add(rules.SLOT_WITHOUT_EXAMPLE, message, intent.position, hint)
