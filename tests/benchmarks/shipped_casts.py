"""The shipped casts as the embedded brain is measured on them: lines with the intents they express, and what is heard.

A hash of each line of `CASES` puts it in one of two halves; `PARAPHRASES` says itself which part a line belongs to.
Constants and examples are chosen on the tuning halves, and on all that was held out until it was looked at. The
held-out part of `PARAPHRASES` is what to quote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from npc import Session, load
from npc.backends.base import Hearing, ModelRequest
from npc.backends.embedded.backend import EmbeddedBackend, understand
from npc.catalog import load_catalog
from npc.catalog.model import Catalog, Intent

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests/backends/embedded/understanding_cases.yaml"
LOOKED_AT = ROOT / "seeds/keep/understanding.yaml"
PARAPHRASES = ROOT / "seeds/paraphrases.yaml"
CASTS = ("keep", "helpdesk")


@dataclass(frozen=True)
class Case:
    """A line and the intents it expresses; `in_scope` when it expresses any or is meant to."""

    character: str
    line: str
    heard: frozenset[str]

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.line.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True)
class Score:
    """Figures over a set of cases: shares from 0 to 1, and how many lines of each kind there were.

    Attributes:
        right: lines in scope of which all is heard that they express, and no more.
        amiss: lines in scope in which something is heard that they do not express.
        missed: lines in scope in which nothing is heard amiss, and not all of it.
        false: lines out of scope in which something is heard.
        in_scope, out_of_scope: how many lines.
    """

    right: float
    amiss: float
    missed: float
    false: float
    in_scope: int
    out_of_scope: int

    def __str__(self) -> str:
        return (
            f"{self.right:.3f} right, {self.amiss:.3f} amiss, {self.missed:.3f} missed of {self.in_scope} lines; "
            f"{self.false:.3f} false hearings of {self.out_of_scope} lines"
        )


def load_casts() -> dict[str, Catalog]:
    """Character → its catalog, of all shipped casts."""
    catalogs = [load_catalog(ROOT / "catalogs" / cast) for cast in CASTS]
    return {character: catalog for catalog in catalogs for character in catalog.characters}


def load_cases(path: Path = CASES) -> list[Case]:
    """All cases of a file, each line once."""
    return _cases(yaml.safe_load(path.read_text(encoding="utf-8")))


def load_paraphrases(part: str) -> list[Case]:
    """The cases of `PARAPHRASES` in ``tuning``, ``looked_at`` or ``held_out``."""
    return _cases(yaml.safe_load(PARAPHRASES.read_text(encoding="utf-8"))[part])


def _cases(data: Mapping[str, Any]) -> list[Case]:
    cases = [
        Case(character, line, frozenset({intent}))
        for character, intents in data["heard"].items()
        for intent, lines in intents.items()
        for line in lines
    ]
    cases += [
        Case(character, case["line"], frozenset(case["heard"]))
        for character, several in data["several"].items()
        for case in several
    ]
    cases += [Case(character, line, frozenset()) for character, lines in data["nothing"].items() for line in lines]
    return cases


def hear(
    line: str,
    intents: Mapping[str, Intent],
    item_names: Mapping[str, tuple[str, ...]],
    gold: int = 12,
    changes: Callable[[Hearing], bool] = lambda hearing: True,
) -> dict[str, dict[str, object]]:
    """What is heard in a line when all these intents are offered, and those hearings that `changes` names have
    consequences."""
    request = ModelRequest(
        character="",
        utterance=line,
        allowed=("",),
        intents=intents,
        facts={"player.gold": gold},
        last=None,
        retry=None,
        item_names=item_names,
        responses={},
        preview=lambda hearing: ("",),
        make_messages=lambda request: [],
        make_schema=lambda request: {},
        changes=changes,
    )
    return {name: dict(slots) for name, slots in understand(request).hearing.items()}


def item_names(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Item id → the names players may use."""
    return {item.id: (item.display_name, *item.names) for item in catalog.items.values()}


def consequences() -> dict[str, Callable[[Hearing], bool]]:
    """Character → which hearings change something as the game begins, for all shipped casts."""
    sessions = [Session(load(ROOT / "catalogs" / cast), EmbeddedBackend()) for cast in CASTS]
    return {
        name: session.preview_request(name, "-").changes for session in sessions for name in session.cast.characters
    }


def score(
    cases: Iterable[Case],
    casts: Mapping[str, Catalog],
    consequences: Mapping[str, Callable[[Hearing], bool]] | None = None,
) -> tuple[Score, list[tuple[Case, frozenset[str]]]]:
    """The figures over some cases, and the cases heard wrong with what was heard.

    Args:
        consequences: character → which hearings change something; None: all do, so that all must be equally certain.
    """
    misses = []
    right = amiss = missed = false = in_scope = out_of_scope = 0
    for case in cases:
        catalog = casts[case.character]
        intents, names = catalog.characters[case.character].intents, item_names(catalog)
        changes = (lambda hearing: True) if consequences is None else consequences[case.character]
        heard = frozenset(hear(case.line, intents, names, changes=changes))
        if heard != case.heard:
            misses.append((case, heard))
        if case.heard:
            in_scope += 1
            right += heard == case.heard
            amiss += bool(heard - case.heard)
            missed += heard < case.heard
        else:
            out_of_scope += 1
            false += bool(heard)
    shares = (count / max(1, in_scope) for count in (right, amiss, missed))
    return Score(*shares, false / max(1, out_of_scope), in_scope, out_of_scope), misses
