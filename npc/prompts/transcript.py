"""A line of a conversation, as prompts show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """A line of the conversation so far; `speaker` is ``"player"`` or the character's name."""

    speaker: str
    text: str
