"""The conversations of dialogue files, each with its cast: collected, selected and run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from npc.catalog import load_dialogue
from npc.catalog.model import DialogueConversation
from npc.diagnostics import Diagnostic, did_you_mean
from npc.errors import CatalogError
from npc.logic.cast import Cast, load
from npc.testing.places import DialogueNotFound, find_cast_folder
from npc.testing.recordings import Log
from npc.testing.runner import ConversationResult, Layer


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation to run, the file it stands in, and the cast it talks to."""

    file: Path
    # Shown in full, a cast takes longer than running the conversation; pytest shows whatever an item holds.
    cast: Cast = field(repr=False)
    conversation: DialogueConversation

    def __str__(self) -> str:
        return f"{self.file}: {self.conversation.name}"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case, once.

    Attributes:
        seconds: how long it took.
        log: what happened to recordings.
        backend: the spec of what understood the words; empty where there were none.
        epoch: which attempt it was, from 1.
        order: in which order the catalog was listed; 0: as written.
    """

    case: Case
    result: ConversationResult
    layer: Layer
    seconds: float
    log: Log = field(default_factory=Log)
    backend: str = ""
    epoch: int = 1
    order: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """Which conversations to run. Of each kind that is given, a conversation must have one.

    Attributes:
        casts: ids of casts.
        characters: ids of characters that a step talks to.
        tags: tags.
        responses: responses that a step expects, or expects not to be allowed.
        names: parts of the conversation's name.
    """

    casts: Sequence[str] = ()
    characters: Sequence[str] = ()
    tags: Sequence[str] = ()
    responses: Sequence[str] = ()
    names: Sequence[str] = ()

    def given(self) -> Iterator[tuple[str, Sequence[str], Callable[[Case], Iterable[str]]]]:
        """Each kind that is given: what it is called, what is wanted, and what of it a case has."""
        kinds: list[tuple[str, Sequence[str], Callable[[Case], Iterable[str]]]] = [
            ("cast", self.casts, lambda case: [case.cast.catalog.world, Path(case.cast.catalog.folder).name]),
            ("character", self.characters, lambda case: [step.character for step in case.conversation.steps]),
            ("tag", self.tags, lambda case: case.conversation.tags),
            ("response", self.responses, _responses),
        ]
        return (kind for kind in kinds if kind[1])

    def of(self, cases: Sequence[Case]) -> list[Case]:
        """The cases selected.

        Raises:
            DialogueNotFound: there are none; names the nearest cast, character, tag or response there is.
        """
        found = [case for case in cases if self.fits(case)]
        if found or not cases:
            return found
        for kind, wanted, has in self.given():
            known = {name for case in cases for name in has(case)}
            for name in wanted:
                if name not in known:
                    hint = did_you_mean(name, known)
                    raise DialogueNotFound(f"no conversation has the {kind} `{name}`" + (f": {hint}" if hint else ""))
        raise DialogueNotFound("no conversation has all that is asked for; ask for less")

    def fits(self, case: Case) -> bool:
        """Whether a case is selected."""
        named = not self.names or any(name in case.conversation.name for name in self.names)
        return named and all(not set(wanted).isdisjoint(has(case)) for _, wanted, has in self.given())


def _responses(case: Case) -> Iterator[str]:
    for step in case.conversation.steps:
        if step.expect is not None:
            yield from step.expect.response or ()
            yield from step.expect.not_allowed or ()


class Casts:
    """Casts by folder, each loaded once."""

    def __init__(self) -> None:
        self._loaded: dict[Path, Cast] = {}

    def of(self, file: Path, name: str) -> Cast:
        """The cast that a dialogue file names.

        Raises:
            DialogueNotFound: there is none.
            CatalogError: it has errors.
        """
        folder = find_cast_folder(file, name)
        if folder not in self._loaded:
            self._loaded[folder] = load(folder)
        return self._loaded[folder]


def collect(files: Iterable[Path]) -> list[Case]:
    """Every conversation of the files.

    Raises:
        CatalogError: files or their casts have errors; holds those of all of them.
        DialogueNotFound: a file's cast is nowhere.
    """
    casts, cases = Casts(), []
    wrong: dict[Diagnostic, None] = {}
    for file in files:
        try:
            dialogue = load_dialogue(file)
            cast = casts.of(file, dialogue.cast)
        except CatalogError as error:
            wrong.update(dict.fromkeys(error.diagnostics))
            continue
        cases += [Case(file, cast, conversation) for conversation in dialogue.conversations]
    if wrong:
        raise CatalogError(tuple(wrong))
    return cases
