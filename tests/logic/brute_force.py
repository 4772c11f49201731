"""Every hearing of the generated programs' small catalog, and every way chance and choice can fall."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from npc.logic.footprint import walk
from npc.logic.nodes import HeardRef, SlotRef, Tree
from tests.logic.generate import INTENTS, ITEMS

Hearing = Mapping[str, Mapping[str, Any]]

_SLOTS: dict[str, list[dict[str, Any]]] = {
    "ask": [{}],
    "greet": [{}],
    "offer": [{"amount": amount} for amount in range(1, 6)],
    "haggle": [{}, *({"price": price} for price in range(4))],
    "buy": [{"item": item} for item in ITEMS],
}


def hearings(tree: Tree) -> Iterator[Hearing]:
    """All hearings of the intents that the program names; of slots it does not read, one value."""
    read = {node.intent for node in walk(tree) if isinstance(node, SlotRef)}
    named = {node.intent for node in walk(tree) if isinstance(node, HeardRef)}
    ways: list[list[Any]] = []
    for intent in INTENTS:
        slots = _SLOTS[intent] if intent in read else _SLOTS[intent][-1:]
        ways.append([None, *slots] if intent in named else [None])
    for combination in product(*ways):
        yield {intent: slots for intent, slots in zip(INTENTS, combination, strict=True) if slots is not None}


@dataclass
class Fate:
    """Answers about chance and choice, one way at a time; an oracle over a hearing."""

    hearing: Hearing
    answers: list[int] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)
    position: int = 0

    def _next(self, ways: int) -> int:
        if self.position == len(self.answers):
            self.answers.append(0)
            self.ways.append(ways)
        self.ways[self.position] = ways
        self.position += 1
        return self.answers[self.position - 1]

    def heard(self, intent: str) -> bool:
        return intent in self.hearing

    def slot(self, intent: str, slot: str) -> Any:
        return self.hearing[intent].get(slot)

    def chance(self, probability: float) -> bool:
        return self._next(2) == 0

    def choose(self, candidates: tuple[str, ...]) -> str:
        return candidates[self._next(len(candidates))]


def every_fate(hearing: Hearing, run: Callable[[Fate], Any]) -> Iterator[tuple[list[int], Any]]:
    """The result of a run for every way that chance and choice can fall, with the answers that led there."""
    answers: list[int] = []
    while True:
        fate = Fate(hearing, list(answers), [0] * len(answers))
        yield fate.answers, run(fate)
        answers, ways = list(fate.answers), fate.ways
        while answers and answers[-1] + 1 == ways[len(answers) - 1]:
            answers.pop()
        if not answers:
            return
        answers[-1] += 1
