"""The backend protocol: what a backend is asked, and what it may answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypedDict

from npc.catalog.model import Intent
from npc.catalog.types import FactValue, SlotValue

RawReply = str | dict[str, Any]
"""A model's answer as it came: JSON text, or the object already parsed. Nothing in it is trusted."""

Hearing = Mapping[str, Mapping[str, SlotValue]]
"""Intent id → slot name → value."""


class Message(TypedDict):
    """One chat message, as chat APIs take it."""

    role: str
    content: str


@dataclass(frozen=True)
class ModelRequest:
    """What a backend is asked in one turn.

    Attributes:
        character: id of the character.
        utterance: the player's line, as typed.
        allowed: response ids allowed in the present state, in catalog order.
        intents: what may be heard now, by id, with meanings, examples and slots.
        other_intents: the character's other intents, which make no difference now; a line that expresses one of these
            expresses none of `intents` for that.
        facts: the facts as they stand.
        last: id of the character's previous response.
        retry: the reason code of the reply that could not be used, when this is a re-ask.
        item_names: item id → every name a player may use for it.
        responses: allowed response id → its text variants.
        answers: response id, allowed or not → lines of players that it answers, where the writer named any.
        seconds: how long an answer is waited for; None where nobody says.
        event: the event that the turn begins with in place of words, or None.
        transcript: the conversation so far, as far as a prompt shows it: the player's line (None: an event) and the id
            of the response, turn by turn.
        shown_facts: the facts that can matter to the character, which a prompt shows; None: all.
        preview: the response ids the logic can say under a hearing; runs the real logic, changes nothing.
        changes: whether a hearing would change a fact or take an effect, rather than only be answered.
    """

    character: str
    utterance: str
    allowed: tuple[str, ...]
    intents: Mapping[str, Intent]
    facts: Mapping[str, FactValue]
    last: str | None
    retry: str | None
    item_names: Mapping[str, tuple[str, ...]]
    responses: Mapping[str, tuple[str, ...]]
    preview: Callable[[Hearing], tuple[str, ...]] = field(repr=False)
    make_messages: Callable[[ModelRequest], Sequence[Message]] = field(repr=False)
    make_schema: Callable[[ModelRequest], dict[str, Any]] = field(repr=False)
    other_intents: Mapping[str, Intent] = field(default_factory=dict, repr=False)
    seconds: float | None = None
    event: str | None = None
    transcript: tuple[tuple[str | None, str], ...] = ()
    shown_facts: tuple[str, ...] | None = None
    changes: Callable[[Hearing], bool] = field(default=lambda hearing: True, repr=False)
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def messages(self) -> list[Message]:
        """The prompt, rendered when first asked for: stable prefix first, the player's line last, as data."""
        return list(self.make_messages(self))

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of the reply: ``heard``, ``slots``, ``response``, in that order. Treat as read-only."""
        return self.make_schema(self)


@dataclass(frozen=True)
class Usage:
    """Tokens a reply cost, as the server counted them; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None


@dataclass(frozen=True)
class Reply:
    """A raw reply with what is known about it.

    Attributes:
        content: the reply itself, untrusted.
        usage: tokens.
        notes: how it came about, for `turn.trace` (the embedded brain puts scores per intent here); JSON data.
    """

    content: RawReply
    usage: Usage = Usage()
    notes: Mapping[str, Any] = field(default_factory=dict)


class Backend(ABC):
    """What answers a `ModelRequest`. Subclasses implement `reply`."""

    name: str

    @property
    def manner(self) -> Mapping[str, Any]:
        """How it asks, beyond prompt and schema, as JSON data: what `npc.backends.envelopes.body_of` makes a body from.
        Empty for what sends nothing."""
        return {}

    @abstractmethod
    async def reply(self, request: ModelRequest) -> Reply | RawReply:
        """Answer the request.

        Raises:
            BackendError: no usable reply came; its reason goes into the turn's verdict.
        """

    async def prepare(self, request: ModelRequest) -> None:
        """Get ready for requests like this one, which may come soon; what need not be, is not."""
        return

    async def aclose(self) -> None:
        """Give back connections; called once by whoever resolved the spec."""
        return


BackendFunction = Callable[[ModelRequest], Awaitable[Reply | RawReply]]
