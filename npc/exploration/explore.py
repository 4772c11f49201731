"""Exploring a cast: everything that can come of talking to it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from npc.diagnostics import Rule
from npc.exploration import rules
from npc.exploration.budget import Budget, OutOfBudget
from npc.exploration.gains import GainSeeker
from npc.exploration.places import Subject, line_of
from npc.exploration.preparing import Prepared, prepare
from npc.exploration.questions import Answer, Found, Oracle
from npc.exploration.results import Exploration, Finding, Question, cut_short, finding_of, in_order
from npc.exploration.statements import statement_lines
from npc.exploration.transitions import Box, Way
from npc.exploration.unknowns import Place
from npc.exploration.witness import Step, Storyteller
from npc.logic.cast import Cast

MAX_STATES = 2_000_000
"""States that are kept at most, over all questions, unless told otherwise."""


Progress = Callable[[int, int], None]
"""Told how many questions are answered, and how many there are."""


def explore(
    cast: Cast,
    *,
    max_states: int = MAX_STATES,
    seconds: float | None = None,
    progress: Progress = lambda done, total: None,
    clock: Callable[[], float] = time.monotonic,
    share: tuple[int, int] = (0, 1),
) -> Exploration:
    """Take every conversation that can be had with a cast, and report what goes wrong in some.

    Whatever is heard, with whatever slots; however chance falls; whichever line is chosen; after any event; and with
    any change, before any turn, of the facts that the game owns.

    Args:
        cast: the cast.
        max_states: states that are kept at most; what is then still open is reported as not covered.
        seconds: time at most, with the same result; None for no limit.
        progress: told how far it is.
        clock: seconds that pass.
        share: which part of the questions to ask, counted from 0, and of how many.
    """
    return _Exploring(cast, max_states, seconds, progress, clock, share=share).run()


@dataclass
class _Exploring:
    cast: Cast
    max_states: int
    seconds: float | None
    progress: Progress
    clock: Callable[[], float]
    found: list[Finding] = field(default_factory=list)
    asked: dict[Question, Found] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    share: tuple[int, int] = (0, 1)
    _by: defaultdict[Question, list[Way]] = field(default_factory=lambda: defaultdict(list))
    _total: int = 0

    def run(self) -> Exploration:
        begin = self.clock()
        over = (lambda: False) if self.seconds is None else (lambda: self.clock() - begin > (self.seconds or 0))
        self._budget = Budget(self.max_states, over)
        paths = 0
        try:
            prepared = prepare(self.cast, self._budget.spend)
            paths, goals = prepared.paths, prepared.goals
            self._take(prepared)
        except OutOfBudget as cut:
            self.undecided.append(f"nothing was asked: {cut} before all paths through the logic were taken")
        else:
            duties: list[Callable[[], None]] = [partial(self._ask_character, name) for name in self.cast.characters]
            duties += [partial(self._ask_goal, number, boxes) for number, boxes in goals.items()]
            duties.append(self._ask_gains)
            number, of = self.share
            for duty in duties[number::of]:
                duty()
        undecided = (*self.left_out, *self.undecided)
        return Exploration(
            in_order([*self.found, *cut_short(self.cast, undecided)]),
            self.asked,
            undecided,
            self._budget.found,
            self._budget.transitions,
            paths,
            self.clock() - begin,
        )

    def _take(self, prepared: Prepared) -> None:
        """Make ready to ask about the system."""
        self.left_out = list(prepared.left_out)
        self.undecided += [f"{self._asked(('goal', '', n))}: {why}" for n, why in prepared.goals_left_out.items()]
        self._system = system = prepared.system
        self._ways = system.ways
        self._sort_ways()
        self._teller = Storyteller(self.cast, system)
        self._oracle = Oracle(system, self._teller, self._budget, max(1, self.max_states // 4))

    # --- what is asked

    def _sort_ways(self) -> None:
        """Put the ways under the questions that they answer."""
        self._total = len(self.cast.catalog.goals) + len(self.cast.characters)
        for way in self._ways:
            path = way.path
            for line in path.lines:
                self._by[("statement", path.character, line)].append(way)
            if path.void is not None:
                self._by[("void", path.character, (path.void.line, path.void.reason))].append(way)
            elif path.whole:
                for number in path.broken:
                    self._by[("invariant", path.character, number)].append(way)
                for response in path.candidates:
                    self._by[("response", path.character, response)].append(way)
        self._total += sum(kind in ("void", "invariant") for kind, _, _ in self._by)
        for name, character in self.cast.characters.items():
            lines = sum(1 for _ in statement_lines(self.cast.trees.characters[name].logic))
            self._total += len(character.declaration.responses) - 1 + lines

    def _ask_character(self, name: str) -> None:
        declaration = self.cast.characters[name].declaration
        for declared in declaration.responses.values():
            if declared.id != declaration.otherwise:
                answer = self._ask(("response", name, declared.id))
                if answer.answer is Answer.NO:
                    message = f"no conversation ever gets to hear `{declared.id}`"
                    hint = "remove it, or what keeps it from being said"
                    self._report(rules.UNREACHABLE_RESPONSE, message, Subject("response", name, declared.id), hint)
        self._ask_lines(name)
        self._ask_mute(name)
        for question in [question for question in self._by if question[1] == name]:
            if question[0] == "void":
                self._ask_void(question)
            elif question[0] == "invariant":
                self._ask_invariant(question)

    def _ask_void(self, question: Question) -> None:
        _, name, (line, reason) = question
        answer = self._ask(question, witness=True)
        if answer.answer is Answer.YES:
            ranged = reason == "effect-violation"
            rule, hint = (rules.OUT_OF_RANGE, _TESTED) if ranged else (rules.NOTHING_TO_SAY, _SAYABLE)
            message = f"here a turn can be void: {answer.witness[-1].void}"
            self._report(rule, message, line_of(self.cast, name, line), hint, answer.witness)

    def _ask_invariant(self, question: Question) -> None:
        _, name, number = question
        answer = self._ask(question, witness=True)
        if answer.answer is Answer.YES:
            source = self.cast.catalog.invariants[number]
            message = f"a turn of {name} breaks the invariant `{source.text.strip()}`"
            hint = "test for it before the effect"
            self._report(rules.BROKEN_INVARIANT, message, Subject("invariant", "", number), hint, answer.witness)

    def _ask_lines(self, name: str) -> None:
        told = {d.position.line for d in self.cast.diagnostics if d.code == "L407"}
        dead: set[int] = set()
        for line, outer, before in statement_lines(self.cast.trees.characters[name].logic):
            if outer in dead or before in dead:
                dead.add(line)
                continue
            answer = self._ask(("statement", name, line))
            if answer.answer is Answer.NO:
                dead.add(line)
                if line not in told:
                    self._report(
                        rules.UNREACHABLE_LINE,
                        "no conversation ever runs this",
                        line_of(self.cast, name, line),
                        "what must hold for it never does: mend a condition above, or remove it",
                    )

    def _ask_mute(self, name: str) -> None:
        declared = self.cast.characters[name].declaration
        if self.left_out or len(declared.responses) == 1:
            return
        own = [way for way in self._ways if way.path.character == name and way.path.whole and way.path.void is None]
        speaking = [way.box for way in own if way.path.speaks]
        answer = self._oracle.outside(speaking)
        self._note(("mute", name, ""), answer)
        if answer.answer is Answer.YES and speaking:
            when = f"after `{answer.witness[-1]}`" if answer.witness else "from the start"
            message = f"{when} the logic of {name} says nothing, whatever is heard; `{declared.otherwise}` is all"
            self._report(rules.MUTE, message, Subject("character", name), "let something be said then", answer.witness)

    def _ask_goal(self, number: int, boxes: Iterable[Box]) -> None:
        source = self.cast.catalog.goals[number]
        text = source.text.strip()
        answer = self._oracle.locks(boxes)
        self._note(("goal", "", number), answer)
        if answer.answer is Answer.YES and not answer.witness:
            self._report(
                rules.GOAL_LOCKED,
                f"no conversation ever reaches the goal `{text}`",
                Subject("goal", "", number),
                "let some turn reach it",
            )
        elif answer.answer is Answer.YES:
            message = f"the goal `{text}` can be locked out: after `{answer.witness[-1]}` nothing reaches it"
            hint = "leave another way to it open"
            self._report(rules.GOAL_LOCKED, message, Subject("goal", "", number), hint, answer.witness)

    def _ask_gains(self) -> None:
        try:
            seeker = GainSeeker(self.cast, self._system, self._teller, self._budget)
            for gain in seeker.gains():
                what = " and ".join(f"{amount} {_named(place)}" for place, amount in sorted(gain.gained.items()))
                turns = "this turn" if len(gain.turns) == 1 else f"these {len(gain.turns)} turns"
                message = f"{turns} can be repeated for ever, and give {what} each time"
                path = gain.path
                place = line_of(self.cast, path.character, max(path.lines, default=0))
                self._report(rules.ENDLESS_GAIN, message, place, _ONCE, (*gain.before, *gain.turns))
            self.undecided += [f"gains: {reason}" for reason in seeker.undecided]
        except OutOfBudget as cut:
            self.undecided.append(f"gains: {cut}")

    def _ask(self, question: Question, witness: bool = False) -> Found:
        answer = self._oracle.can_take(self._by.get(question, []), witness)
        self._note(question, answer)
        return answer

    def _note(self, question: Question, answer: Found) -> None:
        if answer.answer is Answer.NO and self.left_out:
            # What was left out may still lead there.
            answer.answer, answer.reason = Answer.UNDECIDED, "part of the cast was left out"
        self.asked[question] = answer
        self.progress(len(self.asked), self._total)
        if answer.answer is Answer.UNDECIDED:
            self.undecided.append(f"{self._asked(question)}: {answer.reason}")

    def _asked(self, question: Question) -> str:
        """A question as people read it."""
        catalog = self.cast.catalog
        match question:
            case ("response", name, which):
                return f"whether {name} ever says `{which}`"
            case ("statement", name, line):
                return f"whether line {line} of {name} ever runs"
            case ("void", name, (line, _)):
                return f"whether a turn can be void in line {line} of {name}"
            case ("invariant", name, number):
                return f"whether {name} can break `{catalog.invariants[number].text.strip()}`"
            case ("goal", _, number):
                return f"whether `{catalog.goals[number].text.strip()}` can be locked out"
        return f"whether {question[1]} can be left with nothing to say"

    def _report(self, rule: Rule, message: str, subject: Subject, hint: str, witness: tuple[Step, ...] = ()) -> None:
        self.found.append(finding_of(self.cast, rule, message, subject, hint, witness))


def _named(place: Place) -> str:
    """A resource as people read it."""
    return f"{place[2]} in {place[1]}" if len(place) > 2 else place[1]


_ONCE = "let a fact remember that it was given, or let it cost as much as it gives"
_TESTED = "test for it first, or keep what is charged, given and taken within what there is"
_SAYABLE = "test on the way here what the line's `when` asks for, and say another line where it is false"
