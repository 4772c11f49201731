"""Reading answers of the Responses API, and the grammar of replies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from npc.backends import Reply, Usage
from npc.backends.answers import read_response, unwrapped
from npc.backends.envelopes import ENVELOPES
from npc.backends.grammar import grammar_of
from npc.errors import BackendError
from tests.backends.requests_for_tests import request


def response(*texts: str, **rest: Any) -> bytes:
    parts = [{"type": "output_text", "text": text} for text in texts]
    thinking = {"type": "reasoning", "summary": []}
    body = {"status": "completed", "output": [thinking, {"type": "message", "content": parts}], **rest}
    return json.dumps(body).encode()


def test_a_response_is_read() -> None:
    """The text of the message counts, and the tokens, cached ones too."""
    usage = {"input_tokens": 900, "output_tokens": 20, "input_tokens_details": {"cached_tokens": 768}}
    assert read_response(response('{"a"', ": 1}", usage=usage)) == Reply('{"a": 1}', Usage(900, 20, 768))


REFUSED = [{"type": "message", "content": [{"type": "refusal", "refusal": "I will not."}]}]
BAD: dict[str, tuple[bytes, str]] = {
    "refusal": (response(output=REFUSED), "refusal"),
    "cut off": (response("{", status="incomplete", incomplete_details={"reason": "max_output_tokens"}), "truncated"),
    "filter": (response("{", status="incomplete", incomplete_details={"reason": "content_filter"}), "refusal"),
    "failed": (response(status="failed", error={"code": "server_error"}), "transport"),
    "queued": (response(status="queued"), "transport"),
    "silent": (response(" "), "empty"),
    "nothing but thought": (response(output=[{"type": "reasoning"}]), "empty"),
    "odd parts": (response(output=[3, {"type": "message", "content": [3, None]}, {"type": "message"}]), "empty"),
    "no output": (b'{"status": "completed"}', "transport"),
    "garbage": (b"[" * 100_000, "transport"),
}


@pytest.mark.parametrize("case", BAD)
def test_every_outcome_has_its_reason(case: str) -> None:
    """What is no usable answer is told apart before anybody looks for a reply in it."""
    body, reason = BAD[case]
    with pytest.raises(BackendError) as caught:
        read_response(body)
    assert caught.value.reason == reason


@pytest.mark.parametrize("text", ['{"a": "```json"}', "<think>on and on", "```\n{}", "two ```json\n{}\n```"])
def test_what_is_not_wrapped_stays(text: str) -> None:
    """Only a whole wrapping is taken off: nothing is cut out of an answer."""
    assert unwrapped(text) == text


def test_the_prompt_envelope_keeps_the_prefix() -> None:
    """The schema follows the system message's own text, and the player's line stays where it was."""
    asked = request()
    [system, user] = ENVELOPES["prompt"].fill(asked.messages, asked.schema)["messages"]
    assert system["content"].startswith(asked.messages[0]["content"])
    assert json.loads(system["content"].rpartition("\n")[2]) == asked.schema
    assert user == asked.messages[1]


def test_a_grammar_follows_the_schema() -> None:
    """Keys in their order, ids in quotes, what may be left out as null."""
    root = grammar_of(request().schema).splitlines()[0]
    assert root.index("heard") < root.index("slots") < root.index("response")
    assert r'"\"scoff\""' in root
    assert '| "null")' in root
