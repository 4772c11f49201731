"""Checks assignments and effect calls: the value has the declared type, and may be in its range."""

from __future__ import annotations

from npc.catalog.types import (
    BagType,
    BoolType,
    IntType,
    ItemType,
    OneOfType,
    SetType,
    TextType,
    ValueType,
    describe_type,
)
from npc.logic import arithmetic, nodes, rules
from npc.logic.check_expressions import ExpressionChecker
from npc.logic.environment import Environment
from npc.logic.scope import Scope
from npc.logic.static_types import (
    Fit,
    Name,
    Names,
    Number,
    Static,
    Unknown,
    clipped,
    describe,
    fit,
    join,
)


class AssignmentChecker:
    """Checks what a program writes and does."""

    def __init__(self, expressions: ExpressionChecker, scope: Scope) -> None:
        self._expressions = expressions
        self._scope = scope

    def assignment(self, statement: nodes.AssignFact | nodes.AssignCount | nodes.AssignLocal, env: Environment) -> None:
        """Check an assignment; `env` learns the new value."""
        match statement:
            case nodes.AssignFact():
                self._fact(statement, env)
            case nodes.AssignCount():
                self._count(statement, env)
            case nodes.AssignLocal():
                self._local(statement, env)

    def effect(self, statement: nodes.EffectCall, env: Environment) -> None:
        """Check an effect's arguments."""
        declared = self._scope.effects[statement.effect]
        for name, argument in statement.arguments:
            value = self._expressions.present(argument, env)
            self._check_fit(argument, value, declared.args[name], f"`{name}` of `{statement.effect}`", is_argument=True)

    def _check_fit(
        self, node: nodes.Expression, value: Static, declared: ValueType, what: str, *, is_argument: bool = False
    ) -> bool:
        match fit(value, declared):
            case Fit.POSSIBLE:
                return True
            case Fit.WRONG_TYPE:
                rule = rules.ARGUMENT_TYPE if is_argument else rules.ASSIGNED_TYPE
                message = f"{what} is {describe_type(declared)}, and this is {describe(value)}"
                self._expressions.complain(rule, message, node, _type_hint(declared))
            case Fit.OUT_OF_RANGE:
                message = f"{what} is {describe_type(declared)}, and this is {describe(value)}"
                self._expressions.complain(rules.OUT_OF_RANGE, message, node, "keep the value in that range")
            case Fit.UNKNOWN_NAME:
                assert isinstance(value, Name | Names)
                options = _options(declared)
                self._expressions.unknown_value(node, value.values or frozenset(), options, f"{what} is never")
        return False

    def _fact(self, statement: nodes.AssignFact, env: Environment) -> None:
        fact = nodes.FactRef(statement.fact)
        declared = self._scope.facts[statement.fact].type
        what = f"`{statement.fact}`"
        if isinstance(declared, BagType):
            hint = f'write `{statement.fact}["item"] {statement.operator} 1`'
            self._expressions.complain(rules.ASSIGNED_TYPE, "a bag is written item by item", statement.value, hint)
            return
        if statement.operator == "=":
            value = self._expressions.present(statement.value, env)
        elif isinstance(declared, IntType):
            change = self._expressions.number(statement.value, env, f"`{statement.operator}`")
            before = self._expressions.quiet_type(fact, env)
            assert isinstance(before, Number)
            value = arithmetic.combine("+" if statement.operator == "+=" else "-", before, change)
        elif isinstance(declared, SetType):
            value = self._expressions.present(statement.value, env)
            value = Names(value.values) if isinstance(value, Name) else value
        else:
            message = f"`{statement.operator}` works on numbers and sets; {what} is {describe_type(declared)}"
            self._expressions.complain(rules.WRONG_OPERAND, message, statement.value, "assign with `=`")
            return
        fits = self._check_fit(statement.value, value, declared, what)
        env.forget([fact])
        if fits and not isinstance(value, Unknown):
            env.refine(fact, clipped(value, declared))

    def _count(self, statement: nodes.AssignCount, env: Environment) -> None:
        declared = self._scope.facts[statement.fact].type
        if not isinstance(declared, BagType):
            message = f"`{statement.fact}` is {describe_type(declared)}; only bags are written with `[…]`"
            hint = f"write `{statement.fact} {statement.operator} …`"
            self._expressions.complain(rules.NO_LOOKUP, message, statement, hint)
            return
        item = self._expressions.present(statement.item, env)
        self._expressions.check_item(statement.item, item, declared.items)
        count = self._expressions.number(statement.value, env, "a count")
        if statement.operator == "=" and count.high is not None and count.high < 0:
            message = f"a count is 0 or more, and this is {describe(count)}"
            self._expressions.complain(rules.OUT_OF_RANGE, message, statement.value, "0 takes all of them away")
        env.forget([nodes.FactRef(statement.fact)])

    def _local(self, statement: nodes.AssignLocal, env: Environment) -> None:
        name = statement.name
        before = env.locals.get(name)
        if statement.operator == "=":
            value = self._expressions.value(statement.value, env)
        elif before is None:
            hint = f"give it a first value: `{name} = 0`"
            self._expressions.complain(rules.UNASSIGNED, f"`{name}` may have no value here", statement, hint)
            value = Unknown()
        else:
            change = self._expressions.number(statement.value, env, f"`{statement.operator}`")
            if not isinstance(before, Number | Unknown):
                message = f"`{statement.operator}` works on numbers, and `{name}` is {describe(before)}"
                self._expressions.complain(rules.WRONG_OPERAND, message, statement, "assign with `=`")
            start = before if isinstance(before, Number) else Number()
            value = arithmetic.combine("+" if statement.operator == "+=" else "-", start, change)
        if before is not None and join(before, value) is None:
            message = f"`{name}` is {describe(before)} before, and {describe(value)} from here on"
            self._expressions.complain(rules.MIXED_TYPES, message, statement, "use another name for the new value")
            value = Unknown()
        env.assign(name, value)


def _options(declared: ValueType) -> tuple[str, ...]:
    match declared:
        case OneOfType(options) | ItemType(options):
            return options
        case SetType(of):
            return of or ()
    return ()


def _type_hint(declared: ValueType) -> str | None:
    match declared:
        case BoolType():
            return "write `True`, `False` or a comparison"
        case SetType():
            return 'write `{"a", "b"}` or `set()`; add one name with `+= "a"`'
        case TextType():
            return "give it another text"
        case OneOfType(options) | ItemType(options) if options:
            return f'write a name such as `"{options[0]}"`'
        case IntType():
            return "write a whole number, or a sum of numbers"
    return None
