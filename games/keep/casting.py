"""Opens the cast and the session that both the window and the terminal play."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import npc
from games.keep.layout import PLACES
from games.keep.memory import give_back_freed

CAST = Path(__file__).resolve().parents[2] / "catalogs" / "keep"


def open_session(backend: str = "embedded", seed: int = 0, data: Mapping[str, Any] | None = None) -> npc.Session:
    """A new game, or one that was saved.

    Args:
        backend: a backend spec.
        seed: decides chance and which variant of a line is said, in a new game.
        data: what `Session.save` gave.

    Raises:
        npc.NpcError: the cast does not load, the spec cannot be understood, what it needs is not installed,
            or `data` is no save that this framework reads.
    """
    cast = npc.load(CAST)
    if data is not None:
        return npc.Session.restore(cast, data, backend)
    return npc.Session(cast, backend, seed)


class Preparation:
    """Has the backends get ready for everybody, one after another in the order in which a player comes by.

    The embedded brain takes some seconds to learn somebody for the first time; who is spoken to next should not have to
    wait until all are learnt.
    """

    def __init__(self) -> None:
        self._left = [character for place in PLACES.values() for character in place.characters]
        self._under_way: Future[None] | None = None

    def go_on(self, session: npc.Session) -> None:
        """Begin with the next one, once the one before is done."""
        if self._left and (self._under_way is None or self._under_way.done()):
            self._under_way = session.prepare(self._left.pop(0))
            # Learning takes much that nothing needs afterwards.
            self._under_way.add_done_callback(lambda _: give_back_freed())
