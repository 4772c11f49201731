"""Envelopes: the ways in which servers take messages and the schema of the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from npc.backends.base import Message
from npc.backends.grammar import grammar_of

CHAT = "/chat/completions"
RESPONSES = "/responses"

NAME = "npc_reply"
Schema = Mapping[str, Any]
Body = dict[str, Any]


@dataclass(frozen=True)
class Envelope:
    """One way to ask.

    Attributes:
        name: what verdicts and options call it.
        path: the end of the URL it is sent to, which is also the dialect: `CHAT` or `RESPONSES`.
        means: it in a few words, for people.
        fill: messages and schema → the body, without the model.
    """

    name: str
    path: str
    means: str
    fill: Callable[[Sequence[Message], Schema], Body]


def _responses(messages: Sequence[Message], schema: Schema) -> Body:
    form = {"type": "json_schema", "name": NAME, "strict": True, "schema": schema}
    return {"input": messages, "text": {"format": form}, "store": False}


def _json_schema(messages: Sequence[Message], schema: Schema) -> Body:
    form = {"name": NAME, "strict": True, "schema": schema}
    return {"messages": messages, "response_format": {"type": "json_schema", "json_schema": form}}


def _structured_outputs(messages: Sequence[Message], schema: Schema) -> Body:
    return {"messages": messages, "structured_outputs": {"json": schema}}


def _json_object(messages: Sequence[Message], schema: Schema) -> Body:
    return {"messages": messages, "response_format": {"type": "json_object", "schema": schema}}


def _grammar(messages: Sequence[Message], schema: Schema) -> Body:
    return {"messages": messages, "grammar": grammar_of(schema)}


def _tool(messages: Sequence[Message], schema: Schema) -> Body:
    function = {"name": NAME, "description": "Give your reply.", "strict": True, "parameters": schema}
    chosen = {"type": "function", "function": {"name": NAME}}
    return {"messages": messages, "tools": [{"type": "function", "function": function}], "tool_choice": chosen}


def _prompt(messages: Sequence[Message], schema: Schema) -> Body:
    # After the system message's own text, which stays a prefix that provider caches can hit.
    first, *rest = messages
    shown = f"{first['content']}\n\nThe JSON Schema of your reply:\n{json.dumps(schema, separators=(',', ':'))}"
    return {"messages": [{"role": first["role"], "content": shown}, *rest]}


ENVELOPES: dict[str, Envelope] = {
    envelope.name: envelope
    for envelope in (
        Envelope("json_schema", CHAT, "Chat Completions, response_format json_schema", _json_schema),
        Envelope("responses", RESPONSES, "Responses API, text.format json_schema", _responses),
        Envelope("structured_outputs", CHAT, "Chat Completions, structured_outputs (vLLM)", _structured_outputs),
        Envelope("json_object", CHAT, "Chat Completions, response_format json_object with a schema", _json_object),
        Envelope("grammar", CHAT, "Chat Completions, a grammar (llama.cpp)", _grammar),
        Envelope("tool", CHAT, "Chat Completions, a tool call", _tool),
        Envelope("prompt", CHAT, "Chat Completions, the schema in the prompt only", _prompt),
    )
}
"""By name, in the order in which a probe prefers them where they do equally well."""

DEFAULT_ENVELOPE = "json_schema"


def body_of(manner: Mapping[str, Any], messages: Sequence[Message], schema: Schema) -> Body:
    """The whole body of a request.

    Args:
        manner: ``model``; ``envelope``, by name; ``cool``, whether the model takes a temperature, which is then 0.
    """
    cool = {"temperature": 0} if manner["cool"] else {}
    return {"model": manner["model"], **cool, **ENVELOPES[manner["envelope"]].fill(messages, schema)}
