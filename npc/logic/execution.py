"""What one run of a compiled program keeps while it goes, and the operations its closures share.

Every operation here also accepts the symbolic values of `npc.logic.symbols`, which is how the enumeration of outcomes
runs the very same closures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from npc.catalog.types import (
    LARGEST_NUMBER,
    BagType,
    BoolType,
    FactValue,
    IntType,
    ItemType,
    OneOfType,
    SetType,
    Text,
    TextType,
    ValueType,
    describe_type,
)
from npc.logic.program import Context, Oracle, Violation
from npc.logic.symbols import Collection, Symbolic

STEP_BUDGET = 10_000
"""Statements, loop and comprehension iterations and helper calls that one run may take."""

LARGEST_PRODUCT = 10**30
"""A product beyond this, either way, makes the turn void, so that no program can exhaust memory with big numbers."""


class Void(Exception):
    """The turn is void as a whole; the run turns it into a `Violation`."""

    def __init__(self, message: str, reason: str = "effect-violation") -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


class Execution:
    """The state of one run. Facts written go to `overlay`; `facts` itself is never touched.

    `trail` holds the line of every step taken: its last entry is where the run is, its length the budget used.
    A `silent` run leaves out placeholder values whose computing cannot make a difference to anything else.
    """

    __slots__ = (
        "context",
        "effects",
        "facts",
        "hear",
        "hearing",
        "locals",
        "oracle",
        "overlay",
        "reads",
        "silent",
        "slots",
        "trail",
    )

    def __init__(self, facts: Mapping[str, FactValue], oracle: Oracle, context: Context) -> None:
        self.facts = facts
        self.oracle = oracle
        self.context = context
        # An event brings no words, so there is nothing to ask about.
        self.hear = oracle.heard if context.event is None else _nothing_heard
        self.overlay: dict[str, Any] = {}
        self.hearing: dict[str, bool] = {}
        self.slots: dict[tuple[str, str], Any] = {}
        self.locals: dict[str, Any] = {}
        self.effects: list[tuple[str, tuple[tuple[str, Any], ...]]] = []
        self.reads: set[str] = set()
        self.silent = False
        self.trail: list[int] = []


def _nothing_heard(intent: str) -> bool:
    return False


Evaluate = Callable[[Execution], Any]
"""A compiled expression: its value in a run."""


def violation_of(run: Execution, void: Void) -> Violation:
    """The violation, at the line where the run was."""
    return Violation(void.reason, void.message, run.trail[-1] if run.trail else 0)


def step_again(run: Execution) -> None:
    """Count one more step at the present line: called wherever code can repeat."""
    trail = run.trail
    trail.append(trail[-1] if trail else 0)
    if len(trail) > STEP_BUDGET:
        raise Void(f"the logic takes more than {STEP_BUDGET:,} steps in one turn")


def contains(container: Any, key: Any) -> bool:
    """`key in container` for bags, sets, tables and tuples."""
    if isinstance(key, Symbolic):
        return key.within(container)
    return key in container


def concrete(value: Any) -> Any:
    """The value itself; a symbolic one is decided first."""
    return value.concrete() if isinstance(value, Symbolic) else value


def in_order(names: Any, order: Mapping[str, int]) -> tuple[str, ...]:
    """A set of names in declared order, names that are not declared last and sorted."""
    return tuple(sorted(names, key=lambda name: (order.get(name, len(order)), name)))


def in_use(number: Any) -> Any:
    """The number itself; the turn is void when it is too large to be kept or shown."""
    if type(number) is int and not -LARGEST_NUMBER <= number <= LARGEST_NUMBER:
        raise Void("a number grows beyond all use")
    return number


Check = Callable[[Any], Any]
"""Checks a value against a declared type: gives the value in the form it is kept in, or raises `Void`."""


def check_of(declared: ValueType, what: str) -> Check:
    """The range check for one fact or effect argument; `what` names it in the violation's message."""

    def violation(value: Any) -> Void:
        return Void(f"{what} would be {shown(value)}, which is not {describe_type(declared)}")

    match declared:
        case IntType(low, high):

            def check_int(value: Any) -> Any:
                value = in_use(value)
                if value is None or (low is not None and value < low) or (high is not None and value > high):
                    raise violation(value)
                return value

            return check_int
        case OneOfType(options) | ItemType(options):
            known = frozenset(options)

            def check_name(value: Any) -> Any:
                value = concrete(value)
                if value not in known:
                    raise violation(value)
                return value

            return check_name
        case TextType(longest):

            def check_text(value: Any) -> Any:
                value = concrete(value)
                if value is None or len(value) > longest:
                    raise violation(value)
                return Text(value)

            return check_text
        case SetType(of):
            members = None if of is None else frozenset(of)

            def check_set(value: Any) -> Any:
                value = names_of(value)
                if members is not None and not value <= members:
                    raise violation(min(value - members))
                return value

            return check_set
        case BagType() | BoolType():
            return concrete


def names_of(value: Any) -> Any:
    """The operand of `+=`/`-=` on a set: one name, or several."""
    value = concrete(value)
    if isinstance(value, Collection):
        return value
    if isinstance(value, str):
        return frozenset((value,))
    return frozenset(concrete(name) for name in value)


def shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
