"""Where dialogue files lie, and where the cast that they talk to does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from npc.errors import NpcError

SUFFIX = ".dialogue.yaml"
WORLD_FILE = "world.yaml"
CATALOGS = "catalogs"


class DialogueNotFound(NpcError):
    """There is no dialogue file where one was looked for, or no cast for it."""


def find_dialogues(paths: Iterable[str | Path]) -> list[Path]:
    """The dialogue files named, and those in the folders named or below them, in order of path.

    Raises:
        DialogueNotFound: a path does not exist, is another kind of file, or holds no dialogue.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(path.rglob(f"*{SUFFIX}"))
            if not inside:
                raise DialogueNotFound(f"{path} holds no dialogue: the files are named *{SUFFIX}")
            found += inside
        elif path.is_file() and path.name.endswith(SUFFIX):
            found.append(path)
        elif path.exists():
            raise DialogueNotFound(f"{path} is not a dialogue: the files are named *{SUFFIX}")
        else:
            raise DialogueNotFound(f"there is no file or folder {path}; name dialogue files, or folders that hold them")
    return list(dict.fromkeys(found))


def find_all_dialogues() -> list[Path]:
    """The dialogue files of all casts in the current folder: those below ``seeds/``, and those in the own ``seeds/`` of
    casts that lie here or under ``catalogs/``.

    Raises:
        DialogueNotFound: there are none.
    """
    folders = [Path("seeds"), *sorted(Path().glob("*/seeds")), *sorted(Path(CATALOGS).glob("*/seeds"))]
    found = [path for folder in folders for path in sorted(folder.rglob(f"*{SUFFIX}"))]
    if not found:
        where = f"*{SUFFIX} files are looked for in seeds/ and in each cast's own seeds/"
        raise DialogueNotFound(f"no dialogue was found: {where}; name files or folders to look elsewhere")
    return found


def find_cast_folder(dialogue: Path, cast: str) -> Path:
    """The folder of the cast that a dialogue file names: the folder that the file lies in or below, or else
    ``catalogs/<cast>`` beside one of the folders above the file.

    Raises:
        DialogueNotFound: there is none.
    """
    for folder in dialogue.resolve().parents:
        for candidate in (folder if folder.name == cast else folder / cast, folder / CATALOGS / cast):
            if (candidate / WORLD_FILE).is_file():
                return _shown(candidate)
    raise DialogueNotFound(f"{dialogue}: no cast `{cast}`: there is no {CATALOGS}/{cast}/{WORLD_FILE} above the file")


def _shown(folder: Path) -> Path:
    """A folder as people type it: relative where it lies below the current one."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
