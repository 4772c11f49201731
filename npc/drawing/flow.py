"""A character's logic as a graph of decisions.

Conditions stand below one another in the order they are tested, what follows when one holds to their right: so the
arrow for "yes" goes right, the arrow for "no" goes down, and none crosses a box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from npc.catalog.model import CharacterDeclaration, Response
from npc.drawing.graph import Edge, Graph, Kind, Mark, Node, Section
from npc.drawing.taken import Taken, of_all, reached
from npc.logic import nodes
from npc.logic.cast import Cast
from npc.logic.footprint import walk
from npc.logic.nodes import Statement
from npc.logic.source import case_source, expression_source, statement_source

SHOWN_TEXT = 90
"""Characters of a response's first text that are shown."""
FALLS_OFF = "no return"

Exit = tuple[str, str, Mark]
"""A node, the label of the arrow that leaves it, and the arrow's mark."""


def decisions_of(cast: Cast, character: str, taken: Taken | None = None) -> Graph:
    """What a character decides: its logic and each of its helpers, as a section each.

    Args:
        cast: the cast.
        character: whose decisions.
        taken: what a test run took of them, which is then marked.

    Raises:
        UnknownName: the cast has no such character.
    """
    declaration = cast.character(character).declaration
    tree = cast.trees.characters[character].logic
    sections = [_Flow(declaration, "n", taken, ends=True).section(declaration.name, "the player speaks", tree.body)]
    for number, helper in enumerate(tree.helpers.values()):
        heading = f"def {helper.name}({', '.join(helper.parameters)})"
        sections.append(_Flow(declaration, f"h{number}_", taken, ends=False).section(heading, heading, helper.body))
    return Graph(declaration.name, tuple(sections))


