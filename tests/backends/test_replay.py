"""Replies kept in files and given again."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npc.backends import RecordingBackend, ReplayBackend, Reply, Usage, scripted
from npc.backends.replay import reply_file, request_key
from npc.errors import BackendError
from tests.backends.requests_for_tests import prompt_for, request

GOOD: dict[str, Any] = {"heard": ["greet"], "slots": {}, "response": "greet"}
ASKED = request("Give me the key!")


async def kept(folder: Path, *replies: Any) -> RecordingBackend:
    recording = RecordingBackend(scripted(*replies), folder)
    await recording.reply(ASKED)
    return recording


@pytest.mark.parametrize(
    "content", [GOOD, "not even JSON", '{"heard": [], "slots": {}, "response": "greet"}', "\ud800"]
)
async def test_what_was_recorded_is_replayed(tmp_path: Path, content: Any) -> None:
    """A reply comes back as it was given, text as text and object as object, with its tokens."""
    await kept(tmp_path / "new", Reply(content, Usage(10, 2)))
    assert await ReplayBackend(tmp_path / "new").reply(ASKED) == Reply(content, Usage(10, 2))


async def test_the_wording_of_the_prompt_does_not_matter(tmp_path: Path) -> None:
    """A recording outlives changes of the prompt and of the schema mode."""
    await kept(tmp_path, GOOD)
    other = request("Give me the key!", prompt=prompt_for(pseudocode="residual"), mode="dynamic")
    assert other.messages != ASKED.messages
    assert await ReplayBackend(tmp_path).reply(other) == Reply(GOOD)


DIFFERENT = {
    "character": replace(ASKED, character="pedlar"),
    "utterance": replace(ASKED, utterance="Give me the key"),
    "allowed": replace(ASKED, allowed=("greet",)),
    "intents": replace(ASKED, intents={}),
    "last": replace(ASKED, last=None),
    "retry": replace(ASKED, retry="schema"),
    "facts": replace(ASKED, facts={**ASKED.facts, "player.gold": 13}),
    "event": replace(ASKED, event="approach"),
    "transcript": replace(ASKED, transcript=(("Good day.", "shrug"),)),
}


@pytest.mark.parametrize("what", DIFFERENT)
async def test_everything_that_matters_is_in_the_key(tmp_path: Path, what: str) -> None:
    """A request that differs in what a reply depends on has no reply, and the error shows what was looked for."""
    await kept(tmp_path, GOOD)
    with pytest.raises(BackendError) as caught:
        await ReplayBackend(tmp_path).reply(DIFFERENT[what])
    assert caught.value.reason == "transport"
    assert "no reply is kept in" in str(caught.value)
    assert json.dumps(DIFFERENT[what].utterance) in str(caught.value)


async def test_facts_that_cannot_matter_are_not_in_the_key() -> None:
    """A fact that the character's logic never reads may be added or differ: the recordings still hold."""
    assert request_key(replace(ASKED, facts={**ASKED.facts, "moon.full": True})) == request_key(ASKED)


async def test_order_does_not_matter() -> None:
    """The same allowed set, facts and bag in another order are the same request."""
    turned = replace(
        ASKED,
        allowed=tuple(reversed(ASKED.allowed)),
        facts=dict(reversed(list(ASKED.facts.items()))),
    )
    assert request_key(turned) == request_key(ASKED)


@pytest.mark.parametrize("reason", ["refusal", "truncated", "empty"])
async def test_what_a_model_would_not_say_is_kept_too(tmp_path: Path, reason: str) -> None:
    """A refusal is an answer of the model's, and is replayed as one."""
    with pytest.raises(BackendError):
        await kept(tmp_path, BackendError(reason))
    with pytest.raises(BackendError) as caught:
        await ReplayBackend(tmp_path).reply(ASKED)
    assert caught.value.reason == reason


@pytest.mark.parametrize("error", [BackendError("transport"), BackendError("timeout"), asyncio.CancelledError()])
async def test_failures_on_the_way_are_not_kept(tmp_path: Path, error: BaseException) -> None:
    """A network failure or a cancelled turn leaves no file."""
    with pytest.raises(type(error)):
        await kept(tmp_path, error)
    assert list(tmp_path.iterdir()) == []


async def test_a_recording_holds_no_prompt_and_leaves_nothing_aside(tmp_path: Path) -> None:
    """A folder holds one file a request: what it came down to, and the reply."""
    await kept(tmp_path, GOOD)
    (path,) = tmp_path.iterdir()
    assert path == reply_file(tmp_path, request_key(ASKED))
    data = json.loads(path.read_text("utf-8"))
    assert data.keys() == {"format", "backend", "request", "prompt", "sent", "seconds", "reply", "usage"}
    assert data["request"] == request_key(ASKED)
    assert "persona" not in path.read_text("utf-8")


async def test_a_reply_that_is_not_json_is_refused(tmp_path: Path) -> None:
    """A backend that answers with what JSON cannot hold is reported, and leaves no half-written file."""
    with pytest.raises(BackendError, match="is not JSON") as caught:
        await kept(tmp_path, {"heard": {1, 2}})
    assert caught.value.reason == "schema"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"reply": 3}',
        b'{"format": 99, "reply": {}}',
        b"[" * 100_000,
        b'{"failure": "fun"}',
    ],
)
async def test_a_damaged_file_is_a_transport_failure(tmp_path: Path, data: bytes) -> None:
    """A kept reply that cannot be read is named; it never passes for an answer."""
    reply_file(tmp_path, request_key(ASKED)).write_bytes(data)
    with pytest.raises(BackendError, match=r"\.json") as caught:
        await ReplayBackend(tmp_path).reply(ASKED)
    assert caught.value.reason == "transport"


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_no_line_becomes_part_of_a_path(utterance: str) -> None:
    """Whatever a player types, the file's name is a hash in the folder itself."""
    path = reply_file(Path("folder"), request_key(replace(ASKED, utterance=utterance)))
    assert path.parent == Path("folder")
    assert len(path.stem) == 32
    assert set(path.stem) <= set("0123456789abcdef")
