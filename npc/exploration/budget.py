"""What exploring may use of time and memory, and being cut short."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class OutOfBudget(Exception):
    """Exploring was cut short."""


@dataclass(slots=True)
class Budget:
    """What exploring may use.

    Attributes:
        states: states that are still allowed to be found.
        over: called now and then: whether time is over.
        transitions: taken so far.
        found: states found so far.
    """

    states: int
    over: Callable[[], bool]
    transitions: int = 0
    found: int = 0

    def spend(self, states: int = 0, transitions: int = 0) -> None:
        """Count what was done.

        Raises:
            OutOfBudget: that was too much.
        """
        self.transitions += transitions
        self.found += states
        self.states -= states
        if self.states < 0:
            raise OutOfBudget(f"{self.found:,} states were found, and no more are allowed")
        if self.over():
            raise OutOfBudget("time was over")
