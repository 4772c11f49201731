"""Python statements to statement nodes: the whitelist of statements, helpers, assignment targets, patterns."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from itertools import chain

from npc.diagnostics import did_you_mean
from npc.logic import nodes, rules, wording
from npc.logic.nodes import Helper, Statement, Tree
from npc.logic.read_calls import CallReader
from npc.logic.read_expressions import CONTEXT, RESERVED, Frame, dotted_name
from npc.logic.scope import Mode

MAX_BLOCK_DEPTH = 20
MAX_LOOP_DEPTH = 4
MAX_BRANCHES = 100
"""The longest `if … elif … elif …`: each branch is one level of the tree."""

Body = tuple[Statement, ...]


class ProgramReader(CallReader):
    """Reads a whole program. A statement with a diagnostic is left out, but what stands under it is read too."""

    _block_depth = 0
    _loop_depth = 0

    def program(self, module: ast.Module) -> Tree:
        """Read a module: helpers first, so that every body knows them all."""
        definitions = [s for s in module.body if isinstance(s, ast.FunctionDef)]
        usable = self._declare_helpers(definitions) if self.scope.mode is Mode.LOGIC else []
        rest = [s for s in module.body if not isinstance(s, ast.FunctionDef)]
        for definition in definitions if self.scope.mode is not Mode.LOGIC else ():
            self.not_here("`def`", definition)
        body = self._block(rest, _frame(rest, tuple(self.scope.parameters)))
        helpers = {}
        for definition in usable:
            helpers[definition.name] = self._helper(definition)
        return Tree(helpers, body)

    def _declare_helpers(self, definitions: Iterable[ast.FunctionDef]) -> list[ast.FunctionDef]:
        usable = []
        for definition in definitions:
            self.check_new_name(definition.name, definition, Frame(), frozenset())
            if definition.name not in self.reading.helpers and definition.name not in RESERVED:
                self.reading.helpers[definition.name] = len(definition.args.args)
                usable.append(definition)
        return usable

    def _helper(self, definition: ast.FunctionDef) -> Helper:
        arguments = definition.args
        extra = [
            *definition.decorator_list,
            *arguments.defaults,
            *(default for default in arguments.kw_defaults if default),
            *arguments.posonlyargs,
            *arguments.kwonlyargs,
            *(argument for argument in (arguments.vararg, arguments.kwarg) if argument),
            *(argument.annotation for argument in arguments.args if argument.annotation),
            *([definition.returns] if definition.returns else []),
        ]
        for node in extra:
            hint = f"write `def {definition.name}(a, b):` with plain parameters"
            self.complain(rules.HELPER_FORM, "a helper has a name and plain parameters, no more", node, hint)
        seen: set[str] = set()
        for argument in arguments.args:
            self.check_new_name(argument.arg, argument, Frame(), seen)
            seen.add(argument.arg)
        parameters = tuple(argument.arg for argument in arguments.args)
        body = self._block(definition.body, _frame(definition.body, parameters))
        helper = Helper(definition.name, parameters, body, self.reading.position(definition).line)
        self.reading.places.put(helper, self.reading.position(definition))
        return helper

    def _block(self, statements: Sequence[ast.stmt], frame: Frame) -> Body:
        if self._block_depth >= MAX_BLOCK_DEPTH:
            hint = "move the inner part into a helper with `def`"
            self.complain(rules.TOO_DEEP, f"blocks are nested more than {MAX_BLOCK_DEPTH} deep", statements[0], hint)
            return ()
        self._block_depth += 1
        try:
            return tuple(chain.from_iterable(self._statement(statement, frame) for statement in statements))
        finally:
            self._block_depth -= 1

    def _statement(self, node: ast.stmt, frame: Frame) -> Iterable[Statement]:
        line = self.reading.position(node).line
        read: Iterable[Statement]
        match node:
            case ast.If():
                read = self._if(node, frame)
            case ast.Match():
                read = self._match(node, frame, line)
            case ast.Return(value):
                read = self._return(value, frame, node, line)
            case ast.Expr(value):
                read = self._alone(value, frame, line)
            case ast.Assign(targets, value):
                if len(targets) > 1:
                    hint = "write one assignment a line"
                    self.complain(rules.ASSIGNMENT_FORM, "an assignment has one target", targets[1], hint)
                read = [s for target in targets[:1] for s in self._assign(target, "=", value, frame, line)]
            case ast.AugAssign(target, op, value):
                if not isinstance(op, ast.Add | ast.Sub):
                    hint = "write it out: `x = x * 2`"
                    self.complain(rules.ASSIGNMENT_FORM, "only `=`, `+=` and `-=` assign", node, hint)
                read = self._assign(target, "-=" if isinstance(op, ast.Sub) else "+=", value, frame, line)
            case ast.AnnAssign(target):
                hint = "leave the type out: `name = value`"
                self.complain(rules.ASSIGNMENT_FORM, "assignments carry no types", target, hint)
                read = []
            case ast.For():
                read = self._for(node, frame, line)
            case ast.Pass():
                read = [nodes.Pass(line)]
            case ast.FunctionDef():
                hint = "write it at the left margin"
                self.complain(rules.NESTED_HELPER, "a helper stands at the top level", node, hint)
                read = []
            case _:
                read = self._outside(node, frame)
        read = tuple(read)
        for statement in read:
            self.reading.places.put(statement, self.reading.position(node))
        return read

    def _outside(self, node: ast.stmt, frame: Frame) -> Body:
        rule, message, hint = wording.STATEMENTS.get(
            type(node), (rules.NOT_IN_LANGUAGE, "this Python is not in the language", "see docs/pseudocode.md")
        )
        self.complain(rule, message, node, hint)
        body: list[Statement] = []
        for part in ("body", "orelse", "finalbody"):
            inner = getattr(node, part, [])
            if inner and not isinstance(node, ast.ClassDef | ast.AsyncFunctionDef):
                body += self._block(inner, frame)
        return tuple(body)

    def _if(self, node: ast.If, frame: Frame) -> Body:
        branches: list[tuple[ast.If, nodes.Expression, Body]] = []
        current = node
        while True:
            branches.append((current, self.expression(current.test, frame), self._block(current.body, frame)))
            match current.orelse:
                # `elif` is an `if` in the `else` that starts in the same column.
                case [ast.If(col_offset=column) as inner] if column == current.col_offset:
                    current = inner
                case _:
                    break
        if len(branches) > MAX_BRANCHES:
            hint = "use separate `if`s that return, or `match`"
            self.complain(
                rules.TOO_DEEP, f"an `if` has more than {MAX_BRANCHES} branches", branches[MAX_BRANCHES][0], hint
            )
            return ()
        otherwise: Body = self._block(current.orelse, frame) if current.orelse else ()
        for branch, test, body in reversed(branches):
            statement = nodes.If(test, body, otherwise, self.reading.position(branch).line)
            self.reading.places.put(statement, self.reading.position(branch))
            otherwise = (statement,)
        return otherwise

    def _return(self, value: ast.expr | None, frame: Frame, node: ast.stmt, line: int) -> Iterable[Statement]:
        if self.scope.mode is not Mode.LOGIC:
            self.not_here("`return`", node)
            return
        yield nodes.Return(None if value is None else self.expression(value, frame, is_line=True), line)

    def _alone(self, value: ast.expr, frame: Frame, line: int) -> Iterable[Statement]:
        match value:
            case ast.Call(func=ast.Name(id=name)) if name in self.scope.effects and name not in self.reading.helpers:
                arguments = self.effect_arguments(self.scope.effects[name], value, frame)
                if arguments is not None:
                    yield nodes.EffectCall(name, arguments, line)
                return
            case ast.Constant(value=str()):
                self.complain(rules.BARE_EXPRESSION, "a text alone does nothing", value, "write comments with `#`")
                return
        read = self.expression(value, frame)
        if isinstance(read, nodes.HelperCall):
            yield nodes.HelperStatement(read, line)
        elif not self.reading.places.is_broken(read):
            hint = "a line of pseudocode tests, assigns, calls an effect or returns a line"
            if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq):
                hint = "assign with a single `=`"
            self.complain(rules.BARE_EXPRESSION, "this expression does nothing", value, hint)

    def _assign(
        self, target: ast.expr, operator: nodes.AssignmentOperator, value: ast.expr, frame: Frame, line: int
    ) -> Iterable[Statement]:
        read = self.expression(value, frame)
        match target:
            case ast.Name(id=name):
                if name in CONTEXT or name == "heard":
                    self.complain(rules.NOT_ASSIGNABLE, f"`{name}` cannot be assigned to", target, "use a local")
                    return
                self.check_new_name(name, target, frame, frame.loop_variables | set(frame.enclosing))
                yield nodes.AssignLocal(name, operator, read, line)
            case ast.Attribute():
                fact = self._fact_target(target)
                if fact is not None:
                    yield nodes.AssignFact(fact, operator, read, line)
            case ast.Subscript(value=ast.Attribute() as bag, slice=key) if not isinstance(key, ast.Slice | ast.Tuple):
                item = self.expression(key, frame)
                fact = self._fact_target(bag)
                if fact is not None:
                    yield nodes.AssignCount(fact, item, operator, read, line)
            case ast.Subscript(value=ast.Name(id=name)):
                hint = "tables are constants; keep what changes in a fact"
                self.complain(rules.NOT_ASSIGNABLE, f"`{name}[…]` cannot be assigned to", target, hint)
            case ast.Tuple() | ast.List() | ast.Starred():
                hint = "write one assignment a line"
                unknown = self.complain(rules.ASSIGNMENT_FORM, "an assignment has one target", target, hint)
                for name in sorted({part.id for part in ast.walk(target) if isinstance(part, ast.Name)}):
                    yield nodes.AssignLocal(name, "=", unknown, line)
            case _:
                hint = "assign to a fact, a count of a bag fact, or a local"
                self.complain(rules.NOT_ASSIGNABLE, "this cannot be assigned to", target, hint)

    def _fact_target(self, target: ast.Attribute) -> str | None:
        name = dotted_name(target)
        if name is None or name.startswith("heard."):
            shown = f"`{name}`" if name else "this"
            self.complain(rules.NOT_ASSIGNABLE, f"{shown} cannot be assigned to", target, "assign to a fact or a local")
            return None
        if name not in self.scope.facts:
            self.unknown_fact(name, target)
            return None
        if name not in self.scope.writable:
            if self.scope.mode is Mode.CONDITION:
                self.not_here("assignment", target)
                return None
            writers = [e.name for e in self.scope.effects.values() if e.do is not None and name in e.do.text]
            hint = (
                f"use an effect that does it: `{writers[0]}(…)`"
                if writers
                else f"declare an effect with `do: '{name} = …'` in world.yaml"
            )
            self.complain(rules.FOREIGN_FACT, f"`{name}` is not this character's to write", target, hint)
            return None
        return name

    def _for(self, node: ast.For, frame: Frame, line: int) -> Iterable[Statement]:
        iterable = self.expression(node.iter, frame)
        if node.orelse:
            hint = "put the lines after the loop"
            self.complain(rules.LOOP_ELSE, "a loop has no `else`", node.orelse[0], hint)
        if self._loop_depth >= MAX_LOOP_DEPTH:
            hint = "loop over fewer collections at once"
            self.complain(rules.TOO_DEEP, f"loops are nested more than {MAX_LOOP_DEPTH} deep", node, hint)
            return
        if not isinstance(node.target, ast.Name):
            hint = "write `for name in collection:`, and look values up with `[…]`"
            self.complain(rules.ASSIGNMENT_FORM, "a loop has one variable", node.target, hint)
            variable = "_"
        else:
            variable = node.target.id
            taken = {*frame.parameters, *frame.assigned, *frame.enclosing}
            self.check_new_name(variable, node.target, frame, taken)
        self._loop_depth += 1
        frame.enclosing.append(variable)
        body = self._block(node.body, frame)
        frame.enclosing.pop()
        self._loop_depth -= 1
        yield nodes.For(variable, iterable, body, line)

    def _match(self, node: ast.Match, frame: Frame, line: int) -> Iterable[Statement]:
        subject = self.expression(node.subject, frame)
        cases = []
        for case in node.cases:
            values = self._pattern(case.pattern)
            guard = None if case.guard is None else self.expression(case.guard, frame)
            body = self._block(case.body, frame)
            read = nodes.Case(values, guard, body, self.reading.position(case.pattern).line)
            self.reading.places.put(read, self.reading.position(case.pattern))
            cases.append(read)
        yield nodes.Match(subject, tuple(cases), line)

    def _pattern(self, pattern: ast.pattern) -> tuple[str | int | bool | None, ...] | None:
        match pattern:
            case ast.MatchAs(pattern=None, name=None):
                return None
            case ast.MatchValue(value=ast.Constant(value=str() | int() as value)):
                return (value,)
            case ast.MatchValue(value=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value)))):
                return (-value,)
            case ast.MatchSingleton(value=value):
                return (value,)
            case ast.MatchOr(patterns):
                found = [self._pattern(part) for part in patterns]
                return tuple(value for part in found if part is not None for value in part)
            case ast.MatchAs(name=str(name)):
                hint = f'a name stands in quotation marks: `case "{name}":`; everything else is `case _:`'
                nearest = did_you_mean(name, self.scope.responses) if name in self.scope.responses else None
                self.complain(rules.CASE_FORM, f"`case {name}` would match everything", pattern, nearest or hint)
            case _:
                hint = 'write `case "name":`, `case "a" | "b":` or `case _:`'
                self.complain(rules.CASE_FORM, "a `case` is made of literals", pattern, hint)
        return ()


def _frame(body: Sequence[ast.stmt], parameters: tuple[str, ...]) -> Frame:
    assigned: set[str] = set()
    loops: set[str] = set()
    for node in _statements(body):
        match node:
            case ast.Assign(targets=targets):
                names = chain.from_iterable(
                    ast.walk(t) for t in targets if isinstance(t, ast.Name | ast.Tuple | ast.List)
                )
                assigned |= {part.id for part in names if isinstance(part, ast.Name)}
            case ast.AugAssign(target=ast.Name(id=name)) | ast.AnnAssign(target=ast.Name(id=name)):
                assigned.add(name)
            case ast.For(target=ast.Name(id=name)):
                loops.add(name)
    return Frame(parameters, frozenset(assigned), frozenset(loops))


def _statements(body: Sequence[ast.stmt]) -> Iterable[ast.stmt]:
    """All statements of a body, those under other statements included."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.stmt):
            yield node
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            pending += getattr(node, name, ())
