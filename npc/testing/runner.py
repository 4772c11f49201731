"""Running one recorded conversation against a session."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from npc.backends.base import Backend
from npc.catalog.model import DialogueConversation, DialogueStep
from npc.diagnostics import Position
from npc.engine.session import Session
from npc.engine.turn import Turn
from npc.logic.cast import Cast
from npc.testing.expectations import compare, seen_in
from npc.testing.hearing import words_for
from npc.testing.names import check_names
from npc.testing.recordings import Log

PATIENCE = 60.0
"""Seconds a turn may take: a test asks what is understood, not how fast."""

DECISIVE_LINES = 8
"""Lines of logic that a failure shows at most: the last that ran."""


class Layer(StrEnum):
    """What a conversation tests.

    ``logic``: it says what is heard, so that the result is exact. ``understanding``: its words are understood by the
    embedded brain. ``model``: by another backend.
    """

    LOGIC = "logic"
    UNDERSTANDING = "understanding"
    MODEL = "model"


def layer_of(conversation: DialogueConversation, spec: str) -> Layer:
    """What a conversation tests where `spec` understands the words."""
    if all(step.say is None for step in conversation.steps):
        return Layer.LOGIC
    return Layer.UNDERSTANDING if spec == "embedded" else Layer.MODEL


@dataclass(frozen=True, slots=True)
class Failure:
    """The step at which a conversation came out otherwise than expected.

    Attributes:
        position: the place in the file that is not as it should be: the step's, or that of a name in it.
        step: its number in the conversation, from 1; 0 for the start.
        asked: what the step does, as a person reads it.
        problems: in what it differs, one sentence each.
        why: the turn's own explanation; empty when it was not taken.
        next: the command to go on with.
    """

    position: Position
    step: int
    asked: str
    problems: tuple[str, ...]
    why: str = ""
    next: str = ""

    def render(self) -> str:
        """The failure as a writer reads it."""
        head = f"{self.position}: step {self.step}: {self.asked}" if self.step else f"{self.position}: {self.asked}"
        lines = [head, *(f"    {problem}" for problem in self.problems)]
        lines += [f"      {line}" for line in self.why.splitlines()]
        return "\n".join([*lines, *([f"    next: {self.next}"] if self.next else [])])


@dataclass(frozen=True, slots=True)
class ConversationResult:
    """What came of a conversation; `failure` is None when all of it came out as expected.

    Attributes:
        taken: the steps that were taken; after a failure the rest is not.
        turns: what the steps came to.
        xfail: why the conversation is known to fail, or None.
    """

    name: str
    position: Position
    taken: int
    failure: Failure | None
    turns: tuple[Turn, ...] = ()
    xfail: str | None = None

    @property
    def ok(self) -> bool:
        """Whether it came out as it must: passed, or failed where that is known."""
        return (self.failure is None) is (self.xfail is None)

    @property
    def outcome(self) -> str:
        """``passed``, ``failed``, ``xfailed`` (failed, as is known) or ``xpassed`` (passed, though it must fail)."""
        return ("x" if self.xfail else "") + ("passed" if self.failure is None else "failed")

    def render_problem(self) -> str:
        """What is wrong, as a writer reads it; for a result that is not `ok`."""
        if self.failure is not None:
            return self.failure.render()
        return f"{self.position}: it passes, though it is known to fail ({self.xfail}): take `xfail` out of the file"


async def run_conversation(
    cast: Cast,
    conversation: DialogueConversation,
    backends: Callable[[], Sequence[Backend]],
    *,
    keep_going: bool = False,
    log: Log | None = None,
    with_options: str = "",
) -> ConversationResult:
    """Take a conversation's steps in a session of their own, up to the first that comes out otherwise.

    Args:
        backends: asked for only when a step has words that must be understood.
        keep_going: whether to take the other steps, too, after one that fails.
        log: what the backends tell of recordings; a problem there fails the step.
        with_options: the options of the command that runs it again.
    """
    log = Log() if log is None else log
    again = f"npc test {shlex.quote(conversation.position.file)} --name {shlex.quote(conversation.name)}{with_options}"
    first: Failure | None = None
    turns: list[Turn] = []

    def result(failure: Failure | None) -> ConversationResult:
        return ConversationResult(
            conversation.name, conversation.position, len(turns), failure, tuple(turns), conversation.xfail
        )

    if (problem := problem_with(cast, conversation)) is not None:
        return result(problem)
    session = Session(cast, _unasked, conversation.seed, facts=conversation.start, deadline=PATIENCE)
    for number, step in enumerate(conversation.steps, 1):
        for fact, value in step.sets.items():
            session.facts[fact] = value
        if step.say is not None:
            session.backends = tuple(backends())
            turn = await session.say(step.character, step.say)
        else:
            turn = take_heard(session, step)
        turns.append(turn)
        next_, problems = again, log.take_problems()
        if problems:
            next_ += " --record once" if log.missing else " --record all"
        elif step.expect is not None:
            problems = tuple(compare(step.expect, seen_in(turn), session.facts.snapshot(), cast.catalog))
        if problems:
            first = first or Failure(
                step.position, number, asked(step), problems, turn.trace.render(DECISIVE_LINES), next_
            )
            if not keep_going:
                break
    return result(first)


def problem_with(cast: Cast, conversation: DialogueConversation) -> Failure | None:
    """Why a conversation cannot be run at all: it expects nothing, or names what is not there."""
    if all(step.expect is None for step in conversation.steps):
        first = conversation.steps[0]
        what = "nothing is expected of any step: say what must come of it under `expect`"
        return Failure(first.position, 1, asked(first), (what,))
    found = list(check_names(cast, conversation))
    if not found:
        return None
    number, position, _ = found[0]
    step = asked(conversation.steps[number - 1]) if number else "the start"
    told = [problem if at == number else f"{place}: {problem}" for at, place, problem in found]
    return Failure(position, number, step, tuple(told))


def take_heard(session: Session, step: DialogueStep) -> Turn:
    """Take a step that needs no backend: an event, or words of which it is said what is heard."""
    heard, prefer = step.heard or {}, (step.expect.response or ()) if step.expect else ()
    declaration = session.cast.character(step.character).declaration
    words = words_for(heard, declaration.intents, session.cast.catalog.items)
    return session.hear(step.character, heard, words=words, event=step.event, prefer=prefer)


async def _unasked(request: object) -> str:
    raise AssertionError("a step without words asks no backend")


def asked(step: DialogueStep) -> str:
    """What a step does, as a person reads it."""
    if step.say is not None:
        return f"say {step.say!r} to {step.character}"
    if step.event is not None:
        return f"event {step.event} for {step.character}"
    heard = ", ".join(f"{name}{_slots(slots)}" for name, slots in (step.heard or {}).items())
    return f"{step.character} hears {heard or 'nothing'}"


def _slots(slots: Any) -> str:
    return f"({', '.join(f'{name}={value}' for name, value in slots.items())})" if slots else ""
