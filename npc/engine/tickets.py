"""Tickets: turns for programs with a frame loop.

Only the backend call runs elsewhere, on one long-lived loop thread that all sessions share. Everything that reads or
changes the game runs on the thread that calls `submit`, `done` and `result`, so nothing moves behind a frame's back.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections import deque
from collections.abc import Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from time import perf_counter
from typing import Protocol

from npc.engine.asking import Answer
from npc.engine.turn import Turn
from npc.errors import TurnCancelled

OVERDUE_SECONDS = 0.25
"""How long past its deadline a turn waits for a loop thread that a backend blocks."""


class TurnSteps(Protocol):
    """The steps of one turn, as the session offers them."""

    def begin(self) -> Coroutine[None, None, Answer] | None:
        """Take the snapshot; the call to be made elsewhere, or None when no model is needed."""
        ...

    def finish(self, answer: Answer | None) -> Turn:
        """Judge against the present state and commit."""
        ...


class Ticket:
    """A turn under way. All its methods belong on the thread that submitted it; `done` never blocks."""

    def __init__(self, steps: TurnSteps, deadline: float, line: deque[Ticket]) -> None:
        self._steps = steps
        self._deadline = deadline
        self._line = line
        self._begun: float | None = None
        self._call: Future[Answer] | None = None
        self._turn: Turn | None = None
        self._error: BaseException | None = None
        self._cancelled = False
        self._finishing = False
        line.append(self)
        if line[0] is self:
            self._begin()

    def done(self) -> bool:
        """Whether the turn has ended. When its answer has come, this is where it is committed."""
        self._advance_line()
        return self._ended

    def result(self, timeout: float | None = None) -> Turn:
        """The turn, waiting for it if need be.

        Args:
            timeout: seconds to wait at most; None waits until the turn's own deadline ends it.

        Raises:
            TurnCancelled: the ticket was cancelled.
            TimeoutError: `timeout` passed first; the turn goes on.
        """
        end = None if timeout is None else perf_counter() + timeout
        while not self.done():
            head = self._line[0]
            left = head._seconds_left()
            if end is not None:
                if perf_counter() >= end:
                    raise TimeoutError("the turn has not ended yet")
                left = min(left, max(0.0, end - perf_counter()))
            if head._call is not None:
                _wait(head._call, left)
        if self._cancelled:
            raise TurnCancelled("the turn was cancelled")
        if self._error is not None:
            raise self._error
        assert self._turn is not None
        return self._turn

    def cancel(self) -> bool:
        """Call the turn off. False when it has ended already; a committed turn is never taken back."""
        if self._ended or self._finishing:
            return False
        self._cancelled = True
        if self._call is not None:
            self._call.cancel()
        self._advance_line()
        return True

    def cancelled(self) -> bool:
        """Whether the turn was called off."""
        return self._cancelled

    @property
    def _ended(self) -> bool:
        return self._cancelled or self._turn is not None or self._error is not None

    def _advance_line(self) -> None:
        """End the turns of this character whose answer has come, in order, and begin the next."""
        line = self._line
        while line:
            head = line[0]
            if not head._ended:
                head._begin()
                head._finish()
            if not head._ended:
                return
            line.popleft()

    def _begin(self) -> None:
        if self._begun is not None:
            return
        self._begun = perf_counter()
        try:
            call = self._steps.begin()
        except BaseException as error:
            self._fail(error)
            return
        if call is not None:
            self._call = asyncio.run_coroutine_threadsafe(call, _background_loop())

    def _finish(self) -> None:
        if self._finishing or self._error is not None:
            return
        overdue = self._seconds_left() <= 0
        if self._call is not None and not self._call.done() and not overdue:
            return
        self._finishing = True
        try:
            self._turn = self._steps.finish(self._answer())
        except BaseException as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """End the turn with an error, which `result` raises; what is no ordinary exception goes on at once, too."""
        self._error = error
        if not isinstance(error, Exception):
            raise error

    def _answer(self) -> Answer | None:
        if self._call is None:
            return None
        if self._call.done():
            return self._call.result()
        self._call.cancel()
        return Answer(None, None, (), "timeout")

    def _seconds_left(self) -> float:
        begun = perf_counter() if self._begun is None else self._begun
        return begun + self._deadline + OVERDUE_SECONDS - perf_counter()


def _wait(call: Future[Answer], seconds: float) -> None:
    arrived = threading.Event()
    call.add_done_callback(lambda _: arrived.set())
    arrived.wait(min(max(0.0, seconds), threading.TIMEOUT_MAX))


_log = logging.getLogger("npc")
_guard = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}


def _background_loop() -> asyncio.AbstractEventLoop:
    """The process's loop thread, started when first needed (and again after a fork)."""
    with _guard:
        loop = _loops.get(os.getpid())
        if loop is None:
            loop = asyncio.new_event_loop()
            threading.Thread(target=_run_for_good, args=(loop,), name="npc-backends", daemon=True).start()
            _loops.clear()
            _loops[os.getpid()] = loop
        return loop


def _run_for_good(loop: asyncio.AbstractEventLoop) -> None:
    # A backend that stops the loop, or throws out of a callback what ends it, must not end all other turns.
    while True:
        try:
            loop.run_forever()
        except BaseException:
            _log.exception("a backend ended the loop thread; it goes on")


def begin_in_background(call: Coroutine[None, None, None]) -> Future[None]:
    """Begin a coroutine on the loop thread, without waiting for it."""
    return asyncio.run_coroutine_threadsafe(call, _background_loop())


def run_in_background(call: Coroutine[None, None, None], seconds: float) -> None:
    """Run a coroutine on the loop thread, waiting at most `seconds` for it; does nothing when no loop runs."""
    loop = _loops.get(os.getpid())
    if loop is None:
        call.close()
        return
    try:
        asyncio.run_coroutine_threadsafe(call, loop).result(seconds)
    except FutureTimeout:
        return
