"""What was learnt once, kept on disk: arrays under the user's cache folder, found again by the hash of what made them.

Nothing depends on it: a file that is missing, damaged or cannot be written only costs the time to learn again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]
    Kinds = Mapping[str, tuple[tuple[int, ...], type[np.generic]]]

FOLDER_VARIABLE = "NPC_CACHE_DIR"
"""Environment variable that names another folder; empty, nothing is kept."""
FILES_KEPT = 200
"""Of the files in the folder, those used least recently beyond this number are removed."""


def folder() -> Path | None:
    """Where things are kept, or None when nothing is to be kept."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named is not None:
        return Path(named) if named.strip() else None
    from platformdirs import user_cache_path

    return user_cache_path("npc", appauthor=False)


def key_of(parts: Iterable[object]) -> str:
    """A name for content: SHA-256 over the parts' `repr`, which must tell all that matters about them."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def load(key: str, kinds: Kinds) -> Arrays | None:
    """The arrays kept under a key, or None when there are none of exactly these shapes and types, all finite."""
    import numpy as np

    place = folder()
    if place is None:
        return None
    file = place / f"{key}.npz"
    try:
        with np.load(file, allow_pickle=False) as kept:
            found: Arrays = {name: kept[name] for name in kinds}
    except Exception:  # whatever is wrong with the file, it is of no use
        return None
    if any(found[name].shape != shape or found[name].dtype != dtype for name, (shape, dtype) in kinds.items()):
        return None
    if not all(np.isfinite(array).all() for array in found.values()):
        return None
    with contextlib.suppress(OSError):
        os.utime(file)
    return found


def store(key: str, arrays: Arrays) -> None:
    """Keep arrays under a key, if that can be done."""
    import numpy as np

    place = folder()
    if place is None:
        return
    aside = None
    try:
        place.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=place, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            contents: dict[str, Any] = dict(arrays)
            np.savez(file, **contents)
        os.replace(aside, place / f"{key}.npz")
        _forget_oldest(place)
    except OSError:
        if aside is not None:
            with contextlib.suppress(OSError):
                os.unlink(aside)


def _forget_oldest(place: Path) -> None:
    files = sorted(place.glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[FILES_KEPT:]:
        file.unlink(missing_ok=True)
