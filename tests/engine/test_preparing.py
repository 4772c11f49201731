"""Backends get ready before the first line, without anybody waiting for it."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

import npc
from npc.backends.base import Backend, ModelRequest, Reply
from npc.backends.embedded.brain import is_learnt

KEEP = Path(__file__).resolve().parents[2] / "catalogs" / "keep"
PATIENCE = 60.0


class Readying(Backend):
    """Notes what it was asked to get ready for; takes its time until it is let go."""

    name = "readying"

    def __init__(self) -> None:
        self.prepared: list[str] = []
        self.go = threading.Event()

    async def prepare(self, request: ModelRequest) -> None:
        self.go.wait(PATIENCE)
        self.prepared.append(request.character)

    async def reply(self, request: ModelRequest) -> Reply:
        return Reply({"heard": [], "response": request.allowed[0]})


class Clumsy(Readying):
    async def prepare(self, request: ModelRequest) -> None:
        raise RuntimeError("dropped the lot")


@pytest.fixture(scope="module")
def cast() -> npc.Cast:
    return npc.load(KEEP)


def test_preparing_never_waits(cast: npc.Cast) -> None:
    """The call comes back while the backend is still busy; it is told of the character that may be talked to."""
    backend = Readying()
    session = npc.Session(cast, backend)
    before = dict(session.facts)
    ready = session.prepare("clerk")
    assert backend.prepared == []
    backend.go.set()
    ready.result(PATIENCE)
    assert backend.prepared == ["clerk"]
    assert (dict(session.facts), session.transcript) == (before, [])
    session.close()


def test_what_goes_wrong_is_logged_and_the_next_backend_gets_ready(
    cast: npc.Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """A backend that fails to get ready costs a line in the log, nothing else."""
    other = Readying()
    other.go.set()
    session = npc.Session(cast, [Clumsy(), other])
    with caplog.at_level(logging.ERROR, "npc"):
        session.prepare("warden").result(PATIENCE)
    assert "could not get ready" in caplog.text
    assert other.prepared == ["warden"]
    session.close()


@pytest.mark.parametrize("spec", ["embedded", "embedded:certain|embedded"])
def test_the_brain_has_learnt_a_character_that_was_prepared(cast: npc.Cast, spec: str) -> None:
    """After preparing, what the first line needs has been learnt."""
    session = npc.Session(cast, spec)
    request = session.preview_request("captain", "hello")
    session.prepare("captain").result(PATIENCE)
    assert is_learnt({**request.other_intents, **request.intents}, request.item_names)
    session.close()


def test_nobody_of_that_name_is_told_at_once(cast: npc.Cast) -> None:
    """A misspelt character is an error where it was made, not in a background thread."""
    with pytest.raises(npc.UnknownName, match="captian"):
        npc.Session(cast).prepare("captian")
