"""Regression tests of dialogue: conversations in files, with what must come of them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_PLACES = ("DialogueNotFound", "find_all_dialogues", "find_cast_folder", "find_dialogues")


def __getattr__(name: str) -> Any:
    # Handed on when first asked for: pytest imports this package for the plugin, in every run of any project.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"npc.testing.{'places' if name in _PLACES else 'runner'}"), name)
