"""Python expressions to expression nodes: the whitelist and the resolution of names."""

from __future__ import annotations

import ast
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import cast

from npc.catalog.model import SourceText
from npc.catalog.types import OneOfType
from npc.diagnostics import Position, Rule, did_you_mean
from npc.logic import nodes, rules, wording
from npc.logic.nodes import Expression
from npc.logic.reporting import LINE_END, Places, Report
from npc.logic.scope import Mode, Scope

MAX_EXPRESSION_DEPTH = 50
LARGEST_LITERAL = 10**15
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

BUILTINS = ("min", "max", "abs", "len", "sum")
CONTEXT = ("last", "turn", "event")
RESERVED = frozenset({*BUILTINS, *CONTEXT, "heard", "say", "say_any", "chance", "set"})
"""Names with a fixed meaning, which locals, parameters and helpers may not take."""

_COMPARISONS: dict[type[ast.cmpop], nodes.ComparisonOperator] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}
_ARITHMETIC: dict[type[ast.operator], nodes.ArithmeticOperator] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}


@dataclass
class Frame:
    """The locals of one function body: parameters, names assigned anywhere in it, its loop variables."""

    parameters: tuple[str, ...] = ()
    assigned: frozenset[str] = frozenset()
    loop_variables: frozenset[str] = frozenset()
    enclosing: list[str] = field(default_factory=list)

    def knows(self, name: str) -> bool:
        return name in self.parameters or name in self.assigned or name in self.loop_variables or name in self.enclosing

    @property
    def names(self) -> set[str]:
        return {*self.parameters, *self.assigned, *self.enclosing}


class Reading:
    """One text being read: where things stand in it, and what its names may mean."""

    def __init__(self, source: SourceText, scope: Scope, report: Report, places: Places) -> None:
        self.source, self.scope, self.report, self.places = source, scope, report, places
        self.helpers: dict[str, int] = {}
        self._lines = LINE_END.split(source.text)

    def position(self, node: ast.AST) -> Position:
        """The place of a Python node in the file (`ast` counts columns in bytes)."""
        line: int = getattr(node, "lineno", 1)
        offset: int = getattr(node, "col_offset", 0)
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        column = offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))
        return self.source.position(line, column + 1)


