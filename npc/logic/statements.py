"""Statements to closures. Each gives `NEXT` to go on with the statement after it, or the value it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from npc.catalog.model import EffectDeclaration
from npc.catalog.types import BagType, FactType, IntType, SetType
from npc.logic import nodes
from npc.logic.execution import (
    Check,
    Evaluate,
    Execution,
    Void,
    check_of,
    concrete,
    in_use,
    names_of,
    shown,
    step_again,
)
from npc.logic.expressions import Scope, compile_expression, compile_iterable, watched
from npc.logic.symbols import Collection

NEXT: Any = object()
"""What a statement gives when it does not return."""


@dataclass(frozen=True, slots=True)
class StatementScope:
    """What statements of one program are compiled against.

    Attributes:
        expressions: the same for expressions.
        effects: the declared effects.
        dos: compiled `do` by effect name; effects without one are only recorded.
        checks: the range check of each fact, made when first needed.
    """

    expressions: Scope
    effects: Mapping[str, EffectDeclaration]
    dos: Mapping[str, Evaluate]
    checks: dict[str, Check] = field(default_factory=dict)

    @property
    def fact_types(self) -> Mapping[str, FactType]:
        return self.expressions.fact_types

    def check(self, fact: str) -> Check:
        if fact not in self.checks:
            self.checks[fact] = check_of(self.fact_types[fact], fact)
        return self.checks[fact]


def compile_block(scope: StatementScope, body: tuple[nodes.Statement, ...], *, traced: bool = True) -> Evaluate:
    """The closure of a list of statements.

    Args:
        scope: what names mean.
        body: the statements.
        traced: whether the lines that run are the character's own; an effect's `do` counts as the line of its call.
    """
    if not traced:
        steps = tuple(_compile(scope, statement, traced) for statement in body)

        def block(run: Execution) -> Any:
            for step in steps:
                value = step(run)
                if value is not NEXT:
                    return value
            return NEXT

        return block
    lined = compile_steps(scope, body)
    if len(lined) == 1:
        ((only_line, only),) = lined

        def single(run: Execution) -> Any:
            run.trail.append(only_line)
            return only(run)

        return single

    def traced_block(run: Execution) -> Any:
        for line, step in lined:
            run.trail.append(line)
            value = step(run)
            if value is not NEXT:
                return value
        return NEXT

    return traced_block


Step = tuple[int, Evaluate]
"""A statement of the character's own, with its line."""


def compile_steps(scope: StatementScope, body: tuple[nodes.Statement, ...]) -> tuple[Step, ...]:
    """The statements of a block one by one, for whoever runs them itself."""
    return tuple((statement.line, _compile(scope, statement, True)) for statement in body)


def _compile(scope: StatementScope, node: nodes.Statement, traced: bool) -> Evaluate:
    expressions = scope.expressions
    match node:
        case nodes.If():
            return _if(scope, node, traced)
        case nodes.Match():
            return _match(scope, node, traced)
        case nodes.Return(None):
            return lambda run: None
        case nodes.Return(value):
            assert value is not None
            return compile_expression(expressions, value)
        case nodes.EffectCall():
            return _effect(scope, node)
        case nodes.AssignFact():
            return _assign_fact(scope, node)
        case nodes.AssignCount():
            return _assign_count(scope, node)
        case nodes.AssignLocal():
            return _assign_local(scope, node)
        case nodes.For():
            return _for(scope, node, traced)
        case nodes.HelperStatement(call):
            called = compile_expression(expressions, call)

            def helper_statement(run: Execution) -> Any:
                called(run)
                return NEXT

            return helper_statement
        case nodes.Pass():
            return lambda run: NEXT


def _if(scope: StatementScope, node: nodes.If, traced: bool) -> Evaluate:
    test = watched(scope.expressions, node, compile_expression(scope.expressions, node.test))
    then = compile_block(scope, node.then, traced=traced)
    if not node.otherwise:
        return lambda run: then(run) if test(run) else NEXT
    otherwise = compile_block(scope, node.otherwise, traced=traced)
    return lambda run: then(run) if test(run) else otherwise(run)


def _match(scope: StatementScope, node: nodes.Match, traced: bool) -> Evaluate:
    subject = compile_expression(scope.expressions, node.subject)
    cases = tuple(
        (
            case,
            case.values,
            None if case.guard is None else compile_expression(scope.expressions, case.guard),
            case.line if traced else None,
            compile_block(scope, case.body, traced=traced),
        )
        for case in node.cases
    )
    watch = scope.expressions.watch

    def match(run: Execution) -> Any:
        value = subject(run)
        for case, values, guard, line, body in cases:
            # One comparison after the other, so that a symbolic value forks only as far as it must.
            fits = values is None or any(value == literal for literal in values)
            fits = fits and (guard is None or bool(guard(run)))
            if watch is not None:
                watch(case, fits)
            if not fits:
                continue
            if line is not None:
                run.trail.append(line)
            return body(run)
        return NEXT

    return match


