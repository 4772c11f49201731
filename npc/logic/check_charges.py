"""Compares what is taken from a number with what the conditions before have made sure of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from npc.catalog.types import IntType
from npc.logic import nodes, rules
from npc.logic.check_expressions import ExpressionChecker
from npc.logic.environment import Environment
from npc.logic.nodes import Expression, FactRef, Tree
from npc.logic.scope import Scope
from npc.logic.static_types import Number


class ChargeChecker:
    """Finds charges that disagree with their guard, such as a price checked at 3 and charged at 5.

    Args:
        effects: the `do` of effects.
    """

    def __init__(self, expressions: ExpressionChecker, scope: Scope, effects: Mapping[str, Tree]) -> None:
        self._expressions, self._scope, self._effects = expressions, scope, effects

    def check(self, statement: nodes.EffectCall | nodes.AssignFact, env: Environment) -> None:
        """Check one effect call or assignment; `env` is what is known before it."""
        for fact, charge in self._charges(statement):
            declared = self._scope.facts[fact].type
            if isinstance(declared, IntType) and declared.min is not None:
                self._check(statement, FactRef(fact), declared.min, charge, env)
        if isinstance(statement, nodes.EffectCall):
            self._check_sign(statement, env)

    def _charges(self, statement: nodes.EffectCall | nodes.AssignFact) -> Iterator[tuple[str, Expression]]:
        """Facts that the statement takes from, and what it takes, in the words of the calling logic."""
        if isinstance(statement, nodes.AssignFact):
            if statement.operator == "-=":
                yield statement.fact, statement.value
            return
        arguments = dict(statement.arguments)
        for step in _first_steps(self._effects.get(statement.effect)):
            match step:
                case nodes.AssignFact(fact, "-=", nodes.LocalRef(name)) if name in arguments:
                    yield fact, arguments[name]
                case nodes.AssignFact(fact, "-=", nodes.Literal() as amount):
                    yield fact, amount

    def _check(
        self,
        statement: nodes.EffectCall | nodes.AssignFact,
        fact: FactRef,
        least: int,
        charge: Expression,
        env: Environment,
    ) -> None:
        """Compare what is certainly there with what is taken."""
        left = self._certainly_left(fact, least, charge, env)
        if left is None:
            return
        if left < least:
            message = (
                f"the condition before makes sure of too little: `{fact.name}` may be {least - left} short of what is "
                "taken, and then the turn is void"
            )
            hint = "let the condition ask for what is taken, such as one name for both"
            self._expressions.complain(rules.GUARD_BELOW_CHARGE, message, statement, hint)
        elif left == least + 1:
            message = f"who has exactly what is taken of `{fact.name}` is refused by the condition before"
            hint = "compare with `>=` (or `<` where it refuses)"
            self._expressions.complain(rules.EXACT_REFUSED, message, statement, hint)

    def _certainly_left(self, fact: FactRef, least: int, charge: Expression, env: Environment) -> int | None:
        """What is left at least after the charge; None where no condition says anything of it."""
        amount = self._expressions.quiet_type(charge, env)
        apart = env.refined.get(nodes.Arithmetic("-", fact, charge))
        if isinstance(apart, Number) and apart.low is not None:
            return apart.low
        held = env.refined.get(fact)
        if not isinstance(held, Number) or held.low is None or held.low <= least:
            return None
        if not isinstance(amount, Number) or amount.low is None or amount.low != amount.high:
            return None
        return held.low - amount.low

    def _check_sign(self, statement: nodes.EffectCall, env: Environment) -> None:
        declared = self._scope.effects[statement.effect].args
        arguments = dict(statement.arguments)
        for step in _first_steps(self._effects.get(statement.effect)):
            match step:
                case nodes.AssignFact(fact, "-=", nodes.LocalRef(name)) if name in arguments:
                    kind = declared[name]
                    amount = self._expressions.quiet_type(arguments[name], env)
                    if not isinstance(kind, IntType) or not isinstance(amount, Number):
                        continue
                    if (kind.min is None or kind.min < 0) and (amount.low is None or amount.low < 0):
                        message = f"`{name}` may be below 0 here, and then `{fact}` grows"
                        hint = f"declare `min: 1` for the slot, or for `{name}` of the effect"
                        self._expressions.complain(rules.NEGATIVE_CHARGE, message, statement, hint)


def _first_steps(do: Tree | None) -> Iterator[nodes.Statement]:
    """The steps that an effect always takes."""
    return iter(do.body if do is not None else ())
