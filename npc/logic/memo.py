"""What a program made for a state, remembered by what it depends on."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from operator import itemgetter
from typing import Any, Generic, TypeVar

from npc.catalog.types import BagType, FactType, FactValue
from npc.logic.program import Context

MEMO_SIZE = 256
"""States that one program remembers what it made for, the least recently used given up first."""

Kept = TypeVar("Kept")


class Memo(Generic[Kept]):
    """What was made for a state, by what it depends on: the footprint's values, and what is read of the context.

    Args:
        fact_types: types of the facts in the footprint.
        context: of ``last``, ``turn`` and ``event``, those the program reads.
    """

    def __init__(self, fact_types: Mapping[str, FactType], context: frozenset[str]) -> None:
        bags = tuple(name for name, declared in fact_types.items() if isinstance(declared, BagType))
        self._plain = _getter(tuple(name for name in fact_types if name not in bags))
        self._bags = bags
        self._last, self._turn, self._event = (name in context for name in ("last", "turn", "event"))
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, facts: Mapping[str, FactValue], context: Context, make: Callable[[], Kept]) -> Kept:
        """What is kept for a state; made when there is nothing."""
        key = self._key(facts, context)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        kept = make()
        with self._lock:
            self._kept[key] = kept
            if len(self._kept) > MEMO_SIZE:
                self._kept.popitem(last=False)
        return kept

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def _key(self, facts: Mapping[str, FactValue], context: Context) -> Hashable:
        event = context.event
        return (
            self._plain(facts),
            tuple([tuple(facts[bag].items()) for bag in self._bags]),  # type: ignore[union-attr]
            context.last if self._last else None,
            context.turn if self._turn else 0,
            event if self._event else event is None,
        )


def _getter(names: tuple[str, ...]) -> Callable[[Mapping[str, FactValue]], Any]:
    return itemgetter(*names) if names else lambda facts: ()
