"""Small mistakes put into a character's logic, one at a time: what a slip of the writer's hand would leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from npc.catalog.model import Response
from npc.logic import nodes
from npc.logic.nodes import Tree

_OPERATORS: dict[str, tuple[str, ...]] = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "in": ("not in",),
    "not in": ("in",),
    "is": ("is not",),
    "is not": ("is",),
}
_ARITHMETIC: dict[str, str] = {"+": "-", "-": "+", "*": "+"}
_EXTREMES: dict[str, str] = {"min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A program with one mistake in it.

    Attributes:
        tree: the program.
        line: the line in the writer's file where the mistake is.
        what: the mistake in a few words.
    """

    tree: Tree
    line: int
    what: str


def mutants_of(tree: Tree, responses: Mapping[str, Response]) -> Iterator[Mutant]:
    """Every mutant of a program, from its first line to its last."""
    mutating = _Mutating(responses)
    for body, line, what in mutating.inside(tree.body, 0):
        yield Mutant(replace(tree, body=body), line, what)
    for name, helper in tree.helpers.items():
        for body, line, what in mutating.inside(helper.body, helper.line):
            changed = {**tree.helpers, name: replace(helper, body=body)}
            yield Mutant(replace(tree, helpers=changed), line, what)


Variant = tuple[Any, int, str]


class _Mutating:
    def __init__(self, responses: Mapping[str, Response]) -> None:
        self._responses = responses
        self._order = list(responses)

    def inside(self, value: Any, line: int) -> Iterator[Variant]:
        """A value with one mistake in it or in one of its parts."""
        if isinstance(value, tuple):
            for number, part in enumerate(value):
                for changed, where, what in self.inside(part, line):
                    yield (*value[:number], changed, *value[number + 1 :]), where, what
        elif is_dataclass(value) and not isinstance(value, type):
            line = getattr(value, "line", line)
            yield from ((changed, line, what) for changed, what in self._own(value))
            for field in fields(value):
                for changed, where, what in self.inside(getattr(value, field.name), line):
                    yield replace(value, **{field.name: changed}), where, what

    def _own(self, node: Any) -> Iterator[tuple[Any, str]]:
        match node:
            case nodes.Comparison(_, rest):
                yield from self._comparison(node, rest)
            case nodes.Junction(operator, operands):
                other: Any = "or" if operator == "and" else "and"
                yield replace(node, operator=other), f"`{operator}` became `{other}`"
                for number in range(len(operands)):
                    left = (*operands[:number], *operands[number + 1 :])
                    without = left[0] if len(left) == 1 else replace(node, operands=left)
                    yield without, "a condition was dropped"
            case nodes.Not(operand):
                yield operand, "`not` was dropped"
            case nodes.If(test, _, _, _) if not isinstance(test, nodes.Comparison | nodes.Junction | nodes.Not):
                yield replace(node, test=nodes.Not(test)), "the condition was turned round"
            case nodes.Conditional(_, then, otherwise):
                yield replace(node, then=otherwise, otherwise=then), "the two values were swapped"
            case nodes.Literal(bool() as value):
                yield nodes.Literal(not value), f"`{value}` became `{not value}`"
            case nodes.Literal(int() as number):
                yield nodes.Literal(number + 1), f"`{number}` became `{number + 1}`"
            case nodes.Arithmetic(operator, _, _) if operator in _ARITHMETIC:
                changed: Any = _ARITHMETIC[operator]
                yield replace(node, operator=changed), f"`{operator}` became `{changed}`"
            case nodes.BuiltinCall(function, _) if function in _EXTREMES:
                extreme: Any = _EXTREMES[function]
                yield replace(node, function=extreme), f"`{function}` became `{extreme}`"
            case nodes.Say(response, values, _):
                other = self._other(response, {name for name, _ in values})
                if other is not None:
                    yield replace(node, response=other), f"`{response}` became `{other}`"
            case nodes.SayAny(responses, _, _) if len(responses) > 1:
                for dropped in responses:
                    others = tuple(name for name in responses if name != dropped)
                    yield replace(node, responses=others), f"`{dropped}` was dropped"
            case nodes.AssignFact() | nodes.AssignCount():
                yield nodes.Pass(node.line), "the change was removed"
                if node.operator != "=":
                    turned: Any = "-=" if node.operator == "+=" else "+="
                    yield replace(node, operator=turned), f"`{node.operator}` became `{turned}`"
            case nodes.EffectCall() | nodes.HelperStatement():
                yield (
                    nodes.Pass(node.line),
                    "the effect was removed" if isinstance(node, nodes.EffectCall) else "the call was removed",
                )

    def _comparison(self, node: nodes.Comparison, rest: Any) -> Iterator[tuple[Any, str]]:
        for number, (operator, operand) in enumerate(rest):
            for other in _OPERATORS[operator]:
                changed = (*rest[:number], (other, operand), *rest[number + 1 :])
                yield replace(node, rest=changed), f"`{operator}` became `{other}`"

    def _other(self, response: str, given: set[str]) -> str | None:
        """The next line in the file that can be said with these values."""
        place = self._order.index(response)
        for name in (*self._order[place + 1 :], *self._order[:place]):
            if set(self._responses[name].placeholders) <= given:
                return name
        return None
