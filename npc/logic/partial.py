"""Expressions simplified by what is known of the present state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from npc.catalog.types import BoolType, FactType, FactValue, TextType
from npc.logic import nodes
from npc.logic.execution import Evaluate, Execution, Void
from npc.logic.footprint import walk
from npc.logic.nodes import Expression, Literal
from npc.logic.program import Context, Oracle

UNKNOWN: Any = object()
"""The value of an expression that the state does not decide."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What an expression's value depends on; `open` when also on something no state decides."""

    facts: frozenset[str]
    locals: frozenset[str]
    heard: bool
    open: bool


@dataclass(slots=True)
class Knowledge:
    """What is known at one place of the program: the state but for the facts written so far, and some locals."""

    facts: Mapping[str, FactValue]
    context: Context
    written: set[str] = field(default_factory=set)
    locals: dict[str, Any] = field(default_factory=dict)

    def branch(self) -> Knowledge:
        return Knowledge(self.facts, self.context, set(self.written), dict(self.locals))

    def join(self, branches: list[Knowledge]) -> None:
        """Know what all branches that come together here know."""
        if not branches:
            return
        first, *others = branches
        self.written = set().union(*(branch.written for branch in branches))
        self.locals = {
            name: value
            for name, value in first.locals.items()
            if all(other.locals.get(name, UNKNOWN) == value for other in others)
        }


