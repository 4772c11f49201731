"""The lines by which the filling of slots is measured (seeds/keep/slots.yaml)."""

from __future__ import annotations

import pytest

from npc.catalog import load_catalog
from npc.catalog.model import Catalog
from npc.catalog.types import IntType, ItemType
from tests.benchmarks.shipped_casts import item_names
from tests.benchmarks.slots import ROOT, fill, load_cases, score


@pytest.fixture(scope="module")
def keep() -> Catalog:
    return load_catalog(ROOT / "catalogs/keep")


def test_every_line_names_what_the_cast_has(keep: Catalog) -> None:
    """A line's intent, slots, values and facts are those of the cast, and no line stands there twice."""
    cases = load_cases()
    assert len({case.line for case in cases}) == len(cases) == 320
    for case in cases:
        slots = keep.characters[case.character].intents[case.intent].slots
        assert slots, case.line
        assert case.facts.keys() <= keep.facts.keys(), case.line
        for name, value in case.slots.items():
            kind = slots[name].type
            fits = value in kind.items if isinstance(kind, ItemType) else isinstance(kind, IntType) and int(value) > 0
            assert fits, case.line
        missing = [name for name in slots if name not in case.slots and not slots[name].optional]
        assert not case.slots or not missing, case.line


def test_a_quarter_of_the_lines_are_filled_as_they_should_be(keep: Catalog) -> None:
    """Of every fourth line, nineteen in twenty are exact; the benchmark has the figures of all of them."""
    cases, names = load_cases()[::4], item_names(keep)
    found = {case.line: fill(case, keep.characters[case.character].intents, names) for case in cases}
    assert score(cases, found, keep).lines >= 0.95
