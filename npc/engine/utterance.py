"""The player's line on its way in: any string becomes a bounded, encodable one."""

from __future__ import annotations

MAX_UTTERANCE = 4_000
"""Characters of a player's line that are read."""


def clean_utterance(text: str) -> str:
    """The line as it is used: cut to `MAX_UTTERANCE`, unpaired surrogates and control characters replaced, stripped.

    Raises:
        TypeError: `text` is not a string.
    """
    if not isinstance(text, str):
        raise TypeError(f"the player's line must be a str, not {type(text).__name__}")
    kept = text[:MAX_UTTERANCE].encode("utf-8", "replace").decode()
    return "".join(char if char in "\n\t" or char.isprintable() else " " for char in kept).strip()
