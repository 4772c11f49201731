"""A model behind OpenAI's API, or behind any server that speaks it: Chat Completions or Responses."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from npc.backends.answers import read_completion, read_response
from npc.backends.base import Backend, ModelRequest, Reply
from npc.backends.breaker import Breaker
from npc.backends.encoding import encode
from npc.backends.envelopes import DEFAULT_ENVELOPE, ENVELOPES, RESPONSES, body_of
from npc.backends.network import require_network
from npc.backends.verdicts import kept_envelope
from npc.errors import BackendError, BackendSpecError, MissingExtra

try:
    from npc.backends.endpoint import CEILING_SECONDS, Endpoint, endpoint_for
    from npc.backends.http import Answer
except ImportError:
    raise MissingExtra("The openai backend", "openai") from None

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["CEILING_SECONDS", "OpenAIBackend", "read_completion"]

OPENAI_URL = "https://api.openai.com/v1"
PLACEHOLDER_KEY = "none"
"""Sent to a server given by URL when OPENAI_API_KEY is not set; local servers do not look at it."""

_TIMEOUT_STATUSES = frozenset({408, 504})
_EXPLAINED_STATUSES = frozenset({400, 404, 413, 415, 422})
"""Statuses whose message speaks of the request; that of a 401 may quote a part of the key."""

_KEY_LIKE = re.compile(r"\b(?:sk|pk|key|Bearer)[-_ ][^\s'\",]{6,}")


class OpenAIBackend(Backend):
    """Asks a model over HTTP, with a strict JSON Schema of the answer.

    One call a request, and no retries but one without ``temperature``. Backends of the same server share its
    connections (a set for each event loop), its circuit breaker, and the number of calls that it gets at once.

    Args:
        model: the model's name.
        base_url: an OpenAI-compatible server, such as ``http://localhost:11434/v1``; None: OpenAI's own, or the one
            that OPENAI_BASE_URL names.
        envelope: how messages and schema are sent, a name of `ENVELOPES`; None: as the last
            probe of this server and model found best, or else as Chat Completions with ``json_schema``.
        api_key: None takes OPENAI_API_KEY; it may be unset only when a server is given.
        client: of the `openai` package, 2 or newer, to ask in place of connections of our own; server and key are
            then the client's, and its owner closes it. It belongs to one event loop, and so do the sessions that use
            it: `Session.say` in the loop of the program, or `Session.submit`, not both.

    Raises:
        BackendSpecError: there is no key, or it cannot be one.
        TypeError: server or key are given beside a client.
        MissingExtra: on import, when the packages of the extra `openai` are not installed.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        envelope: str | None = None,
        client: AsyncOpenAI | None = None,
    ) -> None:
        if client is not None:
            if base_url is not None or api_key is not None:
                raise TypeError("base_url and api_key are the client's own when a client is given")
            url = str(client.base_url).rstrip("/")
            base_url, api_key = (None if url == OPENAI_URL else url), client.api_key or PLACEHOLDER_KEY
        self._client = client
        self.name = f"openai:{model}" + (f"@{base_url}" if base_url else "")
        self.model = model
        named = None if client is not None else os.environ.get("OPENAI_BASE_URL")
        self._base_url = base_url or named or None
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
        self.server = self._base_url or OPENAI_URL
        self._host = urlsplit(self.server).hostname or ""
        self._envelope = ENVELOPES[envelope or kept_envelope(self.server, model) or DEFAULT_ENVELOPE]
        self._takes_temperature = True
        self._endpoint = self._own_endpoint()
        self._breaker = self._endpoint.breaker
        self._clients = self._endpoint.clients

    def _own_endpoint(self) -> Endpoint:
        if self._client is None:
            return endpoint_for(self.server, self._key, _headers(self._base_url, self._key))
        from npc.backends.sdk import SdkConnections

        client = SdkConnections(self._client)
        return Endpoint(lambda: client)

    @property
    def manner(self) -> Mapping[str, Any]:
        return {"model": self.model, "envelope": self._envelope.name, "cool": self._takes_temperature}

    def in_envelope(self, envelope: str) -> OpenAIBackend:
        """The same model, asked in another way; what one way does to the server does not close it to another."""
        if self._client is not None:
            other = OpenAIBackend(self.model, client=self._client, envelope=envelope)
        else:
            other = OpenAIBackend(self.model, base_url=self._base_url, api_key=self._key, envelope=envelope)
        other._breaker = Breaker()
        return other

    async def reply(self, request: ModelRequest) -> Reply:
        require_network(self._host)
        breaker, concurrency = self._breaker, self._endpoint.concurrency
        breaker.admit()
        seconds = CEILING_SECONDS if request.seconds is None else min(request.seconds, CEILING_SECONDS)
        asked = False
        try:
            async with asyncio.timeout(seconds):
                await concurrency.enter()
                try:
                    breaker.rest()
                    asked = True
                    answer = await self._ask(request)
                finally:
                    concurrency.leave()
        except TimeoutError:
            if not asked:
                breaker.abandoned()
                message = f"{self._host} gets {concurrency.limit} calls at once, since it said they were too many"
                raise BackendError("rate-limited", message) from None
            breaker.failed()
            raise BackendError("timeout", f"{self._host} did not answer within {seconds:.2f} s") from None
        except BackendError as error:
            if asked:
                breaker.failed()
            else:
                breaker.abandoned()
            raise error from None
        except BaseException:
            breaker.abandoned()
            raise
        if answer.status >= 300:
            # Without a cause: a traceback of it would show what the server said, and with it perhaps the key.
            raise self._failed(answer) from None
        breaker.succeeded()
        concurrency.answered()
        if answer.headers.get("x-ratelimit-remaining-requests") == "0":
            breaker.pause(seconds_of(answer.headers.get("x-ratelimit-reset-requests")))
        return read_response(answer.body) if self._envelope.path == RESPONSES else read_completion(answer.body)

    async def aclose(self) -> None:
        await self._endpoint.leave(self)

    async def _ask(self, request: ModelRequest) -> Answer:
        answer = await self._post(body_of(self.manner, request.messages, request.schema))
        # Reasoning models refuse any temperature; nothing but the reply's variety hangs on it.
        if answer.status != 400 or not self._takes_temperature or _error(answer).get("param") != "temperature":
            return answer
        self._takes_temperature = False
        return await self._post(body_of(self.manner, request.messages, request.schema))

    async def _post(self, asked: dict[str, Any]) -> Answer:
        return await self._endpoint.client(self).post(self._envelope.path, encode(asked))

    def _failed(self, answer: Answer) -> BackendError:
        """The failure to report of an answer that is none; the circuit breaker is told of it."""
        breaker, status = self._breaker, answer.status
        failure = self._failure(answer)
        if status == 429:
            self._endpoint.concurrency.too_many()
            breaker.pause(seconds_of(answer.headers.get("retry-after")))
        elif status >= 500 or status == 408:
            breaker.failed()
        else:
            breaker.succeeded()  # it answered, if not what was hoped for
        return failure

    def _failure(self, answer: Answer) -> BackendError:
        status, error = answer.status, _error(answer)
        given = error.get("code")
        code = given if isinstance(given, str) and re.fullmatch(r"[\w.-]{1,60}", given) else None
        message = f"HTTP {status} from {self._host}" + (f" ({code})" if code else "")
        if status == 429:
            return BackendError("rate-limited", message, status=status)
        if code == "content_filter":
            return BackendError("refusal", message, status=status)
        if status in (401, 403):
            message += ": the key is not accepted; check OPENAI_API_KEY"
        elif status in _EXPLAINED_STATUSES:
            message += f": {self._redacted(str(error.get('message') or ''))}".rstrip(": ")
            if status in (400, 422):
                message += f"; `npc probe {self.name}` finds out what the server takes"
        return BackendError("timeout" if status in _TIMEOUT_STATUSES else "transport", message, status=status)

    def _redacted(self, text: str) -> str:
        shown = _KEY_LIKE.sub("[key]", text if self._key == PLACEHOLDER_KEY else text.replace(self._key, "[key]"))
        return "".join(char if char.isprintable() else " " for char in shown)[:200]


