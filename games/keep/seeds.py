"""Playthroughs kept as seeds, which `npc test` runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import npc


@dataclass
class Seeds:
    """Where the playthroughs of a session are kept.

    Attributes:
        file: the dialogue file; None: the cast's own.
        kept: the turns that were kept last.
    """

    file: Path | None = None
    kept: int = 0

    def keep(self, session: npc.Session, name: str | None = None) -> str:
        """Keep the playthrough so far; what to tell of it.

        Raises:
            npc.NpcError: it cannot be kept.
            OSError: it cannot be written.
        """
        file = npc.save_seed(session, self.file, name)
        self.kept = len(session.records)
        return f"Kept as a seed in {file.parent.name}/{file.name}"

    def try_to_keep(self, session: npc.Session, name: str | None = None) -> str:
        """As `keep`; what goes wrong is told, too."""
        try:
            return self.keep(session, name)
        except npc.NpcError as error:
            return str(error)
        except OSError as error:
            return f"{error.filename}: {error.strerror}"

    def misses(self, session: npc.Session) -> bool:
        """Whether all is to be kept, and there are turns that are not."""
        return self.file is not None and len(session.records) not in (0, self.kept)
