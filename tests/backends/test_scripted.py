"""Scripted replies, in tests and in files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from npc.backends import ModelRequest, Reply, Usage, scripted
from npc.backends.scripts import SIZE_LIMIT, load_script
from npc.errors import BackendError, BackendSpecError
from tests.backends.requests_for_tests import request

GOOD: dict[str, Any] = {"heard": ["greet"], "slots": {}, "response": "greet"}


async def test_replies_come_in_order_then_run_out() -> None:
    """Each request takes the next reply, as it is; after the last one the backend fails and says so."""
    backend = scripted(GOOD, "not even JSON", Reply("x", Usage(1, 2, 3)))
    assert await backend.reply(request()) == GOOD
    assert await backend.reply(request()) == "not even JSON"
    assert await backend.reply(request()) == Reply("x", Usage(1, 2, 3))
    with pytest.raises(BackendError, match="used up after 3 replies") as caught:
        await backend.reply(request())
    assert caught.value.reason == "transport"


async def test_one_reply_is_counted_in_the_singular() -> None:
    """The message of a script that is used up is a sentence a person would write."""
    backend = scripted("{}")
    await backend.reply(request())
    with pytest.raises(BackendError, match=r"after 1 reply$"):
        await backend.reply(request())


async def test_exceptions_are_raised() -> None:
    """A script says by an exception that its backend fails."""
    backend = scripted(BackendError("rate-limited"), ZeroDivisionError())
    with pytest.raises(BackendError, match="rate-limited"):
        await backend.reply(request())
    with pytest.raises(ZeroDivisionError):
        await backend.reply(request())


async def test_functions_answer_from_the_request() -> None:
    """A function, async or not, makes its reply from what was asked, and may return an exception to be raised."""

    async def later(request: ModelRequest) -> dict[str, Any]:
        return {**GOOD, "response": request.allowed[-1]}

    backend = scripted(lambda asked: asked.utterance, later, lambda asked: BackendError("refusal"))
    assert await backend.reply(request("Echo!")) == "Echo!"
    assert await backend.reply(request()) == {**GOOD, "response": "shrug"}
    with pytest.raises(BackendError, match="refusal"):
        await backend.reply(request())


async def test_requests_are_kept() -> None:
    """What was asked is kept, so that a test can hold the outgoing request to what it should be."""
    backend = scripted("{}", "{}")
    asked = [request("one"), request("two")]
    for each in asked:
        await backend.reply(each)
    assert backend.requests == asked
    assert backend.requests[1].messages[1]["content"].endswith('"two"</player_line>')


async def test_a_reply_is_given_as_a_copy() -> None:
    """Who alters a reply does not alter the script."""
    given = await scripted(GOOD).reply(request())
    assert isinstance(given, dict)
    given["heard"].append("fly")
    assert GOOD["heard"] == ["greet"]


@pytest.mark.parametrize("suffix", ["yaml", "json"])
async def test_a_script_file(tmp_path: Path, suffix: str) -> None:
    """A file holds a list of objects, and of strings for replies that are not JSON."""
    path = tmp_path / f"replies.{suffix}"
    path.write_text(json.dumps([GOOD, "I am an AI"]) if suffix == "json" else f"- {json.dumps(GOOD)}\n- I am an AI\n")
    backend = load_script(path)
    assert await backend.reply(request()) == GOOD
    assert await backend.reply(request()) == "I am an AI"


BAD: dict[str, tuple[bytes, str]] = {
    "mapping.yaml": (b"heard: []\n", "is not a list of replies; an example: - {heard"),
    "empty.yaml": (b"", "is not a list"),
    "number.yaml": (b"- {heard: []}\n- 3\n", "reply 2 is neither"),
    "tab.yaml": (b"-\t- a\n  - {\n", "cannot be read: "),
    "bomb.yaml": (b"- &a [x]\n- &b [*a, *a]\n- [*b, *b]\n", "aliases are not allowed"),
    "python.yaml": (b"- !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
    "two.yaml": (b"- a\n---\n- b\n", "expected a single document"),
    "latin.yaml": (b"- caf\xe9\n", "cannot be read: "),
    "deep.yaml": (b"- " + b"[" * 5_000, "cannot be read: "),
    "deep.json": (b"[" * 100_000, "cannot be read: "),
    "cut.json": (b'[{"heard": ', "cannot be read: "),
    "huge.json": (b" " * (SIZE_LIMIT + 1), "the file is over"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_script_file_says_what_is_wrong(tmp_path: Path, name: str) -> None:
    """Whatever is wrong with a script file, the error names the file and what is wrong."""
    data, message = BAD[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BackendSpecError) as caught:
        load_script(path)
    assert message in str(caught.value)
    assert name in str(caught.value)