def _effect(scope: StatementScope, node: nodes.EffectCall) -> Evaluate:
    effect = node.effect
    declared = scope.effects[effect].args
    arguments = tuple(
        (
            name,
            compile_expression(scope.expressions, argument),
            check_of(declared[name], f"{effect}()'s {name}"),
        )
        for name, argument in node.arguments
    )
    do = scope.dos.get(effect)

    def call(run: Execution) -> Any:
        bound = tuple([(name, check(argument(run))) for name, argument, check in arguments])
        run.effects.append((effect, bound))
        if do is not None:
            outer = run.locals
            run.locals = dict(bound)
            do(run)
            run.locals = outer
        return NEXT

    return call


def _assign_fact(scope: StatementScope, node: nodes.AssignFact) -> Evaluate:
    fact = node.fact
    declared = scope.fact_types[fact]
    check = scope.check(fact)
    value = compile_expression(scope.expressions, node.value)
    if node.operator == "=":

        def assign(run: Execution) -> Any:
            run.overlay[fact] = check(value(run))
            return NEXT

        return assign
    before = compile_expression(scope.expressions, nodes.FactRef(fact))
    update = _SET_UPDATES[node.operator] if isinstance(declared, SetType) else _NUMBER_UPDATES[node.operator]

    def change(run: Execution) -> Any:
        run.overlay[fact] = check(update(before(run), value(run)))
        return NEXT

    return change


_NUMBER_UPDATES: dict[str, Callable[[Any, Any], Any]] = {
    "+=": lambda before, value: in_use(before + value),
    "-=": lambda before, value: in_use(before - value),
}
_SET_UPDATES: dict[str, Callable[[Any, Any], Any]] = {
    "+=": lambda before, value: before | names_of(value),
    "-=": lambda before, value: before - names_of(value),
}


def _assign_count(scope: StatementScope, node: nodes.AssignCount) -> Evaluate:
    fact, operator = node.fact, node.operator
    declared = scope.fact_types[fact]
    assert isinstance(declared, BagType)
    items = declared.items
    known = frozenset(items)
    check = check_of(IntType(min=0), f"a count in {fact}")
    bag = compile_expression(scope.expressions, nodes.FactRef(fact))
    item_of = compile_expression(scope.expressions, node.item)
    value = compile_expression(scope.expressions, node.value)

    def assign(run: Execution) -> Any:
        before = bag(run)
        item = concrete(item_of(run))
        if item not in known:
            raise Void(f"{fact} cannot hold {shown(item)}: it is not an item")
        count = value(run)
        if operator != "=":
            held = before.get(item, 0)
            count = held + count if operator == "+=" else held - count
        if operator == "-=" and count < 0:
            raise Void(f"{fact} has only {shown(before.get(item, 0))} of {item}")
        count = check(count)
        if isinstance(before, Collection):
            run.overlay[fact] = before.with_count(item, count)
        else:
            run.overlay[fact] = _with_count(before, item, count, items)
        return NEXT

    return assign


def _with_count(bag: Mapping[str, Any], item: str, count: Any, order: tuple[str, ...]) -> dict[str, Any]:
    """The bag with another count of one item: no zero counts, in declared order."""
    if count == 0:
        return {name: held for name, held in bag.items() if name != item}
    if item in bag:
        return {**bag, item: count}
    return {name: count if name == item else bag[name] for name in order if name == item or name in bag}


def _assign_local(scope: StatementScope, node: nodes.AssignLocal) -> Evaluate:
    name = node.name
    value = compile_expression(scope.expressions, node.value)
    if node.operator == "=":

        def assign(run: Execution) -> Any:
            run.locals[name] = value(run)
            return NEXT

        return assign
    update = _NUMBER_UPDATES[node.operator]

    def change(run: Execution) -> Any:
        run.locals[name] = update(run.locals[name], value(run))
        return NEXT

    return change


def _for(scope: StatementScope, node: nodes.For, traced: bool) -> Evaluate:
    variable = node.variable
    iterable = compile_iterable(scope.expressions, node.iterable)
    body = compile_block(scope, node.body, traced=traced)

    def loop(run: Execution) -> Any:
        for element in iterable(run):
            step_again(run)
            run.locals[variable] = element
            value = body(run)
            if value is not NEXT:
                return value
        return NEXT

    return loop
