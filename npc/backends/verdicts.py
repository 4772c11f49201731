"""What probes found, kept under the user's cache folder: which envelope a server and model do best with."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from npc.backends.envelopes import ENVELOPES

FORMAT = 1


def keep_verdict(server: str, model: str, envelope: str, found: list[dict[str, Any]]) -> Path | None:
    """Keep which envelope to use; where it is kept, or None when nothing is to be kept or the folder is not writable.

    Args:
        server: its base URL.
        found: what the probe found, as JSON data.
    """
    file = _file(server, model)
    if file is None:
        return None
    kept = {"format": FORMAT, "server": server, "model": model, "envelope": envelope, "found": found}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and moved into place: a reader, or a crash, never meets half a file.
        handle, aside = tempfile.mkstemp(dir=file.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as part:
            part.write(json.dumps(kept, indent=2) + "\n")
        os.replace(aside, file)
    except OSError:
        return None
    return file


def kept_envelope(server: str, model: str) -> str | None:
    """The envelope that a probe chose for a server and model; None when none was made, or its file is of no use."""
    file = _file(server, model)
    if file is None:
        return None
    with contextlib.suppress(OSError, ValueError, RecursionError):
        match json.loads(file.read_bytes()):
            case {"format": 1, "server": str(at), "model": str(of), "envelope": str(envelope)}:
                return envelope if (at, of) == (server, model) and envelope in ENVELOPES else None
    return None


def _file(server: str, model: str) -> Path | None:
    from npc.backends.embedded.kept import folder

    place = folder()
    name = sha256(json.dumps([server, model]).encode()).hexdigest()[:32]
    return None if place is None else place / "probes" / f"{name}.json"
