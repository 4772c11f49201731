"""Python calls to nodes: `say`, `say_any`, `chance`, the built-in functions, helpers; effects for statements."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import cast

from npc.catalog.model import EffectDeclaration
from npc.diagnostics import did_you_mean, nearest
from npc.logic import nodes, rules, wording
from npc.logic.nodes import Expression
from npc.logic.read_expressions import BUILTINS, ExpressionReader, Frame, dotted_name
from npc.logic.scope import Mode

_ARGUMENTS = {"abs": "one number", "len": "one collection", "sum": "one list"}


class CallReader(ExpressionReader):
    """Reads calls, as expressions and as effects."""

    def call(self, node: ast.Call, frame: Frame, is_line: bool) -> Expression:
        if not isinstance(node.func, ast.Name):
            return self._method_call(node, frame)
        name, logic = node.func.id, self.scope.mode is Mode.LOGIC
        if name in self.reading.helpers:
            return self._helper_call(name, node, frame)
        if name in ("say", "say_any"):
            if not logic:
                return self.not_here(f"`{name}`", node)
            line = self._say(node, frame) if name == "say" else self._say_any(node, frame)
            if not is_line:
                hint = f"write `return {name}(…)`"
                return self.complain(rules.MISPLACED_LINE, f"`{name}` can only be returned", node, hint)
            return line
        if name == "chance":
            return self._chance(node, frame) if logic else self.not_here("`chance`", node)
        if name in BUILTINS:
            return self._builtin(name, node, frame)
        if name == "set":
            if node.args or node.keywords:
                hint = 'write `{"a", "b"}`, or `set()` for an empty set'
                return self.complain(rules.CALL_FORM, "`set` takes nothing here", node, hint)
            return nodes.SetDisplay(())
        if name in self.scope.effects:
            hint = f"write `{name}(…)` on a line of its own"
            return self.complain(rules.MISPLACED_EFFECT, f"the effect `{name}` has no value", node, hint)
        return self.unknown_call(name, node)

    def unknown_call(self, name: str, node: ast.Call) -> Expression:
        """Complain about a call of something that is neither effect, helper nor function."""
        if name in wording.BUILTINS:
            hint = wording.BUILTINS[name]
            rule = rules.RANGE_LOOP if name == "range" else rules.PYTHON_BUILTIN
            return self.complain(rule, f"`{name}` is not in the language", node, hint)
        if name in self.scope.elsewhere:
            return self.not_here(f"the {self.scope.elsewhere[name]} `{name}`", node)
        known = {*self.reading.helpers, *self.scope.effects, *BUILTINS}
        if self.scope.mode is Mode.LOGIC:
            known |= {"say", "say_any", "chance"}
        message = f"no effect, helper or function is called `{name}`"
        return self.complain(rules.UNKNOWN_CALL, message, node, did_you_mean(name, known))

    def _method_call(self, node: ast.Call, frame: Frame) -> Expression:
        name = dotted_name(node.func)
        for argument in node.args:
            self.expression(argument, frame)
        if name and name.startswith("heard."):
            return self.complain(rules.METHOD_CALL, f"`{name}` is not called", node, f"write `{name}` alone")
        method = node.func.attr if isinstance(node.func, ast.Attribute) else None
        if method is None:
            return self.complain(rules.CALL_FORM, "only a name can be called", node, "call an effect or helper by name")
        hint = wording.METHODS.get(method, "write a fact's name, an effect or a helper")
        return self.complain(rules.METHOD_CALL, f"there are no methods such as `.{method}(…)`", node, hint)

    def plain_arguments(self, node: ast.Call, frame: Frame, called: str) -> tuple[Expression, ...]:
        """Arguments by position; complains about keywords and stars."""
        for keyword in node.keywords:
            self.expression(keyword.value, frame)
            self.complain(
                rules.CALL_FORM, f"`{called}` takes its arguments by position", keyword, "leave out the `name=`"
            )
        return tuple(self.expression(argument, frame) for argument in node.args)

    def _helper_call(self, name: str, node: ast.Call, frame: Frame) -> Expression:
        arguments = self.plain_arguments(node, frame, name)
        wanted = self.reading.helpers[name]
        if node.keywords:
            return self._stand_in(node)
        if len(arguments) != wanted:
            message = f"the helper `{name}` takes {_count(wanted)}, not {len(arguments)}"
            return self.complain(rules.ARGUMENT_COUNT, message, node, f"call it as its `def {name}(…)` says")
        return nodes.HelperCall(name, arguments)

    def _builtin(self, name: str, node: ast.Call, frame: Frame) -> Expression:
        arguments = self.plain_arguments(node, frame, name)
        if node.keywords:
            return self.complain(rules.CALL_FORM, f"`{name}` takes no keywords", node, f"write `{name}(…)` plainly")
        if len(arguments) != 1 and (name in _ARGUMENTS or not arguments):
            wanted = _ARGUMENTS.get(name, "numbers, or one list of numbers")
            message = f"`{name}` takes {wanted}, not {_count(len(arguments))}"
            return self.complain(rules.ARGUMENT_COUNT, message, node, f"give `{name}` what it takes")
        return nodes.BuiltinCall(cast("nodes.Builtin", name), arguments)

    def _chance(self, node: ast.Call, frame: Frame) -> Expression:
        if len(node.args) != 1 or node.keywords:
            return self.complain(rules.CHANCE_FORM, "`chance` takes one number", node, "write `chance(0.25)`")
        return nodes.Chance(self._probability(node.args[0], frame))

    def _probability(self, node: ast.expr, frame: Frame) -> Expression:
        match node:
            case ast.Constant(value=int(value) | float(value)) if not isinstance(value, bool) and 0 <= value <= 1:
                read: Expression = nodes.Literal(value)
            case ast.IfExp(test, body, orelse):
                test_read = self.expression(test, frame)
                read = nodes.Conditional(test_read, self._probability(body, frame), self._probability(orelse, frame))
            case _:
                hint = "write a number such as `0.25`, or `0.5 if condition else 0.1`"
                return self.complain(rules.CHANCE_FORM, "`chance` takes a number from 0 to 1", node, hint)
        self.reading.places.put(read, self.reading.position(node))
        return read

    def _response_id(self, node: ast.expr) -> str | None:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            hint: str | None = 'write `say("id")`; choose between ids with `say("a") if x else say("b")`'
            if isinstance(node, ast.Name) and node.id in self.scope.responses:
                hint = f'a response id stands in quotation marks: `"{node.id}"`'
            self.complain(rules.SAY_FORM, "a response id is written out as a text", node, hint)
            return None
        if node.value not in self.scope.responses:
            hint = did_you_mean(node.value, self.scope.responses)
            self.complain(rules.UNKNOWN_RESPONSE, f"no response is called `{node.value}`", node, hint)
            return None
        return node.value

    def _placeholder_values(
        self, node: ast.Call, frame: Frame, keywords: Iterable[ast.keyword], responses: Iterable[str] | None
    ) -> tuple[tuple[str, Expression], ...]:
        """The values of placeholders; `responses` None where some ids are wrong, so that nothing is known of them."""
        declared = {id_: self.scope.responses[id_].placeholders for id_ in responses or ()}
        wanted = {name for names in declared.values() for name in names}
        missing = wanted - {keyword.arg for keyword in node.keywords}
        values: dict[str, Expression] = {}
        for keyword in keywords:
            value = self.expression(keyword.value, frame)
            if keyword.arg is None:
                self.complain(rules.CALL_FORM, "`**` is not in the language", keyword, "write `name=value`")
            elif responses is not None and keyword.arg not in wanted:
                shown = " nor ".join(f"`{id_}`" for id_ in list(declared)[:3])
                hint = did_you_mean(keyword.arg, wanted) or "leave it out, or put it into the text in braces"
                misspelt = nearest(keyword.arg, missing)
                if misspelt is not None:
                    # Either may be the one that is spelt wrongly: one finding for both.
                    missing.discard(misspelt)
                    id_ = next(id_ for id_, names in declared.items() if misspelt in names)
                    hint = f"{self._text_of(id_)} has `{{{misspelt}}}`; did you mean `{{{keyword.arg}}}`?"
                message = f"{'neither ' if len(declared) > 1 else ''}{shown} has no placeholder `{{{keyword.arg}}}`"
                if len(declared) > 1:
                    message = message.replace("has no", "has a")
                self.complain(rules.UNKNOWN_PLACEHOLDER, message, keyword, hint)
            else:
                values[keyword.arg] = value
        for id_, names in declared.items():
            for name in names:
                if name in missing:
                    message = f"the response `{id_}` needs a value for `{{{name}}}`"
                    hint = f"write `{name}=…`, or change {self._text_of(id_)}"
                    self.complain(rules.MISSING_PLACEHOLDER, message, node, hint)
        return tuple(values.items())

    def _text_of(self, id_: str) -> str:
        return f"the text of `{id_}` in line {self.scope.responses[id_].position.line}"

    def _say(self, node: ast.Call, frame: Frame) -> Expression:
        if len(node.args) != 1:
            hint = 'write `say("id", name=value)`; for a choice of lines `say_any("a", "b")`'
            return self.complain(rules.SAY_FORM, "`say` takes one response id", node, hint)
        id_ = self._response_id(node.args[0])
        values = self._placeholder_values(node, frame, node.keywords, None if id_ is None else [id_])
        if id_ is None:
            return self._stand_in(node)
        return nodes.Say(id_, values, self.reading.position(node).line)

    def _say_any(self, node: ast.Call, frame: Frame) -> Expression:
        ids = [self._response_id(argument) for argument in node.args]
        chosen = {id_ for id_ in ids if id_ is not None}
        known = len(chosen) == len(set(ids))
        for keyword in node.keywords:
            if keyword.arg == "tag":
                tagged = self._tagged(keyword.value)
                known = known and bool(tagged)
                chosen |= tagged
        if not node.args and not any(keyword.arg == "tag" for keyword in node.keywords):
            hint = 'write `say_any("a", "b")` or `say_any(tag="rumour")`'
            return self.complain(rules.SAY_FORM, "`say_any` is given no response", node, hint)
        candidates = tuple(id_ for id_ in self.scope.responses if id_ in chosen)
        others = [keyword for keyword in node.keywords if keyword.arg != "tag"]
        values = self._placeholder_values(node, frame, others, candidates if known else None)
        if not known:
            return self._stand_in(node)
        return nodes.SayAny(candidates, values, self.reading.position(node).line)

    def _tagged(self, node: ast.expr) -> set[str]:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            self.complain(rules.SAY_FORM, "a tag is written out as a text", node, 'write `tag="rumour"`')
            return set()
        found = {id_ for id_, response in self.scope.responses.items() if node.value in response.tags}
        if not found:
            tags = {tag for response in self.scope.responses.values() for tag in response.tags}
            hint = did_you_mean(node.value, tags) or "give responses `tags: [name]`"
            self.complain(rules.UNKNOWN_TAG, f"no response has the tag `{node.value}`", node, hint)
        return found

    def _stand_in(self, node: ast.AST) -> Expression:
        stand_in = nodes.Literal(None)
        self.reading.places.put(stand_in, self.reading.position(node), broken=True)
        return stand_in

    def effect_arguments(
        self, declared: EffectDeclaration, node: ast.Call, frame: Frame
    ) -> tuple[tuple[str, Expression], ...] | None:
        """The arguments of an effect in declared order; None when they are not all there."""
        names = list(declared.args)
        values: dict[str, Expression] = {}
        fine = True
        for name, argument in zip(names, node.args, strict=False):
            values[name] = self.expression(argument, frame)
        for keyword in node.keywords:
            value = self.expression(keyword.value, frame)
            if keyword.arg is None:
                self.complain(rules.CALL_FORM, "`**` is not in the language", keyword, "write the arguments one by one")
                fine = False
            elif keyword.arg not in declared.args:
                message = f"the effect `{declared.name}` has no argument `{keyword.arg}`"
                self.complain(rules.UNKNOWN_ARGUMENT, message, keyword, did_you_mean(keyword.arg, names))
                fine = False
            elif keyword.arg in values:
                self.complain(
                    rules.ARGUMENT_COUNT, f"`{keyword.arg}` is given twice", keyword, "leave one of the two out"
                )
                fine = False
            else:
                values[keyword.arg] = value
        if fine and (len(node.args) > len(names) or len(values) < len(names)):
            given = len(node.args) + len(node.keywords)
            takes = f"{_count(len(names))}{' (' + ', '.join(names) + ')' if names else ''}"
            hint = f"write `{declared.name}({', '.join(names)})`"
            self.complain(rules.ARGUMENT_COUNT, f"the effect `{declared.name}` takes {takes}, not {given}", node, hint)
            fine = False
        return tuple((name, values[name]) for name in names) if fine else None


def _count(number: int) -> str:
    return f"{number or 'no'} argument{'' if number == 1 else 's'}"
