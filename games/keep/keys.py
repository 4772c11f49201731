"""Which key does what while walking: what the player has bound to other keys, and what is fixed."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, tuple[str, str]] = {
    "up": ("w", "Walk up"),
    "left": ("a", "Walk left"),
    "down": ("s", "Walk down"),
    "right": ("d", "Walk right"),
    "use": ("e", "Use, talk"),
    "shove": ("x", "Shove"),
    "journal": ("j", "Journal"),
    "bag": ("i", "Bag"),
}
"""Every action that can be bound: its key at first, and its name. The arrows, Enter and Esc work besides."""

FIXED = frozenset(
    ("up", "down", "left", "right", "return", "escape", "tab", *(f"f{number}" for number in range(1, 13)))
)
"""Keys that do the same whatever is bound."""

Keys = Mapping[str, str]
"""The key of each action."""


def first_keys() -> dict[str, str]:
    """Every action with its key at first."""
    return {action: key for action, (key, _) in ACTIONS.items()}


def are_keys(value: object) -> bool:
    """Whether this names a key for each action, no key twice and no fixed one."""
    return (
        isinstance(value, dict)
        and value.keys() == ACTIONS.keys()
        and all(isinstance(key, str) and key and key not in FIXED for key in value.values())
        and len(set(value.values())) == len(value)
    )


def bound(keys: Keys, action: str, key: str) -> dict[str, str]:
    """The keys with an action on another key; the action that had it gets the old one.

    Raises:
        ValueError: the key is fixed.
    """
    if key in FIXED:
        raise ValueError(f"{key} always does the same")
    other = next((each for each, its in keys.items() if its == key), action)
    return {**keys, other: keys[action], action: key}


def meant(keys: Keys, key: str) -> str:
    """The action a key is bound to, or the key itself where it is fixed; empty for a key that does nothing."""
    if key in FIXED:
        return key
    return next((action for action, its in keys.items() if its == key), "")


def label(key: str) -> str:
    """How a key is written on the screen."""
    return key.upper() if len(key) == 1 else key.capitalize()
