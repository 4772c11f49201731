"""A model behind the Chat Completions API: OpenAI's, or any server that speaks it."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from npc.backends.base import Backend, ModelRequest, Reply, Usage
from npc.backends.network import require_network
from npc.errors import BackendError, BackendSpecError, MissingExtra

try:
    import openai
except ImportError:
    raise MissingExtra("The openai backend", "openai") from None

if TYPE_CHECKING:
    from openai import AsyncOpenAI

CEILING_SECONDS = 60.0
"""However long the engine would wait, no request stays open longer."""

PLACEHOLDER_KEY = "none"
"""Sent to a server given by URL when OPENAI_API_KEY is not set; local servers do not look at it."""

_TIMEOUT_STATUSES = frozenset({408, 504})
_EXPLAINED_STATUSES = frozenset({400, 404, 413, 415, 422})
"""Statuses whose message speaks of the request; that of a 401 may quote a part of the key."""

_KEY_LIKE = re.compile(r"\b(?:sk|pk|key|Bearer)[-_ ][^\s'\",]{6,}")


class OpenAIBackend(Backend):
    """Asks a model through the official client, with a strict JSON Schema as the response format.

    Args:
        model: the model's name.
        base_url: an OpenAI-compatible server, such as ``http://localhost:11434/v1``; None: OpenAI's own, or the one
            that OPENAI_BASE_URL names.
        api_key: None takes OPENAI_API_KEY; it may be unset only when a server is given.

    Raises:
        BackendSpecError: there is no key, or it cannot be one.
        MissingExtra: on import, when the `openai` package is not installed.
    """

    def __init__(self, model: str, *, base_url: str | None = None, api_key: str | None = None) -> None:
        self.name = f"openai:{model}" + (f"@{base_url}" if base_url else "")
        self._model = model
        self._base_url = base_url or os.environ.get("OPENAI_BASE_URL") or None
        given = (api_key or os.environ.get("OPENAI_API_KEY") or "").strip()
        self._key = given or (PLACEHOLDER_KEY if self._base_url else "")
        if not self._key:
            raise BackendSpecError(
                f"backend spec '{self.name}' needs a key: set it with `export OPENAI_API_KEY=…`, "
                f"or name a server that needs none, such as openai:{model}@http://localhost:11434/v1"
            )
        if not (self._key.isascii() and self._key.isprintable() and " " not in self._key):
            raise BackendSpecError(
                f"backend spec '{self.name}': OPENAI_API_KEY holds characters that no key has; "
                "set it again with `export OPENAI_API_KEY=…`"
            )
        self._host = urlsplit(self._base_url or "https://api.openai.com/v1").hostname or ""
        self._takes_temperature = True
        # A client's connections belong to the event loop that opened them.
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()

    async def reply(self, request: ModelRequest) -> Reply:
        require_network(self._host)
        try:
            body = await self._ask(request)
        except openai.APIError as error:
            # Without the cause: a traceback of it would show what the server said, and with it perhaps the key.
            raise self._failure(error) from None
        return read_completion(body)

    async def aclose(self) -> None:
        here = asyncio.get_running_loop()
        clients = list(self._clients.items())
        self._clients.clear()
        for loop, client in clients:
            if loop is here:
                await client.close()
            elif loop.is_running():
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(client.close(), loop))

    async def _ask(self, request: ModelRequest) -> bytes:
        asked: dict[str, Any] = {
            "model": self._model,
            "messages": request.messages,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "npc_reply", "strict": True, "schema": request.schema},
            },
        }
        if not self._takes_temperature:
            return await self._post(asked)
        try:
            return await self._post(asked | {"temperature": 0})
        except openai.BadRequestError as error:
            # Reasoning models refuse any temperature; nothing but the reply's variety hangs on it.
            if error.param != "temperature":
                raise
            self._takes_temperature = False
        return await self._post(asked)

    async def _post(self, asked: dict[str, Any]) -> bytes:
        # The raw response, since a server may answer anything: the client's own models trust what they are given.
        response = await self._client().chat.completions.with_raw_response.create(**asked)
        body: bytes = response.http_response.content
        return body

    def _client(self) -> AsyncOpenAI:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            # Connections hold on to their loop, so the weak mapping alone would keep closed loops for ever.
            for old in [known for known in self._clients if known.is_closed()]:
                del self._clients[old]
            client = self._clients[loop] = openai.AsyncOpenAI(
                api_key=self._key, base_url=self._base_url, max_retries=0, timeout=CEILING_SECONDS
            )
        return client

    def _failure(self, error: openai.APIError) -> BackendError:
        if isinstance(error, openai.APITimeoutError):
            return BackendError("timeout", f"{self._host} did not answer within {CEILING_SECONDS:.0f} s")
        if not isinstance(error, openai.APIStatusError):
            return BackendError("transport", f"no connection to {self._host}: {_cause(error)}")
        status = error.status_code
        code = error.code if error.code and re.fullmatch(r"[\w.-]{1,60}", error.code) else None
        message = f"HTTP {status} from {self._host}" + (f" ({code})" if code else "")
        if status == 429:
            return BackendError("rate-limited", message)
        if code == "content_filter":
            return BackendError("refusal", message)
        if status in (401, 403):
            message += ": the key is not accepted; check OPENAI_API_KEY"
        elif status in _EXPLAINED_STATUSES and isinstance(error.body, Mapping):
            message += f": {self._redacted(str(error.body.get('message') or ''))}".rstrip(": ")
        return BackendError("timeout" if status in _TIMEOUT_STATUSES else "transport", message)

    def _redacted(self, text: str) -> str:
        shown = _KEY_LIKE.sub("[key]", text if self._key == PLACEHOLDER_KEY else text.replace(self._key, "[key]"))
        return "".join(char if char.isprintable() else " " for char in shown)[:200]


def read_completion(body: bytes) -> Reply:
    """The reply in the body of a Chat Completions response.

    Raises:
        BackendError: it is not such a body (``transport``), or holds no usable answer (``refusal``, ``truncated``,
            ``empty``).
    """
    try:
        completion = json.loads(body)
    except (ValueError, RecursionError):
        raise BackendError("transport", f"the server's answer is not JSON ({len(body)} bytes)") from None
    match completion:
        case {"choices": [{"message": dict() as message, **choice}, *_]}:
            finish = choice.get("finish_reason")
        case _:
            raise BackendError("transport", "the server's answer is not a chat completion")
    if message.get("refusal"):
        raise BackendError("refusal", "the model refused to answer")
    if finish == "content_filter":
        raise BackendError("refusal", "the server's content filter stopped the answer")
    if finish == "length":
        raise BackendError("truncated", "the answer was cut off at the server's length limit")
    content = message.get("content")
    if content is not None and not isinstance(content, str):
        raise BackendError("transport", "the server's answer holds no text")
    if not content or not content.strip():
        raise BackendError("empty", "the model answered nothing")
    return Reply(content, _usage(completion.get("usage")))


def _usage(usage: object) -> Usage:
    counts = usage if isinstance(usage, dict) else {}
    details = counts.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    return Usage(_count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens")), _count(cached))


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _cause(error: BaseException) -> str:
    cause = error.__cause__
    return type(cause).__name__ if cause is not None else type(error).__name__
