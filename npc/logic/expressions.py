"""Expressions to closures. Each closure takes the `Execution` and gives the expression's value."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from npc.catalog.types import BagType, FactType, SetType
from npc.logic import nodes
from npc.logic.execution import (
    LARGEST_PRODUCT,
    Evaluate,
    Execution,
    Void,
    concrete,
    contains,
    in_order,
    in_use,
    shown,
    step_again,
)
from npc.logic.footprint import walk
from npc.logic.symbols import Symbolic

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Spoken:
    """The value of `say`/`say_any`: a line to be said, its values already evaluated."""

    response: str
    candidates: tuple[str, ...]
    values: dict[str, Any]


Watch = Callable[[Any, bool], None]
"""Told of a decision (an `If`, `Case` or `Conditional` node, or the expression of a `when`) and how it fell."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What expressions of one program are compiled against.

    Attributes:
        fact_types: every fact of the cast.
        written: facts the program may write; the others are read without looking at the overlay.
        tables: the character's tables: a mapping, or a tuple for a plain list.
        whens: compiled `when` by response id.
        helper: the compiled body of a helper and its parameters.
        watch: told how each decision falls; None where nobody wants to know.
    """

    fact_types: Mapping[str, FactType]
    written: frozenset[str]
    tables: Mapping[str, Any]
    whens: Mapping[str, Evaluate]
    helper: Callable[[str], tuple[tuple[str, ...], Evaluate]]
    watch: Watch | None = None


def watched(scope: Scope, node: Any, test: Evaluate) -> Evaluate:
    """A test that also tells the scope's watcher, if it has one, how it falls for the node that it decides."""
    watch = scope.watch
    if watch is None:
        return test

    def told(run: Execution) -> bool:
        value = bool(test(run))
        watch(node, value)
        return value

    return told


def compile_expression(scope: Scope, node: nodes.Expression) -> Evaluate:
    """The closure of one expression."""
    match node:
        case nodes.Literal(value):
            return lambda run: value
        case nodes.FactRef(name):
            return _fact(scope, name)
        case nodes.LocalRef(name):
            return lambda run: run.locals[name]
        case nodes.TableRef(name):
            table = scope.tables[name]
            return lambda run: table
        case nodes.HeardRef(intent):
            return _heard(intent)
        case nodes.SlotRef(intent, slot):
            return _slot(intent, slot)
        case nodes.ContextRef(name):
            return _CONTEXT[name]
        case nodes.Not(operand):
            inner = compile_expression(scope, operand)
            return lambda run: not inner(run)
        case nodes.Junction():
            return _junction(scope, node)
        case nodes.Comparison():
            return _comparison(scope, node)
        case nodes.Arithmetic():
            return _arithmetic(scope, node)
        case nodes.Negative(operand):
            inner = compile_expression(scope, operand)
            return lambda run: -inner(run)
        case nodes.BuiltinCall():
            return _builtin(scope, node)
        case nodes.Chance(probability):
            return _chance(compile_expression(scope, probability))
        case nodes.Conditional(test, then, otherwise):
            decide, yes, no = (compile_expression(scope, part) for part in (test, then, otherwise))
            decide = watched(scope, node, decide)
            return lambda run: yes(run) if decide(run) else no(run)
        case nodes.Sequence(elements):
            parts = tuple(compile_expression(scope, element) for element in elements)
            return lambda run: tuple([part(run) for part in parts])
        case nodes.SetDisplay(elements):
            parts = tuple(compile_expression(scope, element) for element in elements)
            return lambda run: frozenset([concrete(part(run)) for part in parts])
        case nodes.Comprehension():
            return _comprehension(scope, node)
        case nodes.Subscript():
            return _subscript(scope, node)
        case nodes.HelperCall():
            return _helper_call(scope, node)
        case nodes.Say():
            return _say(scope, node)
        case nodes.SayAny():
            return _say_any(scope, node)


def compile_iterable(scope: Scope, node: nodes.Expression) -> Evaluate:
    """The closure of an expression that is iterated over: names come in declared order."""
    values = compile_expression(scope, node)
    order: dict[str, int] = {}
    if isinstance(node, nodes.FactRef):
        declared = scope.fact_types[node.name]
        if isinstance(declared, SetType) and declared.of:
            order = {name: position for position, name in enumerate(declared.of)}

    def iterate(run: Execution) -> tuple[Any, ...]:
        found = values(run)
        return in_order(found, order) if isinstance(found, frozenset) else tuple(found)

    return iterate


