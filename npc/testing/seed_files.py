"""Dialogue files written by the program: whole or not at all, and never in place of one that is there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from textwrap import indent
from typing import Any

from npc.testing.places import SUFFIX

WIDTH = 110


def dialogue_text(cast: str, character: str | None, conversations: Sequence[Mapping[str, Any]]) -> str:
    """A dialogue file's text.

    Args:
        cast: the cast's name.
        character: whom the steps talk to, where they do not say.
        conversations: as a dialogue file holds them.
    """
    head = _dumped({"dialogue": cast, **({"character": character} if character else {})}, flow=False)
    return f"{head}conversations:\n{indent(_dumped(list(conversations)), '  ')}"


def with_conversation(text: str, conversation: Mapping[str, Any]) -> str | None:
    """A dialogue file's text with a conversation more after its last; every other character stays as it is. None where
    the conversations are not listed line by line.
    """
    import yaml

    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    listed = next(value for key, value in root.value if key.value == "conversations")
    if listed.flow_style:
        return None
    line_end = "\r\n" if "\r\n" in text else "\n"
    there = text.find("\n", end_of(listed)) + 1 or len(text)
    before = text[:there] + ("" if text[:there].endswith("\n") else line_end)
    added = indent(_dumped([conversation]), " " * listed.start_mark.column)
    return before + line_end + added.replace("\n", line_end) + text[there:]


def end_of(node: Any) -> int:
    """Where the text of a YAML value ends: that of a block is where its last part ends, before comments."""
    if isinstance(node.value, str) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return end_of(last[1] if isinstance(last, tuple) else last)


def write_dialogue(
    folder: Path, stem: str, cast: str, character: str | None, conversations: Sequence[dict[str, Any]], header: str
) -> Path:
    """Write conversations into a new file ``<folder>/<stem>.dialogue.yaml``; with a number where that is taken."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(f"# {header}\n{dialogue_text(cast, character, conversations)}")
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


def _dumped(value: Any, flow: bool | None = None) -> str:
    import yaml

    text: str = yaml.dump(
        value, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=flow
    )
    return text.rstrip("\n") + "\n"


@cache
def _dumper() -> Any:
    import yaml

    class Indented(yaml.SafeDumper):
        """Lists are indented below their key, as people write them."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: Any) -> bool:
            return True

    return Indented
