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
from npc.engine.accounting import OVER_BUDGET, Account
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

UNSURE = "unsure"
"""The reason of a backend that passes a line on, as is its part in the chain: nothing went wrong."""

BACKEND_REASONS = WORTH_ASKING_AGAIN | {"refusal", "timeout", "transport", "rate-limited", "circuit-open", UNSURE}
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
    account: Account | None = None,
    *,
    hedge: bool = False,
) -> Answer:
    """Ask the backends in order until one reply can be used. Backends' failures end up in the attempts.

    Args:
        judge: checks a raw reply, raising `ReplyRejected`.
        corroborate: takes out claims that the player's own words do not bear out.
        seconds: time allowed for everything.
        account: counts the calls, and says which backends are over budget.
        hedge: begin with the next backend as well where one is slower than it mostly is, and take what comes first.

    Raises:
        NetworkForbidden: a backend was about to use the network while that is forbidden.
    """
    asking = Asking(request, judge, corroborate, seconds, account or Account())
    if hedge and len(backends) > 1:
        return await hedged(asking, backends)
    for place, backend in enumerate(backends):
        later = place < len(backends) - 1
        judged = await asking.backend(backend, 1 - LATER_BACKENDS_SHARE if later else 1.0)
        if judged is not None or asking.left() <= 0:
            break
    return asking.answer()


class Asking:
    """The asking of one turn: its deadline, the calls made so far, and whether a re-ask is still free.

    Args:
        request, judge, corroborate, seconds, account: as for `ask`.
    """

    def __init__(
        self,
        request: ModelRequest,
        judge: Callable[[object], Judged],
        corroborate: Callable[[Judged, ModelRequest], Awaitable[Judged]],
        seconds: float,
        account: Account,
    ) -> None:
        self.account = account
        self._request, self._judge, self._corroborate = request, judge, corroborate
        self._started = perf_counter()
        self._end = asyncio.get_running_loop().time() + seconds
        self._attempts: list[Attempt] = []
        self._reason: str | None = None
        self._asked_again = False
        self._judged: Judged | None = None
        self._winner: str | None = None

    def left(self) -> float:
        """Seconds until the deadline; not above 0 once it has passed."""
        return self._end - asyncio.get_running_loop().time()

    def answer(self) -> Answer:
        """What it came to so far."""
        reason = self._reason
        if self._judged is None:
            last = self._attempts[-1].reason if self._attempts else None
            reason = "timeout" if self.left() <= 0 else reason or last or "transport"
        return Answer(self._judged, self._winner, tuple(self._attempts), reason)

    async def backend(self, backend: Backend, share: float) -> Judged | None:
        """Ask one backend, and once more where that is worth it and the turn has not done so yet.

        Args:
            share: part of the time left that each call may use.
        """
        refusal = self.account.refusal(backend)
        if refusal is not None:
            self._attempts.append(Attempt(backend.name, None, OVER_BUDGET, refusal, 0.0))
            self._reason = OVER_BUDGET
            return None
        current = self._request
        while (left := self.left() * share) > 0:
            attempt, judged = await self._call(backend, replace(current, seconds=left * OWN_SHARE), left)
            if self._judged is not None:
                return None  # another one was first
            self._attempts.append(attempt)
            if judged is not None:
                self._judged, self._winner = judged, backend.name
                return judged
            self._reason = self._reason if attempt.reason == UNSURE else attempt.reason
            if self._asked_again or attempt.reason not in WORTH_ASKING_AGAIN:
                break
            self._asked_again = True
            current = replace(self._request, retry=attempt.reason)
        return None

    async def _call(self, backend: Backend, request: ModelRequest, seconds: float) -> tuple[Attempt, Judged | None]:
        started = perf_counter()
        again, begun = request.retry is not None, started - self._started
        try:
            attempt, judged = await _attempt(backend, request, self._judge, self._corroborate, seconds)
        except asyncio.CancelledError:
            taken = perf_counter() - started
            given_up = Attempt(
                backend.name, None, "cancelled", "the turn was cancelled", taken, again=again, begun=begun
            )
            if self._winner is not None:
                detail = f"given up: {self._winner} answered first"
                given_up = replace(given_up, reason="timeout", detail=detail)
                self._attempts.append(given_up)
                self._reason = "timeout"
            self.account.add_call(request.character, given_up)
            raise
        attempt = replace(attempt, again=again, begun=begun)
        self.account.add_call(request.character, attempt)
        return attempt, judged


async def hedged(asking: Asking, backends: Sequence[Backend]) -> Answer:
    """Begin with each backend when the one before has failed, or is slower than 95 of 100 of its calls."""
    waiting = list(backends)
    running: set[asyncio.Task[Judged | None]] = set()
    found = False
    try:
        while not found and (waiting or running):
            patience = None
            if waiting:
                backend = waiting.pop(0)
                running.add(asyncio.create_task(asking.backend(backend, 1.0)))
                mostly = asking.account.slow(backend.name)
                patience = asking.left() * (1 - LATER_BACKENDS_SHARE) if mostly is None else mostly
            done, running = await asyncio.wait(
                running, timeout=patience if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            found = any(task.result() is not None for task in done)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return asking.answer()


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
    usage = Usage()
    try:
        reply = await _reply_within(backend, request, seconds)
        judged = await corroborate(judge(reply.content), request)
    except (ReplyRejected, BackendError) as failed:
        reason, detail = failed.reason, _told(failed)
        if reason not in BACKEND_REASONS:
            reason, detail = "transport", f"{reason}: {detail}"
        used = getattr(failed, "usage", None)
        usage = used if isinstance(used, Usage) else usage
    except NetworkForbidden:
        raise  # a test that forgot to name its backend must fail, not fall back
    except Exception as failed:
        reason, detail = "transport", f"{type(failed).__name__}: {_told(failed)}"
    taken = perf_counter() - started
    if reply is None:
        return Attempt(backend.name, None, reason, detail[:400], taken, usage), None
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
