"""The recorded conversations under seeds/ come out as they say, with the embedded backend."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import npc
from npc.backends import resolve
from npc.catalog import load_dialogue
from npc.catalog.model import DialogueConversation
from npc.testing import find_cast_folder, find_dialogues, run_conversation

CHECKOUT = Path(__file__).resolve().parents[2]


def conversations() -> Iterator[object]:
    for file in find_dialogues([CHECKOUT / "seeds"]):
        dialogue = load_dialogue(file)
        for conversation in dialogue.conversations:
            folder = find_cast_folder(file, dialogue.cast)
            yield pytest.param(folder, conversation, id=f"{file.parent.name}/{file.stem}: {conversation.name}")


@pytest.fixture(scope="module")
def casts() -> dict[Path, npc.Cast]:
    return {}


@pytest.mark.parametrize(("folder", "conversation"), list(conversations()))
async def test_a_seed_comes_out_as_it_says(
    casts: dict[Path, npc.Cast], folder: Path, conversation: DialogueConversation
) -> None:
    """Every step of the conversation ends with the line, the effects and the facts that the seed expects."""
    if folder not in casts:
        casts[folder] = npc.load(folder)
    result = await run_conversation(casts[folder], conversation, lambda: resolve("embedded"))
    assert result.failure is None, result.failure.render()
    assert result.taken == len(conversation.steps)
