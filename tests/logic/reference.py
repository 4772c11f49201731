"""A plain reference evaluation of programs: walks the tree, keeps all state in one dict, knows nothing of closures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from npc.catalog.model import Catalog
from npc.catalog.types import BagType, SetType, check_value
from npc.logic import nodes
from npc.logic.program import Context
from npc.logic.trees import CastTrees


class Stop(Exception):
    """The turn is void."""


class Returned(Exception):
    """A `return` was reached."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Reference:
    """One run. `chance` and `choose` answer as an oracle does."""

    def __init__(
        self,
        catalog: Catalog,
        trees: CastTrees,
        facts: Mapping[str, Any],
        hearing: Mapping[str, Mapping[str, Any]],
        context: Context,
        chance: Callable[[float], bool],
        choose: Callable[[tuple[str, ...]], str],
    ) -> None:
        self.catalog = catalog
        self.character = catalog.characters["warden"]
        self.own = trees.characters["warden"]
        self.effect_trees = trees.effects
        self.before = facts
        self.state = {name: dict(v) if isinstance(v, Mapping) else v for name, v in facts.items()}
        self.hearing = {} if context.event else hearing
        self.context = context
        self.chance, self.choose = chance, choose
        self.effects: list[tuple[str, dict[str, Any]]] = []

    def result(self) -> tuple[Any, ...]:
        """(response, values, effects, changes, reason of the void or None)."""
        otherwise = self.character.otherwise
        try:
            self.body(self.own.logic.body, {})
        except Returned as returned:
            response, values = returned.value
        except Stop as stop:
            return otherwise, {}, [], {}, str(stop)
        else:
            response, values = otherwise, {}
        changes = {name: value for name, value in self.state.items() if value != self.before[name]}
        return response, values, self.effects, changes, None

    def body(self, statements: tuple[nodes.Statement, ...], names: dict[str, Any]) -> None:
        for statement in statements:
            self.statement(statement, names)

    def statement(self, node: Any, names: dict[str, Any]) -> None:
        kind = type(node).__name__
        if kind == "If":
            self.body(node.then if self.eval(node.test, names) else node.otherwise, names)
        elif kind == "Match":
            subject = self.eval(node.subject, names)
            for case in node.cases:
                if (case.values is None or subject in case.values) and (
                    case.guard is None or self.eval(case.guard, names)
                ):
                    self.body(case.body, names)
                    break
        elif kind == "Return":
            raise Returned(self.eval(node.value, names))
        elif kind == "EffectCall":
            declared = self.catalog.effects[node.effect]
            given = {name: self.eval(value, names) for name, value in node.arguments}
            for name, value in given.items():
                if check_value(declared.args[name], value):
                    raise Stop("effect-violation")
            self.effects.append((node.effect, given))
            if node.effect in self.effect_trees:
                self.body(self.effect_trees[node.effect].body, given)
        elif kind == "AssignFact":
            self.write(node.fact, self.assigned(self.state[node.fact], node.operator, self.eval(node.value, names)))
        elif kind == "AssignCount":
            bag = dict(self.state[node.fact])
            item = self.eval(node.item, names)
            bag[item] = self.assigned(bag.get(item, 0), node.operator, self.eval(node.value, names))
            self.write(node.fact, bag)
            self.state[node.fact] = {name: count for name, count in bag.items() if count}
        elif kind == "AssignLocal":
            names[node.name] = self.assigned(names.get(node.name), node.operator, self.eval(node.value, names))
        elif kind == "For":
            for element in self.iterate(node.iterable, names):
                names[node.variable] = element
                self.body(node.body, names)
        elif kind == "HelperStatement":
            self.eval(node.call, names)

    def assigned(self, before: Any, operator: str, value: Any) -> Any:
        if operator == "=":
            return value
        if isinstance(before, frozenset):
            names = {value} if isinstance(value, str) else set(value)
            return before | names if operator == "+=" else before - names
        return before + value if operator == "+=" else before - value

    def write(self, fact: str, value: Any) -> None:
        if check_value(self.catalog.facts[fact].type, value):
            raise Stop("effect-violation")
        self.state[fact] = value

    def iterate(self, node: Any, names: dict[str, Any]) -> list[Any]:
        values = self.eval(node, names)
        if isinstance(node, nodes.FactRef):
            declared = self.catalog.facts[node.name].type
            if isinstance(declared, BagType):
                return [item for item in declared.items if values.get(item, 0)]
            if isinstance(declared, SetType):
                return sorted(values, key=lambda name: list(declared.of or sorted(values)).index(name))
        return sorted(values) if isinstance(values, frozenset) else list(values)

    def eval(self, node: Any, names: dict[str, Any]) -> Any:
        return getattr(self, "_" + type(node).__name__.lower())(node, names)

    def _literal(self, node: Any, names: Any) -> Any:
        return node.value

    def _factref(self, node: Any, names: Any) -> Any:
        return self.state[node.name]

    def _localref(self, node: Any, names: Any) -> Any:
        return names[node.name]

    def _tableref(self, node: Any, names: Any) -> Any:
        table = self.character.tables[node.name]
        return dict(table.entries) if table.entries else table.values

    def _heardref(self, node: Any, names: Any) -> bool:
        return node.intent in self.hearing

    def _slotref(self, node: Any, names: Any) -> Any:
        return self.hearing[node.intent].get(node.slot)

    def _contextref(self, node: Any, names: Any) -> Any:
        return getattr(self.context, node.name)

    def _not(self, node: Any, names: Any) -> bool:
        return not self.eval(node.operand, names)

    def _junction(self, node: Any, names: Any) -> Any:
        value = self.eval(node.operands[0], names)
        for operand in node.operands[1:]:
            if bool(value) is (node.operator == "or"):
                break
            value = self.eval(operand, names)
        return value

    def _comparison(self, node: Any, names: Any) -> bool:
        left = self.eval(node.first, names)
        for operator, operand in node.rest:
            right = self.eval(operand, names)
            outcome = {
                "==": lambda a, b: a == b,
                "!=": lambda a, b: a != b,
                "<": lambda a, b: a < b,
                "<=": lambda a, b: a <= b,
                ">": lambda a, b: a > b,
                ">=": lambda a, b: a >= b,
                "in": lambda a, b: bool(b.get(a)) if isinstance(b, dict) else a in b,
                "not in": lambda a, b: not b.get(a) if isinstance(b, dict) else a not in b,
                "is": lambda a, b: a is b,
                "is not": lambda a, b: a is not b,
            }[operator](left, right)
            if not outcome:
                return False
            left = right
        return True

    def _arithmetic(self, node: Any, names: Any) -> int:
        left, right = self.eval(node.left, names), self.eval(node.right, names)
        if node.operator in ("//", "%"):
            return left // right if node.operator == "//" else left % right
        return {"+": left + right, "-": left - right, "*": left * right}[node.operator]

    def _negative(self, node: Any, names: Any) -> int:
        return -self.eval(node.operand, names)

    def _builtincall(self, node: Any, names: Any) -> Any:
        values = [self.eval(argument, names) for argument in node.arguments]
        if node.function in ("abs", "len", "sum"):
            return {"abs": abs, "len": len, "sum": sum}[node.function](values[0])
        values = list(values[0]) if len(values) == 1 else values
        return {"min": min, "max": max}[node.function](values)

    def _chance(self, node: Any, names: Any) -> bool:
        p = self.eval(node.probability, names)
        return p > 0 and (p >= 1 or self.chance(p))

    def _conditional(self, node: Any, names: Any) -> Any:
        return self.eval(node.then if self.eval(node.test, names) else node.otherwise, names)

    def _sequence(self, node: Any, names: Any) -> tuple[Any, ...]:
        return tuple(self.eval(element, names) for element in node.elements)

    def _setdisplay(self, node: Any, names: Any) -> frozenset[Any]:
        return frozenset(self.eval(element, names) for element in node.elements)

    def _comprehension(self, node: Any, names: Any) -> tuple[Any, ...]:
        found = []
        for element in self.iterate(node.iterable, names):
            inner = {**names, node.variable: element}
            if all(self.eval(condition, inner) for condition in node.conditions):
                found.append(self.eval(node.element, inner))
        return tuple(found)

    def _subscript(self, node: Any, names: Any) -> Any:
        container, key = self.eval(node.container, names), self.eval(node.key, names)
        return container.get(key, 0) if isinstance(node.container, nodes.FactRef) else container[key]

    def _helpercall(self, node: Any, names: Any) -> Any:
        helper = self.own.logic.helpers[node.helper]
        given = [self.eval(argument, names) for argument in node.arguments]
        try:
            self.body(helper.body, dict(zip(helper.parameters, given, strict=True)))
        except Returned as returned:
            return returned.value
        return None

    def sayable(self, response: str) -> bool:
        when = self.own.whens.get(response)
        return when is None or bool(self.eval(when, {}))

    def _say(self, node: Any, names: Any) -> tuple[str, dict[str, Any]]:
        if not self.sayable(node.response):
            raise Stop("not-allowed")
        return node.response, self.placeholders(node, names)

    def _sayany(self, node: Any, names: Any) -> tuple[str, dict[str, Any]]:
        candidates = tuple(response for response in node.responses if self.sayable(response))
        if not candidates:
            raise Stop("not-allowed")
        response = candidates[0] if len(candidates) == 1 else self.choose(candidates)
        return response, self.placeholders(node, names)

    def placeholders(self, node: Any, names: Any) -> dict[str, Any]:
        return {name: self.eval(value, names) for name, value in node.values}
