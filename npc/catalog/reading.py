"""Reads a cast's folder: its world, its characters, the shared intents it uses, its prompt templates."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from npc.catalog import rules, shapes
from npc.catalog.cast_files import World, read_character, read_world
from npc.catalog.declarations import intents_of
from npc.catalog.document import Document
from npc.catalog.model import Catalog, CharacterDeclaration, Intent
from npc.catalog.structure import check_shape
from npc.catalog.yaml_reader import MAX_FILE_BYTES, decode, read_document
from npc.diagnostics import Diagnostic, Severity, did_you_mean

WORLD_FILE = "world.yaml"
DIALOGUE_SUFFIX = ".dialogue.yaml"
_CAST_ONLY = ("C1", "C2")


def open_document(path: Path) -> Document:
    """Read one YAML file; a file that cannot be read is a finding too."""
    found = read_bytes(path)
    return found if isinstance(found, Document) else read_document(found, path.as_posix())


def read_bytes(path: Path) -> bytes | Document:
    """A file's bytes (of a large one, just enough to tell that it is too large), or a document with the finding."""
    document = Document(path.as_posix())
    try:
        if not path.is_file():
            others = [other.name for other in path.parent.glob(f"*{path.suffix}")] if path.parent.is_dir() else []
            hint = f"it is a folder of {len(list(path.iterdir()))} files" if path.is_dir() else None
            hint = hint or did_you_mean(path.name, others)
            document.report(rules.UNREADABLE, f"there is no file {path.as_posix()}", hint=hint)
            return document
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        document.report(rules.UNREADABLE, f"the file cannot be read: {reason}")
        return document


def shared_folder(cast: Path) -> Path | None:
    """Where the shared intents of a cast stand: beside it, else among those that come with this package."""
    package = Path(__file__).resolve().parents[1]
    candidates = (
        cast.absolute().parent / "common",
        package / "shipped/catalogs/common",
        package.parent / "catalogs/common",
    )
    return next((folder for folder in candidates if folder.is_dir()), None)


