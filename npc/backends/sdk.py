"""A client of the `openai` package, for what it can do: Azure, a proxy, instruments that watch it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from typing import TYPE_CHECKING, Any

import openai

from npc.backends.envelopes import RESPONSES
from npc.backends.http import LARGEST_BODY, Answer
from npc.errors import BackendError

if TYPE_CHECKING:
    from openai import AsyncAPIResponse, AsyncOpenAI


class SdkConnections:
    """What `Connections` does, done by a client that a program made itself, and closes itself.

    Args:
        client: used as it is, but for its retries: a turn has one deadline, and whether to ask again is not for the
            client to say. It belongs to the event loop in which it was first used.
    """

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client.with_options(max_retries=0)

    async def post(self, path: str, body: bytes) -> Answer:
        """Send a request and read its answer. Cancelled, it hangs up.

        Raises:
            BackendError: ``transport``: there is no connection, or no whole answer came.
        """
        asked: dict[str, Any] = json.loads(body)
        model = asked.pop("model")
        if path == RESPONSES:
            responses = self._client.responses.with_streaming_response
            asking = responses.create(model=model, input=asked.pop("input"), extra_body=asked)
            return await _answer(asking)
        completions = self._client.chat.completions.with_streaming_response
        return await _answer(completions.create(model=model, messages=asked.pop("messages"), extra_body=asked))

    def is_closed(self) -> bool:
        """Whether its owner has closed it."""
        return self._client.is_closed()

    async def aclose(self) -> None:
        """Nothing: its owner closes it."""


async def _answer(asking: AbstractAsyncContextManager[AsyncAPIResponse[Any]]) -> Answer:
    body = bytearray()
    try:
        async with asking as response, aclosing(response.http_response.aiter_bytes()) as parts:
            async for part in parts:
                body += part
                if len(body) > LARGEST_BODY:
                    raise BackendError("transport", f"the server's answer is over {LARGEST_BODY:,} bytes")
            return Answer(response.status_code, _lower(response.headers), bytes(body))
    except openai.APIStatusError as error:
        return Answer(error.status_code, _lower(error.response.headers), error.response.content)
    except BackendError:
        raise
    except Exception as error:  # the client's transport has errors of its own, those of httpx2, httpx or another
        raise BackendError("transport", f"no answer from the client: {type(error).__name__}") from None


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