class Simplifier:
    """Simplifies the expressions of one program's tree.

    What can be computed is computed by the program's own closures, so there is no second interpreter. Both are
    remembered by node, which the tree keeps alive.

    Args:
        fact_types: every fact of the cast.
        compile_node: makes the closure of an expression.
    """

    def __init__(self, fact_types: Mapping[str, FactType], compile_node: Callable[[Expression], Evaluate]) -> None:
        self._fact_types = fact_types
        self._compile = compile_node
        self._needs: dict[int, Needs] = {}
        self._closures: dict[int, Evaluate] = {}

    def value(self, node: Expression, known: Knowledge) -> Any:
        """The value of an expression, or `UNKNOWN`."""
        needs = self._needs.get(id(node))
        if needs is None:
            needs = self._needs[id(node)] = self._needs_of(node)
        if (
            needs.open
            or (needs.heard and known.context.event is None)
            or not known.written.isdisjoint(needs.facts)
            or not needs.locals <= known.locals.keys()
        ):
            return UNKNOWN
        closure = self._closures.get(id(node))
        if closure is None:
            closure = self._closures[id(node)] = self._compile(node)
        run = Execution(known.facts, _NOBODY, known.context)
        run.locals = dict(known.locals)
        try:
            return closure(run)
        except Void:
            return UNKNOWN

    def _needs_of(self, node: Expression) -> Needs:
        facts: set[str] = set()
        heard = is_open = False
        for part in walk(node):
            match part:
                case nodes.FactRef(name):
                    facts.add(name)
                    is_open = is_open or isinstance(self._fact_types[name], TextType)
                case nodes.HeardRef():
                    heard = True
                case nodes.SlotRef() | nodes.Chance() | nodes.HelperCall() | nodes.Say() | nodes.SayAny():
                    is_open = True
        return Needs(frozenset(facts), frozenset(_free_locals(node)), heard, is_open)

    def simplify(self, node: Expression, known: Knowledge) -> Expression:
        """The expression with what is known folded in; it has the same value."""
        value = self.value(node, known)
        if value is None or isinstance(value, bool | int | str):
            return Literal(value)
        if value is not UNKNOWN:
            return node
        match node:
            case nodes.Not(operand):
                inner = self.test(operand, known)
                return Literal(not inner.value) if isinstance(inner, Literal) else nodes.Not(inner)
            case nodes.Junction(operator, operands):
                if all(self._is_bool(operand) for operand in operands):
                    return self.test(node, known)
                return self._junction(operator, [self.simplify(operand, known) for operand in operands])
            case nodes.Conditional(test, then, otherwise):
                decided = self.test(test, known)
                if isinstance(decided, Literal):
                    return self.simplify(then if decided.value else otherwise, known)
                return nodes.Conditional(decided, self.simplify(then, known), self.simplify(otherwise, known))
            case nodes.Chance(probability):
                p = self.simplify(probability, known)
                if isinstance(p, Literal) and p.value in (0, 1):
                    return Literal(bool(p.value))
                return nodes.Chance(p)
            case nodes.Comprehension(element, variable, iterable, conditions):
                inside = known.branch()
                inside.locals.pop(variable, None)
                tests = tuple(self.test(condition, inside) for condition in conditions)
                tests = tuple(test for test in tests if not (isinstance(test, Literal) and test.value))
                return nodes.Comprehension(
                    self.simplify(element, inside), variable, self.simplify(iterable, known), tests
                )
            case nodes.Subscript(container, key):
                return nodes.Subscript(container, self.simplify(key, known))
        return self._rebuilt(node, known)

    def _rebuilt(self, node: Expression, known: Knowledge) -> Expression:
        def all_of(parts: tuple[Expression, ...]) -> tuple[Expression, ...]:
            return tuple(self.simplify(part, known) for part in parts)

        def named(pairs: tuple[tuple[str, Expression], ...]) -> tuple[tuple[str, Expression], ...]:
            return tuple((name, self.simplify(part, known)) for name, part in pairs)

        match node:
            case nodes.Comparison(first, rest):
                links = tuple((operator, self.simplify(operand, known)) for operator, operand in rest)
                return nodes.Comparison(self.simplify(first, known), links)
            case nodes.Arithmetic(operator, left, right):
                return nodes.Arithmetic(operator, self.simplify(left, known), self.simplify(right, known))
            case nodes.Negative(operand):
                return nodes.Negative(self.simplify(operand, known))
            case nodes.BuiltinCall(function, arguments):
                return nodes.BuiltinCall(function, all_of(arguments))
            case nodes.Sequence(elements):
                return nodes.Sequence(all_of(elements))
            case nodes.SetDisplay(elements):
                return nodes.SetDisplay(all_of(elements))
            case nodes.HelperCall(helper, arguments):
                return nodes.HelperCall(helper, all_of(arguments))
            case nodes.Say(response, values, line):
                return nodes.Say(response, named(values), line)
            case nodes.SayAny(responses, values, line):
                return nodes.SayAny(responses, named(values), line)
        return node

    def test(self, node: Expression, known: Knowledge) -> Expression:
        """The expression as a condition, of which only the truth matters."""
        value = self.value(node, known)
        if value is not UNKNOWN:
            return Literal(bool(value))
        match node:
            case nodes.Not(operand):
                match self.test(operand, known):
                    case Literal(truth):
                        return Literal(not truth)
                    case nodes.Not(inner):
                        return inner
                    case inner:
                        return nodes.Not(inner)
            case nodes.Junction(operator, operands):
                neutral = operator == "and"
                left: list[Expression] = []
                for part in (self.test(operand, known) for operand in operands):
                    if isinstance(part, Literal) and bool(part.value) is neutral:
                        continue
                    left.append(part)
                    if isinstance(part, Literal):
                        break
                if left and isinstance(left[-1], Literal) and not any(_acts(part) for part in left):
                    return Literal(not neutral)
                return self._joined(operator, left) if left else Literal(neutral)
        return self.simplify(node, known)

    def _junction(self, operator: Any, operands: list[Expression]) -> Expression:
        """`and`/`or` as a value: only operands that are passed over for sure, or never reached, go."""
        left: list[Expression] = []
        for position, operand in enumerate(operands):
            if isinstance(operand, Literal):
                stops = bool(operand.value) is (operator == "or")
                if not stops and position < len(operands) - 1:
                    continue
                left.append(operand)
                if stops:
                    break
            else:
                left.append(operand)
        return self._joined(operator, left)

    def _joined(self, operator: Any, operands: list[Expression]) -> Expression:
        return operands[0] if len(operands) == 1 else nodes.Junction(operator, tuple(operands))

    def _is_bool(self, node: Expression) -> bool:
        match node:
            case nodes.Not() | nodes.Comparison() | nodes.HeardRef() | nodes.Chance():
                return True
            case Literal(value):
                return isinstance(value, bool)
            case nodes.FactRef(name):
                return isinstance(self._fact_types[name], BoolType)
            case nodes.Junction(operands=operands):
                return all(self._is_bool(operand) for operand in operands)
        return False


def _free_locals(node: Any) -> set[str]:
    """Locals that an expression takes from outside."""
    found: set[str] = set()

    def enter(part: Any) -> bool:
        if not isinstance(part, nodes.Comprehension):
            return True
        found.update(_free_locals((part.element, part.conditions)) - {part.variable})
        found.update(_free_locals(part.iterable))
        return False

    found.update(part.name for part in walk(node, enter) if isinstance(part, nodes.LocalRef))
    return found


def _acts(node: Expression) -> bool:
    """Whether evaluating it may do something: only helpers do."""
    return any(isinstance(part, nodes.HelperCall) for part in walk(node))


class _Nobody:
    """The oracle of expressions that ask nothing."""

    def heard(self, intent: str) -> bool:
        return False

    def slot(self, intent: str, slot: str) -> None:
        return None

    def chance(self, probability: float) -> bool:
        return False

    def choose(self, candidates: tuple[str, ...]) -> str:
        return candidates[0]


_NOBODY: Oracle = _Nobody()
