"""A character as plain data for the system template: strings, lists and dictionaries, nothing that can be called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from npc.catalog.model import Catalog, CharacterDeclaration, EffectDeclaration, Intent, Table
from npc.catalog.types import ItemType, TextType, describe_type
from npc.prompts.data import PLAYER_LINE_CLOSE, PLAYER_LINE_OPEN, player_line, shown_value


def describe_character(
    catalog: Catalog, character: CharacterDeclaration, facts: Sequence[str], *, code: str, listed: bool
) -> dict[str, Any]:
    """What the system template may show.

    Args:
        facts: names of the facts to describe.
        code: where the pseudocode stands: ``full``, ``residual`` or ``both``.
        listed: whether the reply's schema lists the response ids.
    """
    return {
        "world": catalog.world,
        "title": catalog.title,
        "id": character.id,
        "name": character.name,
        "persona": character.persona.strip(),
        "code": code,
        "pseudocode": character.logic.text.rstrip(),
        "tables": [{"name": table.name, "shown": _table(table)} for table in character.tables.values()],
        "effects": [_effect(effect) for effect in catalog.effects.values()],
        "facts": [
            {
                "name": name,
                "type": describe_type(catalog.facts[name].type),
                "means": _one_line(catalog.facts[name].means),
            }
            for name in facts
        ],
        "intents": [_intent(intent) for intent in character.intents.values()],
        "responses": [
            {"id": r.id, "texts": [_one_line(text) for text in r.texts]} for r in character.responses.values()
        ],
        "listed": listed,
        "open": PLAYER_LINE_OPEN,
        "close": PLAYER_LINE_CLOSE,
    }


def sample_turns(character: CharacterDeclaration, *, residual: bool) -> list[dict[str, Any]]:
    """Data of made-up turns, one of every shape that `CharacterPrompt.messages` makes, to try a template on."""
    full: dict[str, Any] = {
        "name": character.name,
        "facts": ["player.gold = 12"],
        "state": ["last = None", "turn = 0", "event = None"],
        "residual": character.logic.text if residual else None,
        "effects": [{"call": "pay(amount: int)", "means": "The player pays."}] if residual else [],
        "shown_intents": [_intent(intent) for intent in character.intents.values()] if residual else [],
        "choices": [{"id": id, "text": "Halt."} for id in character.responses] if residual else [],
        "transcript": ['player: "Hello."', 'Warden: "Halt."'],
        "intents": list(character.intents),
        "allowed": list(character.responses),
        "retry": "schema",
        "retry_means": "Answer again.",
        "event": None,
        "cut": True,
        "player_line": player_line("Hello."),
    }
    first = {**full, "facts": [], "transcript": [], "retry": None, "cut": False}
    return [full, first, {**first, "intents": []}, {**first, "event": '"approach"', "player_line": None}]


def _intent(intent: Intent) -> dict[str, Any]:
    return {
        "id": intent.id,
        "means": _one_line(intent.means),
        "examples": [_one_line(example) for example in intent.examples],
        "slots": [
            {
                "name": slot.name,
                "type": f"one of {', '.join(slot.type.items)}"
                if isinstance(slot.type, ItemType)
                else describe_type(slot.type),
                "means": _one_line(slot.means),
                "optional": slot.optional,
            }
            for slot in intent.slots.values()
        ],
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _effect(effect: EffectDeclaration) -> dict[str, str]:
    arguments = [
        f"{name}: {'text' if isinstance(type, TextType) else describe_type(type)}" for name, type in effect.args.items()
    ]
    return {"call": f"{effect.name}({', '.join(arguments)})", "means": _one_line(effect.means)}


def _table(table: Table) -> str:
    if table.entries:
        return "{" + ", ".join(f"{shown_value(k)}: {shown_value(v)}" for k, v in table.entries.items()) + "}"
    return "[" + ", ".join(map(shown_value, table.values)) + "]"
