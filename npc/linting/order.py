"""Lints of the order in which a turn does things: what can fail belongs before what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from npc.catalog.types import BagType, IntType
from npc.diagnostics import Position
from npc.linting import rules
from npc.linting.places import Findings
from npc.logic import nodes
from npc.logic.cast import Cast
from npc.logic.footprint import walk

STEPS = 20_000
"""Statements of one character that are followed, helpers each time they are called."""


@dataclass(frozen=True, slots=True)
class _Before:
    """What a turn has done and looked at before some statement, on every way that leads there.

    Attributes:
        done: the first thing done, as people read it; None where nothing is.
        read: the facts that were looked at.
    """

    done: str | None = None
    read: frozenset[str] = frozenset()

    def reading(self, *parts: object) -> _Before:
        """The same, some expressions having been evaluated."""
        names = {node.name for node in walk(parts) if isinstance(node, nodes.FactRef)}
        return _Before(self.done, self.read | names)


def check_order(cast: Cast, findings: Findings) -> None:
    """W401."""
    for name in cast.characters:
        _Order(cast, name, findings).check()


class _Order:
    def __init__(self, cast: Cast, character: str, findings: Findings) -> None:
        self._cast, self._findings = cast, findings
        self._tree = cast.trees.characters[character].logic
        self._file = cast.characters[character].declaration.position.file
        self._told: set[tuple[int, str]] = set()
        self._steps = 0

    def check(self) -> None:
        self._block(self._tree.body, _Before())

    def _block(self, body: Iterable[nodes.Statement], before: _Before | None) -> _Before | None:
        """What is so after some statements; None where the turn always ends in them."""
        for statement in body:
            self._steps += 1
            if before is None or self._steps > STEPS:
                return None
            before = self._statement(statement, before)
        return before

    def _statement(self, statement: nodes.Statement, before: _Before) -> _Before | None:
        match statement:
            case nodes.If(test, then, otherwise):
                before = self._evaluated(before, test)
                return _met([self._block(then, before), self._block(otherwise, before)])
            case nodes.Match(subject, cases):
                before = self._evaluated(before, subject, *(case.guard for case in cases))
                ends = [self._block(case.body, before) for case in cases]
                certain = any(case.values is None and case.guard is None for case in cases)
                return _met(ends if certain else [*ends, before])
            case nodes.For(_, iterable, body):
                before = self._evaluated(before, iterable)
                return _met([before, self._block(body, before)])
            case nodes.Return(value):
                self._evaluated(before, value)
                return None
            case nodes.HelperStatement(call):
                return self._evaluated(before, call)
            case nodes.EffectCall(effect, arguments):
                before = self._evaluated(before, arguments)
                do = self._cast.trees.effects.get(effect)
                self._check(statement, before, do.body if do is not None else ())
                return _Before(before.done or f"{effect}(…)", before.read)
            case nodes.AssignFact(fact) | nodes.AssignCount(fact):
                before = self._evaluated(before, statement.value)
                self._check(statement, before, (statement,))
                return _Before(before.done or f"{fact} {statement.operator} …", before.read)
            case nodes.AssignLocal(_, _, value):
                return self._evaluated(before, value)
            case nodes.Pass():
                return before

    def _evaluated(self, before: _Before, *parts: object) -> _Before:
        """What is so once expressions were evaluated, with the helpers that they call."""
        for node in walk(parts):
            if isinstance(node, nodes.HelperCall) and self._steps <= STEPS:
                helper = self._tree.helpers[node.helper]
                inside = self._block(helper.body, before.reading(node))
                # A helper that returns comes back to here all the same.
                read = frozenset(n.name for n in walk([helper]) if isinstance(n, nodes.FactRef))
                before = _Before(before.done or (inside.done if inside else None), before.read | read)
        return before.reading(*parts)

    def _check(self, statement: nodes.Statement, before: _Before, steps: Iterable[nodes.Statement]) -> None:
        """Whether a statement takes from something that was not looked at, after something was done."""
        if before.done is None:
            return
        for fact in self._taken_from(steps):
            if fact in before.read or (statement.line, fact) in self._told:
                continue
            self._told.add((statement.line, fact))
            message = (
                f"nothing has tested `{fact}` before this takes from it: where it holds too little, the turn is void, "
                f"`{before.done}` included"
            )
            hint = "test for it first, before anything is done"
            self._findings.add(rules.FAILURE_AFTER_EFFECT, message, self._place(statement.line), hint)

    def _taken_from(self, steps: Iterable[nodes.Statement]) -> Iterator[str]:
        for step in steps:
            match step:
                case nodes.AssignFact(fact, "-="):
                    kind = self._cast.catalog.facts[fact].type
                    if isinstance(kind, IntType) and kind.min is not None:
                        yield fact
                case nodes.AssignCount(fact, _, "-="):
                    if isinstance(self._cast.catalog.facts[fact].type, BagType):
                        yield fact

    def _place(self, line: int) -> Position:
        text = self._cast.catalog.sources[self._file].split("\n")[line - 1]
        return Position(self._file, line, len(text) - len(text.lstrip()) + 1)


def _met(ways: Iterable[_Before | None]) -> _Before | None:
    """What is so where several ways meet."""
    open_ways = [way for way in ways if way is not None]
    if not open_ways:
        return None
    done = next((way.done for way in open_ways if way.done is not None), None)
    return _Before(done, frozenset.intersection(*(way.read for way in open_ways)))
