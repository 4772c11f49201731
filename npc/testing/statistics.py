"""What several attempts come to: pass rates with their intervals, and how backends did over all conversations."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from npc.catalog.prices import shipped_prices
from npc.engine.turn import Attempt, Verdict
from npc.testing.cases import Case, CaseResult
from npc.testing.runner import ConversationResult, Layer

CONFIDENCE = 1.959964
"""Standard deviations of a 95 % interval."""
SURE = 2.575829
"""Standard deviations of a 99 % interval: what a bias must stand out from, since several are looked for."""


def wilson(passed: int, total: int, deviations: float = CONFIDENCE) -> tuple[float, float]:
    """The Wilson score interval of a share: between what shares the true one plausibly lies.

    >>> low, high = wilson(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    if not total:
        return 0.0, 1.0
    share, square = passed / total, deviations * deviations
    middle = (share + square / (2 * total)) / (1 + square / total)
    spread = math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    half = deviations * spread / (1 + square / total)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))  # rounding aside


@dataclass(frozen=True, slots=True)
class Tally:
    """What the attempts at a case with one backend came to.

    Attributes:
        results: all of them, those with the catalog in another order too.
        needed: how many of those with the catalog as written must pass.
    """

    results: tuple[CaseResult, ...]
    needed: int

    @classmethod
    def of(cls, results: Sequence[CaseResult], at_least: int | None = None) -> Tally:
        """The tally of results of one case and backend; `at_least` is as in `npc.testing.runs.Plan`."""
        total = sum(not one.order for one in results)
        own = results[0].case.conversation.at_least
        if results[0].layer is not Layer.MODEL:
            needed = total
        elif own is not None:
            needed = math.ceil(own[0] * total / own[1])
        else:
            needed = total if at_least is None else min(at_least, total)
        return cls(tuple(results), needed)

    @property
    def case(self) -> Case:
        return self.results[0].case

    @property
    def backend(self) -> str:
        return self.results[0].backend

    @property
    def layer(self) -> Layer:
        return self.results[0].layer

    @property
    def counted(self) -> list[CaseResult]:
        """The results that count: those with the catalog as written."""
        return [one for one in self.results if not one.order]

    @property
    def passed(self) -> int:
        return sum(one.result.failure is None for one in self.counted)

    @property
    def total(self) -> int:
        return len(self.counted)

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson interval of the share that passes."""
        return wilson(self.passed, self.total)

    @property
    def outcome(self) -> str:
        """As that of a conversation, over all attempts."""
        return ("x" if self.results[0].result.xfail else "") + ("passed" if self.passed >= self.needed else "failed")

    @property
    def ok(self) -> bool:
        """Whether it came out as it must."""
        return self.outcome in ("passed", "xfailed")

    @property
    def shown(self) -> ConversationResult:
        """The result to show for all: the first that failed, where too many did; else the first that passed."""
        results = [one.result for one in self.counted]
        failed = self.passed < self.needed
        return next((one for one in results if (one.failure is not None) is failed), results[0])

    @property
    def share(self) -> str:
        """How many attempts passed, as people read it; empty where there was one only."""
        if self.total == 1:
            return ""
        low, high = self.interval
        needed = "" if self.needed == self.total else f", {self.needed} needed"
        return f"{self.passed} of {self.total} passed{needed}; {percent(low)} to {percent(high)} with 95 % confidence"

    def render_problem(self) -> str:
        """What is wrong, as a writer reads it; for a tally that is not `ok`."""
        return "\n".join([*([self.share] if self.share else []), self.shown.render_problem()])


def percent(share: float) -> str:
    """A share as whole percents."""
    return f"{100 * share:.0f} %"


def tallies_of(results: Sequence[CaseResult], at_least: int | None = None) -> list[Tally]:
    """The results by case and backend, in the order in which they came."""
    groups: dict[tuple[int, str], list[CaseResult]] = {}
    for one in results:
        groups.setdefault((id(one.case), one.backend), []).append(one)
    return [Tally.of(group, at_least) for group in groups.values()]


@dataclass(slots=True)
class Figures:
    """How a backend did over all conversations that have words.

    Attributes:
        backend: its spec.
        layer: what was tested with it.
        passed, runs: attempts that passed, and all.
        verdicts, reasons: what became of its turns; for which reasons.
        input_tokens, output_tokens, cached_tokens: as the server counted them.
        seconds: of each call, sorted; those recorded where replies were replayed.
        cost: in `currency`, as the price table that comes with this package has it; None where a price is not known.
    """

    backend: str
    layer: Layer
    passed: int = 0
    runs: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    seconds: list[float] = field(default_factory=list)
    cost: float | None = 0.0
    currency: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson interval of the share of attempts that pass."""
        return wilson(self.passed, self.runs)

    def latency(self, share: float) -> float:
        """Seconds within which that share of the calls was answered; 0 where there was none."""
        return self.seconds[min(len(self.seconds) - 1, int(len(self.seconds) * share))] if self.seconds else 0.0

    def add(self, attempt: Attempt) -> None:
        """Count a call."""
        used = attempt.usage
        tokens = (used.input_tokens or 0, used.output_tokens or 0, used.cached_tokens or 0)
        self.input_tokens += tokens[0]
        self.output_tokens += tokens[1]
        self.cached_tokens += tokens[2]
        told = attempt.notes.get("seconds")
        self.seconds.append(attempt.seconds if told is None else float(told))
        if any(tokens):
            prices = shipped_prices()
            price, self.currency = prices.of(attempt.backend.partition("@")[0]), prices.currency
            if price is None or self.cost is None:
                self.cost = None
            else:
                self.cost += price.cost(*tokens)


