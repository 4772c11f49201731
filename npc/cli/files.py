"""Seeing whether files have changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


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
