"""The part of a cast that a question depends on.

To know whether some states are ever reached, only some variables matter, and of these only some differences between
values. A slice starts from the differences that the question itself makes and takes in every difference that decides
which of those change: of all ways that make the same change, the conditions are put together, and what is left of them
is taken in, until nothing is added. States that a slice does not tell apart can do the same as far as the question is
concerned (they are bisimilar), so that answers are exact, and the shortest way in the slice is the shortest there is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from npc.exploration.boxes import merged
from npc.exploration.budget import Budget
from npc.exploration.moves import Action, Moves, State
from npc.exploration.transitions import Box, System, Way

LABEL = -1
"""The number of the variable that tells by which move a state was come to."""


@dataclass
class Slice:
    """The variables and differences that a question depends on.

    Attributes:
        system: the whole.
        classes: variable → its classes, each a mask of atoms.
        only: the variables that may be looked at, None for all. Conditions on others are left out, so that the slice
            may reach more than there is, and never less.
        moves: what can change.
        order: the variables that a state is made of.
        left_out: variables that would have been looked at.
    """

    system: System
    classes: dict[int, list[int]] = field(default_factory=dict)
    only: frozenset[int] | None = None
    moves: Moves = field(default_factory=lambda: Moves((), ()))
    order: tuple[int, ...] = ()
    left_out: set[int] = field(default_factory=set)
    _class_of: dict[int, tuple[int, list[int]]] = field(default_factory=dict)
    _coarse: dict[int, list[int]] = field(default_factory=dict)
    _alone: set[int] = field(default_factory=set)  # variables whose every class is the atom of its own number

    def clone(self) -> Slice:
        """A slice of the same classes, to try something on."""
        classes = {number: list(several) for number, several in self.classes.items()}
        return Slice(self.system, classes, _coarse={number: list(places) for number, places in self._coarse.items()})

    @property
    def size(self) -> int:
        """How many states there are at most."""
        return prod(len(classes) for classes in self.classes.values())

    @property
    def exact(self) -> bool:
        """Whether all variables are followed exactly."""
        return all(self.system.variables[number].exact for number in self.order)

    @property
    def key(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Equal for slices that tell the same apart."""
        return tuple((number, tuple(sorted(classes))) for number, classes in sorted(self.classes.items()))

    @property
    def initial(self) -> State:
        return tuple(self.class_of(number, self.system.initial[number]) for number in self.order)

    def class_of(self, number: int, atom: int) -> int:
        """The class of an atom."""
        return self._places(number)[atom]

    def within(self, boxes: Iterable[Box]) -> Callable[[State], bool]:
        """Whether a state lies in one of some boxes, all of which are over variables of the slice."""
        places = {number: place for place, number in enumerate(self.order)}
        tests = [tuple((places[number], self.classes_in(number, mask)) for number, mask in box) for box in boxes]

        def inside(state: State) -> bool:
            return any(all(mask >> state[place] & 1 for place, mask in test) for test in tests)

        return inside

    def atoms_of(self, number: int, place: int) -> list[int]:
        """The atoms of a class."""
        mask = self.classes[number][place]
        return [atom for atom in range(self.system.variables[number].size) if mask >> atom & 1]

    def classes_in(self, number: int, mask: int) -> int:
        """The classes that share atoms with a mask, bit by bit."""
        if mask and not mask & (mask - 1):
            return 1 << self._places(number)[mask.bit_length() - 1]
        if number in self._alone:
            return mask
        return sum(1 << place for place, one in enumerate(self.classes[number]) if one & mask)

    def _split(self, number: int, mask: int) -> bool:
        """Tell apart atoms in a mask from others; whether that is new."""
        if self.only is not None and number not in self.only:
            self.left_out.add(number)
            return False
        classes = self.classes.get(number)
        if classes is None:
            classes = self.classes[number] = [self.system.variables[number].full]
            self._coarse[number] = [0]
        before = len(classes)
        for place in self._coarse[number]:
            one = classes[place]
            inside = one & mask
            if inside and inside != one:
                classes[place] = inside
                classes.append(one ^ inside)
        if len(classes) == before:
            return False
        # A class of one atom is never split again; most classes of a number are soon such.
        grown = [*self._coarse[number], *range(before, len(classes))]
        self._coarse[number] = [place for place in grown if classes[place] & (classes[place] - 1)]
        return True

    def split(self, boxes: Iterable[Box]) -> bool:
        """Tell apart what the boxes do; whether that is new."""
        changed = False
        for box in boxes:
            for number, mask in box:
                changed = self._split(number, mask) or changed
        return changed

    def refine(self, spend: Callable[[], None]) -> None:
        """Take in everything that decides what changes; `spend` is called now and then, and may end it."""
        full = [variable.full for variable in self.system.variables]
        changes: dict[int, tuple[list[int], list[tuple[Action, Box]]]] = {}
        known: dict[Action, tuple[list[Box], list[Box]]] = {}
        while True:
            changed = False
            actions: dict[Action, list[Box]] = {}
            seen: set[int] = set()
            for number in list(self.classes):
                spend()
                for way in self.system.by_variable.get(number, ()):
                    if id(way) not in seen:
                        seen.add(id(way))
                        for action, box in self._known_changes(way, changes):
                            actions.setdefault(action, []).append(box)
            found: list[tuple[Action, list[Box]]] = []
            for action, boxes in actions.items():
                spend()
                before, joined = known.get(action, ([], []))
                if boxes != before:
                    joined = self._looked_at(merged(boxes, full))
                    known[action] = boxes, joined
                    changed = self.split(joined) or changed
                found.append((action, joined))
            if not changed:
                break
        self.order = tuple(sorted(self.classes))
        renumbered = {number: self._sort(number) for number in self.order}
        moves = [(tuple((number, renumbered[number][place]) for number, place in action), b) for action, b in found]
        self.moves = self.compiled(moves, spend)

    def _sort(self, number: int) -> list[int]:
        """Number the classes of a variable by their first atoms; the new number of each."""
        classes = self.classes[number]
        order = sorted(range(len(classes)), key=lambda place: classes[place] & -classes[place])
        self.classes[number] = [classes[place] for place in order]
        self._coarse[number] = [place for place, mask in enumerate(self.classes[number]) if mask & (mask - 1)]
        self._class_of.pop(number, None)
        if len(order) == self.system.variables[number].size:
            self._alone.add(number)
        renumbered = [0] * len(order)
        for place, before in enumerate(order):
            renumbered[before] = place
        return renumbered

    def _known_changes(
        self, way: Way, known: dict[int, tuple[list[int], list[tuple[Action, Box]]]]
    ) -> list[tuple[Action, Box]]:
        """What a way can change; found anew only where what it changes has been told apart further."""
        sizes = [len(self.classes.get(number, ())) for number, _ in way.updates]
        before, found = known.get(id(way), ([], []))
        if sizes != before:
            found = list(self.changes(way))
            known[id(way)] = sizes, found
        return found

    def compiled(
        self, moves: Iterable[tuple[Action, Sequence[Box]]], spend: Callable[[], None], labels: int = 0
    ) -> Moves:
        """Actions and boxes over the variables of the system as moves of states.

        Args:
            moves: the moves.
            spend: called now and then, and may end it.
            labels: how many labels there are, if each action sets one, as a variable of number `LABEL`: the last of the
                states that the moves then go between.
        """
        places = {number: place for place, number in enumerate(self.order)} | {LABEL: len(self.order)}
        return Moves(
            [len(self.classes[number]) for number in self.order] + [labels] * bool(labels),
            [
                (
                    [tuple((places[number], self.classes_in(number, mask)) for number, mask in box) for box in boxes],
                    tuple((places[number], target) for number, target in action),
                )
                for action, boxes in moves
            ],
            spend,
        )

    def _looked_at(self, boxes: list[Box]) -> list[Box]:
        """The boxes without variables that may not be looked at."""
        if self.only is None:
            return boxes
        only = self.only
        self.left_out |= {number for box in boxes for number, _ in box} - only
        return [tuple(pair for pair in box if pair[0] in only) for box in boxes]

    def _places(self, number: int) -> list[int]:
        """The class of each atom."""
        classes = self.classes[number]
        known, table = self._class_of.get(number, (0, []))
        if known != len(classes):
            table = [0] * self.system.variables[number].size
            for place, mask in enumerate(classes):
                while mask:
                    low = mask & -mask
                    table[low.bit_length() - 1] = place
                    mask ^= low
            self._class_of[number] = (len(classes), table)
        return table

    def changes(self, way: Way, idle: bool = False) -> Iterator[tuple[Action, Box]]:
        """What a way can change in the classes, and from where; with `idle`, also where it changes nothing."""
        variables = self.system.variables
        allowed = dict(way.box)
        choices: list[list[tuple[int, int, int]]] = []
        for number, update in way.updates:
            classes = self.classes.get(number)
            if classes is None:
                continue
            source = allowed.get(number, variables[number].full)
            if isinstance(update, int):
                choices.append([(number, place, source) for place, mask in enumerate(classes) if update & mask])
                continue
            origins = _origins(update, source, self._places(number), variables[number].size)
            options = [(number, place, origin) for place, origin in sorted(origins.items())]
            choices.append(options)
        for combination in product(*choices):
            if not idle and all(origin & ~self.classes[number][place] == 0 for number, place, origin in combination):
                continue
            box = {**allowed, **{number: origin for number, _, origin in combination}}
            yield (
                tuple((number, place) for number, place, _ in combination),
                tuple([(number, mask) for number, mask in sorted(box.items()) if mask != variables[number].full]),
            )


