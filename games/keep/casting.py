"""Opens the cast and the session that both the window and the terminal play."""

from __future__ import annotations

from pathlib import Path

import npc

CAST = Path(__file__).resolve().parents[2] / "catalogs" / "keep"


def open_session(backend: str = "embedded", seed: int = 0) -> npc.Session:
    """A new game.

    Args:
        backend: a backend spec.
        seed: decides chance and which variant of a line is said.

    Raises:
        npc.NpcError: the cast does not load, the spec cannot be understood, or what it needs is not installed.
    """
    return npc.Session(npc.load(CAST), backend, seed)
