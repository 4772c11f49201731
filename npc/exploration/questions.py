"""Questions to a system, answered: can a turn go one of these ways, and how soon; can a goal be locked out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from npc.exploration.boxes import merged
from npc.exploration.budget import Budget, OutOfBudget
from npc.exploration.moves import State
from npc.exploration.slices import Search, Slice, locked_states
from npc.exploration.transitions import Box, System, Way
from npc.exploration.witness import Step, Storyteller

QUICK = 20_000
"""States of a slice that are searched before anything else is tried."""


class Answer(StrEnum):
    """Whether something can happen."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass(slots=True)
class Found:
    """An answer, with a shortest conversation where it is yes, and why it was left open where it is undecided."""

    answer: Answer
    witness: tuple[Step, ...] = ()
    turns: int = 0
    reason: str = ""


@dataclass
class Oracle:
    """Answers questions about a system, keeping what was found for the next question.

    Attributes:
        system: the system.
        teller: makes the witnesses.
        budget: what it may use, over all questions.
        each: states that one question may use.
    """

    system: System
    teller: Storyteller
    budget: Budget
    each: int
    _searches: list[Search] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._full = [variable.full for variable in self.system.variables]

    def can_take(self, ways: Sequence[Way], witness: bool) -> Found:
        """Whether a conversation can come to one of some ways.

        Args:
            ways: the ways.
            witness: whether a conversation is wanted.
        """
        if not ways:
            return Found(Answer.NO)
        initial = self.system.initial
        now = [way for way in ways if all(mask >> initial[number] & 1 for number, mask in way.box)]
        if now:
            steps = self.teller.tell(None, (), now) if witness else ()
            if steps is not None:
                return Found(Answer.YES, steps, 1)
        boxes = merged([way.box for way in ways], self._full)
        try:
            return self._search(boxes, ways, witness)
        except OutOfBudget as cut:
            return Found(Answer.UNDECIDED, reason=str(cut))

    def _search(self, boxes: list[Box], ways: Sequence[Way], witness: bool) -> Found:
        known = next((search for search in self._searches if not search.part.clone().split(boxes)), None)
        if known is not None:
            state = known.find(known.part.within(boxes), min(QUICK, self.each))
            if state is not None or known.complete:
                return self._answer(known, state, ways, witness)
        search = self._new(boxes) if known is None or not known.small else known
        state = search.find(search.part.within(boxes), min(QUICK, self.each))
        if state is None and not search.complete:
            if all(self._ruled_out(box) for box in boxes):
                return Found(Answer.NO)
            state = search.find(search.part.within(boxes), self.each)
            if state is None and not search.complete:
                raise OutOfBudget(_seen(search))
        return self._answer(search, state, ways, witness)

    def _new(self, boxes: Iterable[Box]) -> Search:
        part = Slice(self.system)
        part.split(boxes)
        part.refine(self.budget.spend)
        for search in self._searches:
            if search.part.key == part.key:
                return search
        self._searches.append(Search(part, self.budget))
        return self._searches[-1]

    def _ruled_out(self, box: Box) -> bool:
        """Whether a box is out of reach even where only its own variables are looked at."""
        only = frozenset(number for number, _ in box)
        for _ in range(3):
            part = Slice(self.system, only=only)
            part.split([box])
            part.refine(self.budget.spend)
            if part.size > QUICK:
                return False
            search = Search(part, self.budget)
            if search.find(part.within([box]), QUICK) is None and search.complete:
                return True
            wider = only | part.left_out
            if wider == only:
                return False
            only = wider
        return False

    def _answer(self, search: Search, state: State | None, ways: Sequence[Way], witness: bool) -> Found:
        if state is None:
            return Found(Answer.NO)
        turns = search.reached.depths[state] + 1
        if not witness and search.part.exact:
            return Found(Answer.YES, (), turns)
        steps = self.teller.tell(search.part, search.reached.steps_to(state), ways)
        if steps is None:
            return Found(Answer.UNDECIDED, reason="no conversation could be made that gets there")
        return Found(Answer.YES, steps, turns)

    def outside(self, boxes: Iterable[Box]) -> Found:
        """Whether a conversation can come to a state that is in none of some boxes; the conversation to there."""
        inside_of = merged(boxes, self._full)
        if inside_of == [()]:
            return Found(Answer.NO)
        try:
            search = self._new(inside_of)
            inside = search.part.within(inside_of)
            state = search.find(lambda state: not inside(state), self.each)
        except OutOfBudget as cut:
            return Found(Answer.UNDECIDED, reason=str(cut))
        if state is None:
            return Found(Answer.NO) if search.complete else Found(Answer.UNDECIDED, reason=_seen(search))
        states = search.reached.steps_to(state)
        steps = self.teller.walk(search.part, states)
        if steps is None:
            return Found(Answer.UNDECIDED, reason="no conversation could be made that gets there")
        return Found(Answer.YES, steps, len(steps))

    def locks(self, goal: Iterable[Box]) -> Found:
        """Whether a conversation can come to where a goal can no longer be reached; the conversation to there.

        The answer is yes with an empty conversation where the goal is out of reach from the start.
        """
        boxes = merged(goal, self._full)
        if boxes == [()]:
            return Found(Answer.NO)
        try:
            search = self._new(boxes)
            search.find(None, self.each)
            if not search.complete:
                return Found(Answer.UNDECIDED, reason=_seen(search))
            locked = locked_states(search, search.part.within(boxes)) if boxes else [search.part.initial]
        except OutOfBudget as cut:
            return Found(Answer.UNDECIDED, reason=str(cut))
        for state in locked[:8]:
            states = search.reached.steps_to(state)
            if len(states) == 1:
                return Found(Answer.YES)
            steps = self.teller.walk(search.part, states)
            if steps is not None:
                return Found(Answer.YES, steps, len(steps))
        if locked:
            return Found(Answer.UNDECIDED, reason="no conversation could be made that gets there")
        return Found(Answer.NO)


def _seen(search: Search) -> str:
    return f"{len(search.reached.parents):,} states of {search.part.size:,} at most were seen"
