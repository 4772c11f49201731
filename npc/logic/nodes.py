"""The tree of a parsed and checked program.

The parser makes it from Python's own `ast`; nothing outside this list can appear in a program. Names are resolved:
a `FactRef` names a declared fact, a `Say` a declared response. `line` is the line in the writer's file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

ComparisonOperator = OneOf["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]
ArithmeticOperator = OneOf["+", "-", "*", "//", "%"]
AssignmentOperator = OneOf["=", "+=", "-="]
ContextName = OneOf["last", "turn", "event"]
Builtin = OneOf["min", "max", "abs", "len", "sum"]


@dataclass(frozen=True, slots=True)
class Literal:
    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class FactRef:
    name: str


@dataclass(frozen=True, slots=True)
class LocalRef:
    """A local variable, loop variable or helper parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class TableRef:
    name: str


@dataclass(frozen=True, slots=True)
class HeardRef:
    intent: str


@dataclass(frozen=True, slots=True)
class SlotRef:
    intent: str
    slot: str


@dataclass(frozen=True, slots=True)
class ContextRef:
    """`last` (response id or None), `turn` (int ≥ 0) or `event` (name or None)."""

    name: ContextName


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Junction:
    """`and` / `or`, evaluated left to right, stopping early."""

    operator: OneOf["and", "or"]
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A chain such as `0 < x <= 9`: `first`, then (operator, operand) pairs."""

    first: Expression
    rest: tuple[tuple[ComparisonOperator, Expression], ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: ArithmeticOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Expression


@dataclass(frozen=True, slots=True)
class BuiltinCall:
    function: Builtin
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Chance:
    """`chance(p)`: true with probability `p` (0 to 1), from the session's seeded generator."""

    probability: Expression


@dataclass(frozen=True, slots=True)
class Conditional:
    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list or tuple display."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class SetDisplay:
    """`{"a", "b"}` or `set()`."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`[element for variable in iterable if condition …]`."""

    element: Expression
    variable: str
    iterable: Expression
    conditions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Subscript:
    """`bag_fact[item]` (0 when absent) or `table[name]`."""

    container: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class HelperCall:
    helper: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """`say("id", name=value, …)`: the response, and the values of its placeholders."""

    response: str
    values: tuple[tuple[str, Expression], ...]
    line: int


@dataclass(frozen=True, slots=True)
class SayAny:
    """`say_any("a", "b", tag="rumour")` with the tag resolved: `responses` are all candidates, in catalog order."""

    responses: tuple[str, ...]
    values: tuple[tuple[str, Expression], ...]
    line: int


Expression = (
    Literal
    | FactRef
    | LocalRef
    | TableRef
    | HeardRef
    | SlotRef
    | ContextRef
    | Not
    | Junction
    | Comparison
    | Arithmetic
    | Negative
    | BuiltinCall
    | Chance
    | Conditional
    | Sequence
    | SetDisplay
    | Comprehension
    | Subscript
    | HelperCall
    | Say
    | SayAny
)


@dataclass(frozen=True, slots=True)
class If:
    test: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Case:
    """One `case`: the literals it matches (None: `_`, everything), an optional guard, its body."""

    values: tuple[str | int | bool | None, ...] | None
    guard: Expression | None
    body: tuple[Statement, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Match:
    subject: Expression
    cases: tuple[Case, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Return:
    """At top level the value is a `Say`/`SayAny` (perhaps through a helper or conditional); in helpers any value."""

    value: Expression | None
    line: int


@dataclass(frozen=True, slots=True)
class EffectCall:
    """A declared effect, its arguments in declared order."""

    effect: str
    arguments: tuple[tuple[str, Expression], ...]
    line: int


@dataclass(frozen=True, slots=True)
class AssignFact:
    """`fact = value`, `+=`, `-=`; for a set fact `+=`/`-=` add or remove one name or a set of names."""

    fact: str
    operator: AssignmentOperator
    value: Expression
    line: int


@dataclass(frozen=True, slots=True)
class AssignCount:
    """`bag[item] = n`, `+= n`, `-= n`."""

    fact: str
    item: Expression
    operator: AssignmentOperator
    value: Expression
    line: int


@dataclass(frozen=True, slots=True)
class AssignLocal:
    name: str
    operator: AssignmentOperator
    value: Expression
    line: int


@dataclass(frozen=True, slots=True)
class For:
    """A loop over a literal tuple/list, a table, a list local, or a bag/set fact as it is when the loop begins."""

    variable: str
    iterable: Expression
    body: tuple[Statement, ...]
    line: int


@dataclass(frozen=True, slots=True)
class HelperStatement:
    call: HelperCall
    line: int


@dataclass(frozen=True, slots=True)
class Pass:
    line: int


Statement = If | Match | Return | EffectCall | AssignFact | AssignCount | AssignLocal | For | HelperStatement | Pass


@dataclass(frozen=True, slots=True)
class Helper:
    """A `def`: not recursive, parameters by position."""

    name: str
    parameters: tuple[str, ...]
    body: tuple[Statement, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole program: a character's logic, or an effect's `do` (then without helpers and returns)."""

    helpers: dict[str, Helper]
    body: tuple[Statement, ...]
