"""Follows a program's statements: what is known where, what is assigned and done, which lines are returned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from npc.catalog.types import OneOfType
from npc.diagnostics import did_you_mean
from npc.logic import nodes, rules
from npc.logic.check_assignments import AssignmentChecker
from npc.logic.check_charges import ChargeChecker
from npc.logic.check_expressions import ExpressionChecker, TooComplexError
from npc.logic.environment import Environment, merged, parts
from npc.logic.helper_calls import CallGraph
from npc.logic.nodes import Statement, Tree
from npc.logic.reporting import Places, Report
from npc.logic.scope import Mode, Scope
from npc.logic.static_types import (
    Bag,
    Line,
    Listing,
    Maybe,
    Name,
    Nothing,
    Number,
    Static,
    Text,
    Truth,
    Unknown,
    describe,
    join,
    static_type,
    widened,
    without_none,
)

MAX_CALL_DEPTH = 12
MAX_SIGNATURES = 24
"""Argument types that a helper is checked with one by one; further ones are joined into one."""

MAX_PASSES = 3
"""Passes over a loop's body until what is known at its start settles."""


class ProgramChecker(AssignmentChecker):
    """Checks one program, and each helper once per types of arguments that it is called with."""

    def __init__(
        self,
        tree: Tree,
        scope: Scope,
        effects: Mapping[str, Tree],
        places: Places,
        report: Report,
        whens: Mapping[str, nodes.Expression] | None = None,
    ) -> None:
        self.expressions = ExpressionChecker(scope, report, places, self._call_helper)
        super().__init__(self.expressions, scope)
        self._tree, self._report, self._places = tree, report, places
        self._calls = CallGraph(tree, effects)
        self._charges = ChargeChecker(self.expressions, scope, effects)
        self._whens = whens or {}
        self._recursive = frozenset(self._calls.recursive())
        self._results: dict[tuple[str, tuple[Static, ...]], Static] = {}
        self._reported: set[tuple[str, tuple[Static, ...]]] = set()
        self._joined_arguments: dict[str, tuple[Static, ...]] = {}
        self._call_depth = 0
        self._returns: list[Static] | None = None
        self._is_exact = True

    def check(self) -> None:
        """Check the whole program."""
        for name in sorted(self._recursive):
            helper = self._tree.helpers[name]
            hint = "loop with `for`, or repeat the step for as many times as it may take"
            self._report.add(rules.RECURSION, f"the helper `{name}` calls itself", self._places.of(helper), hint)
        for name in self._calls.unused():
            place = self._places.of(self._tree.helpers[name])
            self._report.add(rules.UNUSED_HELPER, f"no one calls the helper `{name}`", place, "call it, or delete it")
        self._guarded(self._check_all)

    def check_condition(self, condition: nodes.Expression) -> None:
        """Check a `when`, an invariant or a goal."""
        self._guarded(lambda: self.expressions.condition(condition, Environment()))

    def _guarded(self, check: Callable[[], object]) -> None:
        try:
            check()
        except (TooComplexError, RecursionError):
            hint = "split it, or move repeated steps into helpers"
            self._report.add(rules.TOO_COMPLEX, "this takes too long to check", self._places.start, hint)

    def _check_all(self) -> None:
        self._check_body()
        for name in self._calls.unused():
            helper = self._tree.helpers[name]
            if name not in self._recursive:
                self._run_helper(helper, tuple(Unknown() for _ in helper.parameters))

    def _check_body(self) -> None:
        env = Environment()
        for name, declared in self._scope.parameters.items():
            env.locals[name] = static_type(declared)
        self.block(self._tree.body, env)
        if env.possible and self._scope.mode is Mode.LOGIC:
            place = self._places.of(self._tree.body[-1]) if self._tree.body else self._places.start
            hint = 'end with a line for everything else, such as `return say("…")`'
            self._report.add(rules.NO_RETURN, "the logic can end without a line after this", place, hint)

    def block(self, statements: Iterable[Statement], env: Environment) -> None:
        """Follow statements; `env` is changed to what is known after them."""
        for statement in statements:
            if not env.possible:
                place = self._places.of(statement)
                if self._is_exact:
                    self._report.add(rules.UNREACHABLE, "this never runs", place, "delete it, or move it up")
                return
            self._statement(statement, env)

    def _statement(self, statement: Statement, env: Environment) -> None:
        match statement:
            case nodes.If():
                self._if(statement, env)
            case nodes.Match():
                self._match(statement, env)
            case nodes.For():
                self._for(statement, env)
            case nodes.Return():
                self._return(statement, env)
            case nodes.HelperStatement(call):
                self._before(env, call)
                if isinstance(without_none(self.expressions.type_of(call, env)), Line):
                    hint = f"write `return {call.helper}(…)`"
                    message = f"the line that `{call.helper}` returns is never said"
                    self.expressions.complain(rules.VALUE_DROPPED, message, call, hint)
            case nodes.EffectCall():
                self._before(env, statement.arguments)
                self._charges.check(statement, env)
                self.effect(statement, env)
                env.forget(self._calls.writes(statement))
            case nodes.AssignFact() | nodes.AssignCount() | nodes.AssignLocal():
                self._before(env, statement.value)
                if isinstance(statement, nodes.AssignFact):
                    self._charges.check(statement, env)
                self.assignment(statement, env)
            case nodes.Pass():
                pass

    def _before(self, env: Environment, expressions: object) -> None:
        """Helpers called in an expression may change facts at any point of it."""
        if self._calls.helpers_write:
            env.forget(self._calls.writes(expressions))

    def _branch(self, test: nodes.Expression, truth: bool, env: Environment) -> Environment:
        local = env.copy()
        self.expressions.narrow(test, truth, local)
        self._before(local, test)
        return local

    def _if(self, statement: nodes.If, env: Environment) -> None:
        self._before(env, statement.test)
        findings = self._report.count
        self.expressions.condition(statement.test, env)
        is_sound = findings == self._report.count
        then, otherwise = self._branch(statement.test, True, env), self._branch(statement.test, False, env)
        if then.possible:
            self.block(statement.then, then)
        elif is_sound:
            self._never_true(statement.test)
        if otherwise.possible:
            self.block(statement.otherwise, otherwise)
        elif is_sound and self._is_exact and env.possible and (then.possible or statement.otherwise):
            message = "this is always true here" + (
                ", so what stands under `else` never runs" * bool(statement.otherwise)
            )
            # Where the way ends with a `return`, what follows is found unreachable instead.
            self.expressions.complain(rules.ALWAYS_TRUE, message, statement.test, "delete the condition, or mend it")
        env.take(merged([then, otherwise]))

    def _never_true(self, node: object) -> None:
        if self._is_exact:
            message = "this is never true here, so what stands under it never runs"
            self.expressions.complain(rules.NEVER_TRUE, message, node, "delete it, or mend the condition")

    def _match(self, statement: nodes.Match, env: Environment) -> None:
        self._before(env, statement.subject)
        subject = self.expressions.value(statement.subject, env)
        if isinstance(without_none(subject), Text):
            message = "a text may be shown, never branched on"
            self.expressions.complain(rules.TEXT_BRANCH, message, statement.subject, "test another fact")
            return
        if not isinstance(without_none(subject), Name | Number | Truth | Nothing | Unknown):
            message = f"`match` works on names, numbers and truth values, and this is {describe(subject)}"
            self.expressions.complain(rules.WRONG_OPERAND, message, statement.subject, "use `if`")
            return
        ends, remaining = [], env.copy()
        for case in statement.cases:
            if not remaining.possible:
                self._never_true(case)
                break
            way, findings = remaining.copy(), self._report.count
            if case.values == ():
                pass  # Its pattern has a diagnostic already.
            elif case.values is not None:
                equals = self._case_test(statement.subject, case, remaining)
                way = self._branch(equals, True, remaining)
                if case.guard is None:
                    remaining = self._branch(equals, False, remaining)
            elif case.guard is None:
                remaining.possible = False
            if way.possible and case.guard is not None:
                self._before(way, case.guard)
                self.expressions.condition(case.guard, way)
                way = self._branch(case.guard, True, way)
            if way.possible:
                self.block(case.body, way)
                ends.append(way)
            elif findings == self._report.count:
                self._never_true(case)
        self._missing_cases(statement, remaining)
        env.take(merged([*ends, remaining]))

    def _missing_cases(self, statement: nodes.Match, remaining: Environment) -> None:
        left = self.expressions.quiet_type(statement.subject, remaining) if remaining.possible else None
        if not isinstance(left, Name) or not left.values or not self._is_option(statement.subject):
            return
        missing = ", ".join(f"`{value}`" for value in sorted(left.values))
        message = f"no case for {missing}"
        hint = "add the cases, or `case _:` for all that is left"
        self.expressions.complain(rules.MISSING_CASE, message, statement.subject, hint)

    def _is_option(self, subject: nodes.Expression) -> bool:
        """Whether this is a fact or slot with a list of options of its own."""
        match subject:
            case nodes.FactRef(name):
                return isinstance(self._scope.facts[name].type, OneOfType)
            case nodes.SlotRef(intent, slot):
                return isinstance(self._scope.intents[intent].slots[slot].type, OneOfType)
            case _:
                return False

    def _case_test(self, subject: nodes.Expression, case: nodes.Case, env: Environment) -> nodes.Expression:
        """The comparison that a `case` stands for; checked, so that its literals get their diagnostics."""
        tests: list[nodes.Expression] = []
        for value in case.values or ():
            literal = nodes.Literal(value)
            self._places.put(literal, self._places.of(case))
            test = nodes.Comparison(subject, (("is" if value is None else "==", literal),))
            self.expressions.condition(test, env)
            tests.append(test)
        return tests[0] if len(tests) == 1 else nodes.Junction("or", tuple(tests))

    def _for(self, statement: nodes.For, env: Environment) -> None:
        self._before(env, statement.iterable)
        self.expressions.element_type(statement.iterable, env)
        iterable = self.expressions.quiet_type(statement.iterable, env)
        changed = self._calls.writes(statement.body)
        changed_locals = {part.name for part in parts(statement.body) if isinstance(part, nodes.AssignLocal)}
        start = env.copy()
        start.forget({*changed, *(nodes.LocalRef(name) for name in changed_locals)})
        carried = changed_locals & start.locals.keys()
        for attempt in range(MAX_PASSES if carried else 0):
            if attempt == MAX_PASSES - 1:
                self._give_up(start, carried)
            elif not self._settle(start, self._probe(statement.body, self._loop_body(statement, start)), carried):
                break
        body = self._loop_body(statement, start)
        self.block(statement.body, body)
        body.unassign(statement.variable)
        after = merged([start, body])
        if isinstance(iterable, Listing) and iterable.filled and body.possible:
            after.locals.update({name: body.locals[name] for name in changed_locals if name in body.locals})
        after.unassign(statement.variable)
        after.possible = start.possible
        if isinstance(iterable, Listing) and iterable.filled and not body.possible:
            after.possible = False
        env.take(after)

    def _loop_body(self, statement: nodes.For, start: Environment) -> Environment:
        """What is known where a loop's body begins."""
        body = start.copy()
        iterable = self.expressions.quiet_type(statement.iterable, start)
        body.assign(statement.variable, self.expressions.quiet_element_type(statement.iterable, start))
        if isinstance(iterable, Bag) and statement.iterable not in self._calls.writes(statement.body):
            count = nodes.Subscript(statement.iterable, nodes.LocalRef(statement.variable))
            body.refine(count, Number(1, None))
        return body

    def _probe(self, statements: tuple[Statement, ...], env: Environment) -> Environment:
        """What would be known after statements; gives no diagnostics."""
        returns = None if self._returns is None else list(self._returns)
        self._report.mute()
        try:
            self.block(statements, env)
        finally:
            self._report.unmute()
            self._returns = returns
        return env

    @staticmethod
    def _settle(start: Environment, end: Environment, changed: set[str]) -> bool:
        """Widen what is known at a loop's start by its end; whether that changed anything."""
        moved = False
        for name in changed & start.locals.keys() & (end.locals.keys() if end.possible else set()):
            both = widened(start.locals[name], end.locals[name]) or Unknown()
            moved = moved or both != start.locals[name]
            start.locals[name] = both
        return moved

    @staticmethod
    def _give_up(start: Environment, changed: set[str]) -> None:
        for name in changed & start.locals.keys():
            match start.locals[name]:
                case Number():
                    start.locals[name] = Number()
                case Name():
                    start.locals[name] = Name()
                case Truth():
                    start.locals[name] = Truth()
                case Maybe(Number()):
                    start.locals[name] = Maybe(Number())
                case Maybe(Name()):
                    start.locals[name] = Maybe(Name())

    def _check_when(self, said: nodes.Say, env: Environment) -> None:
        """A response whose `when` is false wherever this is reached makes the turn void."""
        if said.response not in self._whens or not self._is_exact:
            return
        there = env.copy()
        self.expressions.narrow(self._whens[said.response], True, there)
        if env.possible and not there.possible:
            message = f"`{said.response}` is never sayable here: its `when` is false then, and the turn would be void"
            self.expressions.complain(rules.WHEN_NEVER_HOLDS, message, said, "say another response, or mend the `when`")

    def _return(self, statement: nodes.Return, env: Environment) -> None:
        if isinstance(statement.value, nodes.Say):
            self._check_when(statement.value, env)
        if statement.value is None:
            value: Static = Nothing()
        else:
            self._before(env, statement.value)
            value = self.expressions.type_of(statement.value, env)
        env.possible = False
        if self._returns is not None:
            self._returns.append(value)
            both = self._joined_returns()
            if both is None:
                message = f"the helper returns {describe(value)} here, and {describe(self._returns[0])} elsewhere"
                self.expressions.complain(rules.MIXED_TYPES, message, statement, "return one type on all paths")
            return
        where = statement if statement.value is None else statement.value
        if isinstance(value, Maybe) and isinstance(value.inner, Line):
            hint = "let the helper return a line on every path"
            self.expressions.complain(rules.MAYBE_NO_LINE, "this may be no line at all", where, hint)
        elif not isinstance(value, Line | Unknown):
            hint = 'write `return say("id")`'
            if isinstance(value, Name) and value.values and len(value.values) == 1:
                name = next(iter(value.values))
                close = did_you_mean(name, self._scope.responses, show=0)
                hint = f'write `return say("{name}")`' if name in self._scope.responses else close or hint
            message = f"a turn ends with a line, and this is {describe(value)}"
            self.expressions.complain(rules.NOT_A_LINE, message, where, hint)

    def _joined_returns(self) -> Static | None:
        both: Static | None = None
        for value in self._returns or ():
            both = value if both is None else join(both, value)
            if both is None:
                return None
        return both or Nothing()

    def _call_helper(self, call: nodes.HelperCall, arguments: tuple[Static, ...]) -> Static:
        helper = self._tree.helpers.get(call.helper)
        if helper is None or call.helper in self._recursive:
            return Unknown()
        if self._call_depth >= MAX_CALL_DEPTH:
            hint = "call helpers from one another less deeply"
            message = f"helpers call each other more than {MAX_CALL_DEPTH} deep"
            return self.expressions.complain(rules.TOO_DEEP, message, call, hint)
        known = sum(name == call.helper for name, _ in self._results)
        if known >= MAX_SIGNATURES and (call.helper, arguments) not in self._results:
            before = self._joined_arguments.get(call.helper, arguments)
            arguments = tuple(widened(a, b) or Unknown() for a, b in zip(before, arguments, strict=True))
            self._joined_arguments[call.helper] = arguments
        key = (call.helper, arguments)
        # A call that was followed without giving findings is followed again where they are wanted.
        if key not in self._results or not (self._report.muted or key in self._reported):
            self._results[key] = self._run_helper(helper, arguments)
            if not self._report.muted:
                self._reported.add(key)
        return self._results[key]

    def _run_helper(self, helper: nodes.Helper, arguments: tuple[Static, ...]) -> Static:
        env = Environment()
        env.locals = dict(zip(helper.parameters, arguments, strict=True))
        outer, self._returns = self._returns, []
        was_exact, self._is_exact = self._is_exact, not helper.parameters
        self._call_depth += 1
        try:
            self.block(helper.body, env)
            if env.possible and self._returns:
                self._returns.append(Nothing())
            return self._joined_returns() or Unknown()
        finally:
            self._call_depth -= 1
            self._returns, self._is_exact = outer, was_exact
