"""Steps that say what is heard: the words that stand in for it, and the line that is chosen."""

from pathlib import Path

import pytest

import npc
from npc.backends.base import Hearing, ModelRequest
from npc.testing.hearing import WORDLESS, words_for

CATALOGS = Path(__file__).resolve().parents[2] / "catalogs"


@pytest.fixture(scope="module")
def cast() -> npc.Cast:
    return npc.load(CATALOGS / "keep")


@pytest.mark.parametrize(
    ("hearing", "parts"),
    [
        ({"offer_gold": {"amount": 37}}, ["37"]),
        ({"give_item": {"item": "bread"}}, ["a loaf of bread"]),
        ({"ask_seal": {}, "offer_gold": {"amount": 5}}, [". ", "5"]),
        ({}, [WORDLESS]),
    ],
)
def test_words_hold_what_must_stand_in_them(cast: npc.Cast, hearing: Hearing, parts: list[str]) -> None:
    """An example of each intent is said, with numbers as digits and items by their name."""
    words = words_for(hearing, cast.character("warden").declaration.intents, cast.catalog.items)
    assert all(part in words for part in parts)
    assert "{" not in words


async def test_every_intent_can_be_heard(cast: npc.Cast) -> None:
    """Whatever a step says is heard does count, for every intent of the cast that could matter."""
    for character in cast.characters.values():
        for intent in character.declaration.intents.values():
            values = {name: _some_value(slot) for name, slot in intent.slots.items()}
            hearing = {intent.id: values}

            async def reply(request: ModelRequest, hearing: Hearing = hearing) -> dict[str, object]:
                return {"heard": list(hearing), "slots": hearing, "response": request.preview(hearing)[0]}

            session = npc.Session(cast, reply)
            turn = await session.say(
                character.id, words_for(hearing, character.declaration.intents, cast.catalog.items)
            )
            assert turn.trace.not_heard == {}, (character.id, intent.id)
            assert turn.heard == {intent.id}, (character.id, intent.id, turn.verdict, turn.reason)


def _some_value(slot: object) -> int | str:
    from npc.catalog.types import IntType, ItemType, OneOfType

    match slot.type:  # type: ignore[attr-defined]
        case IntType(low, _):
            return 3 if low is None else low
        case OneOfType(names) | ItemType(names):
            return names[0]
    raise AssertionError(slot)
