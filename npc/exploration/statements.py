"""The statements of a character's logic, by the lines they stand in."""

from __future__ import annotations

from collections.abc import Iterator

from npc.logic import nodes
from npc.logic.nodes import Tree

Located = tuple[int, int, int]
"""The line of a statement, that of the statement around it, and that of the one before it; 0 where there is none."""


def statement_lines(tree: Tree) -> Iterator[Located]:
    """Every statement of a program, helpers after the body, outer ones before inner ones."""
    yield from _block(tree.body, 0)
    for helper in tree.helpers.values():
        yield from _block(helper.body, 0)


def _block(body: tuple[nodes.Statement, ...], outer: int) -> Iterator[Located]:
    before = 0
    for statement in body:
        yield statement.line, outer, before
        before = statement.line
        match statement:
            case nodes.If(_, then, otherwise):
                yield from _block(then, statement.line)
                yield from _block(otherwise, statement.line)
            case nodes.For(_, _, inner):
                yield from _block(inner, statement.line)
            case nodes.Match(_, cases):
                for case in cases:
                    yield from _block(case.body, statement.line)
