"""The page for writers: its examples are casts that load without a finding."""

from __future__ import annotations

import re
from pathlib import Path

from npc.catalog.types import IntType, OneOfType, SetType
from npc.logic.cast import load
from tests.catalog.cast_folders import CHECKOUT

PAGE = CHECKOUT / "docs" / "writing.md"


def test_the_examples_of_the_page_for_writers_are_a_cast(tmp_path: Path) -> None:
    """The smaller world and the host shown for it load without a finding, and show each long form."""
    _, world, host = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "world.yaml").write_text(world, encoding="utf-8")
    (tmp_path / "host.yaml").write_text(host, encoding="utf-8")
    cast = load(tmp_path)
    assert cast.diagnostics == ()
    catalog, declared = cast.catalog, cast.catalog.characters["host"]
    assert isinstance(catalog.facts["player.knows"].type, SetType)
    assert any(item.names for item in catalog.items.values())
    slots = [slot for intent in declared.intents.values() for slot in intent.slots.values()]
    assert {type(slot.type) for slot in slots} >= {IntType, OneOfType}
    assert any(slot.optional for slot in slots)
    assert any(response.when for response in declared.responses.values())
    assert any(response.tags for response in declared.responses.values())
    assert {bool(table.entries) for table in declared.tables.values()} == {True, False}
