"""Backend specs, as people type them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from npc.backends import Backend, FunctionBackend, ModelRequest, default_spec, resolve, scripted
from npc.errors import BackendSpecError
from tests.backends.requests_for_tests import request


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_every_kind_of_spec(tmp_path: Path) -> None:
    """Each kind of spec gives a backend that is named as it was typed, joined ones in order."""
    script = tmp_path / "replies.yaml"
    script.write_text("- {heard: [], slots: {}, response: shrug}\n")
    specs = ["embedded", f"scripted:{script}", f"replay:{tmp_path}", "openai:llama3.2:3b@http://localhost:11434/v1"]
    assert [backend.name for backend in resolve(" | ".join(specs))] == specs


def test_the_embedded_brain_is_shared() -> None:
    """Every session of a process uses the same embedded brain."""
    assert resolve("embedded")[0] is resolve("embedded")[0]


async def test_functions_backends_and_sequences() -> None:
    """A backend, an async function, and a sequence of anything that is a backend are taken as they are."""

    async def answer(request: ModelRequest) -> dict[str, Any]:
        return {"heard": [], "slots": {}, "response": request.allowed[0]}

    double = scripted("{}")
    first, second, third = resolve([answer, double, "embedded"])
    assert isinstance(first, FunctionBackend)
    assert first.name == "answer"
    assert await first.reply(request()) == {"heard": [], "slots": {}, "response": "greet"}
    assert second is double
    assert isinstance(third, Backend)


def test_a_key_in_the_environment_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a key set, the model alone is a spec."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    assert resolve("openai:gpt-4.1-mini")[0].name == "openai:gpt-4.1-mini"


BAD = {
    "": "an empty part",
    "embedded|": "an empty part",
    "|": "an empty part",
    "embeded": "did you mean `embedded`?",
    "OpenAI:gpt": "did you mean `openai`?",
    "llama": "no backend 'llama'",
    "embedded:fast": "takes nothing after it",
    "openai": "names no model",
    "openai:": "names no model",
    "openai:@http://localhost/v1": "names no model",
    "openai:m@localhost:11434": "no URL beginning with http",
    "openai:m@": "no URL beginning with http",
    "openai:m@ftp://host/v1": "no URL beginning with http",
    "openai:m@http://": "no URL beginning with http",
    "openai:m@http://host:99999/v1": "no URL beginning with http",
    "openai:m@http://[::1/v1": "no URL beginning with http",
    "openai:gpt-4.1-mini": "export OPENAI_API_KEY=",
    "scripted": "names no file",
    "scripted:no/such/file.yaml": "No such file",
    "scripted:.": "directory",
    "replay": "names no folder",
    "replay:no/such/folder": "no such folder",
}


@pytest.mark.parametrize("spec", BAD)
def test_a_bad_spec_says_what_is_wrong(spec: str) -> None:
    """A spec that cannot be understood is answered with what is wrong and an example."""
    with pytest.raises(BackendSpecError) as caught:
        resolve(spec)
    message = str(caught.value)
    assert BAD[spec] in message
    assert "example" in message or "such as" in message or "name a file with" in message


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    """A URL with a password or a query would show up in traces: it is refused without being quoted."""
    for url in ("http://me:hunter2@host/v1", "http://host/v1?key=hunter2"):
        with pytest.raises(BackendSpecError) as caught:
            resolve(f"openai:m@{url}")
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("spec", [None, 3, [], {"a": 1}])
def test_what_is_no_spec_at_all(spec: Any) -> None:
    """Anything else is refused with its type, not with a traceback later on."""
    with pytest.raises(BackendSpecError):
        resolve(spec)


def test_a_huge_spec_is_not_repeated_whole() -> None:
    """A wrong spec of any length makes a message of one screen."""
    with pytest.raises(BackendSpecError) as caught:
        resolve("x" * 1_000_000)
    assert len(str(caught.value)) < 300


def test_the_default_comes_from_the_environment_given() -> None:
    """NPC_BACKEND names the default; unset or blank it is the embedded brain."""
    assert default_spec({}) == default_spec({"NPC_BACKEND": "  "}) == "embedded"
    assert default_spec({"NPC_BACKEND": " replay:recordings "}) == "replay:recordings"
