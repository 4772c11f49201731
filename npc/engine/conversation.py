"""One character's conversation with the player, and the transcript entries it is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from npc.prompts.character import TRANSCRIPT_WINDOW
from npc.prompts.transcript import TranscriptLine


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """One turn as it stays on record.

    Attributes:
        character: the character's id.
        utterance: the player's line, or None in an event turn.
        event: the event's name, or None.
        response: the id of what was said.
        text: the words shown.
        effects: as ``give("cell_key")``.
    """

    character: str
    utterance: str | None
    event: str | None
    response: str
    text: str
    effects: tuple[str, ...]


@dataclass(slots=True)
class Conversation:
    """What one character remembers of this playthrough.

    Attributes:
        last: id of its previous response.
        turn: number of turns it has had.
        variants: response id → the variant said last.
        entries: its turns, in order.
        lock: held during a turn, so that turns of one character follow one another.
    """

    last: str | None = None
    turn: int = 0
    variants: dict[str, int] = field(default_factory=dict)
    entries: list[TranscriptEntry] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def window(self) -> list[TranscriptEntry]:
        """The last turns, as many as a prompt can show."""
        return self.entries[-TRANSCRIPT_WINDOW:]


def prompt_lines(entries: Sequence[TranscriptEntry], name: str) -> list[TranscriptLine]:
    """Turns as the lines of a prompt; `name` is the character's."""
    lines: list[TranscriptLine] = []
    for entry in entries:
        if entry.utterance:
            lines.append(TranscriptLine("player", entry.utterance))
        lines.append(TranscriptLine(name, entry.text))
    return lines
