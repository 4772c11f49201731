"""The residual program: what is left of a program once the present state has decided what it can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from npc.catalog.types import FactValue
from npc.logic import nodes
from npc.logic.footprint import walk
from npc.logic.nodes import Expression, Helper, Literal, Statement, Tree
from npc.logic.partial import UNKNOWN, Knowledge, Simplifier
from npc.logic.program import Context

Body = tuple[Statement, ...]


class Residual:
    """Makes residual programs of one tree.

    Args:
        tree: the program.
        dos: the `do` of effects.
        writes: every fact the program may write.
        simplifier: of the same tree.
    """

    def __init__(self, tree: Tree, dos: Mapping[str, Tree], writes: frozenset[str], simplifier: Simplifier) -> None:
        self._tree = tree
        self._writes = writes
        self._simplifier = simplifier
        self._effect_writes = {effect: frozenset(_assigned_facts(do)) for effect, do in dos.items()}
        self._helper_writes: dict[str, frozenset[str]] = {}
        # By node: what its helpers write. The tree keeps its nodes alive, so an id stays theirs.
        self._acting: dict[int, frozenset[str]] = {}
        self._has_locals = any(isinstance(node, nodes.AssignLocal) for node in walk(tree))

    def of(self, facts: Mapping[str, FactValue], context: Context) -> Tree:
        """The residual program in a state: it has the same outcomes there as the full one."""
        body, _ = self._block(self._tree.body, Knowledge(facts, context))
        if self._has_locals:
            body = _without_unread_locals(body)
        if not self._tree.helpers:
            return Tree({}, body)
        helpers: dict[str, Helper] = {}
        self._add_helpers(body, helpers, Knowledge(facts, context, set(self._writes)))
        return Tree({name: helpers[name] for name in self._tree.helpers if name in helpers}, body)

    def _add_helpers(self, body: Any, helpers: dict[str, Helper], known: Knowledge) -> None:
        for call in walk(body):
            if isinstance(call, nodes.HelperCall) and call.helper not in helpers:
                full = self._tree.helpers[call.helper]
                inside, _ = self._block(full.body, known.branch())
                inside = _without_unread_locals(inside)
                helpers[call.helper] = Helper(full.name, full.parameters, inside, full.line)
                self._add_helpers(inside, helpers, known)

    def _block(self, body: Body, known: Knowledge) -> tuple[Body, bool]:
        """What is left of a list of statements, and whether it always returns."""
        left: list[Statement] = []
        for statement in body:
            parts, ends = self._statement(statement, known)
            left += parts
            if ends:
                return tuple(left), True
        return tuple(left), False

    def _statement(self, node: Statement, known: Knowledge) -> tuple[Body, bool]:
        simplify = self._simplifier.simplify
        match node:
            case nodes.If():
                return self._if(node, known)
            case nodes.Match():
                return self._match(node, known)
            case nodes.For():
                return self._for(node, known)
            case nodes.Return(value):
                return (nodes.Return(None if value is None else self._value(value, known), node.line),), True
            case nodes.EffectCall(effect, arguments, line):
                for _, argument in arguments:
                    self._acts(argument, known)
                values = tuple((name, simplify(argument, known)) for name, argument in arguments)
                known.written |= self._effect_writes.get(effect, frozenset())
                return (nodes.EffectCall(effect, values, line),), False
            case nodes.AssignFact(fact, operator, value, line):
                left = nodes.AssignFact(fact, operator, self._value(value, known), line)
                known.written.add(fact)
                return (left,), False
            case nodes.AssignCount(fact, item, operator, value, line):
                self._acts(item, known)
                self._acts(value, known)
                count = nodes.AssignCount(fact, simplify(item, known), operator, simplify(value, known), line)
                known.written.add(fact)
                return (count,), False
            case nodes.AssignLocal():
                return (self._assign_local(node, known),), False
            case nodes.HelperStatement(call, line):
                reduced = self._value(call, known)
                assert isinstance(reduced, nodes.HelperCall)
                return (nodes.HelperStatement(reduced, line),), False
            case nodes.Pass():
                return (), False

    def _value(self, node: Expression, known: Knowledge) -> Expression:
        self._acts(node, known)
        return self._simplifier.simplify(node, known)

    def _acts(self, node: Any, known: Knowledge) -> None:
        """Forget what helpers called in a part of the tree may write: before it, since they run within it."""
        written = self._acting.get(id(node))
        if written is None:
            called = {part.helper for part in walk(node) if isinstance(part, nodes.HelperCall)}
            written = self._acting[id(node)] = frozenset().union(*map(self._written_by, called))
        known.written |= written

    def _written_by(self, helper: str) -> frozenset[str]:
        if helper not in self._helper_writes:
            found: set[str] = set()
            for part in walk(self._tree.helpers[helper]):
                if isinstance(part, nodes.HelperCall):
                    found |= self._written_by(part.helper)
            self._helper_writes[helper] = frozenset(found | self._writes_in(self._tree.helpers[helper]))
        return self._helper_writes[helper]

    def _writes_in(self, node: Any) -> set[str]:
        found = _assigned_facts(node)
        for part in walk(node):
            if isinstance(part, nodes.EffectCall):
                found |= self._effect_writes.get(part.effect, frozenset())
        return found

    def _assign_local(self, node: nodes.AssignLocal, known: Knowledge) -> Statement:
        value = self._value(node.value, known)
        before = known.locals.pop(node.name, UNKNOWN)
        if not isinstance(value, Literal):
            return nodes.AssignLocal(node.name, node.operator, value, node.line)
        result: Any = value.value
        if node.operator != "=":
            if before is UNKNOWN:
                return nodes.AssignLocal(node.name, node.operator, value, node.line)
            result = before + result if node.operator == "+=" else before - result
        known.locals[node.name] = result
        return nodes.AssignLocal(node.name, "=", Literal(result), node.line)

    def _if(self, node: nodes.If, known: Knowledge) -> tuple[Body, bool]:
        self._acts(node.test, known)
        test = self._simplifier.test(node.test, known)
        if isinstance(test, Literal):
            return self._block(node.then if test.value else node.otherwise, known)
        yes, no = known.branch(), known.branch()
        then, then_ends = self._block(node.then, yes)
        otherwise, otherwise_ends = self._block(node.otherwise, no)
        known.join([branch for branch, ends in ((yes, then_ends), (no, otherwise_ends)) if not ends])
        if not then and not otherwise and not self._has_to_run(test):
            return (), False
        if not then and otherwise:
            test = test.operand if isinstance(test, nodes.Not) else nodes.Not(test)
            then, otherwise = otherwise, ()
        return (nodes.If(test, then, otherwise, node.line),), then_ends and otherwise_ends

    def _has_to_run(self, node: Any) -> bool:
        """Whether running it does something, whatever it comes to: helpers act, a chance is drawn before the next."""
        return any(isinstance(part, nodes.HelperCall | nodes.Chance) for part in walk(node))

    def _match(self, node: nodes.Match, known: Knowledge) -> tuple[Body, bool]:
        self._acts(node.subject, known)
        for case in node.cases:
            if case.guard is not None:
                self._acts(case.guard, known)
        subject = self._simplifier.simplify(node.subject, known)
        if isinstance(subject, Literal):
            value = subject.value
            matching = tuple(
                case for case in node.cases if case.values is None or any(value == other for other in case.values)
            )
            return self._guarded(matching, known)
        cases: list[nodes.Case] = []
        branches: list[tuple[Knowledge, bool]] = []
        complete = False
        for case in node.cases:
            guard = None if case.guard is None else self._simplifier.test(case.guard, known)
            if isinstance(guard, Literal):
                if not guard.value:
                    continue
                guard = None
            branch = known.branch()
            body, ends = self._block(case.body, branch)
            branches.append((branch, ends))
            cases.append(nodes.Case(case.values, guard, body, case.line))
            if case.values is None and guard is None:
                complete = True
                break
        if not complete:
            branches.append((known.branch(), False))
        known.join([branch for branch, ends in branches if not ends])
        left = (nodes.Match(subject, tuple(cases), node.line),) if cases else ()
        return left, all(ends for _, ends in branches)

    def _guarded(self, cases: tuple[nodes.Case, ...], known: Knowledge) -> tuple[Body, bool]:
        """Cases that all match a known subject: the first whose guard holds runs."""
        if not cases:
            return (), False
        case, *rest = cases
        if case.guard is None:
            return self._block(case.body, known)
        # A guard that the state leaves open becomes an `if`.
        chain = nodes.If(case.guard, case.body, (), case.line)
        test = self._simplifier.test(case.guard, known)
        if isinstance(test, Literal):
            return self._block(case.body, known) if test.value else self._guarded(tuple(rest), known)
        yes, no = known.branch(), known.branch()
        then, then_ends = self._block(chain.then, yes)
        otherwise, otherwise_ends = self._guarded(tuple(rest), no)
        known.join([branch for branch, ends in ((yes, then_ends), (no, otherwise_ends)) if not ends])
        return (nodes.If(test, then, otherwise, case.line),), then_ends and otherwise_ends

    def _for(self, node: nodes.For, known: Knowledge) -> tuple[Body, bool]:
        self._acts(node.iterable, known)
        values = self._simplifier.value(node.iterable, known)
        if values is not UNKNOWN and not values:
            return (), False
        iterable = self._simplifier.simplify(node.iterable, known)
        # What one round changes is not known in the next.
        self._acts(node.body, known)
        known.written |= self._writes_in(node.body)
        for part in walk(node.body):
            if isinstance(part, nodes.AssignLocal):
                known.locals.pop(part.name, None)
            elif isinstance(part, nodes.For):
                known.locals.pop(part.variable, None)
        known.locals.pop(node.variable, None)
        body, _ = self._block(node.body, known.branch())
        return ((nodes.For(node.variable, iterable, body, node.line),) if body else ()), False


def _assigned_facts(node: Any) -> set[str]:
    return {part.fact for part in walk(node) if isinstance(part, nodes.AssignFact | nodes.AssignCount)}


def _without_unread_locals(body: Body) -> Body:
    """Leave out assignments of known values to locals that nothing reads any more."""
    read = {part.name for part in walk(body) if isinstance(part, nodes.LocalRef)}
    read |= {part.name for part in walk(body) if isinstance(part, nodes.AssignLocal) and part.operator != "="}
    return _kept(body, read)


def _kept(body: Body, read: set[str]) -> Body:
    left: list[Statement] = []
    for statement in body:
        match statement:
            case nodes.AssignLocal(name, "=", Literal()) if name not in read:
                continue
            case nodes.If(test, then, otherwise, line):
                statement = nodes.If(test, _kept(then, read), _kept(otherwise, read), line)
            case nodes.Match(subject, cases, line):
                kept = tuple(nodes.Case(c.values, c.guard, _kept(c.body, read), c.line) for c in cases)
                statement = nodes.Match(subject, kept, line)
            case nodes.For(variable, iterable, inner, line):
                statement = nodes.For(variable, iterable, _kept(inner, read), line)
        left.append(statement)
    return tuple(left)
