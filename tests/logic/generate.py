"""Random programs for property tests: well typed by construction, over one small catalog."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from npc.catalog.model import Catalog
from npc.logic.nodes import (
    Arithmetic,
    AssignCount,
    AssignFact,
    AssignLocal,
    BuiltinCall,
    Case,
    Chance,
    Comparison,
    Comprehension,
    Conditional,
    ContextRef,
    EffectCall,
    FactRef,
    For,
    HeardRef,
    Helper,
    HelperCall,
    HelperStatement,
    If,
    Junction,
    Literal,
    LocalRef,
    Match,
    Negative,
    Not,
    Pass,
    Return,
    Say,
    SayAny,
    Sequence,
    SetDisplay,
    SlotRef,
    Subscript,
    TableRef,
    Tree,
)
from npc.logic.trees import CastTrees, CharacterTrees
from tests.logic.build_catalog import catalog as build_catalog
from tests.logic.warden_tree import cast_trees

ITEMS = ("bread", "lantern", "rope")
MOODS = ("calm", "wary", "angry")
NAMES = ("north", "east", "south")
RESPONSES = ("r0", "r1", "r2", "r3", "guarded", "shrug")

FACTS: dict[str, Any] = {
    "player.name": {"type": "text", "initial": "traveller"},
    "player.gold": {"type": "int", "min": 0, "max": 9, "initial": 4, "owner": "game"},
    "player.items": {"type": "bag", "initial": {"bread": 1}, "owner": "game"},
    "gate.open": {"type": "bool", "initial": False},
    "warden.stock": {"type": "bag", "initial": {"rope": 1}},
    "warden.trust": {"type": "int", "min": 0, "max": 3, "initial": 1},
    "warden.mood": {"one_of": list(MOODS), "initial": "wary"},
    "warden.knows": {"type": "set", "of": list(NAMES), "initial": ["east"]},
}
INTENTS: dict[str, Any] = {
    "ask": {},
    "greet": {},
    "offer": {"slots": {"amount": {"type": "int", "min": 1, "max": 5}}},
    "haggle": {"slots": {"price": {"type": "int", "min": 0, "max": 3, "optional": True}}},
    "buy": {"slots": {"item": "item"}},
}


def small_catalog(logic: str = "return say('shrug')") -> Catalog:
    """The catalog that generated programs are over."""
    responses: dict[str, Any] = {name: name for name in RESPONSES}
    responses["r0"] = "Take {n}."
    responses["r2"] = {"text": "Hm.", "tag": "idle"}
    responses["guarded"] = {"text": "Psst.", "when": "warden.trust > 0 and player.gold < 8"}
    return build_catalog(
        facts=FACTS,
        intents=INTENTS,
        responses=responses,
        logic=logic,
        items=ITEMS,
        tables={"prices": {"bread": 1, "lantern": 3, "rope": 3}},
    )


WHEN = Junction(
    "and",
    (
        Comparison(FactRef("warden.trust"), ((">", Literal(0)),)),
        Comparison(FactRef("player.gold"), (("<", Literal(8)),)),
    ),
)


def trees_of(logic: Tree) -> CastTrees:
    """A program with the effects and `when`s of the small catalog."""
    return replace(cast_trees(()), characters={"warden": CharacterTrees(logic, {"guarded": WHEN})})


@dataclass
class _Names:
    """What may be used at one place."""

    numbers: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    heard: frozenset[str] = frozenset()
    in_helper: bool = False
    loops: int = 0


@dataclass
class Writer:
    """Draws one program."""

    draw: Any
    chances: int = 1
    loops: int = 2
    fresh: int = 0
    helpers: dict[str, Helper] = field(default_factory=dict)

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def program(self) -> Tree:
        if self.draw(st.booleans()):
            inside = _Names(numbers=("x",), in_helper=True)
            body = (*self.block(inside, 1), Return(self.number(inside, 1), 1))
            self.helpers["score"] = Helper("score", ("x",), body, 1)
        if self.draw(st.booleans()):
            inside = _Names(items=("it",), in_helper=True)
            self.helpers["answer"] = Helper("answer", ("it",), (*self.block(inside, 1), self.answer(inside)), 1)
        body = self.block(_Names(), 3)
        if self.draw(st.integers(0, 4)):
            body = (*body, self.answer(_Names()))
        return Tree(self.helpers, body)

    def block(self, names: _Names, depth: int) -> tuple[Any, ...]:
        statements: list[Any] = []
        for _ in range(self.draw(st.integers(1, 3))):
            statement, names = self.statement(names, depth)
            statements.append(statement)
        return tuple(statements)

    def statement(self, names: _Names, depth: int) -> tuple[Any, _Names]:
        kinds = ["effect", "fact", "local", "count", "hear", "hear"]
        kinds += ["if", "if", "match", "loop"] if depth else []
        kinds += ["helper"] if "score" in self.helpers and not names.in_helper else []
        kinds += [] if names.in_helper else ["return"]
        match self.pick(*kinds):
            case "hear":
                intent = self.pick(*INTENTS)
                test: Any = HeardRef(intent)
                inside = replace(names, heard=names.heard | {intent})
                if self.draw(st.booleans()):
                    test = Junction("and", (test, self.truth(inside, 1)))
                return If(test, (*self.block(inside, max(0, depth - 1)), *self.end(inside)), (), 1), names
            case "if":
                then = (*self.block(names, depth - 1), *self.end(names))
                otherwise = self.block(names, depth - 1) if self.draw(st.booleans()) else ()
                return If(self.truth(names, 2), then, otherwise, 1), names
            case "match":
                split = self.draw(st.integers(0, 2))
                first = Case(MOODS[: split + 1], self.draw(st.none() | st.just(self.truth(names, 1))), (Pass(1),), 1)
                cases = [replace(first, body=self.block(names, depth - 1))]
                if self.draw(st.booleans()):
                    cases.append(Case(None, None, self.block(names, depth - 1), 1))
                return Match(FactRef("warden.mood"), tuple(cases), 1), names
            case "loop" if self.loops:
                self.loops -= 1
                self.fresh += 1
                name = f"v{self.fresh}"
                iterable = self.pick(
                    FactRef("player.items"), FactRef("warden.stock"), Sequence((Literal("rope"), Literal("bread")))
                )
                inside = replace(names, items=(*names.items, name), loops=names.loops + 1)
                return For(name, iterable, self.block(inside, 0), 1), names
            case "effect":
                return self.effect(names), names
            case "fact":
                return self.assignment(names), names
            case "count":
                operator = self.pick("=", "+=", "-=")
                return AssignCount("warden.stock", self.item(names), operator, self.number(names, 1), 1), names
            case "local":
                if names.numbers and self.draw(st.booleans()):
                    name = self.pick(*names.numbers)
                    return AssignLocal(name, self.pick("+=", "-=", "="), self.number(names, 1), 1), names
                self.fresh += 1
                name = f"n{self.fresh}"
                made = AssignLocal(name, "=", self.number(names, 2), 1)
                return made, replace(names, numbers=(*names.numbers, name))
            case "helper":
                return HelperStatement(HelperCall("score", (self.number(names, 1),)), 1), names
            case "return":
                return If(self.truth(names, 1), (self.answer(names),), (), 1), names
        return Pass(1), names

    def end(self, names: _Names) -> tuple[Any, ...]:
        return (self.answer(names),) if not names.in_helper and self.draw(st.integers(0, 2)) else ()

    def effect(self, names: _Names) -> EffectCall:
        match self.pick("give", "take", "pay", "open_gate", "start_duel"):
            case "pay":
                return EffectCall("pay", (("amount", self.number(names, 1)),), 1)
            case "open_gate":
                return EffectCall("open_gate", (), 1)
            case "start_duel":
                return EffectCall("start_duel", (("foe", Literal(self.pick("bandit", "captain"))),), 1)
            case effect:
                return EffectCall(effect, (("item", self.item(names)),), 1)

    def assignment(self, names: _Names) -> AssignFact:
        match self.pick("trust", "mood", "knows", "knows"):
            case "trust":
                return AssignFact("warden.trust", self.pick("=", "+=", "-="), self.number(names, 1), 1)
            case "mood":
                return AssignFact("warden.mood", "=", Literal(self.pick(*MOODS)), 1)
        name = Literal(self.pick(*NAMES))
        operator = self.pick("=", "+=", "-=")
        value = SetDisplay((name,)) if operator == "=" or self.draw(st.booleans()) else name
        return AssignFact("warden.knows", operator, value, 1)

    def answer(self, names: _Names) -> Return:
        return Return(self.line(names, 1), 1)

    def line(self, names: _Names, depth: int) -> Any:
        kinds = ["say", "say", "values", "any"] + (["either"] if depth else [])
        kinds += ["helper"] if "answer" in self.helpers and not names.in_helper else []
        match self.pick(*kinds):
            case "say":
                return Say(self.pick("r1", "r2", "r3", "guarded"), (), 1)
            case "values":
                kinds = [self.number(names, 1), FactRef("player.name"), self.found(names)]
                return Say("r0", (("n", self.pick(*kinds)),), 1)
            case "any":
                return SayAny(self.pick(("r2", "r3"), ("r1", "r3", "guarded"), ("guarded",)), (), 1)
            case "helper":
                return HelperCall("answer", (self.item(names),))
        return Conditional(self.truth(names, 1), self.line(names, 0), self.line(names, 0))

    def found(self, names: _Names) -> Comprehension:
        self.fresh += 1
        name = f"c{self.fresh}"
        price = Subscript(TableRef("prices"), LocalRef(name))
        tests = (Comparison(price, (("<", self.number(names, 0)),)),) if self.draw(st.booleans()) else ()
        return Comprehension(self.pick(price, LocalRef(name)), name, FactRef("player.items"), tests)

    def item(self, names: _Names) -> Any:
        slots = [SlotRef("buy", "item")] if "buy" in names.heard else []
        return self.pick(Literal(self.pick(*ITEMS)), *map(LocalRef, names.items), *slots, *slots)

    def number(self, names: _Names, depth: int) -> Any:
        atoms: list[Any] = [Literal(self.draw(st.integers(-2, 6))), FactRef("player.gold"), FactRef("warden.trust")]
        atoms += map(LocalRef, names.numbers)
        atoms += [SlotRef("offer", "amount")] * 3 if "offer" in names.heard else []
        if "haggle" in names.heard:
            price = SlotRef("haggle", "price")
            said = Comparison(price, ((self.pick("is not", "!="), Literal(None)),))
            atoms += [Conditional(said, price, Literal(2))] * 2
        if not depth or self.draw(st.booleans()):
            return self.pick(*atoms)
        left, right = self.number(names, depth - 1), self.number(names, depth - 1)
        match self.pick("+", "-", "*", "//", "%", "negative", "min", "abs", "bag", "table", "len", "sum", "if"):
            case "+" | "-" | "*" as operator:
                return Arithmetic(operator, left, right)
            case "//" | "%" as operator:
                return Arithmetic(operator, left, Literal(self.pick(1, 2, 3)))
            case "negative" if left != Literal(0):
                return Negative(left)
            case "min":
                return BuiltinCall(self.pick("min", "max"), (left, right))
            case "abs":
                return BuiltinCall("abs", (left,))
            case "bag":
                return Subscript(FactRef(self.pick("player.items", "warden.stock")), self.item(names))
            case "table":
                return Subscript(TableRef("prices"), self.item(names))
            case "len":
                return BuiltinCall("len", (FactRef(self.pick("player.items", "warden.knows")),))
            case "sum":
                return BuiltinCall("sum", (Sequence((left, right)),))
        return Conditional(self.truth(names, depth - 1), left, right)

    def truth(self, names: _Names, depth: int) -> Any:
        kinds = ["number", "number", "chain", "fact", "heard", "mood", "in", "last", "event", "turn", "literal"]
        kinds += ["not", "junction", "junction"] if depth else []
        kinds += ["chance"] if self.chances and not names.loops and not names.in_helper else []
        kinds += ["helper"] if depth and "score" in self.helpers and not names.in_helper else []
        match self.pick(*kinds):
            case "number":
                operator = self.pick("==", "!=", "<", "<=", ">", ">=")
                return Comparison(self.number(names, 1), ((operator, self.number(names, 1)),))
            case "chain":
                links = ((self.pick("<", "<="), self.number(names, 1)), (self.pick("<", ">"), self.number(names, 0)))
                return Comparison(self.number(names, 0), links)
            case "fact":
                return FactRef("gate.open")
            case "heard":
                return HeardRef(self.pick(*INTENTS))
            case "mood":
                return Comparison(FactRef("warden.mood"), ((self.pick("==", "!="), Literal(self.pick(*MOODS))),))
            case "in":
                held = Comparison(self.item(names), ((self.pick("in", "not in"), FactRef("player.items")),))
                known = Comparison(Literal(self.pick(*NAMES)), (("in", FactRef("warden.knows")),))
                listed = Comparison(self.item(names), (("in", Sequence((Literal("rope"), Literal("bread")))),))
                same = Comparison(self.item(names), (("==", self.item(names)),))
                return self.pick(held, known, listed, same)
            case "last":
                return Comparison(ContextRef("last"), ((self.pick("==", "!="), Literal(self.pick("r1", None))),))
            case "event":
                return Comparison(ContextRef("event"), (("==", Literal("approach")),))
            case "turn":
                return Comparison(ContextRef("turn"), ((">", Literal(1)),))
            case "not":
                return Not(self.truth(names, depth - 1))
            case "junction":
                parts = tuple(self.truth(names, depth - 1) for _ in range(self.draw(st.integers(2, 3))))
                return Junction(self.pick("and", "or"), parts)
            case "chance":
                self.chances -= 1
                p = Literal(self.pick(0.5, 0.25, 0, 1))
                return Chance(Conditional(self.truth(names, 0), p, Literal(0.1)) if self.draw(st.booleans()) else p)
            case "helper":
                return Comparison(HelperCall("score", (self.number(names, 1),)), ((">", Literal(1)),))
        return Literal(self.draw(st.booleans()))


@st.composite
def programs(draw: Any) -> Tree:
    """A program over `small_catalog`."""
    return Writer(draw).program()


@st.composite
def states(draw: Any) -> dict[str, Any]:
    """A state of the facts of `small_catalog`."""

    def bag() -> dict[str, int]:
        counts = draw(st.tuples(*[st.integers(0, 2) for _ in ITEMS]))
        return {item: count for item, count in zip(ITEMS, counts, strict=True) if count}

    return {
        "player.name": "Mara",
        "player.gold": draw(st.integers(0, 9)),
        "player.items": bag(),
        "warden.stock": bag(),
        "gate.open": draw(st.booleans()),
        "warden.trust": draw(st.integers(0, 3)),
        "warden.mood": draw(st.sampled_from(MOODS)),
        "warden.knows": draw(st.frozensets(st.sampled_from(NAMES))),
    }
