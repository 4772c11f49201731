"""Shortlisting: of many intents a model is offered those that the player's line most likely expresses.

Choosing among more than some thirty options costs a model accuracy, and each of them tokens. The embedded brain is good
at telling what a line certainly does not express. Nothing is decided here: a reply is judged against all that can be
heard and said in the state, and the line written for when nothing was understood is always among those offered.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from npc.backends.base import Backend, ModelRequest, Reply
from npc.logic.program import OutcomeTable

SHARE = 0.25
"""Part of a turn's time that shortlisting may take; then the model is offered everything."""

_HEARD = "heard."


async def shortlisted(
    request: ModelRequest, table: OutcomeTable, most: int, otherwise: str, brain: Backend, seconds: float
) -> ModelRequest:
    """The request with at most `most` intents, and the responses that can follow from them.

    Args:
        table: the outcomes of the state.
        otherwise: the response that is always kept.
        brain: the embedded brain.
        seconds: the time of the whole turn.
    """
    if len(request.intents) <= most or not table.exact:
        return request
    try:
        async with asyncio.timeout(seconds * SHARE):
            heard = await brain.reply(request)
    except TimeoutError:
        return request
    scores = heard.notes.get("scores", {}) if isinstance(heard, Reply) else {}
    likely = set(sorted(request.intents, key=lambda name: -scores.get(name, 0.0))[:most])
    sayable = {outcome.response for outcome in table.outcomes if _required(outcome.conditions) <= likely} | {otherwise}
    return replace(
        request,
        allowed=tuple(name for name in request.allowed if name in sayable),
        intents={name: intent for name, intent in request.intents.items() if name in likely},
        responses={name: texts for name, texts in request.responses.items() if name in sayable},
    )


def _required(conditions: tuple[str, ...]) -> set[str]:
    """The intents that must be heard for an outcome, by its conditions."""
    return {
        condition.removeprefix(_HEARD)
        for condition in conditions
        if condition.startswith(_HEARD) and condition.removeprefix(_HEARD).isidentifier()
    }
