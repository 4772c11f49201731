"""`npc diff`: what changed for players between two versions of a cast."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from npc.cli.places import CATALOGS, WORLD_FILE, WrongUse, find_cast

if TYPE_CHECKING:
    from npc.logic.cast import Cast

EXAMPLE = "npc diff HEAD~1 HEAD catalogs/keep"

PATIENCE = 1.0
"""Seconds after which progress is shown."""


@dataclass(frozen=True, slots=True)
class _Version:
    """A side of the comparison: a folder, or a git revision (None: the working tree)."""

    folder: Path | None
    revision: str | None

    def __str__(self) -> str:
        return str(self.folder) if self.folder is not None else self.revision or "the working tree"


def command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A cast's folder, or a git revision.")],
    new: Annotated[
        str | None,
        typer.Argument(metavar="NEW", help="The same for the new version; the working tree when left out."),
    ] = None,
    cast: Annotated[
        str | None, typer.Argument(metavar="CAST", help="With revisions: which cast. All casts when left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the differences as one JSON object.")] = False,
    save_seeds: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write an example of each change as a dialogue file into DIR.")
    ] = None,
    recordings: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="Look for touched replies in DIR, too.")
    ] = None,
) -> None:
    """Compare two versions of a cast by what its characters do, not by text. Exit status 1 if anything differs.

    OLD and NEW are folders of casts or git revisions: `npc diff main` compares main with the working tree, `npc diff
    v1 v2 keep` one cast in two revisions, `npc diff HEAD catalogs/keep` a cast with what was last committed.
    """
    from npc.testing.difference import compare_casts
    from npc.testing.difference.examples_as_seeds import write_seeds
    from npc.testing.difference.rendering import as_json as json_of
    from npc.testing.difference.rendering import render

    for folder in recordings or ():
        if not folder.is_dir():
            raise WrongUse(f"--recordings {folder}: there is no such folder")
    reports, differs = [], False
    with tempfile.TemporaryDirectory(prefix="npc-diff-") as scratch:
        for name, before, after in _pairs(old, new, cast, Path(scratch)):
            with _progress(name) as progress:
                found = compare_casts(
                    before, after, seeds=_seeds_of(after, name), recordings=recordings or (), progress=progress
                )
            differs = differs or not found.is_empty
            reports.append(json_of(found))
            if not as_json:
                if len(reports) > 1:
                    typer.echo("")
                for line in render(found, (before, after)):
                    typer.echo(line)
            if save_seeds is not None and found.behaviour.changes:
                file = write_seeds(found, (before, after), save_seeds)
                typer.echo(f"wrote {file}", err=as_json)
    if as_json:
        typer.echo(json.dumps({"same": not differs, "casts": reports}, indent=2, ensure_ascii=False))
    raise typer.Exit(1 if differs else 0)


def _pairs(old: str, new: str | None, cast: str | None, scratch: Path) -> Iterator[tuple[str, Cast, Cast]]:
    """The casts to compare, loaded: name, old version, new version."""
    before = _version(old)
    after = _Version(None, None) if new is None else _version(new)
    if before.folder is not None and new is None:
        raise WrongUse(f"{old} is a cast's folder: name the other version, too, as in: npc diff OLD-FOLDER {old}")
    if cast is not None and (before.folder is not None or after.folder is not None):
        raise WrongUse(f"`{cast}` is one too many: a cast is named apart only where OLD and NEW are both revisions")
    if before.folder is not None and after.folder is not None:
        yield str(after.folder), _load(before.folder, str(before)), _load(after.folder, str(after))
        return
    for folder in _folders(before, after, cast):
        loaded = [
            _load_version(version, folder, scratch / f"{number}-{folder.name}")
            for number, version in enumerate((before, after))
        ]
        yield str(folder), loaded[0], loaded[1]


def _folders(before: _Version, after: _Version, cast: str | None) -> list[Path]:
    """The folders of the casts to compare in the working tree; they need not be there any more."""
    from npc.testing.difference.revisions import casts_in

    named = before.folder or after.folder
    if named is not None:
        return [named]
    if cast is not None:
        for folder in (Path(cast), Path(CATALOGS) / cast):
            if (folder / WORLD_FILE).is_file() or any(
                folder in casts_in(version.revision, folder.parent)
                for version in (before, after)
                if version.revision is not None and folder.parent.is_dir()
            ):
                return [folder]
        find_cast(cast)
    catalogs = Path(CATALOGS)
    if not catalogs.is_dir():
        raise WrongUse(f"there is no folder {CATALOGS}/ here: name the cast, as in: npc diff OLD NEW path/to/cast")
    sides = [
        set(casts_in(version.revision, catalogs))
        if version.revision is not None
        else {world.parent for world in catalogs.glob(f"*/{WORLD_FILE}")}
        for version in (before, after)
    ]
    common = sorted(sides[0] & sides[1])
    for folder in sorted(sides[0] ^ sides[1]):
        typer.echo(f"{folder}: only in {before if folder in sides[0] else after}; nothing to compare it with", err=True)
    if not common:
        raise WrongUse(f"{before} and {after} have no cast under {CATALOGS}/ in common")
    return common


def _version(name: str) -> _Version:
    from npc.testing.difference.revisions import RevisionError, is_revision

    for folder in (Path(name), Path(CATALOGS) / name):
        if (folder / WORLD_FILE).is_file():
            return _Version(folder, None)
    try:
        if is_revision(name, Path()):
            return _Version(None, name)
    except RevisionError as error:
        raise WrongUse(f"`{name}` is no cast's folder, and no git revision either ({error})") from None
    if Path(name).is_dir():
        raise WrongUse(f"{name} is not a cast: it has no {WORLD_FILE}; and git knows no revision of that name")
    raise WrongUse(f"`{name}` is neither a cast's folder nor a revision that git knows")


def _load_version(version: _Version, folder: Path, scratch: Path) -> Cast:
    from npc.testing.difference.revisions import write_revision

    if version.revision is None:
        return _load(version.folder or folder, str(version))
    written = write_revision(version.revision, folder, scratch)
    return _load(written, version.revision, shown=folder)


def _load(folder: Path, version: str, shown: Path | None = None) -> Cast:
    """The cast, or a message that names the version in which it has errors."""
    from npc.errors import CatalogError
    from npc.logic.cast import load

    try:
        return load(folder)
    except CatalogError as error:
        text = str(error)
        if shown is not None:
            text = text.replace(str(folder), str(shown)).replace(folder.as_posix(), shown.as_posix())
        raise WrongUse(f"the cast has errors in {version}, so nothing can be compared\n{text}") from None


def _seeds_of(cast: Cast, name: str) -> Sequence[Path]:
    """The dialogue files of a cast in the working tree."""
    from npc.testing.places import SUFFIX

    ids = dict.fromkeys((cast.catalog.world, Path(name).name))
    folders = [Path(name) / "seeds", *(Path("seeds") / id for id in ids)]
    return list(dict.fromkeys(file for folder in folders for file in sorted(folder.rglob(f"*{SUFFIX}"))))


class _Progress:
    """Tells how far a comparison is, once it has taken more than a moment."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._begun = time.monotonic()
        self.shown = False

    def __call__(self, character: str, paths: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._begun > PATIENCE:
            self.shown = True
            print(f"\r{self._name}: {character}, {paths:,} paths compared …\033[K", end="", file=sys.stderr, flush=True)


@contextmanager
def _progress(name: str) -> Iterator[_Progress]:
    progress = _Progress(name)
    try:
        yield progress
    finally:
        if progress.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
