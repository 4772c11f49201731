"""Types of expressions, given what is known at their place; complains where they do not fit together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from npc.diagnostics import Rule, nearest
from npc.logic import arithmetic, nodes, rules
from npc.logic.check_comparisons import check_comparison
from npc.logic.environment import Environment
from npc.logic.narrowing import narrow
from npc.logic.nodes import Expression
from npc.logic.reporting import Places, Report
from npc.logic.scope import Scope
from npc.logic.static_types import (
    Bag,
    Line,
    Listing,
    Lookup,
    Maybe,
    Name,
    Names,
    Nothing,
    Number,
    Static,
    Text,
    Truth,
    Unknown,
    constant_type,
    describe,
    join,
    joined,
    static_type,
    table_type,
)

MAX_STEPS = 100_000
"""How many expressions are looked at before checking gives up: each one once per way that leads to it."""


class TooComplexError(Exception):
    """Checking took more than `MAX_STEPS`."""


CallHelper = Callable[[nodes.HelperCall, tuple[Static, ...]], Static]


@dataclass
class ExpressionChecker:
    """Finds the types of a program's expressions.

    Attributes:
        call_helper: the type a helper gives for arguments of some types.
        context: types of `last`, `turn` and `event`.
    """

    scope: Scope
    report: Report
    places: Places
    call_helper: CallHelper
    steps: int = 0
    context: dict[str, Static] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = {name: table_type(table) for name, table in self.scope.tables.items()}
        self.context = {
            "last": Maybe(Name(frozenset(self.scope.responses))),
            "turn": Number(0, None),
            "event": Maybe(Name(frozenset(self.scope.events))) if self.scope.events else Nothing(),
        }

    def complain(self, rule: Rule, message: str, node: object, hint: str | None = None) -> Unknown:
        self.report.add(rule, message, self.places.of(node), hint)
        return Unknown()

    def quiet_type(self, node: Expression, env: Environment) -> Static:
        """The type, without diagnostics."""
        self.report.mute()
        try:
            return self.type_of(node, env)
        finally:
            self.report.unmute()

    def narrow(self, test: Expression, truth: bool, env: Environment) -> None:
        narrow(test, truth, env, self.quiet_type)

    def declared_type(self, node: Expression) -> Static | None:
        """The type by declaration alone, of what is declared: facts, slots, `last`, `turn`, `event`."""
        match node:
            case nodes.FactRef(name):
                return static_type(self.scope.facts[name].type)
            case nodes.SlotRef(intent, slot):
                declared = self.scope.intents[intent].slots[slot]
                value = static_type(declared.type)
                return Maybe(value) if declared.optional else value
            case nodes.ContextRef(name):
                return self.context[name]
        return None

    def type_of(self, node: Expression, env: Environment) -> Static:
        """The type of an expression; complains about what is wrong in it."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooComplexError
        if self.places.is_broken(node):
            return Unknown()
        found = self._find(node, env)
        if isinstance(found, Unknown):
            return found
        return env.refined.get(node, found)

    def _find(self, node: Expression, env: Environment) -> Static:
        match node:
            case nodes.Literal(value):
                return constant_type(value)
            case nodes.FactRef() | nodes.ContextRef():
                return self.declared_type(node) or Unknown()
            case nodes.SlotRef(intent, slot):
                if env.refined.get(nodes.HeardRef(intent)) != Truth(True):
                    hint = f"test it first: `if heard.{intent}:`"
                    message = f"`heard.{intent}.{slot}` is read where `{intent}` may not be heard"
                    self.complain(rules.SLOT_NOT_HEARD, message, node, hint)
                return self.declared_type(node) or Unknown()
            case nodes.HeardRef():
                return Truth()
            case nodes.LocalRef(name):
                if name not in env.locals:
                    hint = f"give `{name}` a value before, on every path"
                    return self.complain(rules.UNASSIGNED, f"`{name}` may have no value here", node, hint)
                return env.locals[name]
            case nodes.TableRef(name):
                return self._table(name, node)
            case nodes.Not(operand):
                known = self.condition(operand, env).known
                return Truth(None if known is None else not known)
            case nodes.Junction():
                return self._junction(node, env)
            case nodes.Comparison():
                return check_comparison(self, node, env)
            case nodes.Arithmetic(operator, left, right):
                return self._arithmetic(operator, left, right, env)
            case nodes.Negative(operand):
                return arithmetic.negative(self.number(operand, env, "`-`"))
            case nodes.BuiltinCall(function, arguments):
                return self._builtin(function, arguments, node, env)
            case nodes.Chance(probability):
                self.type_of(probability, env)
                return Truth()
            case nodes.Conditional(test, then, otherwise):
                return self._conditional(test, then, otherwise, node, env)
            case nodes.Sequence(elements):
                return Listing(self._element(elements, env), filled=True) if elements else Listing(None)
            case nodes.SetDisplay(elements):
                return self._set(elements, env)
            case nodes.Comprehension():
                return self._comprehension(node, env)
            case nodes.Subscript(container, key):
                return self._lookup(container, key, node, env)
            case nodes.HelperCall(_, arguments):
                return self.call_helper(node, tuple(self.value(argument, env) for argument in arguments))
            case nodes.Say(_, values, _) | nodes.SayAny(_, values, _):
                for name, shown in values:
                    self._placeholder(name, shown, env)
                return Line()

    def value(self, node: Expression, env: Environment) -> Static:
        """The type of something that is used as a value: not a line."""
        found = self.type_of(node, env)
        if isinstance(found, Line) or (isinstance(found, Maybe) and isinstance(found.inner, Line)):
            return self.complain(rules.LINE_AS_VALUE, "a line can only be returned", node, "write `return` before it")
        return found

    def condition(self, node: Expression, env: Environment) -> Truth:
        """The type of something that is tested; complains where its truth means nothing."""
        match self.value(node, env):
            case Truth() as found:
                return found
            case Number(low, high) as number:
                return Truth(False if low == high == 0 else None if number.may_be_zero else True)
            case Names() | Bag() | Listing() | Unknown():
                return Truth()
            case Text():
                self.complain(rules.TEXT_BRANCH, "a text may be shown, never branched on", node, "test another fact")
            case Maybe() | Nothing():
                hint = "write `is not None`"
                self.complain(rules.NO_TRUTH, "a value that may be None is not tested by itself", node, hint)
            case other:
                hint = 'compare it: `… == "name"`' if isinstance(other, Name) else "test with `in`"
                self.complain(rules.NO_TRUTH, f"{describe(other)} is neither true nor false", node, hint)
        return Truth()

    def number(self, node: Expression, env: Environment, user: str) -> Number:
        """The type of something that has to be a number; `user` is what needs it."""
        found = self.present(node, env)
        if isinstance(found, Number):
            return found
        if isinstance(found, Text):
            hint = "texts are not put together: give the response a placeholder"
            self.complain(rules.WRONG_OPERAND, f"{user} works on numbers, not on a text", node, hint)
        elif not isinstance(found, Unknown):
            message = f"{user} works on numbers, and this is {describe(found)}"
            self.complain(rules.WRONG_OPERAND, message, node, self._number_hint(found))
        return Number()

    @staticmethod
    def _number_hint(found: Static) -> str | None:
        match found:
            case Name():
                return "texts and names are shown through placeholders of a response"
            case Truth():
                return "write `1 if … else 0`"
            case Bag() | Names() | Listing():
                return "its size is `len(…)`"
        return None

    def present(self, node: Expression, env: Environment) -> Static:
        """The type of a value that must not be None."""
        found = self.value(node, env)
        if not isinstance(found, Maybe | Nothing):
            return found
        if isinstance(found, Nothing):
            return self.complain(rules.OPTIONAL_UNCHECKED, "this is None here", node, "a value is needed")
        hint = "test it first: `is not None`"
        self.complain(rules.OPTIONAL_UNCHECKED, "this may be None", node, hint)
        return found.inner

    def _table(self, name: str, node: Expression) -> Static:
        found = self.tables[name]
        if isinstance(found, Listing) and isinstance(found.element, Unknown):
            message = f"the table `{name}` holds values of different types"
            return self.complain(rules.MIXED_TYPES, message, node, "split it into one table per type")
        return found

    def _junction(self, node: nodes.Junction, env: Environment) -> Static:
        local, is_and = env.copy(), node.operator == "and"
        known: list[bool | None] = []
        for operand in node.operands:
            known.append(self.condition(operand, local).known)
            self.narrow(operand, is_and, local)
            if not local.possible:
                break
        if is_and:
            return Truth(False if False in known or not local.possible else True if all(known) else None)
        return Truth(True if True in known or not local.possible else False if set(known) == {False} else None)

    def _arithmetic(
        self, operator: nodes.ArithmeticOperator, left: Expression, right: Expression, env: Environment
    ) -> Static:
        a = self.number(left, env, f"`{operator}`")
        b = self.number(right, env, f"`{operator}`")
        if operator in ("//", "%") and b.may_be_zero and not isinstance(self.quiet_type(right, env), Unknown):
            hint = "test it first, as in `if x > 0:`, or write `max(1, x)`"
            self.complain(rules.ZERO_DIVISOR, f"the divisor of `{operator}` may be 0", right, hint)
        return arithmetic.combine(operator, a, b)

    def _builtin(self, function: str, arguments: tuple[Expression, ...], node: Expression, env: Environment) -> Static:
        if function == "abs":
            return arithmetic.absolute(self.number(arguments[0], env, "`abs`"))
        if function == "len":
            return self._length(arguments[0], env)
        if len(arguments) == 1:
            found = self.value(arguments[0], env)
            match found:
                case Unknown():
                    return Number()
                case Listing(Number() as element):
                    if function != "sum":
                        return element
                    never_below = element.low is not None and element.low >= 0
                    return Number(0 if never_below else None, None)
                case Listing(None) if function == "sum":
                    return Number(0, 0)
            message = f"`{function}` works on a list of numbers, and this is {describe(found)}"
            self.complain(rules.WRONG_OPERAND, message, arguments[0], f"write `{function}([… for … in …])`")
            return Number()
        numbers = [self.number(argument, env, f"`{function}`") for argument in arguments]
        return arithmetic.least(numbers) if function == "min" else arithmetic.greatest(numbers)

    def _length(self, node: Expression, env: Environment) -> Static:
        match self.value(node, env):
            case Bag(items):
                return Number(0, len(items))
            case Names(values):
                return Number(0, None if values is None else len(values))
            case Lookup(entries):
                return Number(len(entries), len(entries))
            case Listing(element, filled):
                return Number(1 if filled else 0, 0 if element is None else None)
            case Unknown():
                return Number(0, None)
            case Text():
                self.complain(rules.TEXT_BRANCH, "a text may be shown, never branched on", node, "test another fact")
            case other:
                message = f"`len` works on a collection, and this is {describe(other)}"
                self.complain(rules.WRONG_OPERAND, message, node)
        return Number(0, None)

    def _conditional(
        self, test: Expression, then: Expression, otherwise: Expression, node: Expression, env: Environment
    ) -> Static:
        self.condition(test, env)
        found: list[Static] = []
        for truth, branch in ((True, then), (False, otherwise)):
            local = env.copy()
            self.narrow(test, truth, local)
            if local.possible:
                found.append(self.type_of(branch, local))
            else:
                self.quiet_type(branch, env)
        both = joined(found) if found else Unknown()
        if both is None:
            message = f"one side is {describe(found[0])}, the other {describe(found[1])}"
            return self.complain(rules.MIXED_TYPES, message, node, "give both sides the same type")
        return both

    def _element(self, elements: tuple[Expression, ...], env: Environment) -> Static:
        found: Static | None = None
        for element in elements:
            value = self.value(element, env)
            both = value if found is None else join(found, value)
            if both is None:
                message = f"the list holds {describe(found or value)} and {describe(value)}"
                return self.complain(rules.MIXED_TYPES, message, element, "give all elements the same type")
            found = both
        return found or Nothing()

    def _set(self, elements: tuple[Expression, ...], env: Environment) -> Static:
        values: frozenset[str] | None = frozenset()
        for element in elements:
            match self.present(element, env):
                case Name(names):
                    values = None if values is None or names is None else values | names
                case Unknown():
                    values = None
                case other:
                    message = f"a set holds names, and this is {describe(other)}"
                    self.complain(rules.WRONG_OPERAND, message, element)
        return Names(values)

    def element_type(self, iterable: Expression, env: Environment) -> Static:
        """The type of a loop variable."""
        match self.value(iterable, env):
            case Bag(items):
                return Name(frozenset(items))
            case Names(values):
                return Name(values)
            case Lookup() as table:
                return Name(table.keys)
            case Listing(element):
                return element or Unknown()
            case Unknown():
                return Unknown()
            case other:
                message = f"a loop goes over a bag, a set, a table or a list, and this is {describe(other)}"
                return self.complain(rules.NOT_A_COLLECTION, message, iterable, 'write a literal such as `("a", "b")`')

    def quiet_element_type(self, iterable: Expression, env: Environment) -> Static:
        """The type of a loop variable, without diagnostics."""
        self.report.mute()
        try:
            return self.element_type(iterable, env)
        finally:
            self.report.unmute()

    def _comprehension(self, node: nodes.Comprehension, env: Environment) -> Static:
        local = env.copy()
        local.assign(node.variable, self.element_type(node.iterable, env))
        if isinstance(self.quiet_type(node.iterable, env), Bag):
            local.refine(nodes.Subscript(node.iterable, nodes.LocalRef(node.variable)), Number(1, None))
        for condition in node.conditions:
            self.condition(condition, local)
            self.narrow(condition, True, local)
        return Listing(self.value(node.element, local))

    def _lookup(self, container: Expression, key: Expression, node: Expression, env: Environment) -> Static:
        found, name = self.value(container, env), self.present(key, env)
        match found:
            case Bag(items):
                self.check_item(key, name, items)
                return Number(0, None)
            case Lookup():
                return self._table_value(found, key, name, node)
            case Unknown():
                return Unknown()
        hint = "only bag facts and tables with names are looked up"
        return self.complain(rules.NO_LOOKUP, f"{describe(found)} is not looked up with `[…]`", container, hint)

    def check_item(self, node: Expression, key: Static, items: tuple[str, ...]) -> None:
        """Complain about a key that is certainly no item."""
        match key:
            case Name(values):
                if values is not None and not values & set(items):
                    self.unknown_value(node, values, items, "no item is called")
                return
            case Unknown():
                return
        self.complain(rules.WRONG_OPERAND, f"a bag is looked up by an item, and this is {describe(key)}", node)

    def unknown_value(self, node: object, values: frozenset[str], valid: tuple[str, ...], what: str) -> None:
        """Complain about a name outside a list of them; names the nearest."""
        if not values:  # an item, where the cast has none: nothing can be given, so nothing wrong is
            return
        given = sorted(values)[0]
        close = nearest(given, valid)
        listed = ", ".join(f'"{name}"' for name in valid[:8]) + (", …" if len(valid) > 8 else "")
        hint = f'did you mean "{close}"?' if close else f"one of {listed}" if valid else None
        self.complain(rules.UNKNOWN_VALUE, f'{what} "{given}"', node, hint)

    def _table_value(self, table: Lookup, key: Expression, name: Static, node: Expression) -> Static:
        entries = dict(table.entries)
        match name:
            case Unknown():
                return Unknown()
            case Name(values):
                if values is not None and not values & table.keys:
                    self.unknown_value(key, values, tuple(entries), "the table has no key")
                    return Unknown()
                if values is None or not values <= table.keys:
                    missing = "" if values is None else f' (such as "{min(values - table.keys)}")'
                    hint = "test it first: `if key in table:`"
                    self.complain(rules.KEY_NOT_IN_TABLE, f"the key may be missing from the table{missing}", key, hint)
                keys = table.keys if values is None else values & table.keys
                value = joined([entries[k] for k in sorted(keys)])
                if value is None:
                    message = "the table holds values of different types"
                    return self.complain(rules.MIXED_TYPES, message, node, "split it into one table per type")
                return value
        return self.complain(rules.WRONG_OPERAND, f"a table is looked up by a name, and this is {describe(name)}", key)

    def _placeholder(self, name: str, value: Expression, env: Environment) -> None:
        found = self.present(value, env)
        shown = found.element if isinstance(found, Listing) else found
        if not isinstance(shown, Truth | Number | Name | Text | Unknown | None):
            message = f"`{{{name}}}` cannot show {describe(found)}"
            is_collection = isinstance(found, Bag | Names | Lookup)
            hint = (
                "list what is in it: `[x for x in …]`" if is_collection else "pass a number, name, item, text or list"
            )
            self.complain(rules.PLACEHOLDER_TYPE, message, value, hint)
