"""A model behind OpenAI's API, or behind any server that speaks it: Chat Completions or Responses."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from npc.backends.answers import read_completion, read_response
from npc.backends.base import Backend, ModelRequest, Reply
from npc.backends.breaker import Breaker
from npc.backends.envelopes import DEFAULT_ENVELOPE, ENVELOPES, RESPONSES, body_of
from npc.backends.network import require_network
from npc.backends.verdicts import kept_envelope
from npc.errors import BackendError, BackendSpecError, MissingExtra

try:
    import httpx2
    import openai
except ImportError:
    raise MissingExtra("The openai backend", "openai") from None

from npc.backends.endpoint import CEILING_SECONDS, endpoint_for

__all__ = ["CEILING_SECONDS", "OpenAIBackend", "read_completion"]

OPENAI_URL = "https://api.openai.com/v1"
PLACEHOLDER_KEY = "none"
"""Sent to a server given by URL when OPENAI_API_KEY is not set; local servers do not look at it."""

_TIMEOUT_STATUSES = frozenset({408, 504})
_EXPLAINED_STATUSES = frozenset({400, 404, 413, 415, 422})
"""Statuses whose message speaks of the request; that of a 401 may quote a part of the key."""

_KEY_LIKE = re.compile(r"\b(?:sk|pk|key|Bearer)[-_ ][^\s'\",]{6,}")


class OpenAIBackend(Backend):
    """Asks a model through the official client, with a strict JSON Schema of the answer.

    One call a request, and no retries of the client's own. Backends of the same server share its connections (one
    client for each event loop) and its circuit breaker.

    Args:
        model: the model's name.
        base_url: an OpenAI-compatible server, such as ``http://localhost:11434/v1``; None: OpenAI's own, or the one
            that OPENAI_BASE_URL names.
        envelope: how messages and schema are sent, a name of `ENVELOPES`; None: as the last
            probe of this server and model found best, or else as Chat Completions with ``json_schema``.
        api_key: None takes OPENAI_API_KEY; it may be unset only when a server is given.

    Raises:
        BackendSpecError: there is no key, or it cannot be one.
        MissingExtra: on import, when the `openai` package is not installed.
    """

    def __init__(
        self, model: str, *, base_url: str | None = None, api_key: str | None = None, envelope: str | None = None
    ) -> None:
        self.name = f"openai:{model}" + (f"@{base_url}" if base_url else "")
        self.model = model
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
        self.server = self._base_url or OPENAI_URL
        self._host = urlsplit(self.server).hostname or ""
        self._envelope = ENVELOPES[envelope or kept_envelope(self.server, model) or DEFAULT_ENVELOPE]
        self._takes_temperature = True
        self._endpoint = endpoint_for(self._base_url, self._key)
        self._breaker = self._endpoint.breaker
        self._clients = self._endpoint.clients

    @property
    def manner(self) -> Mapping[str, Any]:
        return {"model": self.model, "envelope": self._envelope.name, "cool": self._takes_temperature}

    def in_envelope(self, envelope: str) -> OpenAIBackend:
        """The same model, asked in another way; what one way does to the server does not close it to another."""
        other = OpenAIBackend(self.model, base_url=self._base_url, api_key=self._key, envelope=envelope)
        other._breaker = Breaker()
        return other

    async def reply(self, request: ModelRequest) -> Reply:
        require_network(self._host)
        breaker = self._breaker
        breaker.admit()
        seconds = CEILING_SECONDS if request.seconds is None else min(request.seconds, CEILING_SECONDS)
        try:
            async with asyncio.timeout(seconds):
                body = await self._ask(request)
        except TimeoutError:
            breaker.failed()
            raise BackendError("timeout", f"{self._host} did not answer within {seconds:.2f} s") from None
        except (openai.APIError, BackendError) as error:
            # Without the cause: a traceback of it would show what the server said, and with it perhaps the key.
            raise self._failed(error) from None
        except BaseException:
            breaker.abandoned()
            raise
        breaker.succeeded()
        return read_response(body) if self._envelope.path == RESPONSES else read_completion(body)

    async def aclose(self) -> None:
        await self._endpoint.leave(self)

    async def _ask(self, request: ModelRequest) -> bytes:
        try:
            return await self._post(body_of(self.manner, request.messages, request.schema))
        except openai.BadRequestError as error:
            # Reasoning models refuse any temperature; nothing but the reply's variety hangs on it.
            if not self._takes_temperature or error.param != "temperature":
                raise
            self._takes_temperature = False
        return await self._post(body_of(self.manner, request.messages, request.schema))

    async def _post(self, asked: dict[str, Any]) -> bytes:
        # The raw response, since a server may answer anything: the client's own models trust what they are given.
        client = self._endpoint.client(self)
        response = await client.post(self._envelope.path, body=asked, cast_to=httpx2.Response)
        return response.content

    def _failed(self, error: openai.APIError | BackendError) -> BackendError:
        """The failure to report; the circuit breaker is told of it."""
        breaker = self._breaker
        if isinstance(error, BackendError):
            breaker.failed()
            return error
        failure = self._failure(error)
        status = error.status_code if isinstance(error, openai.APIStatusError) else None
        if failure.reason == "rate-limited":
            assert isinstance(error, openai.APIStatusError)
            breaker.pause(_seconds(error.response.headers.get("retry-after")))
        elif status is None or status >= 500 or status == 408:
            breaker.failed()
        else:
            breaker.succeeded()  # it answered, if not what was hoped for
        return failure

    def _failure(self, error: openai.APIError) -> BackendError:
        if isinstance(error, openai.APITimeoutError):
            return BackendError("timeout", f"{self._host} did not answer within {CEILING_SECONDS:.0f} s")
        if not isinstance(error, openai.APIStatusError):
            return BackendError("transport", f"no connection to {self._host}: {_cause(error)}")
        status = error.status_code
        code = error.code if error.code and re.fullmatch(r"[\w.-]{1,60}", error.code) else None
        message = f"HTTP {status} from {self._host}" + (f" ({code})" if code else "")
        if status == 429:
            return BackendError("rate-limited", message, status=status)
        if code == "content_filter":
            return BackendError("refusal", message, status=status)
        if status in (401, 403):
            message += ": the key is not accepted; check OPENAI_API_KEY"
        elif status in _EXPLAINED_STATUSES and isinstance(error.body, Mapping):
            message += f": {self._redacted(str(error.body.get('message') or ''))}".rstrip(": ")
            if status in (400, 422):
                message += f"; `npc probe {self.name}` finds out what the server takes"
        return BackendError("timeout" if status in _TIMEOUT_STATUSES else "transport", message, status=status)

    def _redacted(self, text: str) -> str:
        shown = _KEY_LIKE.sub("[key]", text if self._key == PLACEHOLDER_KEY else text.replace(self._key, "[key]"))
        return "".join(char if char.isprintable() else " " for char in shown)[:200]


def _cause(error: BaseException) -> str:
    cause = error.__cause__
    return type(cause).__name__ if cause is not None else type(error).__name__


def _seconds(retry_after: str | None) -> float | None:
    """The header as seconds; None where it is missing, or a date."""
    return float(retry_after) if retry_after and re.fullmatch(r"\d{1,9}(\.\d+)?", retry_after) else None
