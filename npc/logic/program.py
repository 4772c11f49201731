"""What a compiled program is run with and what a run yields. (Compilation itself is in `npc.logic.compiler`.)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from npc.catalog.types import FactValue, SlotValue

PlaceholderValue = bool | int | str | tuple["PlaceholderValue", ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """A declared change to the game, as taken in a turn: ``give(item="cell_key")``."""

    name: str
    args: Mapping[str, SlotValue] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(_shown(v) for v in self.args.values())})"


def _shown(value: SlotValue) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


@dataclass(frozen=True, slots=True)
class Context:
    """What a run may read beside facts and hearing.

    Attributes:
        last: id of this character's previous response, None before the first.
        turn: number of turns this character has had so far.
        event: the event's name, None when the player spoke.
    """

    last: str | None = None
    turn: int = 0
    event: str | None = None


class Oracle(Protocol):
    """Answers what the logic itself cannot know: what was heard, how chance fell, which line fits best."""

    def heard(self, intent: str) -> bool:
        """Whether the player's line expressed the intent. Called at most once per intent and run."""
        ...

    def slot(self, intent: str, slot: str) -> SlotValue | None:
        """The slot's value; None when an optional slot was not said. Called only for heard intents."""
        ...

    def chance(self, probability: float) -> bool:
        """Whether an event of that probability (strictly between 0 and 1) happens."""
        ...

    def choose(self, candidates: tuple[str, ...]) -> str:
        """Which of several sayable responses is said."""
        ...


@dataclass(frozen=True, slots=True)
class Violation:
    """Why a turn is void as a whole.

    Attributes:
        reason: ``effect-violation`` (a value out of its fact's range, an item taken that is not there, the step budget
            exceeded) or ``not-allowed`` (a response said while its `when` is false).
        message: what happened, for the trace.
        line: the line in the writer's file.
    """

    reason: str
    message: str
    line: int


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the logic comes to.

    Attributes:
        response: the id to be said; the character's `otherwise` when the run is void or ends without `return`.
        candidates: what could have been said here: several for `say_any`, else `response` alone.
        values: placeholder values, by name.
        effects: in the order taken; empty when void.
        changes: the facts whose value differs afterwards, with their new values; empty when void.
        lines: lines of the writer's file that ran, in order, without repeats.
        reads: names of the facts read.
        void: why nothing came of it, or None.
    """

    response: str
    candidates: tuple[str, ...]
    values: Mapping[str, PlaceholderValue]
    effects: tuple[Effect, ...]
    changes: Mapping[str, FactValue]
    lines: tuple[int, ...]
    reads: frozenset[str]
    void: Violation | None = None

    @property
    def changes_something(self) -> bool:
        """Whether a fact changes or an effect is taken, or would be were the run not void."""
        return bool(self.changes or self.effects or self.void)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One path through the logic in a given state.

    Attributes:
        conditions: what must be heard (or fall by chance) to take it, as a person reads it: ``heard.ask_key``,
            ``not heard.greet``, ``heard.offer_gold.amount >= 30``, ``chance(0.25)``, ``choice == "rumour_1"``.
        response: the id that is said.
        effects: with concrete arguments, or a range such as ``30..`` where a slot's value passes through.
        void: as in `Run`.
    """

    conditions: tuple[str, ...]
    response: str
    effects: tuple[str, ...]
    void: Violation | None = None


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """All outcomes of a state.

    Attributes:
        outcomes: every path, in the order the logic tests them; empty when not `exact`.
        allowed: the response ids over all outcomes, and `otherwise`, in catalog order.
        intents: the intents whose hearing can still matter, in catalog order.
        exact: False when the paths were more than the bound; `allowed` and `intents` then come from a sound
            over-approximation: never too small.
    """

    outcomes: tuple[Outcome, ...]
    allowed: tuple[str, ...]
    intents: tuple[str, ...]
    exact: bool = True


class Program(Protocol):
    """A character's logic, compiled once; safe to share between sessions and threads."""

    @property
    def footprint(self) -> frozenset[str]:
        """Facts that any run may read in a way that can change its result (effects' `do` and `when` included)."""
        ...

    def run(self, facts: Mapping[str, FactValue], oracle: Oracle, context: Context) -> Run:
        """Run the logic in a state. Never raises on account of the facts or the oracle's (well-typed) answers."""
        ...

    def outcomes(self, facts: Mapping[str, FactValue], context: Context) -> OutcomeTable:
        """All outcomes of a state; memoised on the footprint's values and on what of the context is read."""
        ...

    def residual(self, facts: Mapping[str, FactValue], context: Context) -> str:
        """The pseudocode with every condition that the present state decides resolved, as source text."""
        ...
