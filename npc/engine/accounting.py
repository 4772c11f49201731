"""Accounting: what turns cost in calls, tokens, time and money, and budgets that end it."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from npc.backends.base import Backend
from npc.catalog.prices import Price, Prices, load_prices, shipped_prices
from npc.engine.turn import Attempt, Turn
from npc.errors import BackendSpecError

OVER_BUDGET = "over-budget"

TIMES_KEPT = 100
"""Times of a backend's latest calls that are kept, for its p95."""

TIMES_NEEDED = 20
"""Calls after which the p95 of a backend means something."""


@dataclass(slots=True)
class Tally:
    """What was counted.

    Attributes:
        turns: turns that ended; of a backend, those whose reply counted.
        calls: calls of backends.
        reasks: those of them that asked again after a reply that could not be used.
        input_tokens, cached_tokens, output_tokens: as servers counted them; cached ones are among the input tokens.
        seconds: time spent in calls.
        cost: what the calls came to, as far as prices and tokens are known.
        unpriced: calls whose cost is not known.
        verdicts: how many turns had which verdict.
        reasons: how many calls could not be used, for which reason.
    """

    turns: int = 0
    calls: int = 0
    reasks: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    unpriced: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.input_tokens + self.output_tokens

    def as_json(self) -> dict[str, Any]:
        """The tally as JSON data."""
        return {
            "turns": self.turns,
            "calls": self.calls,
            "reasks": self.reasks,
            "input_tokens": self.input_tokens,
            "cached_tokens": self.cached_tokens,
            "output_tokens": self.output_tokens,
            "milliseconds": round(self.seconds * 1000, 1),
            "cost": round(self.cost, 6),
            "unpriced_calls": self.unpriced,
            "verdicts": dict(self.verdicts),
            "reasons": dict(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be used up; then backends that are not free are passed over, with reason ``over-budget``.

    A call that has begun is let go on, so that the last one may overdraw it.

    Args:
        cost: money, in the price table's currency. Every backend must have a price then.
        tokens: tokens in and out.
        calls: calls of backends that are not free.
    """

    cost: float | None = None
    tokens: int | None = None
    calls: int | None = None

    def __post_init__(self) -> None:
        for name in ("cost", "tokens", "calls"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ValueError(f"a budget's {name} must be at least 0, not {value}")


class Account:
    """Counts what sessions use, and holds them to a budget. One may be shared by many sessions, on many threads.

    Args:
        prices: a price table, or the file that holds one; None: the one that comes with this package.
        budget: what may be used up; None: no limit.

    Attributes:
        total: everything.
        characters: the same by character.
        backends: the same by backend.

    Raises:
        CatalogError: the price table cannot be read.

    >>> account = Account(budget=Budget(cost=0.50))
    """

    def __init__(self, prices: Prices | str | Path | None = None, budget: Budget | None = None) -> None:
        self._prices = load_prices(prices) if isinstance(prices, str | Path) else prices
        self.budget = budget
        self.total = Tally()
        self.characters: dict[str, Tally] = {}
        self.backends: dict[str, Tally] = {}
        self._priced: dict[str, Price | None] = {}
        self._metered_calls = 0
        self._times: dict[str, deque[float]] = {}
        self._guard = threading.Lock()

    @property
    def prices(self) -> Prices:
        """The price table."""
        if self._prices is None:
            self._prices = shipped_prices()
        return self._prices

    def price(self, backend: str) -> Price | None:
        """What a backend costs; None where the price table does not say."""
        if backend not in self._priced:
            self._priced[backend] = self.prices.of(backend)
        return self._priced[backend]

    def check(self, backends: Sequence[Backend]) -> None:
        """Make sure that the budget can be kept.

        Raises:
            BackendSpecError: it is one of money, and a backend has no price.
        """
        if self.budget is None or self.budget.cost is None:
            return
        for backend in backends:
            if self.price(backend.name) is None:
                raise BackendSpecError(
                    f"a budget of money needs the price of {backend.name!r}, which the price table does not have; add: "
                    f'"{backend.name}": {{input: …, output: …}}'
                )

    def refusal(self, backend: Backend) -> str | None:
        """Why a backend may not be called any more; None when it may."""
        if self.budget is None:
            return None
        price = self.price(backend.name)
        if price is not None and price.free:
            return None
        used = (
            ("cost", self.budget.cost, self.total.cost),
            ("tokens", self.budget.tokens, self.total.tokens),
            ("calls", self.budget.calls, self._metered_calls),
        )
        for what, limit, spent in used:
            if limit is not None and spent >= limit:
                limited = f"{limit} {self.prices.currency}" if what == "cost" else f"{limit:,} {what}"
                return f"the budget of {limited} is used up"
        return None

    def add_call(self, character: str, attempt: Attempt) -> None:
        """Count a call of a backend."""
        usage = attempt.usage
        asked, answered = _count(usage.input_tokens), _count(usage.output_tokens)
        cached = _count(usage.cached_tokens)
        price = self.price(attempt.backend)
        known = price is not None and (price.free or usage.input_tokens is not None)
        cost = price.cost(asked, answered, cached) if price is not None else 0.0
        with self._guard:
            for tally in self._tallies(character, attempt.backend):
                tally.calls += 1
                tally.reasks += attempt.again
                tally.input_tokens += asked
                tally.cached_tokens += cached
                tally.output_tokens += answered
                tally.seconds += attempt.seconds
                tally.cost += cost
                tally.unpriced += not known
                if attempt.reason:
                    tally.reasons[attempt.reason] += 1
            self._metered_calls += price is None or not price.free
            self._times.setdefault(attempt.backend, deque(maxlen=TIMES_KEPT)).append(attempt.seconds)

    def add_turn(self, turn: Turn) -> None:
        """Count a turn."""
        with self._guard:
            for tally in self._tallies(turn.character, turn.backend):
                tally.turns += 1
                tally.verdicts[str(turn.verdict)] += 1

    def slow(self, backend: str) -> float | None:
        """The p95 of a backend's latest calls in seconds; None before there were `TIMES_NEEDED` of them."""
        with self._guard:
            times = sorted(self._times.get(backend, ()))
        return times[int(len(times) * 0.95)] if len(times) >= TIMES_NEEDED else None

    def as_json(self) -> dict[str, Any]:
        """Everything as JSON data."""
        with self._guard:
            return {
                "currency": self.prices.currency,
                "total": self.total.as_json(),
                "characters": {name: tally.as_json() for name, tally in self.characters.items()},
                "backends": {name: tally.as_json() for name, tally in self.backends.items()},
            }

    def render(self) -> str:
        """The account as people read it: the total, and each backend and character where there are several."""
        with self._guard:
            rows = [] if len(self.backends) == 1 else [("total", self.total)]
            rows += self.backends.items()
            rows += self.characters.items() if len(self.characters) > 1 else ()
            width = max(len(name) for name, _ in rows)
            lines = [f"{name.ljust(width)}  {self._told(tally)}" for name, tally in rows]
            if self.total.verdicts:
                lines.append("verdicts: " + ", ".join(f"{n} {name}" for name, n in self.total.verdicts.most_common()))
            if self.total.reasons:
                lines.append("not used: " + ", ".join(f"{n} {name}" for name, n in self.total.reasons.most_common()))
        return "\n".join(lines)

    def _told(self, tally: Tally) -> str:
        calls = _counted(tally.calls, "call") + (f" ({tally.reasks} asked again)" if tally.reasks else "")
        parts = [_counted(tally.turns, "turn"), calls]
        if tally.calls:
            parts.append(f"{tally.seconds * 1000 / tally.calls:.0f} ms a call")
        if tally.tokens:
            parts.append(f"{tally.input_tokens:,} tokens in ({tally.cached_tokens:,} cached)")
            parts.append(f"{tally.output_tokens:,} out")
        if tally.cost:
            parts.append(f"{tally.cost:.4f} {self.prices.currency}")
        if tally.unpriced:
            parts.append(f"{_counted(tally.unpriced, 'call')} without a known price")
        return ", ".join(parts if tally.cost or tally.unpriced else [*parts, "free"])

    def _tallies(self, character: str, backend: str | None) -> list[Tally]:
        found = [self.total, self.characters.setdefault(character, Tally())]
        if backend is not None:
            found.append(self.backends.setdefault(backend, Tally()))
        return found


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _count(tokens: int | None) -> int:
    return tokens if isinstance(tokens, int) else 0
