"""Symbolic values: what a slot holds while all outcomes of a state are enumerated."""

from __future__ import annotations

from typing import Any


class Symbolic:
    """A value that is not known yet. Using it in a way that matters forks the path being explored."""

    __slots__ = ()

    def concrete(self) -> Any:
        """The value itself, decided by forking over all it may be."""
        raise NotImplementedError

    def within(self, container: Any) -> bool:
        """Whether the value is in the container; forks into yes and no where that is open."""
        return self.concrete() in container

    def look_up(self, table: Any) -> Any:
        """What a table holds under this name."""
        return table[self.concrete()]
