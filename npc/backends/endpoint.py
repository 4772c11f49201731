"""A server as the whole process sees it: its connections, and whether and how often it may be asked at present."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol
from weakref import WeakKeyDictionary, WeakSet

from npc.backends.breaker import Breaker
from npc.backends.concurrency import Concurrency
from npc.backends.http import Answer, Connections

CEILING_SECONDS = 60.0
"""However long the engine would wait, no request stays open longer."""

CALLS_AT_ONCE = 1_000


class Client(Protocol):
    """What asks a server: `Connections`, or a client that the program brought along."""

    async def post(self, path: str, body: bytes) -> Answer:
        """Send a request and read its answer; a `BackendError` when there is none."""
        ...

    def is_closed(self) -> bool:
        """Whether it can be used no more."""
        ...

    async def aclose(self) -> None:
        """Close what was opened."""
        ...


class Endpoint:
    """One server and key. Backends of the same server share it, and with it connections and circuit breaker.

    Args:
        connect: makes the client of an event loop.
    """

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self.breaker = Breaker()
        self.concurrency = Concurrency(CALLS_AT_ONCE)
        self.users: WeakSet[object] = WeakSet()
        # Connections belong to the event loop that opened them.
        self.clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Client] = WeakKeyDictionary()

    def client(self, user: object) -> Client:
        """The running loop's connections; they stay until every user has left."""
        self.users.add(user)
        loop = asyncio.get_running_loop()
        client = self.clients.get(loop)
        if client is None:
            # Connections hold on to their loop, so the weak mapping alone would keep closed loops for ever.
            for old in [known for known in self.clients if known.is_closed()]:
                del self.clients[old]
            client = self.clients[loop] = self._connect()
        return client

    async def leave(self, user: object) -> None:
        """A user needs its connections no more; the last one's leaving closes them."""
        self.users.discard(user)
        if self.users:
            return
        here = asyncio.get_running_loop()
        clients = list(self.clients.items())
        self.clients.clear()
        for loop, client in clients:
            if loop is here:
                await client.aclose()
            elif loop.is_running():
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(client.aclose(), loop))


# Kept for good, since a server that is down stays so when a session ends; without users it holds no connection.
_endpoints: dict[tuple[str, str], Endpoint] = {}


def endpoint_for(base_url: str, key: str, headers: Mapping[str, str]) -> Endpoint:
    """The endpoint of a server and key, one for the whole process."""
    found = _endpoints.get((base_url, key))
    if found is None:
        found = _endpoints[base_url, key] = Endpoint(lambda: Connections(base_url, headers))
    return found
