"""What a turn comes to: the line, the effects, the verdict on the model's reply, and the trace that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from npc.backends.base import Usage
from npc.catalog.model import Scalar
from npc.catalog.types import FactValue, SlotValue
from npc.logic.program import Effect, PlaceholderValue, Violation


class Verdict(StrEnum):
    """What became of the model's reply.

    ``accepted``: the logic says what the reply picked. ``overruled``: what was heard stands, but the logic says
    another line. ``repaired``: accepted after a re-ask, or from a later backend of the chain. ``fallback``: the
    `otherwise` line, since no reply could be used or the turn was void.
    """

    ACCEPTED = "accepted"
    OVERRULED = "overruled"
    REPAIRED = "repaired"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown.

    Attributes:
        speaker: the character's id.
        name: the character's name.
        response: the id of the catalog entry.
        text: catalog text with its placeholders filled.
        tags: the entry's tags.
        presentation: its presentation tags, such as ``{"mood": "sly"}``.
    """

    speaker: str
    name: str
    response: str
    text: str
    tags: frozenset[str] = frozenset()
    presentation: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A fact's value before and after a turn."""

    before: FactValue
    after: FactValue


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a backend.

    Attributes:
        backend: its name.
        content: the raw reply as text, cut to a few thousand characters; None when none came. Not for players.
        reason: why it could not be used, a reason code; None when it could.
        detail: the same in words, for developers.
        seconds: how long it took.
        usage: tokens.
        notes: what the backend tells of how it came about.
        again: whether it was a re-ask.
        begun: seconds into the turn's asking at which it began.
    """

    backend: str
    content: str | None
    reason: str | None
    detail: str
    seconds: float
    usage: Usage = field(default_factory=Usage)
    notes: Mapping[str, Any] = field(default_factory=dict)
    again: bool = False
    begun: float = 0.0


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A line of the writer's file that ran."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Why a turn came out as it did.

    Attributes:
        facts_read: the facts the logic read, with their values at commit.
        intents: the intents offered: those whose hearing could still matter.
        heard: intent → slot values, as they counted.
        not_heard: intent → why a claim to have heard it did not count.
        ran: numbers of the lines of the writer's file that ran.
        allowed: the responses allowed when the backend was asked.
        candidates: the responses the logic could say under this hearing.
        why: the choice in a sentence.
        attempts: the backend calls.
        void: why the logic's result came to nothing, or None.
        seconds: the whole turn.
    """

    facts_read: Mapping[str, FactValue]
    intents: tuple[str, ...]
    heard: Mapping[str, Mapping[str, SlotValue]]
    not_heard: Mapping[str, str]
    ran: tuple[int, ...]
    allowed: tuple[str, ...]
    candidates: tuple[str, ...]
    why: str
    attempts: tuple[Attempt, ...]
    void: Violation | None
    seconds: float
    file: str
    source: str = field(repr=False)

    @property
    def lines(self) -> tuple[TraceLine, ...]:
        """The lines of logic that ran, with their text."""
        source = self.source.splitlines()
        return tuple(TraceLine(n, source[n - 1].strip() if 0 < n <= len(source) else "") for n in self.ran)

    def render(self, most: int | None = None) -> str:
        """The trace as a writer reads it; of the logic that ran, the last `most` lines only: those that decided."""
        parts = [self.why]
        parts.append("offered: " + (", ".join(self.intents) or "nothing to hear"))
        heard = ", ".join(
            name + (f"({', '.join(f'{slot}={value}' for slot, value in slots.items())})" if slots else "")
            for name, slots in self.heard.items()
        )
        parts.append("heard:   " + (heard or "nothing"))
        parts += [f"  not {name}: {why}" for name, why in self.not_heard.items()]
        if self.facts_read:
            parts.append("facts:   " + ", ".join(f"{n} = {_plain(v)}" for n, v in self.facts_read.items()))
        before = 0 if most is None else max(0, len(self.ran) - most)
        if before:
            parts.append(f"({before} line{'s' if before > 1 else ''} of logic ran before these)")
        parts += [f"{self.file}:{line.number}: {line.text}" for line in self.lines[before:]]
        if self.void:
            parts.append(f"void:    {self.void.reason} at line {self.void.line}: {self.void.message}")
        parts.append("allowed: " + ", ".join(self.allowed))
        for attempt in self.attempts:
            outcome = f"{attempt.reason}: {attempt.detail}" if attempt.reason else "usable"
            parts.append(
                f"backend: {attempt.backend}, {attempt.seconds * 1000:.1f} ms{_tokens(attempt.usage)}, {outcome}"
            )
        return "\n".join(parts)


def _tokens(usage: Usage) -> str:
    if usage.input_tokens is None:
        return ""
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    return f", {usage.input_tokens:,} tokens in{cached} and {usage.output_tokens or 0:,} out"


def _plain(value: FactValue) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{item}: {count}" for item, count in value.items()) + "}"
    return "{" + ", ".join(sorted(value)) + "}" if isinstance(value, frozenset) else str(value)


@dataclass(frozen=True, slots=True)
class Turn:
    """One atomic step of a session.

    Attributes:
        character: id of the character.
        utterance: the player's line as it was used; None in an event turn.
        event: the event's name; None when the player spoke.
        text: what the character says.
        response: the id of the catalog entry.
        lines: what is shown, line by line.
        effects: the effects applied, in order.
        changes: the facts that changed.
        heard: the intents found in the player's line.
        slots: intent → slot → value, for the heard intents that have slots.
        verdict: what became of the model's reply.
        reason: a reason code (see the verdict), or None.
        backend: name of the backend whose reply counted; None when none did.
        trace: the explanation.
        values: the values that the line's placeholders were filled with.
    """

    character: str
    utterance: str | None
    event: str | None
    text: str
    response: str
    lines: tuple[Line, ...]
    effects: tuple[Effect, ...]
    changes: Mapping[str, Change]
    heard: frozenset[str]
    slots: Mapping[str, Mapping[str, SlotValue]]
    verdict: Verdict
    reason: str | None
    backend: str | None
    trace: Trace
    values: Mapping[str, PlaceholderValue] = field(default_factory=dict)
