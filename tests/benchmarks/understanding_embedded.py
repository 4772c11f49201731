"""How well the embedded brain understands: ``python -m tests.benchmarks.understanding_embedded``.

The lines are in tests/backends/embedded/understanding_cases.yaml. A hash of each line puts it in one of two halves:
the constants of the embedded brain are chosen on the ``tuning`` half, the ``held-out`` half is what to quote. With
``--misses`` the tuning half's misses are listed, and never those of the other half.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import yaml

from npc.backends.base import ModelRequest
from npc.backends.embedded.backend import understand
from npc.backends.embedded.brain import calibration
from npc.catalog import load_catalog
from npc.catalog.model import Catalog, Intent

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests/backends/embedded/understanding_cases.yaml"


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="list what was heard wrong in the tuning half")
    arguments = parser.parse_args()
    catalog = load_catalog(ROOT / "catalogs/keep")
    cases = load_cases()
    print(f"threshold {calibration().threshold}; every intent of the character is offered for every line")
    for title, held_out in (("tuning", False), ("held-out", True)):
        started = perf_counter()
        figures, misses = score([case for case in cases if case.held_out is held_out], catalog)
        milliseconds = (perf_counter() - started) * 1000 / max(1, figures.in_scope + figures.out_of_scope)
        print(
            f"{title:>9}: {figures.right:.3f} right, {figures.wrong_in_scope:.3f} heard amiss "
            f"of {figures.in_scope} lines; "
            f"{figures.false_hearings:.3f} false hearings of {figures.out_of_scope} lines out of scope; "
            f"{milliseconds:.2f} ms a line"
        )
        if arguments.misses and not held_out:
            for case, heard in misses:
                print(f"  {case.character}: {case.line!r}: heard {sorted(heard)}, not {sorted(case.heard)}")


if __name__ == "__main__":
    main()
