"""What a cast's own prompt template may contain.

A template is a writer's file, so loading it must neither hang nor run code. The sandbox keeps it from Python; the
whitelist here also keeps it *total*, like the pseudocode: no macros, no assignments, no calls, no arithmetic, and a
loop within a loop goes over a part of the outer loop's entry. So rendering takes time in proportion to the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from npc.diagnostics import did_you_mean

FILTERS = frozenset(
    "capitalize count d default first indent join last length list lower title trim upper".split()  # noqa: SIM905
)
TESTS = frozenset({"boolean", "defined", "even", "false", "integer", "none", "odd", "string", "true", "undefined"})

FILTER_DEPTH = 3
"""Filters that may be applied one to the result of another."""

ARGUMENT_LIMIT = 100
"""The longest text, and the largest number, that a filter takes as an argument."""

SHIPPED_PREFIX = "npc/"

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.And,
    nodes.Block,
    nodes.Compare,
    nodes.CondExpr,
    nodes.Const,
    nodes.Extends,
    nodes.Filter,
    nodes.For,
    nodes.Getattr,
    nodes.Getitem,
    nodes.If,
    nodes.Keyword,
    nodes.List,
    nodes.Name,
    nodes.Neg,
    nodes.Not,
    nodes.Operand,
    nodes.Or,
    nodes.Output,
    nodes.Slice,
    nodes.Template,
    nodes.TemplateData,
    nodes.Test,
    nodes.Tuple,
)

_CALLED = {
    "Add": "arithmetic",
    "Assign": "`set`",
    "AssignBlock": "`set`",
    "Call": "a call",
    "CallBlock": "`call`",
    "Concat": "`~`",
    "FilterBlock": "`filter`",
    "FromImport": "`import`",
    "Import": "`import`",
    "Include": "`include`",
    "Macro": "`macro`",
    "With": "`with`",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a template may not contain, or a name it cannot know; `unknown` tells the latter."""

    line: int
    message: str
    hint: str | None
    unknown: bool = False


def check_template(tree: nodes.Template, known: Mapping[str, object], parents: frozenset[str]) -> list[Finding]:
    """Everything in a parsed template that is against the rules.

    Args:
        tree: the template.
        known: the data it is rendered with, by name.
        parents: names of the templates it may extend.
    """
    return list(_Walk(known, parents).visit(tree, frozenset(), None))


class _Walk:
    def __init__(self, known: Mapping[str, object], parents: frozenset[str]) -> None:
        self._known, self._parents = known, parents

    def visit(self, node: nodes.Node, variables: frozenset[str], loop: str | None) -> Iterator[Finding]:
        """Findings in `node`, where loops have bound `variables`; `loop` is the variable of the innermost one."""
        match node:
            case nodes.Call(node=nodes.Name(name="super"), args=[], kwargs=[]):
                return
            case nodes.Name(name=name, ctx="load"):
                if name not in variables and name not in self._known:
                    hint = did_you_mean(name, self._known.keys() | variables, show=20)
                    yield Finding(node.lineno, f"there is no `{name}` to show here", hint, unknown=True)
                elif loop is not None and name not in variables and isinstance(self._known[name], list | dict):
                    message = f"`{name}` is read again for every `{loop}`"
                    yield Finding(node.lineno, message, f"a loop may show parts of `{loop}`, and single values")
            case nodes.Extends(template=parent):
                if not (isinstance(parent, nodes.Const) and parent.value in self._parents):
                    hint = "extend one of " + ", ".join(f'"{name}"' for name in sorted(self._parents))
                    yield Finding(node.lineno, "a template may only extend the shipped ones", hint)
            case nodes.Filter():
                yield from self._filter(node)
                yield from self._children(node, variables, loop)
            case nodes.Test(name=name) if name not in TESTS:
                yield Finding(node.lineno, f"there is no test `{name}`", did_you_mean(name, TESTS, show=20))
            case nodes.For():
                yield from self._for(node, variables, loop)
            case nodes.Block(scoped=False) if loop is not None:
                yield Finding(node.lineno, "a block stands inside a loop", "move the block out of the loop")
            case _ if isinstance(node, _ALLOWED):
                yield from self._children(node, variables, loop)
            case _:
                kind = type(node).__name__
                what = _CALLED.get(kind, "arithmetic" if isinstance(node, nodes.BinExpr) else kind)
                hint = "templates show data with {{ }}, {% if %}, {% for %}, {% block %}, {% extends %} and filters"
                yield Finding(node.lineno, f"{what} is not allowed in a prompt template", hint)

    def _children(self, node: nodes.Node, variables: frozenset[str], loop: str | None) -> Iterator[Finding]:
        for child in node.iter_child_nodes():
            yield from self.visit(child, variables, loop)

    def _filter(self, node: nodes.Filter) -> Iterator[Finding]:
        if node.name not in FILTERS:
            yield Finding(node.lineno, f"there is no filter `{node.name}`", did_you_mean(node.name, FILTERS, show=20))
        if node.node is None or _filters(node) > FILTER_DEPTH:
            message = f"more than {FILTER_DEPTH} filters follow one another"
            yield Finding(node.lineno, message, "show the parts one by one")
        values = [*node.args, *(keyword.value for keyword in node.kwargs)]
        if node.dyn_args or node.dyn_kwargs or not all(map(_small, values)):
            message = f"an argument of `{node.name}` is not a literal of at most {ARGUMENT_LIMIT}"
            yield Finding(node.lineno, message, None)

    def _for(self, node: nodes.For, variables: frozenset[str], loop: str | None) -> Iterator[Finding]:
        if node.recursive:
            yield Finding(node.lineno, "a recursive loop is not allowed in a prompt template", None)
        root = _root(node.iter)
        if root is None or not isinstance(node.target, nodes.Name):
            hint = "write {% for entry in name %} or {% for entry in name.part %}"
            yield Finding(node.lineno, "a loop goes over data as it was given, with one variable", hint)
            return
        if loop is not None and root != loop:
            hint = f"such as {{% for part in {loop}.parts %}}"
            yield Finding(node.lineno, f"a loop within a loop must go over a part of `{loop}`", hint)
        else:
            yield from self.visit(node.iter, variables, loop)
        inner = variables | {node.target.name, "loop"}
        for child in [*([] if node.test is None else [node.test]), *node.body]:
            yield from self.visit(child, inner, node.target.name)
        for child in node.else_:
            yield from self.visit(child, variables, loop)


def _filters(node: nodes.Node) -> int:
    below = max((_filters(child) for child in node.iter_child_nodes()), default=0)
    return below + isinstance(node, nodes.Filter)


def _small(value: nodes.Node) -> bool:
    if not isinstance(value, nodes.Const):
        return False
    size = len(value.value) if isinstance(value.value, str) else value.value
    return size is None or (isinstance(size, int) and 0 <= size <= ARGUMENT_LIMIT)


def _root(node: nodes.Node) -> str | None:
    while isinstance(node, nodes.Getattr) or (isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const)):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else None
