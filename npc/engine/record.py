"""Turn records: what was asked, what came back and what was made of it, for logs and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from npc.backends.base import ModelRequest
from npc.catalog.types import FactValue
from npc.engine.turn import Turn


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One turn on record.

    Attributes:
        catalog: digest of the cast's files.
        request: digest of what the backend was asked, hexadecimal; None when none was asked.
        turn: the turn itself; its trace holds allowed ids, raw replies and timings.
        facts: all facts as they were when it was decided.
    """

    catalog: str
    request: str | None
    turn: Turn
    facts: Mapping[str, FactValue]

    def as_json(self) -> dict[str, Any]:
        """The record as plain JSON data. All but ``seconds`` follows from catalog, seed, facts and replies."""
        turn, trace = self.turn, self.turn.trace
        return {
            "catalog": self.catalog,
            "request": self.request,
            "character": turn.character,
            "utterance": turn.utterance,
            "event": turn.event,
            "allowed": list(trace.allowed),
            "replies": [
                {"backend": a.backend, "content": a.content, "reason": a.reason, "usage": asdict(a.usage)}
                for a in trace.attempts
            ],
            "verdict": str(turn.verdict),
            "reason": turn.reason,
            "heard": {name: dict(slots) for name, slots in trace.heard.items()},
            "response": turn.response,
            "text": turn.text,
            "effects": [str(effect) for effect in turn.effects],
            "changes": {
                name: [as_json_value(change.before), as_json_value(change.after)]
                for name, change in turn.changes.items()
            },
            "seconds": {"turn": trace.seconds, "attempts": [a.seconds for a in trace.attempts]},
        }


def as_json_value(value: FactValue) -> Any:
    """A fact's value as JSON data: sets as sorted lists, bags as objects."""
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(value) if isinstance(value, frozenset) else value


def request_digest(request: ModelRequest, catalog_digest: str, transcript: object) -> str:
    """A digest of all that decides what a backend is asked: the catalog, the state, the conversation, the line."""
    facts = [as_json_value(value) for value in request.facts.values()]
    asked = [catalog_digest, request.character, request.utterance, facts, request.last, transcript]
    digest = blake2b(repr(asked).encode("utf-8", "backslashreplace"), digest_size=16)
    digest.update(_listed(request.allowed, tuple(request.intents)))
    return digest.hexdigest()


@lru_cache(maxsize=256)  # the same few lists come back turn after turn
def _listed(allowed: tuple[str, ...], intents: tuple[str, ...]) -> bytes:
    return repr((allowed, intents)).encode()
