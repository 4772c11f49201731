"""What can change in a slice, arranged so that the moves a state allows are found by a few ANDs of whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

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
        spend: called now and then, and may end it.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        moves: Iterable[tuple[Sequence[Classes], Action]],
        spend: Callable[[], None] = lambda: None,
    ) -> None:
        rows: list[Classes] = []
        self._actions: list[tuple[Action, int]] = []
        for boxes, action in moves:
            others = ((1 << len(boxes)) - 1) << len(rows)
            self._actions += [(action, ~others)] * len(boxes)
            rows += boxes
        self._all = (1 << len(rows)) - 1
        # For each variable and class: the rows that ask for it, and the rows that ask nothing of the variable.
        asked = [[0] * size for size in sizes]
        free = [self._all] * len(sizes)
        for number, box in enumerate(rows):
            if not number % 1_000:
                spend()
            for place, mask in box:
                free[place] ^= 1 << number
                table = asked[place]
                while mask:
                    lowest = mask & -mask
                    table[lowest.bit_length() - 1] |= 1 << number
                    mask ^= lowest
        self._tables = [
            (place, [row | rest for row in table])
            for place, (table, rest) in enumerate(zip(asked, free, strict=True))
            if rest != self._all
        ]

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
