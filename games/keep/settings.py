"""What the player has chosen, kept on disk. Whatever the file holds, the game starts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from games.keep.keys import are_keys, first_keys
from games.keep.storage import set_aside, write_whole

VERSION = 1

CHOICES = {
    "text_size": ("normal", "large"),
    "typing_speed": ("slow", "normal", "fast", "at once"),
    "full_screen": (False, True),
    "symbols": (False, True),
    "sound": ("off", "quiet", "normal"),
    "ambience": ("off", "quiet", "normal"),
}
"""Every setting that is one of a few, with what it may be."""

TEXT_SIZES = {"normal": 20, "large": 27}
LETTERS_PER_STEP = {"slow": 0.5, "normal": 1.0, "fast": 3.0, "at once": 10_000.0}
VOLUMES = {"off": 0.0, "quiet": 0.35, "normal": 1.0}


@dataclass(frozen=True)
class Settings:
    """What the player has chosen.

    Attributes:
        text_size: how large characters' lines are written.
        typing_speed: how fast they appear.
        full_screen: whether the window fills the screen.
        symbols: whether gains and losses are told apart by blue and orange and an arrow, for the colour-blind.
        sound: how loud steps, voices and coins are.
        ambience: how loud the wind and the torches are.
        backend: a backend spec.
        keys: the key of each action.
    """

    text_size: str = "normal"
    typing_speed: str = "normal"
    full_screen: bool = False
    symbols: bool = False
    sound: str = "normal"
    ambience: str = "normal"
    backend: str = "embedded"
    keys: Mapping[str, str] = field(default_factory=first_keys)

    def turned(self, name: str, direction: int) -> Settings:
        """The same with the next choice of one setting, round and round."""
        choices = CHOICES[name]
        at = choices.index(getattr(self, name)) + direction
        return replace(self, **{name: choices[at % len(choices)]})  # type: ignore[arg-type]


def load_settings(file: Path) -> tuple[Settings, str]:
    """The settings in a file, and what to tell the player about it, mostly nothing.

    A file that cannot be understood is set aside; a single value that cannot be is passed over.
    """
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(kept, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        return Settings(), f"The settings cannot be read: {error.strerror}."
    except (ValueError, RecursionError):
        return Settings(), _put_aside(file, "damaged")
    version = kept.get("version")
    if type(version) is int and version > VERSION:
        return Settings(), _put_aside(file, "newer")
    fitting = {each.name: kept[each.name] for each in fields(Settings) if _fits(each.name, kept.get(each.name))}
    return replace(Settings(), **fitting), ""


def save_settings(file: Path, settings: Settings) -> str:
    """Keep the settings; what went wrong, or nothing."""
    try:
        write_whole(file, json.dumps({"version": VERSION, **asdict(settings)}, indent=1, ensure_ascii=False))
    except OSError as error:
        return f"The settings could not be kept: {error.strerror}."
    return ""


def _fits(name: str, value: object) -> bool:
    if name == "backend":
        return isinstance(value, str) and bool(value.strip())
    if name == "keys":
        return are_keys(value)
    # 1 == True in Python, but a setting of 1 is no switch.
    return any(value == choice and type(value) is type(choice) for choice in CHOICES[name])


def _put_aside(file: Path, why: str) -> str:
    try:
        kept = set_aside(file, why)
    except OSError as error:
        return f"The settings are {why}, and cannot be set aside: {error.strerror}."
    return f"The settings are {why} and begin anew; what was there is kept as {kept.name}."
