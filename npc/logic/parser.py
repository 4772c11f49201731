"""Pseudocode text to a tree. Python's `ast` reads the syntax; nothing is ever executed or evaluated as Python."""

from __future__ import annotations

import ast
import re
import warnings

from npc.catalog.model import SourceText
from npc.diagnostics import Position
from npc.logic import rules
from npc.logic.nodes import Expression, Literal, Tree
from npc.logic.read_expressions import Frame, Reading
from npc.logic.read_statements import ProgramReader
from npc.logic.reporting import LINE_END, Places, Report
from npc.logic.scope import Scope
from npc.logic.wording import syntax_hint

MAX_CHARACTERS = 100_000
"""The longest pseudocode that is read. A prompt that carries more would not fit most models."""

_CONDITION_HINT = "a condition is one expression over facts, such as `player.gold >= 10`"

_UNREADABLE = re.compile("[\0\ud800-\udfff]")
"""Null bytes and lone surrogates: Python's tokenizer does not even start on them."""


def parse_program(source: SourceText, scope: Scope, report: Report) -> tuple[Tree, Places]:
    """Read a character's logic or an effect's `do`.

    Everything outside the language goes to `report`; the tree then holds stand-ins, and is fit for checking only.

    Returns:
        The tree, with names resolved, and where each of its nodes stands.
    """
    places = Places(source)
    module = _python_tree(source, report, "exec")
    if not isinstance(module, ast.Module):
        return Tree({}, ()), places
    reader = ProgramReader(Reading(source, scope, report, places))
    try:
        return reader.program(module), places
    except RecursionError:
        _too_deep(report, places.start)
        return Tree({}, ()), places


def parse_condition(source: SourceText, scope: Scope, report: Report) -> tuple[Expression, Places]:
    """Read a `when`, an invariant or a goal: one expression over facts. See `parse_program`."""
    places = Places(source)
    if not source.text.strip():
        report.add(rules.SYNTAX, "the condition is empty", places.start, _CONDITION_HINT)
        body = None
    else:
        body = _python_tree(source, report, "eval")
    if isinstance(body, ast.Expression):
        reader = ProgramReader(Reading(source, scope, report, places))
        try:
            return reader.expression(body.body, Frame()), places
        except RecursionError:
            _too_deep(report, places.start)
    stand_in = Literal(None)
    places.put(stand_in, places.start, broken=True)
    return stand_in, places


def _python_tree(source: SourceText, report: Report, mode: str) -> ast.AST | None:
    text, start = source.text, source.position(1, 1)
    if len(text) > MAX_CHARACTERS:
        message = f"the pseudocode has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}"
        report.add(rules.TOO_LARGE, message, start, "split the character, or move constants into `tables:`")
        return None
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        before = LINE_END.split(text[: unreadable.start()])
        position = source.position(len(before), len(before[-1]) + 1)
        report.add(rules.UNREADABLE, "a character here cannot stand in a program", position, "delete it")
        return None
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            tree: ast.AST = ast.parse(text, mode=mode)
    except SyntaxError as error:
        _report_syntax_error(error, source, report, mode)
        return None
    except (RecursionError, MemoryError):
        _too_deep(report, start)
        return None
    lines = LINE_END.split(text)
    for warning in caught:
        escape = re.search(r"(\\.)", str(warning.message))
        if escape:
            line = min(max(1, warning.lineno), len(lines))
            column = max(0, lines[line - 1].find(escape[1])) + 1
            message = f"`{escape[1]}` means nothing in a text"
            hint = "leave the backslash out, or double it"
            report.add(rules.BAD_ESCAPE, message, source.position(line, column), hint)
    return tree


def _report_syntax_error(error: SyntaxError, source: SourceText, report: Report, mode: str) -> None:
    lines = LINE_END.split(source.text)
    line = min(max(error.lineno or 1, 1), len(lines))
    column = min(max(error.offset or 1, 1), len(lines[line - 1]) + 1)
    message = (error.msg or "invalid syntax").split(" (<unknown>")[0]
    position = source.position(line, column)
    too_deep = "too many nested parentheses" in message or "too many levels of indentation" in message
    if "integer string conversion" in message:
        message = "the number has too many digits"
    rule = rules.TOO_DEEP if too_deep else rules.SYNTAX
    hint = syntax_hint(error.msg or "", lines[line - 1]) or (_CONDITION_HINT if mode == "eval" else None)
    report.add(rule, _lower_first(message), position, hint)


def _lower_first(message: str) -> str:
    return message if message[1:2].isupper() else message[:1].lower() + message[1:]


def _too_deep(report: Report, position: Position) -> None:
    hint = "split it into steps with locals and helpers"
    report.add(rules.TOO_DEEP, "the pseudocode is nested too deeply", position, hint)
