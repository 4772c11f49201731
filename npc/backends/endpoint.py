"""A server as the whole process sees it: its connections, and whether it may be asked at present."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

import httpx2
import openai

from npc.backends.breaker import Breaker
from npc.errors import BackendError

if TYPE_CHECKING:
    from openai import AsyncOpenAI

CEILING_SECONDS = 60.0
"""However long the engine would wait, no request stays open longer."""

LARGEST_BODY = 1_000_000
"""Bytes of an answer that are read; a reply has a few hundred."""

CONNECTIONS = 1_000
IDLE_CONNECTIONS = 100


class Endpoint:
    """One server and key. Backends of the same server share it, and with it connections and circuit breaker."""

    def __init__(self, base_url: str | None, key: str) -> None:
        self._base_url, self._key = base_url, key
        self.breaker = Breaker()
        self.users: WeakSet[object] = WeakSet()
        # A client's connections belong to the event loop that opened them.
        self.clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()

    def client(self, user: object) -> AsyncOpenAI:
        """The running loop's client; it stays until every user has left."""
        self.users.add(user)
        loop = asyncio.get_running_loop()
        client = self.clients.get(loop)
        if client is None:
            # Connections hold on to their loop, so the weak mapping alone would keep closed loops for ever.
            for old in [known for known in self.clients if known.is_closed()]:
                del self.clients[old]
            client = self.clients[loop] = openai.AsyncOpenAI(
                api_key=self._key,
                base_url=self._base_url,
                max_retries=0,
                timeout=CEILING_SECONDS,
                http_client=httpx2.AsyncClient(transport=_Bounded(), timeout=CEILING_SECONDS, follow_redirects=False),
            )
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
                await client.close()
            elif loop.is_running():
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(client.close(), loop))


# Kept for good, since a server that is down stays so when a session ends; without users it holds no connection.
_endpoints: dict[tuple[str | None, str], Endpoint] = {}


def endpoint_for(base_url: str | None, key: str) -> Endpoint:
    """The endpoint of a server and key, one for the whole process."""
    found = _endpoints.get((base_url, key))
    if found is None:
        found = _endpoints[base_url, key] = Endpoint(base_url, key)
    return found


class _Bounded(httpx2.AsyncBaseTransport):
    """A transport whose answers end at `LARGEST_BODY` bytes, and are not compressed: no bomb unfolds in memory."""

    def __init__(self) -> None:
        limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=IDLE_CONNECTIONS)
        self._inner = httpx2.AsyncHTTPTransport(limits=limits)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["accept-encoding"] = "identity"
        response = await self._inner.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise BackendError("transport", "the server compressed its answer, though asked not to")
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _BoundedStream(response.stream)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        chunks = self._inner.__aiter__()
        try:
            async for chunk in chunks:
                size += len(chunk)
                if size > LARGEST_BODY:
                    raise BackendError("transport", f"the server's answer is over {LARGEST_BODY:,} bytes")
                yield chunk
        finally:
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()  # at once, not whenever the garbage is collected

    async def aclose(self) -> None:
        await self._inner.aclose()
