"""Files that are written whole or not at all, whatever moment the process or the machine dies at."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(file: Path, text: str) -> None:
    """Give the file this text: whoever reads it finds the old text or the new one, never a part.

    Raises:
        OSError: it cannot be written; the old file is still there.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # A name of this process's own: two games that save at once do not write into one file.
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        with new.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(new, file)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise
    _sync_folder(file.parent)


def set_aside(file: Path, why: str) -> Path:
    """Rename a file that must not be lost but is in the way; its new place."""
    number = 1
    while (kept := file.with_name(f"{file.stem}.{why}-{number}{file.suffix}")).exists():
        number += 1
    os.replace(file, kept)
    return kept


def _sync_folder(folder: Path) -> None:
    """Have the renaming itself survive a power cut, where the system can."""
    if os.name != "posix":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
