"""Regression tests of dialogue: conversations in files, with what must come of them."""

from npc.testing.places import DialogueNotFound, find_all_dialogues, find_cast_folder, find_dialogues
from npc.testing.runner import ConversationResult, Failure, run_conversation

__all__ = [
    "ConversationResult",
    "DialogueNotFound",
    "Failure",
    "find_all_dialogues",
    "find_cast_folder",
    "find_dialogues",
    "run_conversation",
]
