"""Sessions, games and a listener that hears what the test says it hears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import npc
from games.keep.casting import CAST
from games.keep.game import Game
from games.keep.window_null import NullWindow

Heard = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="session")
def cast() -> npc.Cast:
    return npc.load(CAST)


@pytest.fixture
def make_session(cast: npc.Cast) -> Callable[..., npc.Session]:
    """A session whose backend hears, in a line, exactly the intents listed for that line."""

    def make(hearing: Mapping[str, Heard] | None = None, **options: Any) -> npc.Session:
        async def listen(request: npc.ModelRequest) -> dict[str, Any]:
            heard = (hearing or {}).get(request.utterance, {})
            responses = request.preview(heard)
            return {"heard": list(heard), "slots": dict(heard), "response": responses[0]}

        return npc.Session(cast, options.pop("backend", listen), **options)

    return make


@pytest.fixture
def make_game(make_session: Callable[..., npc.Session]) -> Callable[..., Game]:
    """A game on the null window, without its title."""

    def make(hearing: Mapping[str, Heard] | None = None, **options: Any) -> Game:
        return Game(make_session(hearing, **options), NullWindow(), with_title=False, clock=lambda: 0.0)

    return make


@pytest.fixture
def never_answers() -> Callable[[npc.ModelRequest], Any]:
    """A backend that hangs."""

    async def hang(request: npc.ModelRequest) -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    return hang
