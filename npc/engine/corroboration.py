"""Corroboration: validation keeps a model from doing what the rules forbid, not from inventing what the player said.

For an intent marked `corroborate: true`, and by default for one that would now cost the player something or do what
cannot be undone, a claim to have heard it counts only if the player's own words bear it out: a grounded number, or the
embedded brain finding the intent at least plausible. What cannot be undone are effects without `do`, which the game
carries out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from npc.backends.base import Backend, Hearing, ModelRequest, Reply
from npc.catalog.model import Intent
from npc.catalog.types import FactValue
from npc.engine.judge import Judged

PLAUSIBLE = 0.2
"""The embedded brain's score from which a claim counts as borne out.

On the held-out lines of the keep's cast, each claimed to express every intent of its character, scores from here on
keep 96.8 % of the honest claims and stop 99.2 % of the fabricated ones (`python -m tests.benchmarks.corroboration`).
"""


PLAYERS = "player."
"""How the names of facts begin that are the player's."""

Losses = Callable[[Hearing], frozenset[str]]
"""What the logic, under a hearing, takes from the player now, names of facts, and the effects that are for good."""


async def corroborate(
    judged: Judged, request: ModelRequest, intents: Mapping[str, Intent], losses: Losses, brain: Backend
) -> Judged:
    """The same judged reply without the claims that the player's own words do not bear out.

    Args:
        judged: the reply; its slots are in range, its numbers grounded.
        request: what was asked.
        intents: all intents of the character.
        losses: of what the player loses, in the state the reply was judged in.
        brain: the embedded brain.
    """
    marked = {name for name in judged.hearing if intents[name].corroborate}
    undecided = {name for name in judged.hearing if intents[name].corroborate is None}
    claimed = marked | (costly(judged.hearing, undecided, losses) if undecided else set())
    suspects = [name for name in judged.hearing if name in claimed and not _has_number(judged, intents[name])]
    if not suspects:
        return judged
    heard = await brain.reply(request)
    scores = heard.notes.get("scores", {}) if isinstance(heard, Reply) else {}
    denied = {name for name in suspects if scores.get(name, 0.0) < PLAUSIBLE}
    if not denied:
        return judged
    return replace(
        judged,
        hearing={name: slots for name, slots in judged.hearing.items() if name not in denied},
        not_heard={**judged.not_heard, **dict.fromkeys(denied, "the player's own words do not bear it out")},
    )


def costly(hearing: Hearing, undecided: set[str], losses: Losses) -> set[str]:
    """The undecided intents of a hearing without which the player would lose less."""
    lost = losses(hearing)
    if not lost:
        return set()
    found = {
        name for name in undecided if lost - losses({other: slots for other, slots in hearing.items() if other != name})
    }
    return found or undecided  # each would do alone


def lowered(before: Mapping[str, FactValue], changes: Mapping[str, FactValue]) -> frozenset[str]:
    """The player's facts that changes make less of: fewer coins or items, a name gone from a set, a yes become a no."""
    return frozenset(name for name, after in changes.items() if name.startswith(PLAYERS) and _less(before[name], after))


def _less(before: FactValue, after: FactValue) -> bool:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return any(after.get(item, 0) < count for item, count in before.items())
    if isinstance(before, frozenset) and isinstance(after, frozenset):
        return bool(before - after)
    return isinstance(before, int) and isinstance(after, int) and after < before


def _has_number(judged: Judged, intent: Intent) -> bool:
    """Whether the claim has a number that was found in the player's own line."""
    slots = intent.slots
    return any(isinstance(value, int) and slots[name].grounded for name, value in judged.hearing[intent.id].items())
