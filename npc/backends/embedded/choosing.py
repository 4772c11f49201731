"""Choosing among the lines that the logic allows: the one nearest in meaning to what the player said."""

from __future__ import annotations

from collections.abc import Sequence

from npc.backends.base import ModelRequest
from npc.backends.embedded.encoder import encode

MAX_COMPARED = 48
"""Texts compared in one choice; encoding more would be felt."""
MAX_SAID = 300
"""Characters of the player's line that are compared."""


def closest_response(candidates: Sequence[str], request: ModelRequest) -> str:
    """The candidate nearest in meaning to the line, the previous response only if there is no other.

    A response is as near as the nearest of the lines that its writer says it answers, or of its own texts where none are
    given.
    """
    fresh = [name for name in candidates if name != request.last] or list(candidates)
    if len(fresh) == 1 or not request.utterance.strip():
        return fresh[0]
    share = max(1, MAX_COMPARED // len(fresh))
    texts = [(name, text) for name in fresh for text in compared(name, request)[:share]][:MAX_COMPARED]
    if not texts:
        return fresh[0]
    vectors = encode([request.utterance[:MAX_SAID], *(text for _, text in texts)])
    likeness = [round(float(likeness), 3) for likeness in vectors[1:] @ vectors[0]]
    # Of equals the first, in the order the logic names them.
    return texts[likeness.index(max(likeness))][0]


def compared(name: str, request: ModelRequest) -> tuple[str, ...]:
    """What of a response is compared with a player's line."""
    return request.answers.get(name) or request.responses.get(name, ())
