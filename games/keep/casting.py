"""Opens the cast and the session that both the window and the terminal play."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import npc

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