def _origins(update: Sequence[int], source: int, places: Sequence[int], size: int) -> dict[int, int]:
    """For each class that a table leads to, the atoms it leads there from.

    Where what an atom leads to differs little from what the atom before leads to, as with anything that is added or
    taken, the time this takes grows with the number of atoms.
    """
    origins: dict[int, int] = {}
    within: dict[int, list[int]] = {}  # class → how many of its atoms are led to, and since which atom
    before = 0
    for atom, targets in enumerate(update):
        led_to = targets if source >> atom & 1 else 0
        change = before ^ led_to
        while change:
            low = change & -change
            change ^= low
            place = places[low.bit_length() - 1]
            if led_to & low:
                counted = within.setdefault(place, [0, atom])
                counted[0] += 1
            else:
                counted = within[place]
                counted[0] -= 1
                if not counted[0]:
                    origins[place] = origins.get(place, 0) | (1 << atom) - (1 << counted[1])
                    del within[place]
        before = led_to
    for place, (_, since) in within.items():
        origins[place] = origins.get(place, 0) | (1 << size) - (1 << since)
    return origins


@dataclass
class Reached:
    """The states of a slice that conversations lead to, breadth first.

    Attributes:
        parents: state → the one before it; None for the first.
        depths: state → the number of turns it takes.
    """

    parents: dict[State, State | None]
    depths: dict[State, int]

    def steps_to(self, state: State) -> list[State]:
        """The states on the way, the first one included."""
        steps = [state]
        while (before := self.parents[steps[-1]]) is not None:
            steps.append(before)
        return steps[::-1]


