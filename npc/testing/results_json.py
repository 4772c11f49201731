"""Results as plain JSON data, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from npc.engine.turn import Turn
from npc.testing.cases import CaseResult
from npc.testing.runner import asked
from npc.testing.statistics import Bias, Figures, Tally, bias_of, figures_of


def report_of(tallies: Sequence[Tally]) -> dict[str, Any]:
    """The results by file; how each backend did; and the counts of conversations that passed and failed."""
    files: dict[str, list[Any]] = {}
    for tally in tallies:
        files.setdefault(str(tally.case.file), []).append(_of_tally(tally))
    every = [one for tally in tallies for one in tally.results]
    return {
        "files": [{"path": path, "conversations": ones} for path, ones in files.items()],
        "backends": [_of_figures(one) for one in figures_of(every)],
        "orders": [_of_bias(one) for one in bias_of(every)],
        "passed": sum(one.outcome == "passed" for one in tallies),
        "failed": sum(not one.ok for one in tallies),
        "known_to_fail": sum(one.outcome == "xfailed" for one in tallies),
    }


def _of_tally(tally: Tally) -> dict[str, Any]:
    result, low_high = tally.shown, tally.interval
    logs = [one.log for one in tally.results]
    return {
        "name": result.name,
        "line": result.position.line,
        "layer": str(tally.layer),
        "backend": tally.backend or None,
        "tags": sorted(tally.case.conversation.tags),
        "steps": result.taken,
        "seconds": sum(one.seconds for one in tally.results),
        "passed": tally.passed >= tally.needed,
        "outcome": tally.outcome,
        "attempts": {"passed": tally.passed, "total": tally.total, "needed": tally.needed, "interval": list(low_high)},
        "recordings": {name: sum(getattr(log, name) for log in logs) for name in ("recorded", "replayed", "changed")},
        "failure": _failure(_first_failure(tally)),
    }


def _first_failure(tally: Tally) -> CaseResult | None:
    """The first attempt that failed, where the tally is that of a failure."""
    if tally.passed >= tally.needed:
        return None
    return next(one for one in tally.counted if one.result.failure is not None)


def _failure(one: CaseResult | None) -> dict[str, Any] | None:
    failure = one.result.failure if one else None
    if one is None or failure is None:
        return None
    return {
        "step": failure.step,
        "line": failure.position.line,
        "column": failure.position.column,
        "asked": failure.asked,
        "problems": list(failure.problems),
        "why": failure.why,
        "next": failure.next,
        "turns": [_turn(one, number, turn) for number, turn in enumerate(one.result.turns, 1)],
    }


def _turn(one: CaseResult, step: int, turn: Turn) -> dict[str, Any]:
    return {
        "step": step,
        "asked": asked(one.case.conversation.steps[step - 1]),
        "utterance": one.case.conversation.steps[step - 1].say,
        "character": turn.character,
        "name": one.case.cast.character(turn.character).name,
        "response": turn.response,
        "text": turn.text,
        "heard": sorted(turn.heard),
        "effects": [str(effect) for effect in turn.effects],
        "verdict": str(turn.verdict),
        "reason": turn.reason,
        "trace": turn.trace.render(),
    }


def _of_figures(one: Figures) -> dict[str, Any]:
    return {
        "backend": one.backend,
        "layer": str(one.layer),
        "passed": one.passed,
        "runs": one.runs,
        "interval": list(one.interval),
        "verdicts": dict(one.verdicts),
        "reasons": dict(one.reasons),
        "tokens": {"input": one.input_tokens, "output": one.output_tokens, "cached": one.cached_tokens},
        "cost": one.cost,
        "currency": one.currency or None,
        "calls": len(one.seconds),
        "seconds": {"p50": one.latency(0.5), "p95": one.latency(0.95)},
    }


def _of_bias(one: Bias) -> dict[str, Any]:
    return {
        "backend": one.backend,
        "passed": one.passed,
        "runs": one.runs,
        "picks": one.picks,
        "found": one.found,
        "expected": one.expected,
        "leaning": list(one.leaning()),
    }
