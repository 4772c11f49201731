"""Loading a cast's catalogs: the entry points, which import pydantic and YAML only when they are called."""

from __future__ import annotations

from pathlib import Path

from npc.catalog.model import Catalog, Dialogue
from npc.diagnostics import Diagnostic, Severity
from npc.errors import CatalogError


def load_catalog(folder: str | Path) -> Catalog:
    """Load a cast's catalogs. Runs no code of theirs.

    Args:
        folder: the cast's folder, with `world.yaml` and one file for each character. Shared intents come from the
            folder `common` beside it, else from those that this package brings.

    Raises:
        CatalogError: the files have errors; it holds all findings over all files.
    """
    catalog, diagnostics = read_catalog(folder)
    if catalog is None or any(d.severity is Severity.ERROR for d in diagnostics):
        raise CatalogError(diagnostics)
    return catalog


def read_catalog(folder: str | Path) -> tuple[Catalog | None, list[Diagnostic]]:
    """Read as much of a cast as can be understood, with all findings in the order of files and lines.

    The catalog is None when errors in YAML or structure would leave a part of it out; with errors of meaning alone
    (C3xx) it is whole, so that its logic can be checked all the same.
    """
    from npc.catalog.reading import CastReading

    return CastReading(Path(folder)).read()


def load_dialogue(path: str | Path) -> Dialogue:
    """Load a file of recorded conversations, ``*.dialogue.yaml``. Its names are not compared with a cast here.

    Raises:
        CatalogError: the file has errors, or nothing in it; it holds all findings.
    """
    from npc.catalog.dialogue import read_dialogue

    return read_dialogue(Path(path))