class CastReading:
    """One reading of a cast's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents: dict[str, Document] = {}
        self.shared: dict[str, Intent] | None = None
        self.shared_whole = True
        self.sources_of_shared: dict[str, str] = {}

    def read(self) -> tuple[Catalog | None, list[Diagnostic]]:
        """The catalog (see `npc.catalog.loader.read_catalog`) and all findings."""
        if not self.folder.is_dir():
            return None, [self._no_folder()]
        world_document = self._open(self.folder / WORLD_FILE, WORLD_FILE)
        world = read_world(world_document)
        files = [path for path in sorted(self.folder.glob("*.yaml")) if self._is_character(path)]
        read = [self._read_character(path, world) for path in files]
        characters = {character.id: character for character in read if character}
        if not files:
            hint = "add one: `npc new` shows what a character's file looks like"
            world_document.report(rules.NO_CHARACTERS, "the cast has no character file beside world.yaml", hint=hint)
        if world:
            _check_twice(world, world_document, characters)
        templates = self._read_templates()
        diagnostics = self._findings()
        errors = [d.code for d in diagnostics if d.severity is Severity.ERROR]
        if world is None or not characters or any(code.startswith(_CAST_ONLY) for code in errors):
            return None, diagnostics
        facts = dict(world.facts)
        for character in characters.values():
            facts.update(character.facts)
        catalog = Catalog(
            world=world.id,
            title=world.title,
            folder=self.folder.as_posix(),
            items=world.items,
            facts=facts,
            effects=world.effects,
            invariants=world.invariants,
            goals=world.goals,
            events=world.events,
            characters=characters,
            digest=self._digest(characters),
            diagnostics=tuple(diagnostics),
            templates=templates,
            sources={document.file: document.text for document in self.documents.values()},
        )
        return catalog, diagnostics

    def _open(self, path: Path, name: str) -> Document:
        document = self.documents[name] = open_document(path)
        return document

    def _no_folder(self) -> Diagnostic:
        document = Document(self.folder.as_posix())
        parent = self.folder.absolute().parent
        others = [path.parent.as_posix() for path in sorted(parent.glob(f"*/{WORLD_FILE}"))] if parent.is_dir() else []
        near = did_you_mean(self.folder.name, [Path(other).name for other in others])
        hint = near or "name the folder that holds the cast's world.yaml"
        document.report(rules.UNREADABLE, f"there is no folder {self.folder.as_posix()}", hint=hint)
        return document.diagnostics[0]

    def _is_character(self, path: Path) -> bool:
        if path.name == WORLD_FILE:
            return False
        if not path.name.endswith(DIALOGUE_SUFFIX):
            return True
        self._stray(path, f"move it to seeds/{self.folder.absolute().name}/, where `npc test` finds it")
        return False

    def _stray(self, path: Path, hint: str) -> None:
        document = self.documents[path.name] = Document(path.as_posix())
        document.report(rules.STRAY_FILE, f"{path.name} is not read as a character", hint=hint)

    def _read_character(self, path: Path, world: World | None) -> CharacterDeclaration | None:
        document = self._open(path, path.name)
        if world is None:
            check_shape(document, shapes.CharacterFile)
            return None
        if document.data and document.data.get("use") and self.shared is None:
            self.shared = self._read_shared(tuple(world.items))
        return read_character(document, path.stem, world, self.shared or {}, shared_whole=self.shared_whole)

    def _read_shared(self, items: tuple[str, ...]) -> dict[str, Intent]:
        """The shared intents, by `common.<id>`."""
        folder = shared_folder(self.folder)
        found: dict[str, Intent] = {}
        for path in sorted(folder.glob("*.yaml")) if folder else ():
            name = f"common/{path.name}"
            document = self._open(path, name)
            shape = check_shape(document, shapes.CommonFile)
            for id, intent in (intents_of(document, shape.intents, items) if shape else {}).items():
                full = f"common.{id}"
                if full in found:
                    message = f"shared intent `{id}` is defined in {found[full].position.file} too"
                    document.report(rules.INTENT_TWICE, message, intent.position, "rename one")
                found.setdefault(full, intent)
                self.sources_of_shared.setdefault(document.file, name)
            self.shared_whole = self.shared_whole and not document.has_errors
        return found

    def _read_templates(self) -> dict[str, str]:
        found = {}
        for path in sorted((self.folder / "templates").glob("*.j2")):
            raw = read_bytes(path)
            document = raw if isinstance(raw, Document) else Document(path.as_posix())
            name = f"templates/{path.name}"
            self.documents[name] = document
            text = None if isinstance(raw, Document) else decode(raw, document)
            if text is not None:
                document.text = found[path.name] = text
        return found

    def _findings(self) -> list[Diagnostic]:
        for path in sorted(self.folder.iterdir()):
            if path.suffix.lower() in (".yml", ".yaml") and path.suffix != ".yaml":
                self._stray(path, f"rename it to {path.stem}.yaml")
        found = []
        for document in self.documents.values():
            found += sorted(document.diagnostics, key=lambda d: (d.position.line, d.position.column, d.code))
        return found

    def _digest(self, characters: Mapping[str, CharacterDeclaration]) -> str:
        """SHA-256 over what can change a turn: of the shared files, only those of which an intent is used."""
        used = {
            self.sources_of_shared[intent.position.file]
            for character in characters.values()
            for intent in character.intents.values()
            if intent.position.file in self.sources_of_shared
        }
        digest = hashlib.sha256()
        for name in sorted(self.documents):
            if name.startswith("common/") and name not in used:
                continue
            content = self.documents[name].text.encode()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()


def _check_twice(world: World, document: Document, characters: Mapping[str, CharacterDeclaration]) -> None:
    for character in characters.values():
        for name, fact in character.facts.items():
            if name in world.facts:
                message = f"fact `{name}` is declared in {Path(fact.position.file).name} too"
                hint = "keep it in the character's file if its logic writes it, else here"
                document.report(rules.FACT_TWICE, message, world.facts[name].position, hint)
