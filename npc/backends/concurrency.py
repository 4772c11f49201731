"""How many calls a server gets at once: fewer after it said that they were too many, more again as it answers."""

from __future__ import annotations

import asyncio
import threading
from collections import deque


class Concurrency:
    """A limit on the calls under way, over all event loops: halved by a 429, one more after each round of answers.

    Args:
        most: the limit to begin with, which it never grows over.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._busy = 0
        self._waiting: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = deque()
        self._guard = threading.Lock()

    @property
    def limit(self) -> int:
        """How many calls may be under way now."""
        return int(self._limit)

    async def enter(self) -> None:
        """Wait for one's turn, first come, first served; `leave` must follow."""
        with self._guard:
            if self._busy < int(self._limit) and not self._waiting:
                self._busy += 1
                return
            loop = asyncio.get_running_loop()
            place: asyncio.Future[None] = loop.create_future()
            self._waiting.append((loop, place))
        try:
            await place
        except asyncio.CancelledError:
            with self._guard:
                waited = (loop, place) in self._waiting
                if waited:
                    self._waiting.remove((loop, place))
            if not waited:
                self.leave()  # it was let in at that very moment
            raise

    def leave(self) -> None:
        """A call has ended."""
        with self._guard:
            self._busy -= 1
            self._let_in()

    def answered(self) -> None:
        """The server coped with a call."""
        with self._guard:
            self._limit = min(self._limit + 1 / self._limit, self._most)
            self._let_in()

    def too_many(self) -> None:
        """The server said that there were too many."""
        with self._guard:
            self._limit = max(min(self._limit, self._busy) / 2, 1.0)

    def _let_in(self) -> None:
        while self._waiting and self._busy < int(self._limit):
            loop, place = self._waiting.popleft()
            if loop.is_closed():
                continue
            self._busy += 1
            loop.call_soon_threadsafe(_grant, place)


def _grant(place: asyncio.Future[None]) -> None:
    if not place.done():
        place.set_result(None)
