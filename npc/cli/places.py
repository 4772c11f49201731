"""Finding the casts and files that are named on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from npc.diagnostics import did_you_mean

WORLD_FILE = "world.yaml"
CATALOGS = "catalogs"


class WrongUse(Exception):
    """The command line asks for something that cannot be; the message says what to write instead."""


def find_cast(name: str) -> Path:
    """The cast's folder: a path to it, to a file in it, or the name of a folder under ``catalogs/``.

    Raises:
        WrongUse: there is none; names the nearest one.
    """
    given = Path(name)
    for folder in (given, Path(CATALOGS) / name):
        if (folder / WORLD_FILE).is_file():
            return folder
    if given.is_file() and (given.parent / WORLD_FILE).is_file():
        return given.parent
    if given.is_dir():
        hint = f"it has no {WORLD_FILE}"
        inside = sorted(str(cast) for cast in _casts_in(given))
        raise WrongUse(f"{name} is not a cast: {hint}" + (f"; did you mean {', '.join(inside)}?" if inside else ""))
    near = did_you_mean(given.name, [cast.name for cast in (*_casts_in(Path(CATALOGS)), *_casts_in(Path()))])
    raise WrongUse(f"no cast `{name}`: " + (near or "write one with: npc new NAME"))


def find_casts(name: str) -> list[Path]:
    """The cast of that name, or all casts directly in a folder.

    Raises:
        WrongUse: there is none.
    """
    folder = Path(name)
    if folder.is_dir() and not (folder / WORLD_FILE).is_file():
        inside = sorted(_casts_in(folder))
        if inside:
            return inside
    return [find_cast(name)]


def _casts_in(folder: Path) -> Iterator[Path]:
    return (world.parent for world in folder.glob(f"*/{WORLD_FILE}"))
