"""Trees back to pseudocode: text that parses to the same program again."""

from __future__ import annotations

import json
from collections.abc import Iterable

from npc.logic import nodes
from npc.logic.nodes import Expression, Statement, Tree

INDENT = "    "

# How tightly an expression binds, as in Python; an operand that binds less tightly stands in parentheses.
_CONDITIONAL, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGN, _ATOM = range(9)
_SUMS = ("+", "-")


def source_of(tree: Tree) -> str:
    """The program as text, helpers first; it ends with a line end."""
    lines: list[str] = []
    for helper in tree.helpers.values():
        lines += [f"def {helper.name}({', '.join(helper.parameters)}):", *_block(helper.body, 1), ""]
    lines += _block(tree.body, 0)
    return "\n".join(lines) + "\n"


def expression_source(node: Expression) -> str:
    """One expression as text."""
    return _text(node, _CONDITIONAL)


def statement_source(node: Statement) -> list[str]:
    """One statement as lines of text, with what it contains."""
    return _statement(node, 0)


def _block(body: Iterable[Statement], depth: int) -> list[str]:
    lines = [line for statement in body for line in _statement(statement, depth)]
    return lines or [f"{INDENT * depth}pass"]


def _statement(node: Statement, depth: int) -> list[str]:
    margin = INDENT * depth
    match node:
        case nodes.If():
            return _if(node, depth)
        case nodes.Match(subject, cases):
            lines = [f"{margin}match {expression_source(subject)}:"]
            for case in cases:
                pattern = "_" if case.values is None else " | ".join(_literal(value) for value in case.values)
                guard = "" if case.guard is None else f" if {expression_source(case.guard)}"
                lines += [f"{margin}{INDENT}case {pattern}{guard}:", *_block(case.body, depth + 2)]
            return lines
        case nodes.Return(value):
            return [f"{margin}return" + ("" if value is None else f" {expression_source(value)}")]
        case nodes.EffectCall(effect, arguments):
            return [f"{margin}{effect}({', '.join(expression_source(value) for _, value in arguments)})"]
        case nodes.AssignFact(fact, operator, value):
            return [f"{margin}{fact} {operator} {expression_source(value)}"]
        case nodes.AssignCount(fact, item, operator, value):
            return [f"{margin}{fact}[{expression_source(item)}] {operator} {expression_source(value)}"]
        case nodes.AssignLocal(name, operator, value):
            return [f"{margin}{name} {operator} {expression_source(value)}"]
        case nodes.For(variable, iterable, body):
            return [f"{margin}for {variable} in {expression_source(iterable)}:", *_block(body, depth + 1)]
        case nodes.HelperStatement(call):
            return [f"{margin}{expression_source(call)}"]
        case nodes.Pass():
            return [f"{margin}pass"]


def _if(node: nodes.If, depth: int) -> list[str]:
    margin, word = INDENT * depth, "if"
    lines: list[str] = []
    while True:
        lines += [f"{margin}{word} {expression_source(node.test)}:", *_block(node.then, depth + 1)]
        match node.otherwise:
            case ():
                return lines
            case (nodes.If() as inner,):
                node, word = inner, "elif"
            case otherwise:
                return [*lines, f"{margin}else:", *_block(otherwise, depth + 1)]


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _text(node: Expression, within: int) -> str:
    """The text of an expression that stands where at least the binding `within` is needed."""
    text, binding = _bound(node)
    return f"({text})" if binding < within else text


def _bound(node: Expression) -> tuple[str, int]:
    match node:
        case nodes.Literal(value):
            signed = isinstance(value, int | float) and not isinstance(value, bool) and value < 0
            return _literal(value), _SIGN if signed else _ATOM
        case nodes.FactRef(name) | nodes.LocalRef(name) | nodes.TableRef(name) | nodes.ContextRef(name):
            return name, _ATOM
        case nodes.HeardRef(intent):
            return f"heard.{intent}", _ATOM
        case nodes.SlotRef(intent, slot):
            return f"heard.{intent}.{slot}", _ATOM
        case nodes.Not(operand):
            return f"not {_text(operand, _NOT)}", _NOT
        case nodes.Junction(operator, operands):
            binding = _OR if operator == "or" else _AND
            return f" {operator} ".join(_text(operand, binding + 1) for operand in operands), binding
        case nodes.Comparison(first, rest):
            links = [f"{operator} {_text(operand, _SUM)}" for operator, operand in rest]
            return " ".join([_text(first, _SUM), *links]), _COMPARISON
        case nodes.Arithmetic(operator, left, right):
            binding = _SUM if operator in _SUMS else _PRODUCT
            return f"{_text(left, binding)} {operator} {_text(right, binding + 1)}", binding
        case nodes.Negative(operand):
            return f"-{_text(operand, _SIGN)}", _SIGN
        case nodes.BuiltinCall(function, arguments):
            return f"{function}({_listed(arguments)})", _ATOM
        case nodes.Chance(probability):
            return f"chance({expression_source(probability)})", _ATOM
        case nodes.Conditional(test, then, otherwise):
            parts = (_text(then, _OR), _text(test, _OR), _text(otherwise, _CONDITIONAL))
            return f"{parts[0]} if {parts[1]} else {parts[2]}", _CONDITIONAL
        case nodes.Sequence(elements):
            return f"[{_listed(elements)}]", _ATOM
        case nodes.SetDisplay(elements):
            return f"{{{_listed(elements)}}}" if elements else "set()", _ATOM
        case nodes.Comprehension(element, variable, iterable, conditions):
            tests = "".join(f" if {_text(condition, _OR)}" for condition in conditions)
            return f"[{expression_source(element)} for {variable} in {_text(iterable, _OR)}{tests}]", _ATOM
        case nodes.Subscript(container, key):
            return f"{_text(container, _ATOM)}[{expression_source(key)}]", _ATOM
        case nodes.HelperCall(helper, arguments):
            return f"{helper}({_listed(arguments)})", _ATOM
        case nodes.Say(response, values):
            return f"say({', '.join([_literal(response), *_keywords(values)])})", _ATOM
        case nodes.SayAny(responses, values):
            return f"say_any({', '.join([*map(_literal, responses), *_keywords(values)])})", _ATOM


def _listed(parts: Iterable[Expression]) -> str:
    return ", ".join(expression_source(part) for part in parts)


def _keywords(values: Iterable[tuple[str, Expression]]) -> list[str]:
    return [f"{name}={expression_source(value)}" for name, value in values]


def case_source(subject: nodes.Expression, case: nodes.Case) -> str:
    """A case of a match as a condition: ``warden.mood: case 'calm' | 'tired' if turn > 2``."""
    values = "_" if case.values is None else " | ".join(map(repr, case.values))
    guard = "" if case.guard is None else f" if {expression_source(case.guard)}"
    return f"{expression_source(subject)}: case {values}{guard}"
