"""A circuit breaker: a server that is down or has had enough is left alone for a while."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from npc.errors import BackendError

FAILURES_TO_OPEN = 5
"""Failed calls in a row after which the circuit opens."""

OPEN_SECONDS = 5.0
"""How long it stays open before one call may try again; doubled each time that one fails."""

LONGEST_OPEN_SECONDS = 60.0

PAUSE_SECONDS = 1.0
"""How long a server that says it had too many requests is left alone when it does not say how long."""

LONGEST_PAUSE_SECONDS = 120.0


class Breaker:
    """Closed: calls pass. Open: none does. After a while one is let through to try, and decides.

    Args:
        clock: seconds, ever growing.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0
        self._open_for = OPEN_SECONDS
        self._trying = False
        self._paused_until = 0.0

    def admit(self) -> None:
        """Called before a call; one of the other methods must follow it.

        Raises:
            BackendError: no call may be made now; ``rate-limited`` or ``circuit-open``.
        """
        self.rest()
        now = self._clock()
        if self._failures < FAILURES_TO_OPEN:
            return
        if self._trying or now < self._open_until:
            raise BackendError("circuit-open", f"the server failed {self._failures} times in a row; not asked for now")
        self._trying = True

    def rest(self) -> None:
        """Called again where a call had to wait before it could be made.

        Raises:
            BackendError: ``rate-limited``: the server has asked for a rest.
        """
        left = self._paused_until - self._clock()
        if left > 0:
            raise BackendError("rate-limited", f"the server asked for {left:.1f} s more of rest")

    def succeeded(self) -> None:
        """The server answered."""
        self._failures, self._trying, self._open_for = 0, False, OPEN_SECONDS

    def failed(self) -> None:
        """The server could not be reached, failed or was too slow."""
        self._failures += 1
        if self._trying:
            self._trying = False
            self._open_for = min(self._open_for * 2, LONGEST_OPEN_SECONDS)
        self._open_until = self._clock() + self._open_for

    def abandoned(self) -> None:
        """The call was given up before anything could be learnt from it."""
        self._trying = False

    def pause(self, seconds: float | None) -> None:
        """The server is there, and asked for a rest of so many seconds."""
        rest = PAUSE_SECONDS if seconds is None else min(max(seconds, 0.0), LONGEST_PAUSE_SECONDS)
        self._trying = False
        self._paused_until = max(self._paused_until, self._clock() + rest)
