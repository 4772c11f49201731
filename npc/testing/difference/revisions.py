"""A cast as it was in a git revision, written out into a folder of its own; the working tree is never touched."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath

from npc.errors import NpcError

COMMON = "common"
_REGULAR = ("100644", "100755")


class RevisionError(NpcError):
    """There is no such revision, no such folder in it, or no git to ask."""


def is_revision(name: str, folder: Path) -> bool:
    """Whether git, asked in a folder, knows a revision of that name.

    Raises:
        RevisionError: the folder is in no git repository, or git is not installed.
    """
    _git(folder, "rev-parse", "--git-dir")
    try:
        _commit(name, folder)
    except RevisionError:
        return False
    return True


def write_revision(revision: str, cast: Path, into: Path) -> Path:
    """Write a cast's folder as a revision has it, and the shared intents beside it.

    Args:
        revision: anything git takes for a commit: ``HEAD~1``, a branch, a tag.
        cast: the cast's folder in the working tree; it need not exist there any more.
        into: an empty folder.

    Returns:
        The cast's folder in `into`.

    Raises:
        RevisionError: the revision does not exist, or has no such folder.
    """
    at = _existing(cast.absolute())
    commit = _commit(revision, at)
    top = Path(os.fsdecode(_git(at, "rev-parse", "--show-toplevel").strip()))
    try:
        inside = PurePosixPath(cast.resolve().relative_to(top.resolve()).as_posix())
    except ValueError:
        raise RevisionError(f"{cast} is not in the git repository {top}") from None
    wanted = [inside, inside.parent / COMMON]
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *(str(path) for path in wanted))
    files = {}
    for entry in listed.split(b"\0"):
        about, _, name = entry.partition(b"\t")
        mode, kind, digest = [*os.fsdecode(about).split(), "", "", ""][:3]
        if kind == "blob" and mode in _REGULAR:
            files[PurePosixPath(os.fsdecode(name))] = digest
    if not any(inside in path.parents for path in files):
        raise RevisionError(f"{revision} has no folder {inside}")
    for path, content in zip(files, _contents(top, list(files.values())), strict=True):
        target = into / inside.name / path.relative_to(inside) if inside in path.parents else into / COMMON / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return into / inside.name


def casts_in(revision: str, folder: Path) -> list[Path]:
    """The folders directly in a folder that hold a `world.yaml` in a revision, as paths of the working tree.

    Raises:
        RevisionError: the revision does not exist.
    """
    at = _existing(folder.absolute())
    commit = _commit(revision, at)
    top = Path(os.fsdecode(_git(at, "rev-parse", "--show-toplevel").strip()))
    inside = folder.resolve().relative_to(top.resolve()).as_posix()
    listed = _git(top, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", inside)
    worlds = [PurePosixPath(os.fsdecode(name)) for name in listed.split(b"\0") if name.endswith(b"/world.yaml")]
    return [folder / path.parent.name for path in worlds if path.parent.parent == PurePosixPath(inside)]


def _commit(revision: str, folder: Path) -> str:
    try:
        found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except RevisionError as error:
        if "not a git repository" in str(error) or "not installed" in str(error):
            raise
        raise RevisionError(f"git knows no revision `{revision}`") from None
    return found.decode().strip()


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    while not folder.is_dir():
        folder = folder.parent
    return folder


def _contents(top: Path, digests: list[str]) -> list[bytes]:
    """The contents of files that git keeps, in order."""
    given = "".join(f"{digest}\n" for digest in digests).encode()
    stream = _git(top, "cat-file", "--batch", given=given)
    found, position = [], 0
    for _ in digests:
        end = stream.index(b"\n", position)
        size = int(stream[position:end].split()[2])
        found.append(stream[end + 1 : end + 1 + size])
        position = end + 1 + size + 1
    return found


def _git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise RevisionError("git is not installed: name two folders of casts instead of revisions") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ").splitlines()
        raise RevisionError(f"git {arguments[0]}: {said[0] if said else 'it failed'}")
    return done.stdout
