"""Running one recorded conversation against a session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from npc.backends.base import Backend
from npc.catalog.model import DialogueConversation, DialogueStep
from npc.diagnostics import Position, did_you_mean
from npc.engine.session import Session
from npc.engine.turn import Turn
from npc.errors import FactError, UnknownName
from npc.logic.cast import Cast
from npc.testing.expectations import check_names, compare
from npc.testing.hearing import HearingBackend, words_for


@dataclass(frozen=True, slots=True)
class Failure:
    """The step at which a conversation came out otherwise than expected.

    Attributes:
        position: the step's place in the file.
        step: its number in the conversation, from 1.
        asked: what the step does, as a person reads it.
        problems: in what it differs, one sentence each.
        why: the turn's own explanation; empty when it was not taken.
    """

    position: Position
    step: int
    asked: str
    problems: tuple[str, ...]
    why: str = ""

    def render(self) -> str:
        """The failure as a writer reads it."""
        lines = [f"{self.position}: step {self.step}: {self.asked}", *(f"    {problem}" for problem in self.problems)]
        return "\n".join([*lines, *(f"      {line}" for line in self.why.splitlines())])


@dataclass(frozen=True, slots=True)
class ConversationResult:
    """What came of a conversation; `failure` is None when all of it came out as expected.

    Attributes:
        taken: the steps that were taken; after a failure the rest is not.
    """

    name: str
    position: Position
    taken: int
    failure: Failure | None


async def run_conversation(
    cast: Cast, conversation: DialogueConversation, backends: Callable[[], Sequence[Backend]]
) -> ConversationResult:
    """Take a conversation's steps in a session of their own, up to the first that comes out otherwise.

    Args:
        backends: asked for only when a step has words that must be understood.
    """

    def failed(number: int, step: DialogueStep, problems: Sequence[str], why: str = "") -> ConversationResult:
        failure = Failure(step.position, number, _asked(step), tuple(problems), why)
        return ConversationResult(conversation.name, conversation.position, number, failure)

    first = conversation.steps[0]
    if all(step.expect is None for step in conversation.steps):
        return failed(1, first, ["nothing is expected of any step: say what must come of it under `expect`"])
    try:
        session = Session(cast, HearingBackend({}), conversation.seed, facts=conversation.start)
    except (FactError, UnknownName) as error:
        return failed(1, first, [f"it cannot start: {error}"])
    for number, step in enumerate(conversation.steps, 1):
        problems = list(_unknown_names(cast, step))
        if problems:
            return failed(number, step, problems)
        turn = await _take(session, step, backends)
        if step.expect is not None:
            problems = list(compare(step.expect, turn, session.facts.snapshot(), cast.catalog))
            if problems:
                return failed(number, step, problems, turn.trace.render())
    return ConversationResult(conversation.name, conversation.position, len(conversation.steps), None)


def _unknown_names(cast: Cast, step: DialogueStep) -> list[str]:
    """What a step names that the cast does not have."""
    try:
        declaration = cast.character(step.character).declaration
    except UnknownName as error:
        return [str(error)]
    problems = []
    if step.event is not None and step.event not in cast.catalog.events:
        problems.append(str(UnknownName("event", step.event, cast.catalog.events)))
    for intent in step.heard or ():
        if intent not in declaration.intents:
            hint = did_you_mean(intent, declaration.intents)
            problems.append(f"{step.character} has no intent `{intent}`" + (f": {hint}" if hint else ""))
    if step.expect is not None:
        problems += check_names(step.expect, cast.catalog, declaration)
    return problems


async def _take(session: Session, step: DialogueStep, backends: Callable[[], Sequence[Backend]]) -> Turn:
    preferred = step.expect.response or () if step.expect else ()
    if step.say is not None:
        session.backends = tuple(backends())
        return await session.say(step.character, step.say)
    session.backends = (HearingBackend(step.heard or {}, preferred),)
    if step.event is not None:
        return await session.event(step.character, step.event)
    declaration = session.cast.character(step.character).declaration
    words = words_for(step.heard or {}, declaration.intents, session.cast.catalog.items)
    return await session.say(step.character, words)


def _asked(step: DialogueStep) -> str:
    if step.say is not None:
        return f"say {step.say!r} to {step.character}"
    if step.event is not None:
        return f"event {step.event} for {step.character}"
    heard = ", ".join(f"{name}{_slots(slots)}" for name, slots in (step.heard or {}).items())
    return f"{step.character} hears {heard or 'nothing'}"


def _slots(slots: Any) -> str:
    return f"({', '.join(f'{name}={value}' for name, value in slots.items())})" if slots else ""
