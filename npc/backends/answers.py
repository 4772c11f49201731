"""Reading what a server answered: every outcome is told apart before anybody looks for a reply in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from npc.backends.base import Reply, Usage
from npc.errors import BackendError

REASONING_FIELDS = ("reasoning_content", "reasoning")
"""Where some servers put what a model thought, and some of these the answer too."""

_THINKING = re.compile(r"\s*<think>.*?</think>\s*", re.DOTALL)
_FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(.*?)\n?```\s*", re.DOTALL)


def read_completion(body: bytes) -> Reply:
    """The reply in the body of a Chat Completions response.

    Raises:
        BackendError: it is not such a body (``transport``), or holds no usable answer (``refusal``, ``truncated``,
            ``empty``).
    """
    completion = _json(body)
    match completion:
        case {"choices": [{"message": dict() as message, **choice}, *_]}:
            finish = choice.get("finish_reason")
        case {"error": dict() as error}:
            raise BackendError("transport", f"the server's answer is an error: {_told(error)}")
        case _:
            raise BackendError("transport", "the server's answer is not a chat completion")
    usage = _usage(completion.get("usage"), "prompt_tokens", "completion_tokens", "prompt_tokens_details")
    if message.get("refusal"):
        raise _refused(usage)
    if finish == "content_filter":
        raise _filtered(usage)
    if finish == "length":
        raise _cut_off(usage)
    content = message.get("content")
    if content is not None and not isinstance(content, str):
        raise BackendError("transport", "the server's answer holds no text", usage=usage)
    if content and content.strip():
        return Reply(unwrapped(content), usage)
    match message.get("tool_calls"):
        case [{"function": {"arguments": str() as arguments}}] if arguments.strip():
            return Reply(arguments, usage)
    return _from_reasoning(message, usage)


def read_response(body: bytes) -> Reply:
    """The reply in the body of an answer of the Responses API.

    Raises:
        BackendError: as `read_completion`.
    """
    response = _json(body)
    match response:
        case {"output": [*output], **rest}:
            status = rest.get("status")
        case {"error": dict() as error}:
            raise BackendError("transport", f"the server's answer is an error: {_told(error)}")
        case _:
            raise BackendError("transport", "the server's answer is not a response")
    usage = _usage(response.get("usage"), "input_tokens", "output_tokens", "input_tokens_details")
    parts = [
        part
        for item in output
        if isinstance(item, dict) and item.get("type") == "message" and isinstance(item.get("content"), list)
        for part in item["content"]
        if isinstance(part, dict)
    ]
    if any(part.get("type") == "refusal" for part in parts):
        raise _refused(usage)
    if status == "incomplete":
        details = response.get("incomplete_details")
        why = details.get("reason") if isinstance(details, dict) else None
        raise _filtered(usage) if why == "content_filter" else _cut_off(usage)
    if status not in (None, "completed"):
        raise BackendError("transport", f"the response ended as {str(status)[:40]!r}: {_told(response.get('error'))}")
    texts = [part["text"] for part in parts if part.get("type") == "output_text" and isinstance(part.get("text"), str)]
    text = "".join(texts)
    if not text.strip():
        raise BackendError("empty", "the model answered nothing", usage=usage)
    return Reply(unwrapped(text), usage)


def unwrapped(text: str) -> str:
    """The text without the thinking before it and the code fence around it.

    >>> unwrapped('<think>hm</think>{"heard": []}')
    '{"heard": []}'
    """
    thought = _THINKING.match(text)
    if thought:
        text = text[thought.end() :]
    fenced = _FENCED.fullmatch(text)
    return fenced[1] if fenced else text


def _from_reasoning(said: Mapping[str, Any], usage: Usage) -> Reply:
    """The reply, where the answer itself is empty and the field for reasoning holds just one JSON object."""
    for field in REASONING_FIELDS:
        text = said.get(field)
        if not isinstance(text, str) or not text.strip():
            continue
        inside = unwrapped(text).strip()
        if inside.startswith("{") and inside.endswith("}"):
            return Reply(inside, usage, {"field": field})
        message = f"the model answered nothing; it left {len(text)} characters in `{field}`"
        raise BackendError("empty", message, usage=usage)
    raise BackendError("empty", "the model answered nothing", usage=usage)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BackendError("transport", f"the server's answer is not JSON ({len(body)} bytes)") from None


def _refused(usage: Usage) -> BackendError:
    return BackendError("refusal", "the model refused to answer", usage=usage)


def _filtered(usage: Usage) -> BackendError:
    return BackendError("refusal", "the server's content filter stopped the answer", usage=usage)


def _cut_off(usage: Usage) -> BackendError:
    return BackendError("truncated", "the answer was cut off at the server's length limit", usage=usage)


def _told(error: object) -> str:
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[\w.-]{1,60}", code) else "no code"


def _usage(usage: object, asked: str, answered: str, details: str) -> Usage:
    counts = usage if isinstance(usage, dict) else {}
    more = counts.get(details)
    cached = more.get("cached_tokens") if isinstance(more, dict) else None
    return Usage(_count(counts.get(asked)), _count(counts.get(answered)), _count(cached))


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
