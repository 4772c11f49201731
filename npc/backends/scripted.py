"""Replies written down beforehand: the double that tests of dialogue use."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

from npc.backends.base import Backend, BackendFunction, ModelRequest, RawReply, Reply
from npc.errors import BackendError

ScriptedReply = RawReply | Reply | BaseException | Callable[[ModelRequest], Any]
"""A raw reply, an exception to be raised, or a function (sync or async) from the request to a reply."""


class ScriptedBackend(Backend):
    """Gives its replies in order, one a request.

    Attributes:
        requests: everything it was asked, oldest first.
    """

    def __init__(self, *replies: ScriptedReply, name: str = "scripted") -> None:
        self.name = name
        self.requests: list[ModelRequest] = []
        self._replies = replies

    async def reply(self, request: ModelRequest) -> Reply | RawReply:
        self.requests.append(request)
        if len(self.requests) > len(self._replies):
            count = len(self._replies)
            message = f"script is used up after {count} {'reply' if count == 1 else 'replies'}"
            raise BackendError("transport", message)
        return await _given(self._replies[len(self.requests) - 1], request)


class FunctionBackend(Backend):
    """Any function from a request to a reply, async or not, as a backend."""

    def __init__(self, function: BackendFunction) -> None:
        self.name = str(getattr(function, "__name__", "function"))
        self._function = function

    async def reply(self, request: ModelRequest) -> Reply | RawReply:
        return await _given(self._function, request)


def scripted(*replies: ScriptedReply) -> ScriptedBackend:
    """A backend that gives these replies in order, then fails with reason ``transport``.

    Args:
        replies: JSON text, a dictionary, an exception to raise, or a function from the `ModelRequest` to one of those.

    >>> backend = scripted({"heard": ["greet"], "slots": {}, "response": "greet"}, "not even JSON")
    """
    return ScriptedBackend(*replies)


async def _given(reply: ScriptedReply, request: ModelRequest) -> Reply | RawReply:
    if callable(reply):
        reply = reply(request)
        if inspect.isawaitable(reply):
            reply = await reply
    elif isinstance(reply, dict):
        # A copy, so that whoever judges the reply cannot alter what the script says next time.
        reply = copy.deepcopy(reply)
    if isinstance(reply, BaseException):
        raise reply
    return reply  # type: ignore[return-value]
