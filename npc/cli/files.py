"""Writing files whole or not at all, and seeing whether they have changed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a text file (UTF-8, its line ends as they are); a crash leaves the old one or the new one, never half."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        if path.exists():
            os.chmod(aside, path.stat().st_mode)
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def stamps(folders: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Time of the last change (ns) and size of every YAML file and template below the folders, and beside them."""
    found = {}
    for folder in folders:
        for path in (*folder.rglob("*"), *folder.parent.glob("common/*.yaml")):
            try:
                state = path.stat()
            except OSError:
                continue
            if path.suffix in (".yaml", ".yml", ".j2"):
                found[path] = (state.st_mtime_ns, state.st_size)
    return found