def _fact(scope: Scope, name: str) -> Evaluate:
    if name in scope.written:

        def read_written(run: Execution) -> Any:
            run.reads.add(name)
            value = run.overlay.get(name, _MISSING)
            return run.facts[name] if value is _MISSING else value

        return read_written

    def read(run: Execution) -> Any:
        run.reads.add(name)
        return run.facts[name]

    return read


def _heard(intent: str) -> Evaluate:
    def heard(run: Execution) -> bool:
        answer = run.hearing.get(intent)
        if answer is None:
            answer = run.hearing[intent] = run.hear(intent)
        return answer

    return heard


def _slot(intent: str, slot: str) -> Evaluate:
    key = (intent, slot)

    def value(run: Execution) -> Any:
        answer = run.slots.get(key, _MISSING)
        if answer is _MISSING:
            answer = run.slots[key] = run.oracle.slot(intent, slot)
        return answer

    return value


_CONTEXT: dict[str, Evaluate] = {
    "last": lambda run: run.context.last,
    "turn": lambda run: run.context.turn,
    "event": lambda run: run.context.event,
}


def _junction(scope: Scope, node: nodes.Junction) -> Evaluate:
    parts = tuple(compile_expression(scope, operand) for operand in node.operands)
    if len(parts) == 2:
        first, second = parts
        if node.operator == "and":
            return lambda run: first(run) and second(run)
        return lambda run: first(run) or second(run)
    *early, last = parts
    stops_on = node.operator == "or"

    def junction(run: Execution) -> Any:
        for part in early:
            value = part(run)
            if bool(value) is stops_on:
                return value
        return last(run)

    return junction


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda key, container: contains(container, key),
    "not in": lambda key, container: not contains(container, key),
    "is": lambda left, right: left is None if right is None else left == right,
    "is not": lambda left, right: left is not None if right is None else left != right,
}


def _comparison(scope: Scope, node: nodes.Comparison) -> Evaluate:
    first = compile_expression(scope, node.first)
    links = tuple((_COMPARE[symbol], compile_expression(scope, operand)) for symbol, operand in node.rest)
    if len(links) == 1:
        compare, second = links[0]
        operand = node.rest[0][1]
        if isinstance(operand, nodes.Literal):
            constant = operand.value
            return lambda run: compare(first(run), constant)
        return lambda run: compare(first(run), second(run))

    def chain(run: Execution) -> Any:
        left = first(run)
        for compare, operand in links:
            right = operand(run)
            if not compare(left, right):
                return False
            left = right
        return True

    return chain


def _multiply(left: Any, right: Any) -> Any:
    product = left * right
    if not isinstance(product, Symbolic) and not -LARGEST_PRODUCT <= product <= LARGEST_PRODUCT:
        raise Void("a number grows beyond all use")
    return product


def _guarded(divide: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def division(left: Any, right: Any) -> Any:
        if right == 0:
            raise Void("a division by zero")
        return divide(left, right)

    return division


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: in_use(left + right),
    "-": lambda left, right: in_use(left - right),
    "*": _multiply,
    "//": _guarded(operator.floordiv),
    "%": _guarded(operator.mod),
}


def _arithmetic(scope: Scope, node: nodes.Arithmetic) -> Evaluate:
    compute = _ARITHMETIC[node.operator]
    left, right = compile_expression(scope, node.left), compile_expression(scope, node.right)
    return lambda run: compute(left(run), right(run))


def _smallest(values: tuple[Any, ...]) -> Any:
    if not values:
        raise Void("min() of an empty list")
    return min(values)


def _largest(values: tuple[Any, ...]) -> Any:
    if not values:
        raise Void("max() of an empty list")
    return max(values)


_OF_COLLECTION: dict[str, Callable[[Any], Any]] = {
    "min": _smallest,
    "max": _largest,
    "abs": abs,
    "len": len,
    "sum": lambda values: in_use(sum(values)),
}


def _builtin(scope: Scope, node: nodes.BuiltinCall) -> Evaluate:
    function = _OF_COLLECTION[node.function]
    parts = tuple(compile_expression(scope, argument) for argument in node.arguments)
    if len(parts) == 1:
        (only,) = parts
        return lambda run: function(only(run))
    return lambda run: function(tuple([part(run) for part in parts]))


