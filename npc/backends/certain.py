"""Embedded first: the embedded brain where it is certain, so that no model need be asked."""

from __future__ import annotations

from npc.backends.base import Backend, ModelRequest, Reply
from npc.errors import BackendError

CERTAIN = 0.95
"""The brain's score from which it counts as certain of an intent.

`python -m tests.benchmarks.embedded_first` tells how many lines that spares a model, and how many are heard amiss.
"""

UNSURE = "unsure"


class CertainBackend(Backend):
    """Answers what the embedded brain is certain of, and passes on the rest: ``embedded:certain|openai:…|embedded``.

    Args:
        brain: the embedded brain.
    """

    name = "embedded:certain"

    def __init__(self, brain: Backend) -> None:
        self._brain = brain

    async def prepare(self, request: ModelRequest) -> None:
        """Have the brain get ready."""
        await self._brain.prepare(request)

    async def reply(self, request: ModelRequest) -> Reply:
        """The brain's reply, where it is certain of every intent that it heard, and of no other one that it did not.

        Raises:
            BackendError: ``unsure``: it is not.
        """
        reply = await self._brain.reply(request)
        if isinstance(reply, Reply) and is_certain(reply):
            return reply
        raise BackendError(UNSURE, "the embedded brain is not certain of what was said")


def is_certain(reply: Reply, threshold: float = CERTAIN) -> bool:
    """Whether the brain is certain of what it heard: of something, and of all of it."""
    heard = reply.content.get("heard", []) if isinstance(reply.content, dict) else []
    scores = reply.notes.get("scores", {})
    return bool(heard) and all(scores.get(name, 0.0) >= threshold for name in heard)