def figures_of(results: Sequence[CaseResult]) -> list[Figures]:
    """The figures of each backend; of attempts with the catalog as written."""
    found: dict[str, Figures] = {}
    for one in results:
        if not one.backend or one.order:
            continue
        figures = found.setdefault(one.backend, Figures(one.backend, one.layer))
        figures.runs += 1
        figures.passed += one.result.failure is None
        for turn in one.result.turns:
            for attempt in turn.trace.attempts:
                figures.add(attempt)
            if turn.trace.attempts:
                figures.verdicts[str(turn.verdict)] += 1
                if turn.reason is not None:
                    figures.reasons[turn.reason] += 1
    for figures in found.values():
        figures.seconds.sort()
    return list(found.values())


THIRDS = ("first", "middle", "last")


@dataclass(slots=True)
class Bias:
    """Where in the list of allowed responses a backend's picks stand, over several orders of the catalog.

    Attributes:
        backend: its spec.
        picks: how many picks there were from lists of three and more.
        found, expected: for each third of the list, how many picks stand there, and how many would if the place did not
            matter.
        passed, runs: attempts with the catalog in another order that passed, and all.
    """

    backend: str
    picks: int = 0
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(THIRDS, 0))
    expected: dict[str, float] = field(default_factory=lambda: dict.fromkeys(THIRDS, 0.0))
    passed: int = 0
    runs: int = 0

    def leaning(self) -> Iterator[str]:
        """The thirds that are picked more often than chance explains."""
        for third in THIRDS:
            if self.picks and self.expected[third] / self.picks < wilson(self.found[third], self.picks, SURE)[0]:
                yield third


def bias_of(results: Sequence[CaseResult]) -> list[Bias]:
    """The position bias of each backend that was asked with the catalog in several orders."""
    found: dict[str, Bias] = {}
    for one in results:
        if not one.order:
            continue
        bias = found.setdefault(one.backend, Bias(one.backend))
        bias.runs += 1
        bias.passed += one.result.failure is None
        for turn in one.result.turns:
            allowed = turn.trace.allowed
            pick = _picked(turn.trace.attempts)
            if turn.verdict is Verdict.FALLBACK or pick not in allowed or len(allowed) < len(THIRDS):
                continue
            thirds = [THIRDS[place * len(THIRDS) // len(allowed)] for place in range(len(allowed))]
            bias.picks += 1
            bias.found[thirds[allowed.index(pick)]] += 1
            for third in thirds:
                bias.expected[third] += 1 / len(allowed)
    return list(found.values())


def _picked(attempts: Sequence[Attempt]) -> str:
    """The response that the reply that counted had picked; empty where there is none."""
    for attempt in reversed(attempts):
        if attempt.reason is None and attempt.content:
            try:
                reply = json.loads(attempt.content)
            except ValueError:
                return ""
            return str(reply.get("response", "")) if isinstance(reply, dict) else ""
    return ""