def _headers(base_url: str | None, key: str) -> dict[str, str]:
    headers = {
        "authorization": f"Bearer {key}",
        "content-type": "application/json",
        "accept-encoding": "identity",
        "user-agent": "npc",
    }
    if base_url is None:
        asked_for = {"openai-organization": "OPENAI_ORG_ID", "openai-project": "OPENAI_PROJECT_ID"}
        given = {name: os.environ.get(variable, "").strip() for name, variable in asked_for.items()}
        headers |= {name: value for name, value in given.items() if value.isascii() and value.isprintable() and value}
    return headers


def _error(answer: Answer) -> Mapping[str, Any]:
    """What the body says of an error, as OpenAI's API says it; empty where it says nothing of the kind."""
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    error = body.get("error", body) if isinstance(body, dict) else {}
    return error if isinstance(error, dict) else {"message": str(error)}


def seconds_of(header: str | None) -> float | None:
    """A time as servers write it, in seconds; None where it is missing, or a date.

    >>> seconds_of("120"), seconds_of("6m0s"), seconds_of("20ms")
    (120.0, 360.0, 0.02)
    """
    if header and re.fullmatch(r"\d{1,9}(\.\d+)?", header):
        return float(header)
    parts = re.fullmatch(
        r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d+)?)s)?(?:(\d{1,9}(?:\.\d+)?)ms)?", header or ""
    )
    if not header or parts is None:
        return None
    return sum(float(part) * unit for part, unit in zip(parts.groups(), (3600, 60, 1, 0.001), strict=True) if part)