def _chance(probability: Evaluate) -> Evaluate:
    def chance(run: Execution) -> bool:
        p = probability(run)
        if p <= 0:
            return False
        return p >= 1 or run.oracle.chance(p)

    return chance


def _comprehension(scope: Scope, node: nodes.Comprehension) -> Evaluate:
    iterable = compile_iterable(scope, node.iterable)
    element = compile_expression(scope, node.element)
    conditions = tuple(compile_expression(scope, condition) for condition in node.conditions)
    variable = node.variable

    def comprehension(run: Execution) -> tuple[Any, ...]:
        found = []
        values = iterable(run)
        outer = run.locals
        run.locals = inner = dict(outer)
        for value in values:
            step_again(run)
            inner[variable] = value
            if all(condition(run) for condition in conditions):
                found.append(element(run))
        run.locals = outer
        return tuple(found)

    return comprehension


def _subscript(scope: Scope, node: nodes.Subscript) -> Evaluate:
    container, key = compile_expression(scope, node.container), compile_expression(scope, node.key)
    if isinstance(node.container, nodes.FactRef) and isinstance(scope.fact_types[node.container.name], BagType):
        return lambda run: container(run).get(key(run), 0)

    def look_up(run: Execution) -> Any:
        name = key(run)
        table = container(run)
        if isinstance(name, Symbolic) and name.within(table):
            return name.look_up(table)
        try:
            return table[name]
        except (KeyError, IndexError):
            raise Void(f"the table has no {shown(name)}") from None

    return look_up


def _helper_call(scope: Scope, node: nodes.HelperCall) -> Evaluate:
    parameters, body = scope.helper(node.helper)
    arguments = tuple(compile_expression(scope, argument) for argument in node.arguments)

    def call(run: Execution) -> Any:
        step_again(run)
        values = [argument(run) for argument in arguments]
        outer = run.locals
        run.locals = dict(zip(parameters, values, strict=True))
        value = body(run)
        run.locals = outer
        return value

    return call


def _values(scope: Scope, pairs: tuple[tuple[str, nodes.Expression], ...]) -> Callable[[Execution], dict[str, Any]]:
    if not pairs:
        return lambda run: {}
    compiled = tuple((name, compile_expression(scope, node)) for name, node in pairs)
    audible = tuple((name, value) for (name, value), (_, node) in zip(compiled, pairs, strict=True) if not _idle(node))
    return lambda run: {name: value(run) for name, value in (audible if run.silent else compiled)}


_IDLE = (
    nodes.Literal,
    nodes.FactRef,
    nodes.LocalRef,
    nodes.TableRef,
    nodes.SlotRef,
    nodes.HeardRef,
    nodes.ContextRef,
    nodes.Not,
    nodes.Junction,
    nodes.Comparison,
    nodes.Conditional,
    nodes.Sequence,
    nodes.Comprehension,
)


def _idle(node: nodes.Expression) -> bool:
    """Whether a value can neither void the turn, nor draw, nor do anything."""
    return all(isinstance(part, _IDLE) for part in walk(node))


def _say(scope: Scope, node: nodes.Say) -> Evaluate:
    response, candidates = node.response, (node.response,)
    values = _values(scope, node.values)
    when = scope.whens.get(response)
    if when is None:
        return lambda run: Spoken(response, candidates, values(run))

    def say(run: Execution) -> Spoken:
        if not when(run):
            raise Void(f"`{response}` may not be said now: its `when` is false", "not-allowed")
        return Spoken(response, candidates, values(run))

    return say


def _say_any(scope: Scope, node: nodes.SayAny) -> Evaluate:
    responses = tuple((response, scope.whens.get(response)) for response in node.responses)
    values = _values(scope, node.values)
    unconditional = node.responses if all(when is None for _, when in responses) else None

    def say_any(run: Execution) -> Spoken:
        candidates = unconditional
        if candidates is None:
            candidates = tuple([response for response, when in responses if when is None or when(run)])
        if not candidates:
            raise Void("none of the lines that fit may be said now: every `when` is false", "not-allowed")
        response = candidates[0]
        if len(candidates) > 1:
            chosen = run.oracle.choose(candidates)
            if chosen in candidates:
                response = chosen
        return Spoken(response, candidates, values(run))

    return say_any
