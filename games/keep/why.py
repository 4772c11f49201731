"""What the "why?" panel says of a turn: what decided it first, the long lists last."""

from __future__ import annotations

from collections.abc import Mapping

import npc

LAST_LINES = 5
"""Lines of logic shown before the long lists: the last ones are those that decided."""


def why_lines(turn: npc.Turn, account: npc.Account | None = None) -> list[str]:
    """The explanation of a turn, a line each, not yet wrapped; then what the game has used so far."""
    trace = turn.trace
    reason = f" ({turn.reason})" if turn.reason else ""
    backend = f", answered by {turn.backend}" if turn.backend else ""
    lines = [f"{turn.verdict}{reason}: {trace.why}{backend}, {trace.seconds * 1000:.0f} ms"]
    heard = [f"{intent}{_slots(slots)}" for intent, slots in trace.heard.items()]
    lines.append("heard: " + (", ".join(heard) or "nothing"))
    lines += [f"   not {intent}: {why}" for intent, why in trace.not_heard.items()]
    lines += [f"   {effect}" for effect in turn.effects]
    if trace.void is not None:
        lines.append(f"void: {trace.void.message}")
    ran = [f"   {line.number}: {line.text}" for line in trace.lines]
    lines += ["logic that decided:", *ran[-LAST_LINES:]]
    if trace.facts_read:
        lines.append(
            "facts read: " + ", ".join(f"{name} = {_value(value)}" for name, value in trace.facts_read.items())
        )
    lines.append("could be heard: " + ", ".join(trace.intents))
    lines.append("could be said: " + ", ".join(trace.allowed))
    for attempt in trace.attempts:
        lines.append(f"{attempt.backend}: {attempt.reason or 'usable'}, {attempt.seconds * 1000:.0f} ms")
    if account is not None:
        lines += ["used so far:", *(f"   {line}" for line in account.render().splitlines())]
    if len(ran) > LAST_LINES:
        lines += ["all logic that ran:", *ran]
    return lines


def _slots(slots: Mapping[str, object]) -> str:
    parts = [f"{name} = {value}" for name, value in slots.items()]
    return f"({', '.join(parts)})" if parts else ""


def _value(value: object) -> str:
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(value)) + "}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {count}" for name, count in value.items()) + "}"
    return str(value)
