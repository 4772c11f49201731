"""While the game runs its cast can be edited: the new one takes again what was said so far, as it was heard."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import npc


class Watch:
    """Looks whether catalogs were edited.

    Args:
        folder: holds the catalogs, also in folders of its own; None: nothing is looked at.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._seen = self._look()

    def changed(self) -> bool:
        """Whether a file came, went or was written since this was last asked."""
        before, self._seen = self._seen, self._look()
        return before != self._seen

    def _look(self) -> dict[Path, int]:
        found: dict[Path, int] = {}
        for file in self._folder.glob("**/*.yaml") if self._folder else ():
            with suppress(FileNotFoundError):  # It went while it was looked at.
                found[file] = file.stat().st_mtime_ns
        return found


def take_again(played: npc.Session, begun_with: Mapping[str, Any], again: npc.Session) -> list[str]:
    """Take a session's turns again in another, each with what was heard then; no backend is asked.

    What the game changed between turns is changed again.

    Args:
        played: the session that was played.
        begun_with: all facts as they were at its beginning.
        again: a session at the same beginning; maybe of another version of the cast.

    Returns:
        What comes out differently, a line each: ``turn 3, warden: quote_price → refuse_cold``.
    """
    differences: list[str] = []
    expected: dict[str, Any] = dict(begun_with)
    for number, record in enumerate(played.records, 1):
        _change(again, expected, record.facts)
        turn = record.turn
        try:
            known = again.cast.character(turn.character).declaration.intents
            hearing = {intent: slots for intent, slots in turn.trace.heard.items() if intent in known}
            taken = again.hear(
                turn.character,
                hearing,
                words=turn.utterance or "...",
                event=turn.event,
                prefer=(turn.response,) if turn.response else (),
            )
        except npc.NpcError as error:
            differences.append(f"turn {number}, {turn.character}: {error}")
        else:
            if taken.response != turn.response:
                differences.append(f"turn {number}, {turn.character}: {turn.response} → {taken.response}")
        expected = dict(record.facts) | {name: change.after for name, change in turn.changes.items()}
    _change(again, expected, dict(played.facts))
    return differences


def _change(session: npc.Session, expected: Mapping[str, Any], actual: Mapping[str, Any]) -> None:
    """Make the changes that were made from outside, where the cast still has such a fact."""
    for name, value in actual.items():
        if value != expected.get(name):
            with suppress(npc.FactError, npc.UnknownName, KeyError):
                session.facts[name] = value
