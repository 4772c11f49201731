"""Getting ready for everybody while the player looks around."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import npc
from games.keep.casting import Preparation
from games.keep.layout import PLACES


class Noting:
    """A session that only notes who is prepared; each is done when the test says so."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, Future[None]]] = []

    def prepare(self, character: str) -> Future[None]:
        done: Future[None] = Future()
        self.begun.append((character, done))
        return done


def test_everybody_is_prepared_one_after_another(cast: npc.Cast) -> None:
    """The next one is begun only when the one before is done, whoever is in the courtyard first, each once."""
    noting: Any = Noting()
    preparation = Preparation()
    for number in range(1, len(cast.characters) + 1):
        preparation.go_on(noting)
        preparation.go_on(noting)
        assert len(noting.begun) == number
        noting.begun[-1][1].set_result(None)
    preparation.go_on(noting)
    begun = [name for name, _ in noting.begun]
    assert begun[0] in PLACES["courtyard"].characters
    assert sorted(begun) == sorted(cast.characters)
