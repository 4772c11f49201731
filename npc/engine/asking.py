"""Asking the backends: every call under the turn's deadline, one re-ask at most, then the next backend."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from npc.backends.base import Backend, ModelRequest, RawReply, Reply, Usage
from npc.engine.judge import Judged, ReplyRejected
from npc.engine.turn import Attempt
from npc.errors import BackendError, NetworkForbidden

LATER_BACKENDS_SHARE = 0.25
"""Part of the time left that a backend must leave to those after it in the chain."""

OWN_SHARE = 0.98
"""Part of the time for a call after which the backend itself should give it up, and so learn of it."""

KEPT_CONTENT = 4_000
"""Characters of a raw reply kept in the trace and the records."""

WORTH_ASKING_AGAIN = frozenset(
    {
        "truncated",
        "empty",
        "not-json",
        "schema",
        "unknown-response",
        "not-allowed",
        "slot-out-of-range",
        "slot-ungrounded",
    }
)
"""Reasons after which the same backend is asked once more, with the reason code."""

BACKEND_REASONS = WORTH_ASKING_AGAIN | {"refusal", "timeout", "transport", "rate-limited", "circuit-open"}
"""Reasons an attempt may fail for; whatever else a backend gives as its reason is a failed transport."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What asking came to.

    Attributes:
        judged: the usable reply, or None.
        backend: name of the backend it came from, or None.
        attempts: every call made.
        reason: the last reason code met, or None when the first reply was usable.
    """

    judged: Judged | None
    backend: str | None
    attempts: tuple[Attempt, ...]
    reason: str | None


async def ask(
    request: ModelRequest,
    backends: Sequence[Backend],
    judge: Callable[[object], Judged],
    corroborate: Callable[[Judged, ModelRequest], Awaitable[Judged]],
    seconds: float,
) -> Answer:
    """Ask the backends in order until one reply can be used. Backends' failures end up in the attempts.

    Args:
        judge: checks a raw reply, raising `ReplyRejected`.
        corroborate: takes out claims that the player's own words do not bear out.
        seconds: time allowed for everything.

    Raises:
        NetworkForbidden: a backend was about to use the network while that is forbidden.
    """
    end = asyncio.get_running_loop().time() + seconds
    attempts: list[Attempt] = []
    reason: str | None = None
    asked_again = False
    for place, backend in enumerate(backends):
        later = place < len(backends) - 1
        current = request
        while True:
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return Answer(None, None, tuple(attempts), "timeout")
            if later:
                left *= 1 - LATER_BACKENDS_SHARE
            timed = replace(current, seconds=left * OWN_SHARE)
            attempt, judged = await _attempt(backend, timed, judge, corroborate, left)
            attempts.append(attempt)
            if judged is not None:
                return Answer(judged, backend.name, tuple(attempts), reason)
            reason = attempt.reason
            if asked_again or reason not in WORTH_ASKING_AGAIN:
                break
            asked_again = True
            current = replace(request, retry=reason)
    return Answer(None, None, tuple(attempts), reason or "transport")


async def _attempt(
    backend: Backend,
    request: ModelRequest,
    judge: Callable[[object], Judged],
    corroborate: Callable[[Judged, ModelRequest], Awaitable[Judged]],
    seconds: float,
) -> tuple[Attempt, Judged | None]:
    started = perf_counter()
    reply: Reply | None = None
    judged: Judged | None = None
    reason: str | None = None
    detail = ""
    try:
        reply = await _reply_within(backend, request, seconds)
        judged = await corroborate(judge(reply.content), request)
    except (ReplyRejected, BackendError) as failed:
        reason, detail = failed.reason, _told(failed)
        if reason not in BACKEND_REASONS:
            reason, detail = "transport", f"{reason}: {detail}"
    except NetworkForbidden:
        raise  # a test that forgot to name its backend must fail, not fall back
    except Exception as failed:
        reason, detail = "transport", f"{type(failed).__name__}: {_told(failed)}"
    taken = perf_counter() - started
    if reply is None:
        return Attempt(backend.name, None, reason, detail[:400], taken), None
    usage = reply.usage if isinstance(reply.usage, Usage) else Usage()
    return Attempt(backend.name, _kept(reply.content), reason, detail[:400], taken, usage, reply.notes), judged


async def _reply_within(backend: Backend, request: ModelRequest, seconds: float) -> Reply:
    """The backend's reply. A backend that ignores cancellation is left behind, not waited for."""
    call = asyncio.ensure_future(_called(backend, request))
    try:
        done, _ = await asyncio.wait({call}, timeout=seconds)
    except asyncio.CancelledError:
        _abandon(call)
        raise
    if not done:
        _abandon(call)
        raise BackendError("timeout", f"no reply within {seconds:.2f} s")
    if call.cancelled():
        raise BackendError("transport", "the backend cancelled its own call")
    stray = call.exception()
    if stray is not None and not isinstance(stray, Exception):
        raise _transport(stray)
    reply = call.result()
    return reply if isinstance(reply, Reply) else Reply(reply)


async def _called(backend: Backend, request: ModelRequest) -> Reply | RawReply:
    """The backend's reply, without the exceptions that would end the event loop itself."""
    try:
        return await backend.reply(request)
    except SystemExit as stray:
        raise _transport(stray) from None
    except KeyboardInterrupt as stray:
        if threading.current_thread() is threading.main_thread():
            raise  # it is the player's: Ctrl-C, which comes on this thread only
        raise _transport(stray) from None


def _transport(stray: BaseException) -> BackendError:
    return BackendError("transport", f"{type(stray).__name__}: {_told(stray)}")


def _told(failed: BaseException) -> str:
    try:
        return str(failed)
    except Exception:
        return "no more can be told of it"


def _abandon(call: asyncio.Future[Any]) -> None:
    call.cancel()
    call.add_done_callback(lambda finished: finished.cancelled() or finished.exception())


def _kept(content: RawReply) -> str:
    if isinstance(content, str):
        return str.__str__(content)[:KEPT_CONTENT]
    try:
        return json.dumps(content, ensure_ascii=False, default=repr)[:KEPT_CONTENT]
    except Exception:  # a reply may be an object of any kind, and do anything when looked at
        return f"<{type(content).__name__} that is not JSON>"
