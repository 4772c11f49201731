"""What can change in a slice, arranged so that the moves a state allows are found by a few ANDs of whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

State = tuple[int, ...]
"""For each variable of a slice, the number of its class."""

Action = tuple[tuple[int, int], ...]
"""For variables in order, the class that they are in afterwards."""

Classes = tuple[tuple[int, int], ...]
"""For some variables of a slice, the classes allowed, bit by bit; every class is allowed of the others."""


class Moves:
    """Changes of a state.

    Args:
        sizes: how many classes each variable of the slice has.
        moves: from where each action can be taken: from any of some boxes.
    """

    def __init__(self, sizes: Sequence[int], moves: Iterable[tuple[Sequence[Classes], Action]]) -> None:
        rows: list[Classes] = []
        self._actions: list[tuple[Action, int]] = []
        for boxes, action in moves:
            others = ((1 << len(boxes)) - 1) << len(rows)
            self._actions += [(action, ~others)] * len(boxes)
            rows += boxes
        self._all = (1 << len(rows)) - 1
        tables = [[self._all] * size for size in sizes]
        for number, box in enumerate(rows):
            for place, mask in box:
                table = tables[place]
                for one in range(len(table)):
                    if not mask >> one & 1:
                        table[one] &= ~(1 << number)
        self._tables = [(place, table) for place, table in enumerate(tables) if any(row != self._all for row in table)]

    def after(self, state: State) -> Iterator[State]:
        """The states that one turn leads to, as often as there are actions that lead there."""
        allowed = self._all
        for place, table in self._tables:
            allowed &= table[state[place]]
        actions = self._actions
        while allowed:
            action, others = actions[(allowed & -allowed).bit_length() - 1]
            allowed &= others
            after = list(state)
            for place, target in action:
                after[place] = target
            yield tuple(after)
