"""Regression tests of dialogue: conversations in files, with what must come of them."""

from npc.testing.places import DialogueNotFound, find_all_dialogues, find_cast_folder, find_dialogues
from npc.testing.runner import ConversationResult, Failure, Layer, layer_of, run_conversation

__all__ = [
    "ConversationResult",
    "DialogueNotFound",
    "Failure",
    "Layer",
    "find_all_dialogues",
    "find_cast_folder",
    "find_dialogues",
    "layer_of",
    "run_conversation",
]
