"""What of a cast its conversations take: responses, decisions both ways, effects, intents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from npc.catalog.types import OneOfType
from npc.logic import nodes
from npc.logic.cast import Cast
from npc.logic.compiler import CompiledProgram, compile_program
from npc.logic.footprint import walk
from npc.logic.program import Run
from npc.logic.source import case_source, expression_source
from npc.testing.cases import CaseResult
from npc.testing.replaying import replay

KINDS = ("response", "branch", "effect", "intent", "when")


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """Something that conversations should take.

    Attributes:
        character: whose it is.
        kind: ``response`` (said), ``branch`` (a decision falling one way), ``effect`` (taken), ``intent`` (heard), or
            ``when`` (a response's guard being true, or false).
        file, line: where it stands.
        name: an id, or the condition as text.
        way: for decisions, which way; else True.
        number: tells apart decisions of the same text in a line.
    """

    character: str
    kind: str
    file: str
    line: int
    name: str
    way: bool = True
    number: int = 0

    def __str__(self) -> str:
        told = {"branch": f"`{self.name}` is never {str(self.way).lower()}"}
        told["when"] = f"the `when` of {self.name} is never {str(self.way).lower()}"
        told |= {"response": f"response {self.name} is never said", "effect": f"effect {self.name} is never taken"}
        told["intent"] = f"intent {self.name} is never heard"
        return f"{self.file}:{self.line}: {told[self.kind]}"


@dataclass(slots=True)
class Reached:
    """How often a target was taken: by conversations that pass, and by those that fail."""

    passing: int = 0
    failing: int = 0


@dataclass(slots=True)
class Heard:
    """How an intent was put into words: lines that were understood to express it, paraphrases among them."""

    lines: set[str] = field(default_factory=set)
    paraphrases: set[str] = field(default_factory=set)


class WatchedProgram:
    """A character's logic, compiled once more so that each decision is told.

    Attributes:
        targets: all there is to take, apart from intents and their words.
        program: the program.
    """

    def __init__(self, cast: Cast, character: str) -> None:
        self._declaration = cast.character(character).declaration
        self._ways: dict[tuple[int, bool], Target] = {}
        self._hits: set[Target] = set()
        self.program: CompiledProgram = compile_program(cast.catalog, cast.trees, character, self._told)
        self.targets = tuple(dict.fromkeys(self._all()))
        self._known = frozenset(self.targets)

    def _told(self, node: Any, way: bool) -> None:
        target = self._ways.get((id(node), way))
        if target is not None:
            self._hits.add(target)

    def hits(self) -> set[Target]:
        """The decisions taken since this was last asked."""
        found, self._hits = self._hits, set()
        return found

    def of(self, run: Run) -> set[Target]:
        """What a run that ended just now took."""
        found = self.hits()
        said = run.candidates if len(run.candidates) > 1 and run.response not in self._declaration.responses else ()
        found.update(self._named("response", name) for name in (run.response, *said))
        found.update(self._named("effect", effect.name) for effect in run.effects)
        return found & self._known

    def _named(self, kind: str, name: str) -> Target:
        declaration = self._declaration
        line = declaration.responses[name].position.line if kind == "response" else declaration.logic.start.line
        return Target(declaration.id, kind, declaration.file, line, name)

    def _all(self) -> Iterator[Target]:
        for name in self._declaration.responses:
            yield self._named("response", name)
        for name in sorted(self.program.touched.effects):
            yield self._named("effect", name)
        numbers: dict[tuple[int, str], int] = defaultdict(int)
        certain = set(self._certain_cases())
        for node, line, name in decisions(self.program.tree):
            number = numbers[line, name] = numbers[line, name] + 1
            for target in self._both("branch", node, line, name, number):
                if target.way or id(node) not in certain:
                    yield target
        for name in sorted(self.program.touched.responses & self.program.whens.keys()):
            line = self._declaration.responses[name].position.line
            yield from self._both("when", self.program.whens[name], line, name, 0)

    def _certain_cases(self) -> Iterator[int]:
        """The last cases of matches that name every option: nothing is left for them to be false for."""
        for node in walk(self.program.tree):
            if isinstance(node, nodes.Match) and isinstance(node.subject, nodes.FactRef):
                declared = self.program.fact_types[node.subject.name]
                plain = [case for case in node.cases if case.guard is None]
                named = {value for case in plain for value in case.values or ()}
                if isinstance(declared, OneOfType) and named >= set(declared.options):
                    yield id(node.cases[-1])

    def _both(self, kind: str, node: Any, line: int, name: str, number: int) -> Iterator[Target]:
        for way in (True, False):
            target = Target(self._declaration.id, kind, self._declaration.file, line, name, way, number)
            self._ways[id(node), way] = target
            yield target


def decisions(tree: nodes.Tree) -> Iterator[tuple[Any, int, str]]:
    """Every decision of a program: its node, line and condition as text. A `case _` without guard decides nothing."""
    yield from _in_block(tree.body)
    for helper in tree.helpers.values():
        yield from _in_block(helper.body)


def _in_block(body: Iterable[nodes.Statement]) -> Iterator[tuple[Any, int, str]]:
    for statement in body:
        inside: tuple[Any, ...] = (statement,)
        match statement:
            case nodes.If(test, then, otherwise, line):
                yield statement, line, expression_source(test)
                yield from _in_block((*then, *otherwise))
                inside = (test,)
            case nodes.For(_, iterable, inner, _):
                yield from _in_block(inner)
                inside = (iterable,)
            case nodes.Match(subject, cases, _):
                for case in cases:
                    if case.values is not None or case.guard is not None:
                        yield case, case.line, case_source(subject, case)
                    yield from _in_block(case.body)
                inside = (subject, *(case.guard for case in cases if case.guard is not None))
        for node in walk(inside):
            if isinstance(node, nodes.Conditional):
                yield node, statement.line, expression_source(node.test)


class Coverage:
    """What conversations take of a cast.

    Attributes:
        cast: the cast.
        reached: each target, and how often it was taken.
        lines: character and line of its file → by how many turns it was run.
        heard: for each character and intent, the words that were understood to express it.
    """

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.watched = {name: WatchedProgram(cast, name) for name in cast.characters}
        self.reached: dict[Target, Reached] = {}
        self.lines: defaultdict[tuple[str, int], Reached] = defaultdict(Reached)
        self.heard: dict[tuple[str, str], Heard] = {}
        for name, character in cast.characters.items():
            declaration = character.declaration
            self.reached.update((target, Reached()) for target in self.watched[name].targets)
            for intent in declaration.intents:
                self.reached[self._intent(name, intent)] = Reached()
                self.heard[name, intent] = Heard()

    def _intent(self, character: str, intent: str) -> Target:
        declared = self.cast.character(character).declaration.intents[intent]
        return Target(character, "intent", declared.position.file, declared.position.line, intent)

    def add(self, one: CaseResult) -> None:
        """Count what a conversation took."""
        passing = one.result.failure is None
        for replayed in replay(one, {name: watched.program for name, watched in self.watched.items()}):
            step, who = replayed.step, replayed.step.character
            if replayed.run is None:
                continue
            taken = self.watched[who].of(replayed.run)
            for intent in replayed.turn.heard:
                taken.add(self._intent(who, intent))
                if step.say is not None:
                    heard = self.heard[who, intent]
                    (heard.paraphrases if step.paraphrase else heard.lines).add(step.say)
            lines = [self.lines[who, line] for line in replayed.run.lines]
            for reached in (*(self.reached[target] for target in taken), *lines):
                reached.passing += passing
                reached.failing += not passing

    def missing(self, kind: str | None = None) -> list[Target]:
        """What no conversation that passes takes, in order of place."""
        found = [target for target, reached in self.reached.items() if not reached.passing]
        return sorted(target for target in found if kind in (None, target.kind))

    def counts(self, kind: str) -> tuple[int, int]:
        """How many targets of a kind are taken by conversations that pass, and how many there are."""
        of_kind = [reached for target, reached in self.reached.items() if target.kind == kind]
        return sum(bool(reached.passing) for reached in of_kind), len(of_kind)

    def percent(self, kind: str) -> float:
        """The part that is taken, in percent; 100 where there is nothing to take."""
        taken, total = self.counts(kind)
        return 100.0 * taken / total if total else 100.0
