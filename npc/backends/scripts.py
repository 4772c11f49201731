"""Script files: the replies of `scripted:FILE`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from npc.backends.scripted import ScriptedBackend
from npc.errors import BackendSpecError

SIZE_LIMIT = 4_000_000
"""Bytes a script file may have."""

EXAMPLE = "- {heard: [greet], slots: {}, response: greet}"


def load_script(path: str | Path) -> ScriptedBackend:
    """The backend that gives the replies of a YAML or JSON file, in order.

    The file holds a list; each entry is an object, given as it stands, or a string, given as the raw text of a reply
    (so that a script can also hold replies that are not JSON).

    Raises:
        BackendSpecError: the file cannot be read, or is not such a list.
    """
    spec = f"scripted:{path}"
    try:
        with Path(path).open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise BackendSpecError(
            f"backend spec '{spec}': {error.strerror or error}; name a file with {EXAMPLE}"
        ) from None
    if len(data) > SIZE_LIMIT:
        raise BackendSpecError(f"backend spec '{spec}': the file is over {SIZE_LIMIT:,} bytes")
    try:
        replies = json.loads(data) if str(path).endswith(".json") else _parse_yaml(data.decode("utf-8-sig"), str(path))
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise BackendSpecError(f"backend spec '{spec}': the file cannot be read: {error}") from None
    if not isinstance(replies, list):
        raise BackendSpecError(f"backend spec '{spec}': the file is not a list of replies; an example: {EXAMPLE}")
    for number, reply in enumerate(replies, 1):
        if not isinstance(reply, str | dict):
            raise BackendSpecError(
                f"backend spec '{spec}': reply {number} is neither an object nor a string; an example: {EXAMPLE}"
            )
    return ScriptedBackend(*replies, name=spec)


class _Loader(yaml.SafeLoader):
    """Plain YAML without aliases: a few nested ones could stand for gigabytes."""

    def compose_node(self, parent: yaml.nodes.Node | None, index: int) -> yaml.nodes.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.constructor.ConstructorError(
                None, None, "aliases are not allowed", self.current_event.start_mark
            )
        return super().compose_node(parent, index)


def _parse_yaml(text: str, path: str) -> Any:
    loader = _Loader(text)
    loader.name = path  # so that a syntax error names the file
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
