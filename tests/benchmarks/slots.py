"""How exactly sums and things are read: ``python -m tests.benchmarks.slots``.

The lines are in seeds/keep/slots.yaml, each with an intent, which is taken as given, and with what its slots should
hold. They are filled as the embedded brain fills them, from the part of the line that fits the intent best. A hash of
each line puts it in one of two halves: the code is mended by the misses of the ``tuning`` half, which ``--misses``
lists, and the ``held-out`` half, of which no miss is ever listed, is what to quote.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import yaml

from npc.backends.embedded.backend import line_parts
from npc.backends.embedded.brain import brain_for
from npc.backends.embedded.clauses import read_clauses
from npc.backends.embedded.slots import corrections, fill_slots, option_names
from npc.catalog import load_catalog
from npc.catalog.model import Catalog, Intent
from npc.catalog.types import FactValue, IntType, ItemType, SlotValue
from tests.benchmarks.shipped_casts import item_names

ROOT = Path(__file__).resolve().parents[2]
LINES = ROOT / "seeds/keep/slots.yaml"
PURSE = 12
"""The gold of a player of whose purse a line does not speak."""

Slots = Mapping[str, SlotValue]


@dataclass(frozen=True)
class Case:
    """A line, the intent it expresses, and what is to be found in it."""

    character: str
    line: str
    intent: str
    slots: Slots
    facts: Mapping[str, FactValue]

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.line.encode()).digest()[0] % 2 == 1


def load_cases(path: Path = LINES) -> list[Case]:
    """All cases, in the order of the file."""
    return [
        Case(
            entry["character"],
            entry["line"],
            entry["intent"],
            entry["slots"],
            {"player.gold": PURSE, **entry.get("facts", {})},
        )
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def fill(case: Case, intents: Mapping[str, Intent], names: Mapping[str, tuple[str, ...]]) -> Slots:
    """What the embedded brain finds for the intent of a case; nothing where a slot that is required is not said."""
    line = read_clauses(case.line, facts=case.facts, item_names=names, options=option_names(list(intents.values())))
    taken_back = corrections(line)
    parts = [part for part in line_parts(line) if part[0] not in taken_back]
    matches = brain_for(intents, names).match(parts, intents.keys())
    best = max(range(len(parts)), key=lambda place: matches[place][case.intent].score, default=None)
    said = fill_slots(intents[case.intent], () if best is None else parts[best], line)
    return {slot: value.value for slot, value in (said or {}).items()}


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1 of the lines in which all sums, all things, and both are exactly right."""

    sums: float
    things: float
    lines: float
    count: int


def score(cases: Iterable[Case], found: Mapping[str, Slots], catalog: Catalog) -> Score:
    """The figures over some cases, of which `found` has what was filled, by line."""
    kinds: dict[type, list[bool]] = {IntType: [], ItemType: []}
    whole = []
    for case in cases:
        slots = catalog.characters[case.character].intents[case.intent].slots
        for kind, right in kinds.items():
            of_kind = [name for name, slot in slots.items() if isinstance(slot.type, kind)]
            if of_kind:
                right.append(all(found[case.line].get(name) == case.slots.get(name) for name in of_kind))
        whole.append(found[case.line] == case.slots)
    shares = [sum(right) / max(1, len(right)) for right in (*kinds.values(), whole)]
    return Score(*shares, len(whole))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="list what was filled amiss in the tuning half")
    arguments = parser.parse_args()
    catalog = load_catalog(ROOT / "catalogs/keep")
    names = item_names(catalog)
    cases = load_cases()
    for title, held_out in (("tuning", False), ("held-out", True)):
        half = [case for case in cases if case.held_out is held_out]
        started = perf_counter()
        found = {case.line: fill(case, catalog.characters[case.character].intents, names) for case in half}
        milliseconds = (perf_counter() - started) * 1000 / len(half)
        figures = score(half, found, catalog)
        print(
            f"{title:>9}: {figures.lines:.3f} of {figures.count} lines exact; sums {figures.sums:.3f}, "
            f"things {figures.things:.3f}; {milliseconds:.2f} ms a line"
        )
        if arguments.misses and not held_out:
            for case in half:
                if found[case.line] != case.slots:
                    print(f"  {case.intent}: {case.line!r}: found {dict(found[case.line])}, not {dict(case.slots)}")


if __name__ == "__main__":
    main()
