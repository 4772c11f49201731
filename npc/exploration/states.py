"""The states of a cast as a picture of some of its facts, and the turns that lead from one to another.

A state here is what some chosen facts are. Two of them are joined where a conversation can come to the first and one
turn then leads to the second. What is followed besides the chosen facts is all that decides which of them changes, as
when a question is answered (see `slices`); so nothing is joined that no conversation joins.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from npc.exploration.budget import Budget
from npc.exploration.moves import State
from npc.exploration.preparing import Prepared
from npc.exploration.slices import LABEL, Search, Slice, locked_states
from npc.exploration.transitions import Way
from npc.exploration.witness import ranges_of
from npc.logic.cast import Cast

FOLLOWED = 40_000
"""States of everything that is followed, for one picture."""
LEGIBLE = 36
"""Turns, and twice the states, of one picture that is not asked for fact by fact."""
APART = 16
"""A number with no more values than this is shown value by value, one with more in ranges that the cast tells apart."""


class TooManyStates(Exception):
    """There are too many states to make a picture of."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A state.

    Attributes:
        values: the name of each chosen fact, and its value or values.
        depth: the number of turns of the picture that it takes to get there.
        reaches: goals that hold there.
        locked: goals that hold nowhere that can be reached from there.
    """

    values: Mapping[str, str]
    depth: int
    reaches: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """What leads from one state to another.

    Attributes:
        character: whose turns they are.
        heard: what is heard, or which event happens: any one of these.
        lines: the lines of which one is said.
        effects: the effects.
    """

    character: str
    heard: tuple[str, ...]
    lines: tuple[str, ...]
    effects: tuple[str, ...]

    def __str__(self) -> str:
        said = " or ".join(self.lines) if len(self.lines) < 4 else f"one of {len(self.lines)} lines"
        comes = f" ({', '.join(self.effects)})" if self.effects else ""
        return f"{self.character}: {', '.join(self.heard)} → {said}{comes}"


@dataclass(frozen=True, slots=True)
class Turn:
    """Turns from one state to another, by their place among the states."""

    start: int
    end: int
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class States:
    """A picture: states, the first one being where conversations begin, and the turns that join them.

    Attributes:
        facts: what is shown.
        states: the states.
        turns: the turns.
        exact: False where more may be shown than conversations come to, since too much decides about it.
    """

    facts: tuple[str, ...]
    states: tuple[Drawn, ...]
    turns: tuple[Turn, ...]
    exact: bool


class Painter:
    """Makes pictures of a cast's states.

    Attributes:
        names: what can be chosen: every fact, and count of an item or name in a set, that conversations can change and
            that some turn depends on.
    """

    def __init__(self, cast: Cast, prepared: Prepared) -> None:
        self._cast, self._prepared = cast, prepared
        self._system = prepared.system
        self.names = {
            ".".join(variable.place[1:]): number
            for number, variable in enumerate(self._system.variables)
            if variable.place[0] in ("fact", "part")
        }
        self._weight = Counter(number for way in self._system.ways for number, _ in way.box)
        self._budget = Budget(100 * FOLLOWED, lambda: False)

    def states(self, names: Sequence[str]) -> States:
        """The states of some facts, each one of `names`.

        Raises:
            TooManyStates: there are too many.
        """
        chosen = [self.names[name] for name in names]
        goals = {
            number: boxes
            for number, boxes in self._prepared.goals.items()
            if () not in boxes and {variable for box in boxes for variable, _ in box} <= set(chosen)
        }
        search = self._searched(chosen, goals, None)
        exact = search is not None and search.part.exact
        if search is None:
            # Whatever else decides is taken to be as it needs to be.
            search = self._searched(chosen, goals, frozenset(chosen))
        if search is None:
            raise TooManyStates(f"there are more than {FOLLOWED:,} states")
        shown = _Projection(search.part, chosen)
        members: dict[State, list[State]] = {}
        for state in search.reached.parents:
            members.setdefault(shown.of(state), []).append(state)
        sources = {number: self._cast.catalog.goals[number].text.strip() for number in goals}
        reaching = {sources[n]: search.part.within(boxes) for n, boxes in goals.items()}
        locked = {goal: set(locked_states(search, inside)) for goal, inside in reaching.items() if exact}
        turns = tuple(self._turns(search, shown, list(members)))
        depths = _depths(turns)
        drawn = tuple(
            Drawn(
                dict(zip(names, shown.told(one), strict=True)),
                depths[number],
                tuple(goal for goal, inside in reaching.items() if inside(several[0])),
                tuple(goal for goal, lost in locked.items() if lost.issuperset(several)),
            )
            for number, (one, several) in enumerate(members.items())
        )
        return States(tuple(names), drawn, turns, exact)

    def _searched(self, chosen: Sequence[int], goals: Mapping[int, Any], only: frozenset[int] | None) -> Search | None:
        """All states that decide about some variables; None where there are too many."""
        part = Slice(self._system, only=only)
        for number in chosen:
            variable = self._system.variables[number]
            initial = self._system.initial[number]
            atoms = range(variable.size) if variable.size <= APART else (initial,)
            part.split([((number, 1 << atom),) for atom in atoms])
        part.split([box for boxes in goals.values() for box in boxes])
        part.refine(self._budget.spend)
        search = Search(part, self._budget)
        search.find(None, FOLLOWED)
        return search if search.complete else None

    def _turns(self, search: Search, shown: _Projection, order: Sequence[State]) -> Iterator[Turn]:
        """The turns between states that are not the same to see."""
        part = search.part
        labels: dict[Label, int] = {}
        moves = []
        for way in self._system.ways:
            if way.path.void is None and way.path.whole:
                number = labels.setdefault(_label(way), len(labels))
                for action, box in part.changes(way):
                    # What decides by which turn the state changes, and not whether, is not followed.
                    followed = tuple([pair for pair in box if pair[0] in part.classes])
                    moves.append(((*action, (LABEL, number)), [followed]))
        labelled = part.compiled(moves, self._budget.spend, labels=len(labels))
        numbers = {one: number for number, one in enumerate(order)}
        known = list(labels)
        found: dict[tuple[int, int], dict[Label, None]] = {}
        for state in search.reached.parents:
            begin = numbers[shown.of(state)]
            for after in labelled.after((*state, 0)):
                end = numbers[shown.of(after)]
                if end != begin:
                    found.setdefault((begin, end), {})[known[after[-1]]] = None
        for (begin, end), several in sorted(found.items()):
            yield Turn(begin, end, tuple(_causes(_plainest(several))))

    def chosen_by_itself(self, owner: str | None = None) -> tuple[list[States], list[str]]:
        """A picture for each group of facts that decide about one another, and the names of those that are left out.

        Of each group the facts are shown on which most depends, as many as leave the picture legible.

        Args:
            owner: whose facts to show; None for everybody's.
        """
        pictures: list[States] = []
        left_out: list[str] = []
        order = list(self.names)
        wanted = [name for name in order if owner is None or name.startswith(f"{owner}.")]
        for group in self._groups(wanted):
            own: list[States] = []
            for name in sorted(group, key=lambda name: -self._weight[self.names[name]]):
                for number, names in enumerate([*(picture.facts for picture in own), ()]):
                    picture = self._legible(sorted([*names, name], key=order.index))
                    if picture is not None:
                        own[number : number + 1] = [picture]
                        break
                else:
                    left_out.append(name)
            pictures += own
        return pictures, left_out

    def _legible(self, names: Sequence[str]) -> States | None:
        """The states of some facts, unless that is too much to take in."""
        if prod(self._system.variables[self.names[name]].size for name in names) > FOLLOWED:
            return None
        picture = self.states(names)
        return picture if picture.exact and max(2 * len(picture.states), len(picture.turns)) <= LEGIBLE else None

    def _groups(self, wanted: Iterable[str]) -> list[list[str]]:
        """Facts that decide about one another, together: what is in different groups changes independently."""
        variables = self._system.variables
        numbers = {self.names[name]: name for name in wanted}
        names = {number: name for number, name in numbers.items() if variables[number].place[0] == "fact"}
        group = {number: {number} for number in names}
        for number in names:
            part = Slice(self._system)
            part.split([((number, 1 << atom),) for atom in range(variables[number].size)])
            part.refine(self._budget.spend)
            together: set[int] = set().union(*(group[other] for other in part.order if other in group))
            for other in together:
                group[other] = together
        return [[names[n] for n in sorted(one)] for one in {min(one): one for one in group.values()}.values()]


class _Projection:
    """States of a slice, seen by some of its variables alone."""

    def __init__(self, part: Slice, chosen: Sequence[int]) -> None:
        self._part, self._chosen = part, chosen
        self._places = [part.order.index(number) for number in chosen]

    def of(self, state: State) -> State:
        """What is seen of a state."""
        return tuple([state[place] for place in self._places])

    def told(self, seen: State) -> Iterator[str]:
        """Each value in words."""
        for number, place in zip(self._chosen, seen, strict=True):
            variable = self._part.system.variables[number]
            mask = self._part.classes[number][place]
            if variable.names:
                yield " or ".join(str(name) for atom, name in enumerate(variable.names) if mask >> atom & 1)
            else:
                yield ", ".join(_range(*limits) for limits in ranges_of(variable, mask))


def _depths(turns: Iterable[Turn]) -> dict[int, int]:
    """How many turns each state is from the first."""
    after: dict[int, list[int]] = {}
    for turn in turns:
        after.setdefault(turn.start, []).append(turn.end)
    depths = {0: 0}
    pending = deque([0])
    while pending:
        state = pending.popleft()
        for end in after.get(state, ()):
            if end not in depths:
                depths[end] = depths[state] + 1
                pending.append(end)
    return depths


def _range(low: int | None, high: int | None) -> str:
    if low == high:
        return str(low)
    return f"{low} or more" if high is None else f"{high} or less" if low is None else f"{low} to {high}"


Label = tuple[str, str | None, frozenset[str], tuple[str, ...], tuple[str, ...]]
"""A turn: whose, after which event, what is heard, the lines of which one is said, the effects."""


def _label(way: Way) -> Label:
    path = way.path
    heard = frozenset(name for name, answer in path.heard.items() if answer)
    effects = tuple(dict.fromkeys(name for name, _ in path.effects))
    return path.character, path.event, heard, path.candidates, effects


def _plainest(labels: Iterable[Label]) -> list[Label]:
    """The turns without those that hear more and come to the same."""
    several = list(labels)
    return [
        one
        for one in several
        if not any(other[2] < one[2] and other[:2] == one[:2] and other[3:] == one[3:] for other in several)
    ]


def _causes(labels: Iterable[Label]) -> Iterator[Cause]:
    """Turns in words, those together that come to the same."""
    together: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for character, event, heard, lines, effects in labels:
        cause = f"event {event}" if event is not None else " and ".join(sorted(heard)) or "nothing"
        together.setdefault((character, lines, effects), []).append(cause)
    for (character, lines, effects), several in together.items():
        yield Cause(character, tuple(dict.fromkeys(several)), lines, effects)
