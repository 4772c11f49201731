"""A server as the whole process sees it: its connections, and whether and how often it may be asked at present."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from weakref import WeakKeyDictionary, WeakSet

from npc.backends.breaker import Breaker
from npc.backends.concurrency import Concurrency
from npc.backends.http import Connections

CEILING_SECONDS = 60.0
"""However long the engine would wait, no request stays open longer."""

CALLS_AT_ONCE = 1_000


class Endpoint:
    """One server and key. Backends of the same server share it, and with it connections and circuit breaker."""

    def __init__(self, base_url: str, headers: Mapping[str, str]) -> None:
        self._base_url, self._headers = base_url, headers
        self.breaker = Breaker()
        self.concurrency = Concurrency(CALLS_AT_ONCE)
        self.users: WeakSet[object] = WeakSet()
        # Connections belong to the event loop that opened them.
        self.clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Connections] = WeakKeyDictionary()

    def client(self, user: object) -> Connections:
        """The running loop's connections; they stay until every user has left."""
        self.users.add(user)
        loop = asyncio.get_running_loop()
        client = self.clients.get(loop)
        if client is None:
            # Connections hold on to their loop, so the weak mapping alone would keep closed loops for ever.
            for old in [known for known in self.clients if known.is_closed()]:
                del self.clients[old]
            client = self.clients[loop] = Connections(self._base_url, self._headers)
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
        found = _endpoints[base_url, key] = Endpoint(base_url, headers)
    return found
