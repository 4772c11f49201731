"""Dialogue files written by the program: whole or not at all, and never in place of one that is there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from npc.testing.places import SUFFIX


def write_dialogue(
    folder: Path, stem: str, cast: str, character: str | None, conversations: Sequence[dict[str, Any]], header: str
) -> Path:
    """Write conversations into a new file ``<folder>/<stem>.dialogue.yaml``; with a number where that is taken."""
    import yaml

    body: dict[str, Any] = {"dialogue": cast, **({"character": character} if character else {})}
    body["conversations"] = list(conversations)
    text = yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    folder.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(f"# {header}\n{text}")
        for file in _names(folder, stem):
            try:
                os.link(aside, file)  # unlike a rename it fails where the file is there already
            except FileExistsError:
                continue
            except OSError:  # a file system without links
                if file.exists():
                    continue
                os.replace(aside, file)
            return file
    finally:
        Path(aside).unlink(missing_ok=True)
    raise AssertionError("there are always more numbers")


def _names(folder: Path, stem: str) -> Iterator[Path]:
    yield folder / f"{stem}{SUFFIX}"
    yield from (folder / f"{stem}-{number}{SUFFIX}" for number in count(2))