class _Flow:
    def __init__(self, declaration: CharacterDeclaration, prefix: str, taken: Taken | None, *, ends: bool) -> None:
        self._responses = declaration.responses
        self._otherwise = declaration.otherwise
        self._prefix = prefix
        self._taken = taken
        self._ends = ends
        self._nodes: list[Node] = []
        self._edges: list[Edge] = []

    def section(self, title: str, begins: str, body: Sequence[Statement]) -> Section:
        begun = self._line_mark(body)
        start = self._node("start", (begins,), 0, 0, None, begun)
        exits, row = self._block(body, 1, 0, [(start, "", begun)])
        if exits and self._ends:
            lines = (f"otherwise {self._otherwise}", *_spoken(self._responses, (self._otherwise,)))
            self._join(exits, self._node("otherwise", lines, row, 0, None, reached(mark for _, _, mark in exits)))
        return Section(title, tuple(self._nodes), tuple(self._edges))

    def _line_mark(self, body: Sequence[Statement]) -> Mark:
        """Whether the first of some statements was run."""
        return "" if self._taken is None else self._taken.line(body[0].line)

    def _way_mark(self, line: int, condition: str, way: bool) -> Mark:
        return "" if self._taken is None else self._taken.way(line, condition, way)

    def _case_mark(self, subject: nodes.Expression, case: nodes.Case) -> Mark:
        if case.values is None and case.guard is None:
            return self._line_mark(case.body)
        return self._way_mark(case.line, case_source(subject, case), True)

    def _node(
        self, kind: Kind, lines: tuple[str, ...], row: int, column: int, place: int | None, mark: Mark = ""
    ) -> str:
        node = Node(f"{self._prefix}{len(self._nodes)}", kind, lines, row, column, place, mark)
        self._nodes.append(node)
        return node.id

    def _join(self, exits: Sequence[Exit], node: str) -> None:
        self._edges += [Edge(start, node, label, mark) for start, label, mark in exits]

    def _block(
        self, body: Sequence[Statement], row: int, column: int, entries: Sequence[Exit]
    ) -> tuple[list[Exit], int]:
        """Lay statements out from a row on; the arrows that leave them, and the first row that is free."""
        exits = list(entries)
        pending: list[Statement] = []
        for statement in body:
            match statement:
                case nodes.If() | nodes.Match() | nodes.For():
                    exits, row = self._actions(pending, row, column, exits)
                    pending = []
                    exits, row = self._decision(statement, row, column, exits)
                case nodes.Return():
                    self._join(exits, self._leaf(pending, statement, row, column))
                    return [], row + 1
                case _:
                    pending.append(statement)
        return self._actions(pending, row, column, exits)

    def _actions(
        self, statements: Sequence[Statement], row: int, column: int, exits: list[Exit]
    ) -> tuple[list[Exit], int]:
        if not statements:
            return exits, row
        lines = tuple(line for statement in statements for line in statement_source(statement))
        mark = self._line_mark(statements)
        node = self._node("action", lines, row, column, statements[0].line, mark)
        self._join(exits, node)
        return [(node, "", mark)], row + 1

    def _leaf(self, before: Sequence[Statement], end: nodes.Return, row: int, column: int) -> str:
        done = tuple(line for statement in before for line in statement_source(statement))
        mark = self._line_mark((end,))
        if end.value is None:
            return self._node("otherwise", (*done, "return"), row, column, end.line, mark)
        said = [r for part in walk(end.value) for r in _responses_of(part)]
        texts = _spoken(self._responses, said) if said else ()
        kind: Kind = "response" if said or self._ends else "action"
        return self._node(kind, (*done, f"return {expression_source(end.value)}", *texts), row, column, end.line, mark)

    def _decision(
        self, statement: nodes.If | nodes.Match | nodes.For, row: int, column: int, entries: Sequence[Exit]
    ) -> tuple[list[Exit], int]:
        match statement:
            case nodes.If(test, then, otherwise, line):
                condition = expression_source(test)
                yes, no = (self._way_mark(line, condition, way) for way in (True, False))
                node = self._node("condition", (condition,), row, column, line, of_all((yes, no)))
                self._join(entries, node)
                exits, below = self._block(then, row, column + 1, [(node, "yes", yes)])
                if not otherwise:
                    return [*exits, (node, "no", no)], below
                others, below = self._block(otherwise, below, column, [(node, "no", no)])
                return [*exits, *others], below
            case nodes.Match(subject, cases, line):
                ways = [self._case_mark(subject, case) for case in cases]
                open_ended = not any(case.values is None and case.guard is None for case in cases)
                left_over = self._way_mark(cases[-1].line, case_source(subject, cases[-1]), False)
                mark = of_all([*ways, left_over] if open_ended else ways)
                node = self._node("condition", (f"match {expression_source(subject)}",), row, column, line, mark)
                self._join(entries, node)
                exits = []
                below = row
                for case, way in zip(cases, ways, strict=True):
                    left, below = self._block(case.body, below, column + 1, [(node, _pattern(case), way)])
                    exits += left
                return [*exits, (node, "no case", left_over)] if open_ended else exits, below
            case nodes.For(variable, iterable, body, line):
                mark = self._line_mark((statement,))
                node = self._node(
                    "condition", (f"for {variable} in {expression_source(iterable)}",), row, column, line, mark
                )
                self._join(entries, node)
                exits, below = self._block(body, row, column + 1, [(node, "each", self._line_mark(body))])
                return [*exits, (node, "done", "")], below


def _pattern(case: nodes.Case) -> str:
    pattern = "else" if case.values is None else " or ".join(str(value) for value in case.values)
    return pattern if case.guard is None else f"{pattern} if {expression_source(case.guard)}"


def _responses_of(part: object) -> tuple[str, ...]:
    match part:
        case nodes.Say(response):
            return (response,)
        case nodes.SayAny(responses):
            return responses
        case _:
            return ()


def _spoken(responses: Mapping[str, Response], ids: Sequence[str]) -> tuple[str, ...]:
    """The first text of each response, shortened."""
    texts = [responses[id].texts[0] for id in dict.fromkeys(ids)]
    return tuple(f"“{text if len(text) <= SHOWN_TEXT else text[: SHOWN_TEXT - 1].rstrip() + '…'}”" for text in texts)
