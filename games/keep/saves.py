"""Saved games: one file a slot, checked when read, and never written over what another could still need."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from games.keep.storage import set_aside, write_whole

FORMAT = "keep-of-three-locks"
VERSION = 1
AUTOSAVE = "autosave"
SLOTS = ("1", "2", "3")


@dataclass(frozen=True)
class Save:
    """What is in a slot.

    Attributes:
        state: ``free``, ``fine``, ``damaged`` or ``newer``.
        told: a line about it for the player.
        when: when it was kept, in seconds since 1970; 0 where that is not known.
        place: where the player stands: ``x``, ``y``, ``facing``.
        session: what `npc.Session.restore` takes.
    """

    slot: str
    state: str
    told: str
    when: float = 0.0
    place: Mapping[str, Any] = field(default_factory=dict)
    session: Mapping[str, Any] = field(default_factory=dict)


class Saves:
    """The slots in a folder.

    Args:
        folder: where they are; made when first needed. None: nothing is kept, as for scripts.
        clock: seconds since 1970.
    """

    def __init__(self, folder: Path | None, clock: Callable[[], float] | None = None) -> None:
        self.folder = folder
        self._clock = clock or (lambda: datetime.now(UTC).timestamp())
        self._writer: ThreadPoolExecutor | None = None
        self._pending: list[Future[str]] = []

    def read(self, slot: str) -> Save:
        """What is in the slot; whatever is wrong with the file is told, not raised."""
        if self.folder is None:
            return Save(slot, "free", "empty")
        try:
            text = self._file(slot).read_text(encoding="utf-8")
        except FileNotFoundError:
            return Save(slot, "free", "empty")
        except (OSError, UnicodeDecodeError) as error:
            return Save(slot, "damaged", f"cannot be read: {getattr(error, 'strerror', None) or 'not text'}")
        return _understand(slot, text)

    def newest(self) -> Save | None:
        """The fine save that was kept last; what `Continue` goes on with."""
        fine = [save for save in map(self.read, (AUTOSAVE, *SLOTS)) if save.state == "fine"]
        return max(fine, key=lambda save: save.when, default=None)

    def keep(self, slot: str, session: Mapping[str, Any], place: Mapping[str, Any], told: str) -> str:
        """Write a slot; returns what to tell the player beyond that it is kept, mostly nothing.

        A file in the slot that cannot be read here is set aside first, under a name that says why.

        Raises:
            OSError: it cannot be written; what was in the slot is still there.
        """
        if self.folder is None:
            return ""
        aside = ""
        before = self.read(slot)
        if before.state in ("damaged", "newer"):
            aside = f"What was there is kept as {set_aside(self._file(slot), before.state).name}."
        content = {"when": self._clock(), "told": told, "place": dict(place), "session": dict(session)}
        packed = {"format": FORMAT, "version": VERSION, "digest": _digest(content), "content": content}
        write_whole(self._file(slot), json.dumps(packed, ensure_ascii=False, indent=1))
        return aside

    def keep_later(self, slot: str, session: Mapping[str, Any], place: Mapping[str, Any], told: str) -> None:
        """As `keep`, beside the game: a disk that takes its time costs no frame. Problems come out of `problems`."""
        if self.folder is None:
            return
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, "saving")
        self._pending.append(self._writer.submit(self.keep, slot, session, place, told))

    def problems(self) -> list[str]:
        """What went wrong or is worth telling since the last call."""
        done = [each for each in self._pending if each.done()]
        self._pending = [each for each in self._pending if not each.done()]
        return [told for each in done if (told := _outcome(each))]

    def finish(self) -> list[str]:
        """Wait until all is written; what went wrong."""
        if self._writer is not None:
            self._writer.shutdown()
            self._writer = None
        return self.problems()

    def _file(self, slot: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{slot}.json"


def _outcome(writing: Future[str]) -> str:
    error = writing.exception()
    if error is None:
        return writing.result()
    if isinstance(error, OSError):
        return f"The game could not be saved: {error.strerror}."
    raise error


def _understand(slot: str, text: str) -> Save:
    try:
        packed = json.loads(text)
    except (ValueError, RecursionError):
        return Save(slot, "damaged", "damaged: not a whole file")
    if not isinstance(packed, dict) or packed.get("format") != FORMAT:
        return Save(slot, "damaged", "damaged: not a save of this game")
    version = packed.get("version")
    if type(version) is int and version > VERSION:
        return Save(slot, "newer", f"from a newer version of the game ({version}; this one reads {VERSION})")
    content = packed.get("content")
    if version != VERSION or not isinstance(content, dict) or packed.get("digest") != _digest(content):
        return Save(slot, "damaged", "damaged: its content was changed")
    when, told, place, session = (content.get(name) for name in ("when", "told", "place", "session"))
    if not (
        isinstance(when, int | float)
        and isinstance(told, str)
        and isinstance(place, dict)
        and isinstance(session, dict)
    ):
        return Save(slot, "damaged", "damaged: a part is missing")
    return Save(slot, "fine", told, float(when), place, session)


def _digest(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
