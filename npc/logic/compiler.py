"""A character's program, compiled once: its tree becomes closures that run with an oracle. Nothing is exec'd."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from npc.catalog.model import Catalog, CharacterDeclaration
from npc.catalog.types import FactValue, SlotValue
from npc.logic import nodes
from npc.logic.execution import Evaluate, Execution, Void, violation_of
from npc.logic.expressions import Scope, Spoken, Watch, compile_expression, watched
from npc.logic.footprint import Footprint, footprint_of, walk
from npc.logic.memo import Memo
from npc.logic.nodes import Expression, Tree
from npc.logic.outcomes import BeforeStep, enumerate_outcomes
from npc.logic.partial import Simplifier
from npc.logic.program import Context, Effect, Oracle, OutcomeTable, Run
from npc.logic.residual import Residual
from npc.logic.source import source_of
from npc.logic.statements import NEXT, StatementScope, Step, compile_block, compile_steps
from npc.logic.trees import CastTrees


class HearingOracle:
    """The engine's oracle: answers from a validated reply.

    Args:
        hearing: what was heard: intent → slot → value.
        chance: draws from the session's generator, given a probability.
        choice: the response the model chose; said where it is among a `say_any`'s candidates, else the first is.
    """

    __slots__ = ("_chance", "_choice", "_hearing")

    def __init__(
        self, hearing: Mapping[str, Mapping[str, SlotValue]], chance: Callable[[float], bool], choice: str | None
    ) -> None:
        self._hearing = hearing
        self._chance = chance
        self._choice = choice

    def heard(self, intent: str) -> bool:
        return intent in self._hearing

    def slot(self, intent: str, slot: str) -> SlotValue | None:
        slots = self._hearing.get(intent)
        return None if slots is None else slots.get(slot)

    def chance(self, probability: float) -> bool:
        return self._chance(probability)

    def choose(self, candidates: tuple[str, ...]) -> str:
        return self._choice if self._choice is not None and self._choice in candidates else candidates[0]


class CompiledProgram:
    """A character's logic as closures; implements `npc.logic.program.Program`."""

    def __init__(
        self, catalog: Catalog, trees: CastTrees, declaration: CharacterDeclaration, watch: Watch | None = None
    ) -> None:
        own = trees.characters[declaration.id]
        self.declaration = declaration
        self.tree = own.logic
        self.whens = own.whens
        self.dos = trees.effects
        self.fact_types = {name: fact.type for name, fact in catalog.facts.items()}
        self.touched: Footprint = footprint_of(own.logic, own.whens, trees.effects, self.fact_types)
        self.tables: dict[str, Any] = {
            name: table.entries or table.values for name, table in declaration.tables.items()
        }
        self.otherwise = declaration.otherwise
        self.intents = declaration.intents
        self.responses = {response: place for place, response in enumerate(declaration.responses)}
        self._scope, self._steps = self._compile(catalog, watch)
        simplifier = Simplifier(self.fact_types, lambda node: compile_expression(self._scope, node))
        self._residual = Residual(self.tree, self.dos, self.touched.writes, simplifier)
        depends_on = {name: self.fact_types[name] for name in self.touched.reads}
        self._tables: Memo[OutcomeTable] = Memo(depends_on, self.touched.context)
        self._residuals: Memo[Tree] = Memo(depends_on, self.touched.context)

    def _compile(self, catalog: Catalog, watch: Watch | None) -> tuple[Scope, tuple[Step, ...]]:
        whens: dict[str, Evaluate] = {}
        dos: dict[str, Evaluate] = {}
        bodies: dict[str, tuple[tuple[str, ...], Evaluate]] = {}

        def helper(name: str) -> tuple[tuple[str, ...], Evaluate]:
            if name not in bodies:
                declared = self.tree.helpers[name]
                block = compile_block(scope, declared.body)

                def body(run: Execution) -> Any:
                    value = block(run)
                    return None if value is NEXT else value

                bodies[name] = (declared.parameters, body)
            return bodies[name]

        expressions = Scope(self.fact_types, self.touched.writes, self.tables, whens, helper, watch)
        scope = StatementScope(expressions, catalog.effects, dos)
        for response in self.touched.responses & self.whens.keys():
            when = self.whens[response]
            whens[response] = watched(expressions, when, compile_expression(expressions, when))
        for effect in self.touched.effects & self.dos.keys():
            dos[effect] = compile_block(scope, self.dos[effect].body, traced=False)
        return expressions, compile_steps(scope, self.tree.body)

    @property
    def footprint(self) -> frozenset[str]:
        """Facts that any run may read in a way that can change its result."""
        return self.touched.reads

    def run(self, facts: Mapping[str, FactValue], oracle: Oracle, context: Context) -> Run:
        """Run the logic in a state; see `npc.logic.program.Program`."""
        run = Execution(facts, oracle, context)
        try:
            spoken = self.execute(run)
        except Void as void:
            return self._void(run, void)
        otherwise = self.otherwise
        changes = {name: value for name, value in run.overlay.items() if facts[name] != value}
        return Run(
            response=otherwise if spoken is None else spoken.response,
            candidates=(otherwise,) if spoken is None else spoken.candidates,
            values={} if spoken is None else spoken.values,
            effects=tuple([Effect(name, dict(args)) for name, args in run.effects]),
            changes=changes,
            lines=tuple(dict.fromkeys(run.trail)),
            reads=frozenset(run.reads),
        )

    def execute(self, run: Execution, start: int = 0, before: BeforeStep | None = None) -> Spoken | None:
        """Run the logic's body: the line it returns, or None where it ends without one.

        Args:
            run: the state, as the statements before `start` have left it.
            start: the statement of the body to begin with.
            before: called before each statement with its number.

        Raises:
            Void: the turn is void as a whole.
        """
        trail = run.trail
        for number in range(start, len(self._steps)):
            if before is not None:
                before(number, run)
            line, step = self._steps[number]
            trail.append(line)
            value = step(run)
            if value is not NEXT:
                return value if isinstance(value, Spoken) else None
        return None

    def _void(self, run: Execution, void: Void) -> Run:
        otherwise = self.otherwise
        return Run(
            response=otherwise,
            candidates=(otherwise,),
            values={},
            effects=(),
            changes={},
            lines=tuple(dict.fromkeys(run.trail)),
            reads=frozenset(run.reads),
            void=violation_of(run, void),
        )

    def outcomes(self, facts: Mapping[str, FactValue], context: Context) -> OutcomeTable:
        """All outcomes of a state; see `npc.logic.program.Program`."""

        def approximate() -> tuple[set[str], set[str]]:
            return said_and_heard(self.residual_tree(facts, context))

        return self._tables.get(facts, context, lambda: enumerate_outcomes(self, facts, context, approximate))

    def residual(self, facts: Mapping[str, FactValue], context: Context) -> str:
        """The pseudocode with what the present state decides resolved; see `npc.logic.program.Program`."""
        return source_of(self.residual_tree(facts, context))

    def residual_tree(self, facts: Mapping[str, FactValue], context: Context) -> Tree:
        """The tree of `residual`."""
        return self._residuals.get(facts, context, lambda: self._residual.of(facts, context))


