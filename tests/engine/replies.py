"""Replies as a well-behaved model gives them."""

from __future__ import annotations

from typing import Any


def reply(response: str, *heard: str, **slots: Any) -> dict[str, Any]:
    """A reply that picks `response`, claims to have heard these intents, and gives slots by intent."""
    return {"heard": list(heard), "slots": slots, "response": response}
