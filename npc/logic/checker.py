"""Parses and checks all pseudocode of a cast: logic, effects' `do`, `when`s, invariants and goals."""

from __future__ import annotations

from collections.abc import Mapping

from npc.catalog.model import Catalog, CharacterDeclaration, SourceText
from npc.diagnostics import Diagnostic
from npc.logic.check_statements import ProgramChecker
from npc.logic.nodes import Expression, Tree
from npc.logic.parser import parse_condition, parse_program
from npc.logic.reporting import Report
from npc.logic.scope import Scope, condition_scope, effect_scope, logic_scope
from npc.logic.trees import CastTrees, CharacterTrees


def check_cast(catalog: Catalog) -> tuple[CastTrees, list[Diagnostic]]:
    """Parse and check a cast's pseudocode.

    Returns:
        The trees, fit to be compiled only when no diagnostic is an error; and all diagnostics in file order.
    """
    checker = _CastChecker(catalog)
    trees = CastTrees(
        {id_: checker.character(character) for id_, character in catalog.characters.items()},
        checker.effects,
        tuple(checker.condition(source) for source in catalog.invariants),
        tuple(checker.condition(source) for source in catalog.goals),
    )
    return trees, checker.report.diagnostics


class _CastChecker:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._conditions = condition_scope(catalog)
        self.report = Report(catalog.sources)
        self.effects: dict[str, Tree] = {}
        for name, effect in catalog.effects.items():
            if effect.do is not None:
                self.effects[name] = self._program(effect.do, effect_scope(catalog, effect))

    def _program(self, source: SourceText, scope: Scope, whens: Mapping[str, Expression] | None = None) -> Tree:
        findings = self.report.count
        tree, places = parse_program(source, scope, self.report)
        self.report.errors_only = self.report.count > findings
        ProgramChecker(tree, scope, self.effects, places, self.report, whens).check()
        self.report.errors_only = False
        return tree

    def character(self, character: CharacterDeclaration) -> CharacterTrees:
        whens = {id_: self.condition(response.when) for id_, response in character.responses.items() if response.when}
        logic = self._program(character.logic, logic_scope(self._catalog, character), whens)
        return CharacterTrees(logic, whens)

    def condition(self, source: SourceText) -> Expression:
        expression, places = parse_condition(source, self._conditions, self.report)
        ProgramChecker(Tree({}, ()), self._conditions, {}, places, self.report).check_condition(expression)
        return expression