@dataclass
class Search:
    """A search through a slice that can be gone on with for the next question.

    Attributes:
        part: the slice.
        budget: what may be used.
        reached: the states found so far, nearest first.
        complete: whether that is all of them.
    """

    part: Slice
    budget: Budget
    complete: bool = False

    def __post_init__(self) -> None:
        first = self.part.initial
        self.reached = Reached({first: None}, {first: 0})
        self._pending = deque([first])

    @property
    def small(self) -> bool:
        """Whether all of it can be searched in no time."""
        return self.part.size <= 2_000

    def find(self, wanted: Callable[[State], bool] | None, limit: int) -> State | None:
        """The nearest state that is wanted; None where there is none among the states found.

        Args:
            wanted: which; None looks for all states.
            limit: states at most that may be found in all.

        Raises:
            OutOfBudget: it was cut short.
        """
        if wanted is not None:
            for state in self.reached.parents:
                if wanted(state):
                    return state
        parents, depths, pending = self.reached.parents, self.reached.depths, self._pending
        since = transitions = 0
        nearest: State | None = None
        while pending and nearest is None and len(parents) < limit:
            state = pending.popleft()
            depth = depths[state] + 1
            for after in self.part.moves.after(state):
                transitions += 1
                if after not in parents:
                    parents[after] = state
                    depths[after] = depth
                    since += 1
                    pending.append(after)
                    if nearest is None and wanted is not None and wanted(after):
                        nearest = after
            if transitions > 5_000:
                self.budget.spend(since, transitions)
                since = transitions = 0
        self.budget.spend(since, transitions)
        self.complete = not pending
        return nearest


def locked_states(search: Search, goal: Callable[[State], bool]) -> list[State]:
    """The reached states from which no state of the goal can be reached, nearest first.

    Raises:
        OutOfBudget: it was cut short.
    """
    reached, moves = search.reached, search.part.moves
    before: dict[State, list[State]] = {}
    for number, state in enumerate(reached.parents):
        if not number % 1_000:
            search.budget.spend()
        for after in moves.after(state):
            before.setdefault(after, []).append(state)
    alive = {state for state in reached.parents if goal(state)}
    pending = list(alive)
    while pending:
        for state in before.get(pending.pop(), ()):
            if state not in alive:
                alive.add(state)
                pending.append(state)
    return [state for state in reached.parents if state not in alive]