def dotted_name(node: ast.expr) -> str | None:
    """``player.gold`` of a chain of attributes on a name, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


class ExpressionReader(ABC):
    """Reads expressions. An expression with a diagnostic becomes a stand-in, marked as broken in `Places`."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.scope = reading.scope
        self._depth = 0

    def complain(self, rule: Rule, message: str, node: ast.AST, hint: str | None = None) -> Expression:
        """Give a diagnostic at a Python node; returns the stand-in for it."""
        position = self.reading.position(node)
        self.reading.report.add(rule, message, position, hint)
        stand_in = nodes.Literal(None)
        self.reading.places.put(stand_in, position, broken=True)
        return stand_in

    def expression(self, node: ast.expr, frame: Frame, *, is_line: bool = False) -> Expression:
        """Read one expression; `is_line` where `say` may stand."""
        if self._depth >= MAX_EXPRESSION_DEPTH:
            message = f"the expression is nested more than {MAX_EXPRESSION_DEPTH} deep"
            return self.complain(rules.TOO_DEEP, message, node, "split it into steps with locals")
        self._depth += 1
        try:
            read = self._read(node, frame, is_line)
        finally:
            self._depth -= 1
        if not self.reading.places.is_broken(read):
            self.reading.places.put(read, self.reading.position(node))
        return read

    def _read(self, node: ast.expr, frame: Frame, is_line: bool) -> Expression:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node, frame)
            case ast.Attribute():
                return self._attribute(node)
            case ast.BoolOp(op, values):
                operands = tuple(self.expression(value, frame) for value in values)
                return nodes.Junction("and" if isinstance(op, ast.And) else "or", operands)
            case ast.UnaryOp():
                return self._unary(node, frame)
            case ast.BinOp(left, op, right):
                operator = _ARITHMETIC.get(type(op))
                if operator is None:
                    self.expression(left, frame)
                    self.expression(right, frame)
                    return self._bad_operator(op, node)
                return nodes.Arithmetic(operator, self.expression(left, frame), self.expression(right, frame))
            case ast.Compare():
                return self._comparison(node, frame)
            case ast.IfExp(test, body, orelse):
                read = self.expression(test, frame)
                then = self.expression(body, frame, is_line=is_line)
                return nodes.Conditional(read, then, self.expression(orelse, frame, is_line=is_line))
            case ast.List(elts) | ast.Tuple(elts):
                return nodes.Sequence(tuple(self.expression(element, frame) for element in elts))
            case ast.Set(elts):
                return nodes.SetDisplay(tuple(self.expression(element, frame) for element in elts))
            case ast.ListComp():
                return self._comprehension(node, frame)
            case ast.Subscript(value, key):
                if isinstance(key, ast.Slice | ast.Tuple):
                    hint = "look one key up: `table[key]`"
                    return self.complain(rules.SUBSCRIPT_FORM, "only one key can be looked up", key, hint)
                return nodes.Subscript(self.expression(value, frame), self.expression(key, frame))
            case ast.Call():
                return self.call(node, frame, is_line)
        rule, message, hint = wording.EXPRESSIONS.get(
            type(node), (rules.NOT_IN_LANGUAGE, "this Python is not in the language", "see docs/pseudocode.md")
        )
        return self.complain(rule, message, node, hint)

    @abstractmethod
    def call(self, node: ast.Call, frame: Frame, is_line: bool) -> Expression:
        """Read a call; `npc.logic.read_calls` does it."""

    def _constant(self, node: ast.Constant) -> Expression:
        value = node.value
        if isinstance(value, str) and _UNSHOWABLE.search(value):
            message = "a text holds a control character or half a character"
            return self.complain(rules.LITERAL, message, node, "remove the escape")
        if value is None or isinstance(value, bool | str):
            return nodes.Literal(value)
        if isinstance(value, int):
            if value > LARGEST_LITERAL:
                message = f"the number is above the limit of {LARGEST_LITERAL:,}"
                return self.complain(rules.LITERAL, message, node, "use a smaller number")
            return nodes.Literal(value)
        if isinstance(value, float):
            hint = "numbers are whole; fractions stand in `chance(0.5)` only"
            return self.complain(rules.FLOAT, f"{value!r} is not a whole number", node, hint)
        return self.complain(rules.LITERAL, "this kind of literal is not in the language", node, "use a number or text")

    def _unary(self, node: ast.UnaryOp, frame: Frame) -> Expression:
        match node.op, node.operand:
            case ast.USub(), ast.Constant(value=int(value)) if not isinstance(value, bool):
                operand = self.expression(node.operand, frame)
                return operand if self.reading.places.is_broken(operand) else nodes.Literal(-value)
            case ast.USub(), _:
                return nodes.Negative(self.expression(node.operand, frame))
            case ast.Not(), _:
                return nodes.Not(self.expression(node.operand, frame))
        self.expression(node.operand, frame)
        return self._bad_operator(node.op, node)

    def _bad_operator(self, operator: ast.AST, node: ast.AST) -> Expression:
        written, hint = wording.OPERATORS[type(operator)]
        return self.complain(rules.OPERATOR, f"`{written}` is not in the language", node, hint)

    def _comparison(self, node: ast.Compare, frame: Frame) -> Expression:
        rest: list[tuple[nodes.ComparisonOperator, Expression]] = []
        first = self.expression(node.left, frame)
        for op, operand in zip(node.ops, node.comparators, strict=True):
            operator = _COMPARISONS[type(op)]
            is_none = isinstance(operand, ast.Constant) and operand.value is None
            if operator in ("is", "is not") and not is_none:
                instead = "==" if operator == "is" else "!="
                self.complain(rules.IDENTITY, f"`{operator}` compares with None only", operand, f"use `{instead}`")
            rest.append((operator, self.expression(operand, frame)))
        return nodes.Comparison(first, tuple(rest))

    def _comprehension(self, node: ast.ListComp, frame: Frame) -> Expression:
        generator = node.generators[0]
        if len(node.generators) > 1 or generator.is_async:
            hint = "write one `for`, and loop with a `for` statement around it"
            return self.complain(rules.COMPREHENSION_FORM, "a comprehension has one `for`", node, hint)
        if not isinstance(generator.target, ast.Name):
            hint = "write `[value for name in collection]`"
            return self.complain(rules.COMPREHENSION_FORM, "a comprehension has one variable", generator.target, hint)
        variable = generator.target.id
        self.check_new_name(variable, generator.target, frame, frame.names)
        iterable = self.expression(generator.iter, frame)
        frame.enclosing.append(variable)
        conditions = tuple(self.expression(condition, frame) for condition in generator.ifs)
        element = self.expression(node.elt, frame)
        frame.enclosing.pop()
        return nodes.Comprehension(element, variable, iterable, conditions)

    def check_new_name(self, name: str, node: ast.AST, frame: Frame, taken: set[str] | frozenset[str]) -> None:
        """Complain where a local, loop variable or parameter has a name that means something else."""
        scope = self.scope
        meanings = (
            ("part of the language", RESERVED),
            ("a table", scope.tables),
            ("an effect", scope.effects),
            ("a helper", self.reading.helpers),
            ("a local here", taken),
        )
        for meaning, names in meanings:
            if name in names:
                self.complain(rules.NAME_TAKEN, f"`{name}` is {meaning} already", node, "use another name")
                return

    def _name(self, node: ast.Name, frame: Frame) -> Expression:
        name, scope, logic = node.id, self.scope, self.scope.mode is Mode.LOGIC
        if frame.knows(name):
            return nodes.LocalRef(name)
        if logic and name in scope.tables:
            return nodes.TableRef(name)
        if name in CONTEXT or name == "heard":
            if not logic:
                return self.not_here(f"`{name}`", node)
            if name == "heard":
                hint = did_you_mean("", [f"heard.{intent}" for intent in scope.intents])
                return self.complain(rules.INCOMPLETE_NAME, "`heard` alone says nothing", node, hint)
            return nodes.ContextRef(cast("nodes.ContextName", name))
        if name in scope.elsewhere:
            return self.not_here(f"the {scope.elsewhere[name]} `{name}`", node)
        below = [fact for fact in scope.facts if fact.startswith(f"{name}.")]
        if below:
            hint = did_you_mean(name, below)
            return self.complain(rules.INCOMPLETE_NAME, f"`{name}` is only the first part of a name", node, hint)
        return self.complain(rules.UNKNOWN_NAME, f"nothing is called `{name}`", node, self._name_hint(name, frame))

    def _name_hint(self, name: str, frame: Frame) -> str | None:
        scope = self.scope
        if name in scope.effects or name in self.reading.helpers or name in BUILTINS:
            return f"call it: `{name}(…)`"
        if name in ("true", "false", "none", "null"):
            return "write `True`, `False` or `None`"
        if name in scope.intents:
            return f"write `heard.{name}`"
        options = {o for fact in scope.facts.values() if isinstance(fact.type, OneOfType) for o in fact.type.options}
        if name in scope.items or name in scope.responses or name in scope.events or name in options:
            return f'a name stands in quotation marks: `"{name}"`'
        known = {*frame.names, *scope.tables, *scope.facts}
        known |= {*CONTEXT, *(f"heard.{intent}" for intent in scope.intents)} if scope.mode is Mode.LOGIC else set()
        return did_you_mean(name, known)

    def not_here(self, what: str, node: ast.AST) -> Expression:
        """Complain about a construct of logic in an effect's `do` or a condition."""
        hint = {
            Mode.EFFECT: "an effect's `do` works on facts and its own arguments",
            Mode.CONDITION: "a condition looks at facts only; test the rest in the logic",
            Mode.LOGIC: None,
        }[self.scope.mode]
        return self.complain(rules.NOT_HERE, f"{what} is not available in {self.scope.mode.value}", node, hint)

    def _attribute(self, node: ast.Attribute) -> Expression:
        name = dotted_name(node)
        if name is None:
            return self.complain(rules.METHOD_CALL, f"this has no part `{node.attr}`", node, "write a fact's full name")
        if name.startswith("heard."):
            return self._heard(name.split(".")[1:], node)
        if name in self.scope.facts:
            return nodes.FactRef(name)
        return self.unknown_fact(name, node)

    def unknown_fact(self, name: str, node: ast.AST) -> Expression:
        """Complain about a dotted name that is no fact."""
        owner = next((fact for fact in self.scope.facts if name.startswith(f"{fact}.")), None)
        if owner:
            last = name.rsplit(".", 1)[1]
            hint = wording.METHODS.get(last, f"write `{owner}` alone")
            return self.complain(rules.METHOD_CALL, f"the fact `{owner}` has no part `{last}`", node, hint)
        return self.complain(
            rules.UNKNOWN_FACT, f"no fact is called `{name}`", node, did_you_mean(name, self.scope.facts)
        )

    def _heard(self, parts: list[str], node: ast.Attribute) -> Expression:
        if self.scope.mode is not Mode.LOGIC:
            return self.not_here("`heard`", node)
        intent = self.scope.intents.get(parts[0])
        if intent is None:
            hint = did_you_mean(parts[0], self.scope.intents)
            return self.complain(rules.UNKNOWN_INTENT, f"no intent is called `{parts[0]}`", node, hint)
        if len(parts) == 1:
            return nodes.HeardRef(parts[0])
        if parts[1] not in intent.slots:
            hint = did_you_mean(parts[1], intent.slots) or f"declare it under `slots:` of `{parts[0]}`"
            message = f"the intent `{parts[0]}` has no slot `{parts[1]}`"
            return self.complain(rules.UNKNOWN_SLOT, message, node, hint)
        if len(parts) > 2:
            message = f"the slot `{parts[1]}` has no part `{parts[2]}`"
            return self.complain(rules.METHOD_CALL, message, node, f"write `heard.{parts[0]}.{parts[1]}`")
        return nodes.SlotRef(parts[0], parts[1])
