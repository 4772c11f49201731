"""Running cases: once where the result is exact, several times where a model decides, with one backend or several."""

from __future__ import annotations

import asyncio
import random
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from npc.logic.cast import Cast, build_cast
from npc.testing.cases import Case, CaseResult
from npc.testing.recordings import Backends, Log, Mode
from npc.testing.runner import Layer, layer_of, run_conversation
from npc.testing.statistics import Tally

AT_ONCE = 4
"""Attempts of a conversation with a model that are made at the same time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How often to run cases, and with what.

    Attributes:
        specs: backend specs; each understands the words once.
        mode: where the replies of models come from.
        epochs: attempts at each conversation with a model; None: as many as it asks for itself, or one.
        at_least: how many of the epochs must pass where a conversation does not say; None: all.
        orders: how often besides, each time with the catalog listed in another order.
        keep_going: whether a conversation goes on after a step that fails.
    """

    specs: Sequence[str] = ("embedded",)
    mode: Mode = Mode.NONE
    epochs: int | None = None
    at_least: int | None = None
    orders: int = 0
    keep_going: bool = False

    def runs(self, case: Case) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        """The backend specs to run a case with, each with the (epoch, order) of its attempts."""
        for spec in self.specs:
            layer = layer_of(case.conversation, spec)
            if layer is not Layer.MODEL:
                yield "" if layer is Layer.LOGIC else spec, [(1, 0)]
                if layer is Layer.LOGIC:
                    return  # without words it is the same with every backend
                continue
            asked = case.conversation.at_least
            epochs = self.epochs or (asked[1] if asked else 1)
            yield spec, [(n, 0) for n in range(1, epochs + 1)] + [(1, n) for n in range(1, self.orders + 1)]


class Runner:
    """Runs cases by a plan; backends and casts are shared by all of them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._backends = {spec: Backends(spec, plan.mode) for spec in plan.specs}
        self._shuffled: dict[tuple[int, int], tuple[Cast, Cast]] = {}

    async def run(self, case: Case) -> list[Tally]:
        """Every attempt at a case, a tally for each backend."""
        tallies = []
        for spec, attempts in self.plan.runs(case):
            enough = asyncio.Semaphore(AT_ONCE)

            async def one(spec: str, epoch: int, order: int, enough: asyncio.Semaphore = enough) -> CaseResult:
                async with enough:
                    return await self._run(case, spec, epoch, order)

            if len(attempts) == 1:
                results: Sequence[CaseResult] = [await self._run(case, spec, *attempts[0])]
            else:
                results = await asyncio.gather(*(one(spec, *attempt) for attempt in attempts))
            tallies.append(Tally.of(results, self.plan.at_least))
        return tallies

    async def _run(self, case: Case, spec: str, epoch: int, order: int) -> CaseResult:
        started, log = perf_counter(), Log()
        backends = self._backends[spec or self.plan.specs[0]]
        layer = layer_of(case.conversation, backends.spec)
        cast = self._in_order(case.cast, order)
        options = f" --backend {shlex.quote(spec)}" if layer is Layer.MODEL else ""
        options += " --live" if options and self.plan.mode is Mode.LIVE else ""
        result = await run_conversation(
            cast,
            case.conversation,
            lambda: backends.of(case.file, cast, log, epoch=epoch, order=order),
            keep_going=self.plan.keep_going,
            log=log,
            with_options=options + self._options(epoch, order),
        )
        return CaseResult(case, result, layer, perf_counter() - started, log, spec, epoch, order)

    def _options(self, epoch: int, order: int) -> str:
        epochs = f" --epochs {self.plan.epochs}" if epoch > 1 and self.plan.epochs else ""
        return epochs + (f" --orders {self.plan.orders}" if order else "")

    def _in_order(self, cast: Cast, order: int) -> Cast:
        if not order:
            return cast
        key = (id(cast), order)
        if key not in self._shuffled:
            self._shuffled[key] = (cast, shuffled(cast, order))
        return self._shuffled[key][1]

    async def aclose(self) -> None:
        """Give back the backends."""
        for backends in self._backends.values():
            await backends.aclose()


async def run_cases(
    cases: Iterable[Case], plan: Plan | str, done: Callable[[Tally], None] | None = None
) -> list[CaseResult]:
    """Run cases one after the other; every attempt's result.

    Args:
        plan: how; a backend spec alone stands for running each once with it.
        done: told of each case and backend as it comes.
    """
    runner = Runner(Plan(specs=(plan,)) if isinstance(plan, str) else plan)
    results: list[CaseResult] = []
    try:
        for case in cases:
            for tally in await runner.run(case):
                results += tally.results
                if done is not None:
                    done(tally)
    finally:
        await runner.aclose()
    return results


def shuffled(cast: Cast, order: int) -> Cast:
    """The same cast with the responses and intents of each character listed in another order; the same for a number."""
    characters = {}
    for name, declaration in cast.catalog.characters.items():
        dice = random.Random(f"{order}:{name}")
        responses, intents = list(declaration.responses.items()), list(declaration.intents.items())
        dice.shuffle(responses)
        dice.shuffle(intents)
        characters[name] = replace(declaration, responses=dict(responses), intents=dict(intents))
    return build_cast(replace(cast.catalog, characters=characters))