def said_and_heard(tree: Tree) -> tuple[set[str], set[str]]:
    """Every response that stands in a program, and every intent it asks about.

    Of a residual program, that is a sound over-approximation of what can be said in its state.
    """
    said: set[str] = set()
    heard: set[str] = set()
    for node in walk(tree):
        match node:
            case nodes.Say(response):
                said.add(response)
            case nodes.SayAny(responses):
                said.update(responses)
            case nodes.HeardRef(intent):
                heard.add(intent)
    return said, heard


def _no_helper(name: str) -> tuple[tuple[str, ...], Evaluate]:
    raise KeyError(name)


def compile_program(
    catalog: Catalog, trees: CastTrees, character_id: str, watch: Watch | None = None
) -> CompiledProgram:
    """Compile a character's logic.

    Args:
        catalog: the catalog that declares the character.
        trees: the checked trees of the same catalog.
        character_id: which character.
        watch: told how each decision falls, for coverage.

    Raises:
        KeyError: there is no such character.
    """
    return CompiledProgram(catalog, trees, catalog.characters[character_id], watch)


def compile_condition(catalog: Catalog, expression: Expression) -> Callable[[Mapping[str, FactValue]], bool]:
    """Compile an invariant or goal: a condition over facts alone.

    A condition that cannot be evaluated in a state (a division by zero) does not hold there.
    """
    fact_types = {name: fact.type for name, fact in catalog.facts.items()}
    expressions = Scope(fact_types, frozenset(), {}, {}, _no_helper)
    evaluate = compile_expression(expressions, expression)
    silence = HearingOracle({}, lambda probability: False, None)

    def holds(facts: Mapping[str, FactValue]) -> bool:
        try:
            return bool(evaluate(Execution(facts, silence, Context())))
        except Void:
            return False

    return holds
