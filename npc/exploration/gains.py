"""Turns that can be repeated for ever and give something for nothing.

An endless gain is a round of turns, the game changing nothing in between, after which everything is as it was before
but for resources (see `trades`), of which none is less and some are more; and nothing in it asks that a resource which
grows be below some number (the end of its own range does not count). Such a round can be gone again and again, until
the range of what grows is full.

Rounds of up to `TRADES` trades are looked for, with any turns that trade nothing between them. Each step rules out
most of what is left: trades that can never be made, or never again; sums that are not enough; trades that no round
through the few facts they test can have; and then through all facts. What is left is played, twice in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from npc.catalog.types import BagType, IntType
from npc.exploration.budget import Budget
from npc.exploration.paths import Path
from npc.exploration.rounds import Graph, Projections, moves_of
from npc.exploration.rounds import Step as Move
from npc.exploration.slices import Search, Slice
from npc.exploration.solving import Bounds
from npc.exploration.trades import Kind, TooManyCombinations, adds_up, combinations, kinds_of, resources_of
from npc.exploration.transitions import Box, System, Way, value_at
from npc.exploration.unknowns import Place
from npc.exploration.witness import Situation, Step, Storyteller
from npc.logic.cast import Cast
from npc.logic.symbols import Unresolved

STATES = 3_000
"""States of a slice in which a round is looked for."""
PLAYED = 40
"""Rounds of one combination of trades that are tried to be played."""


@dataclass(frozen=True, slots=True)
class Gain:
    """A round that gives something for nothing.

    Attributes:
        path: the path of the first trade.
        gained: resource → by how much one round raises it.
        before: a conversation to where the round begins.
        turns: one round.
    """

    path: Path
    gained: Mapping[Place, int]
    before: tuple[Step, ...]
    turns: tuple[Step, ...]


class GainSeeker:
    """Looks for rounds that give something for nothing.

    Attributes:
        undecided: what was not looked at to the end, after `gains`.
    """

    def __init__(self, cast: Cast, system: System, teller: Storyteller, budget: Budget) -> None:
        self._cast, self._system, self._teller, self._budget = cast, system, teller, budget
        self._resources = resources_of(cast)
        self._ways: dict[int, list[Way]] = {}
        for way in system.ways:
            self._ways.setdefault(id(way.path), []).append(way)
        self._only = frozenset(n for n, v in enumerate(system.variables) if v.place not in self._resources)
        paths = {id(way.path): way.path for way in system.ways}
        self._candidates = [path for path in paths.values() if not self._resources.isdisjoint(path.writes)]
        tested = frozenset(self._own(way.box) for path in self._candidates for way in self._ways[id(path)])
        self._coarse = Projections(system, tested, budget)
        numbers = self._only & {number for path in self._candidates for number in self._amounts(path)}
        every = {((number, 1 << atom),) for number in numbers for atom in range(system.variables[number].size)}
        self._fine = Projections(system, tested | every, budget)
        self.undecided: list[str] = []

    def _ways_of(self, kind: Kind) -> list[Way]:
        return [way for path in kind.paths for way in self._ways[id(path)]]

    def _own(self, box: Box) -> Box:
        return tuple(pair for pair in box if pair[0] in self._only)

    def _amounts(self, path: Path) -> set[int]:
        """The numbers of the state that the amounts of a trade depend on, be it through relations."""
        places: set[Place] = set()
        for resource in self._resources & path.writes.keys():
            value = path.writes[resource]
            if isinstance(value, tuple):
                places |= {place for place, _ in value[0] if place != resource}
        while True:
            related = [{place for place, _ in terms} - self._resources for terms, _ in path.relations]
            wider = places.union(*(several for several in related if several & places))
            if wider == places:
                return {self._system.index[place] for place in places if place in self._system.index} & self._only
            places = wider

    def gains(self) -> Iterator[Gain]:
        """Every manner of gaining for nothing, each with one round.

        Raises:
            OutOfBudget: it was cut short.
        """
        found = kinds_of(self._cast, self._candidates, self._resources, self._narrowed)
        kinds = [kind for kind in found if self._coarse.can_recur(self._tested(ways := self._ways_of(kind)), ways)]
        trading = {id(path) for path in self._candidates}
        idle = [way for way in self._system.ways if id(way.path) not in trading]
        told: list[frozenset[int]] = []
        places: set[tuple[str, int]] = set()
        open_ones = 0
        try:
            for chosen in combinations(kinds):
                self._budget.spend()
                mark = frozenset(map(id, chosen))
                if any(one <= mark for one in told) or not adds_up(chosen, self._narrowed):
                    continue
                if not self._may_recur(chosen, idle):
                    continue
                gain, decided = self._round(chosen, [way for way in idle if way.path.whole])
                if gain is not None:
                    told.append(mark)
                    place = (gain.path.character, max(gain.path.lines, default=0))
                    if place not in places:
                        places.add(place)
                        yield gain
                open_ones += not decided
        except TooManyCombinations as problem:
            self.undecided.append(str(problem))
        if open_ones:
            self.undecided.append(f"{open_ones:,} combinations of trades were not decided")

    def _narrowed(self, path: Path) -> Mapping[Place, Bounds] | None:
        ways = [replace(way, box=self._own(way.box)) for way in self._ways[id(path)]]
        amounts = self._amounts(path)
        if not amounts:
            return {}
        named = {number for number in self._tested(ways) if self._system.variables[number].names}
        return self._fine.within(ways, named | amounts, amounts)

    def _tested(self, ways: Iterable[Way]) -> frozenset[int]:
        """The variables that some ways test, without those that every turn changes."""
        variables = self._system.variables
        tested = {number for way in ways for number, _ in self._own(way.box)}
        return frozenset(number for number in tested if variables[number].place[0] not in ("last", "turn"))

    def _may_recur(self, chosen: Sequence[Kind], others: Iterable[Way]) -> bool:
        """Whether there may be a round with some trades, as far as the variables that they test tell."""
        ways = [self._ways_of(kind) for kind in chosen]
        search = self._coarse.search(self._tested(way for several in ways for way in several))
        return search is None or bool(self._graph(search, ways, others).closed_parts())

    def _graph(self, search: Search, ways: Iterable[Sequence[Way]], others: Iterable[Way]) -> Graph:
        wanted = [moves_of(search.part, several, self._budget, idle=True) for several in ways]
        return Graph(
            list(search.reached.parents), wanted, moves_of(search.part, others, self._budget, idle=False), self._budget
        )

    def _round(self, chosen: Sequence[Kind], idle: Sequence[Way]) -> tuple[Gain | None, bool]:
        """A round that was played; and whether there was one, or all were tried."""
        ways = [self._ways_of(kind) for kind in chosen]
        part = Slice(self._system, only=self._only)
        part.split([self._own(way.box) for several in ways for way in several])
        part.refine(self._budget.spend)
        search = Search(part, self._budget)
        search.find(None, STATES)
        graph = self._graph(search, ways, idle)
        played = 0
        for closed in graph.closed_parts():
            for order in permutations(range(len(chosen))):
                for moves in graph.rounds(closed, order):
                    if played == PLAYED:
                        return None, False
                    played += 1
                    try:
                        gain = self._played(part, search, chosen, moves, idle)
                    except Unresolved:
                        continue
                    if gain is not None:
                        return gain, True
        return None, search.complete

    def _played(
        self, part: Slice, search: Search, chosen: Sequence[Kind], moves: Sequence[Move], idle: Sequence[Way]
    ) -> Gain | None:
        """The round, played twice from a situation that a conversation leads to; None where that cannot be done."""
        found = self._teller.walk_to(part, search.reached.steps_to(moves[-1][0]))
        if found is None:
            return None
        before, situation = found
        for begin in (situation, self._well_off(situation, chosen)):
            at = begin
            turns: list[Step] = []
            traded: list[Path] = []
            ends: list[Situation] = []
            for after, label in (*moves, *moves):
                taken = None
                for path in chosen[label].paths if label >= 0 else (None,):
                    ways = idle if path is None else self._ways[id(path)]
                    taken = self._teller.turn(part, at, after, ways, game_stays=bool(turns))
                    if taken is not None:
                        traded += [path] if path is not None else []
                        break
                if taken is None:
                    break
                turns.append(taken[0])
                at = taken[1]
                if len(turns) % len(moves) == 0:
                    ends.append(at)
            if len(ends) == 2 and (gained := self._gained(*ends)):
                game = {n: v for n, v in begin.facts.items() if v != situation.facts[n]} | dict(turns[0].game)
                first = replace(turns[0], game=game)
                return Gain(traded[0], gained, before, (first, *turns[1 : len(moves)]))
        return None

    def _well_off(self, situation: Situation, chosen: Iterable[Kind]) -> Situation:
        """The same, the game having given plenty of what it owns."""
        facts: dict[str, Any] = dict(situation.facts)
        for place in sorted({place for kind in chosen for place in kind.gains}):
            fact = self._cast.catalog.facts[place[1]]
            if not fact.game_owned:
                continue
            if isinstance(fact.type, IntType):
                low, high = fact.type.min or 0, fact.type.max
                facts[place[1]] = low + 1_000 if high is None else (low + high) // 2
            elif isinstance(fact.type, BagType):
                facts[place[1]] = {i: max(facts[place[1]].get(i, 0), 5 * (i == place[2])) for i in fact.type.items}
                facts[place[1]] = {item: count for item, count in facts[place[1]].items() if count}
        return Situation(facts, situation.contexts)

    def _gained(self, before: Situation, after: Situation) -> dict[Place, int]:
        """What a round has raised; nothing where it has lowered something, or changed something else."""
        gained: dict[Place, int] = {}
        for place in self._resources:
            difference = value_at(place, after.facts, {}) - value_at(place, before.facts, {})
            if difference < 0:
                return {}
            if difference:
                gained[place] = difference
        atoms = zip(self._teller.atoms(before), self._teller.atoms(after), strict=True)
        if any(one != other for n, (one, other) in enumerate(atoms) if n in self._only):
            return {}
        return gained
