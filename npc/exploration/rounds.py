"""Rounds through the states of a slice: from a state back to itself, with certain turns on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from npc.exploration.boxes import merged
from npc.exploration.budget import Budget
from npc.exploration.moves import Action, Moves, State
from npc.exploration.questions import QUICK
from npc.exploration.slices import Search, Slice
from npc.exploration.solving import Bounds
from npc.exploration.transitions import Box, System, Way, projected
from npc.exploration.unknowns import Place

Step = tuple[State, int]
"""The state after a turn, and which of the wanted turns it is; -1 for any other."""


def moves_of(part: Slice, ways: Iterable[Way], budget: Budget, idle: bool) -> Moves:
    """What some ways change in a slice, and from where; with `idle`, also where they change nothing."""
    boxes: dict[Action, list[Box]] = {}
    places = {number: place for place, number in enumerate(part.order)}
    for way in projected(ways, places):
        for action, box in part.changes(way, idle):
            boxes.setdefault(action, []).append(box)
    full = [variable.full for variable in part.system.variables]
    return part.compiled(((action, merged(several, full)) for action, several in boxes.items()), budget.spend)


@dataclass
class Graph:
    """The states of a slice that conversations lead to, and the turns between them.

    Attributes:
        states: the states.
        wanted: the turns that a round must have, each as moves.
        others: every other turn.
        budget: what looking may use.
    """

    states: Sequence[State]
    wanted: Sequence[Moves]
    others: Moves
    budget: Budget
    _after: list[dict[State, tuple[State, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._after = [{} for _ in range(len(self.wanted) + 1)]

    def after(self, which: int, state: State) -> tuple[State, ...]:
        """The states that one of the wanted turns leads to; -1 for the others."""
        known = self._after[which]
        if state not in known:
            moves = self.others if which < 0 else self.wanted[which]
            known[state] = tuple(dict.fromkeys(moves.after(state)))
            self.budget.spend(0, len(known[state]))
        return known[state]

    def closed_parts(self) -> list[frozenset[State]]:
        """Sets of states, each to be reached from each, within which every wanted turn can be taken."""
        return [
            part
            for part in components(self.states, self._all_after)
            if all(any(not part.isdisjoint(self.after(n, s)) for s in part) for n in range(len(self.wanted)))
        ]

    def _all_after(self, state: State) -> Iterator[State]:
        for which in range(-1, len(self.wanted)):
            yield from self.after(which, state)

    def rounds(self, part: frozenset[State], order: Sequence[int]) -> Iterator[list[Step]]:
        """For each state, a shortest round from it within a closed part, with the wanted turns in an order."""
        for start in self.states:
            if start not in part or part.isdisjoint(self.after(order[0], start)):
                continue
            first = (start, 0)
            last = (start, len(order))
            before: dict[tuple[State, int], tuple[tuple[State, int], int]] = {}
            pending = deque([first])
            while pending and last not in before:
                state, done = node = pending.popleft()
                following = [((after, done), -1) for after in self.after(-1, state)] if done else []
                if done < len(order):
                    following += [((after, done + 1), order[done]) for after in self.after(order[done], state)]
                for after, label in following:
                    if after[0] in part and after not in before:
                        before[after] = (node, label)
                        pending.append(after)
            self.budget.spend(0, len(before))
            if last in before:
                steps: list[Step] = []
                at = last
                while at != first:
                    before_it, label = before[at]
                    steps.append((at[0], label))
                    at = before_it
                yield steps[::-1]


def components(states: Iterable[State], after: Callable[[State], Iterable[State]]) -> list[frozenset[State]]:
    """The strongly connected components of a graph (Tarjan's algorithm), without recursion."""
    index: dict[State, int] = {}
    low: dict[State, int] = {}
    stack: dict[State, None] = {}
    found: list[frozenset[State]] = []
    for root in states:
        pending = [] if root in index else [(root, iter(after(root)))]
        while pending:
            state, following = pending[-1]
            if state not in index:
                index[state] = low[state] = len(index)
                stack[state] = None
            for other in following:
                if other not in index:
                    pending.append((other, iter(after(other))))
                    break
                if other in stack:
                    low[state] = min(low[state], index[other])
            else:
                pending.pop()
                if pending:
                    before = pending[-1][0]
                    low[before] = min(low[before], low[state])
                if low[state] == index[state]:
                    members: set[State] = set()
                    while state not in members:
                        members.add(stack.popitem()[0])
                    found.append(frozenset(members))
    return found


@dataclass
class Projections:
    """Slices in which only a few variables are looked at. They may reach more than there is, and never less.

    Attributes:
        system: the whole.
        boxes: what is told apart.
        budget: what searching may use.
    """

    system: System
    boxes: frozenset[Box]
    budget: Budget
    _known: dict[frozenset[int], Search | None] = field(default_factory=dict)
    _closed: dict[frozenset[int], list[frozenset[State]]] = field(default_factory=dict)

    def search(self, only: frozenset[int]) -> Search | None:
        """All states over some variables; None where there are too many."""
        if only not in self._known:
            part = Slice(self.system.limited_to(only))
            part.split(sorted({tuple(pair for pair in box if pair[0] in only) for box in self.boxes}))
            part.refine(self.budget.spend)
            search = Search(part, self.budget)
            search.find(None, QUICK)
            self._known[only] = search if search.complete else None
        return self._known[only]

    def can_recur(self, only: frozenset[int], ways: Iterable[Way]) -> bool:
        """Whether one of some ways can be taken and then again, as far as some variables tell."""
        search = self.search(only)
        if search is None:
            return True
        if only not in self._closed:
            self._closed[only] = components(search.reached.parents, search.part.moves.after)
        moves = moves_of(search.part, ways, self.budget, idle=True)
        return any(not part.isdisjoint(moves.after(state)) for part in self._closed[only] for state in part)

    def within(self, ways: Sequence[Way], only: Iterable[int], numbers: Iterable[int]) -> Mapping[Place, Bounds] | None:
        """Bounds of some numbers wherever one of some ways can be taken; None where none of them ever can."""
        search = self.search(frozenset(only))
        if search is None:
            return {}
        part = search.part
        inside = part.within([tuple(pair for pair in way.box if pair[0] in part.order) for way in ways])
        found = [state for state in search.reached.parents if inside(state)]
        bounds: dict[Place, Bounds] = {}
        for number in set(numbers) & set(part.order):
            variable, place = self.system.variables[number], part.order.index(number)
            atoms = [atom for one in {state[place] for state in found} for atom in part.atoms_of(number, one)]
            if atoms:
                bounds[variable.place] = (variable.range_of(min(atoms))[0], variable.range_of(max(atoms))[1])
        return bounds if found else None
