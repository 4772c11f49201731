"""The keep's cast as the embedded brain is measured on it: lines with the intents they express, and what is heard.

A hash of each line of `CASES` puts it in one of two halves: constants are chosen on the tuning half, the held-out half
is what to quote. Nothing is chosen on any line of `FRESH`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from npc.backends.base import ModelRequest
from npc.backends.embedded.backend import understand
from npc.catalog.model import Catalog, Intent

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests/backends/embedded/understanding_cases.yaml"
FRESH = ROOT / "seeds/keep/understanding.yaml"


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
    """Figures over a set of cases: shares from 0 to 1, and how many lines of each kind there were."""

    right: float
    false_hearings: float
    wrong_in_scope: float
    in_scope: int
    out_of_scope: int


def load_cases(path: Path = CASES) -> list[Case]:
    """All cases, each line once."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
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
    line: str, intents: Mapping[str, Intent], item_names: Mapping[str, tuple[str, ...]], gold: int = 12
) -> dict[str, dict[str, object]]:
    """What is heard in a line when all these intents are offered."""
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
    )
    return {name: dict(slots) for name, slots in understand(request).hearing.items()}


def item_names(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Item id → the names players may use."""
    return {item.id: (item.display_name, *item.names) for item in catalog.items.values()}


def score(cases: Iterable[Case], catalog: Catalog) -> tuple[Score, list[tuple[Case, frozenset[str]]]]:
    """The figures over some cases, and the cases heard wrong with what was heard."""
    names = item_names(catalog)
    misses = []
    right = false = wrong = in_scope = out_of_scope = 0
    for case in cases:
        heard = frozenset(hear(case.line, catalog.characters[case.character].intents, names))
        if heard != case.heard:
            misses.append((case, heard))
        if case.heard:
            in_scope += 1
            right += heard == case.heard
            wrong += bool(heard - case.heard)
        else:
            out_of_scope += 1
            false += bool(heard)
    figures = Score(
        right / max(1, in_scope), false / max(1, out_of_scope), wrong / max(1, in_scope), in_scope, out_of_scope
    )
    return figures, misses
