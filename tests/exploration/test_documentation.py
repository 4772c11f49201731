"""The page of each code that exploration gives: its bad example gets the code, its good example gets nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import npc
from npc.diagnostics import RULES
from npc.exploration import explore, rules

DOCS = Path(__file__).resolve().parents[2] / "docs" / "diagnostics-exploration.md"
CODES = sorted(code for code in RULES if code.startswith(("X2", "X3", "X4")))
assert rules.CUT_SHORT.code in CODES

WORLD = {
    "world": "inn",
    "title": "The Inn",
    "items": ["bread"],
    "facts": {
        "player.gold": {"type": "int", "min": 0, "max": 99, "initial": 12, "owner": "game"},
        "player.items": {"type": "bag", "initial": {}, "owner": "game"},
    },
    "effects": {
        "pay": {"args": {"amount": "int"}, "do": "player.gold -= amount"},
        "earn": {"args": {"amount": "int"}, "do": "player.gold = min(99, player.gold + amount)"},
        "give": {"args": {"item": "item"}, "do": "player.items[item] += 1"},
        "take": {"args": {"item": "item"}, "do": "player.items[item] -= 1"},
    },
}
KEEPER = {
    "character": "keeper",
    "name": "Old Marlow",
    "persona": "Keeps the inn.",
    "intents": {"greet": {"means": "The player says hello.", "examples": ["hello there", "good day to you"]}},
    "responses": {"hello": "Good day.", "shrug": "Hm."},
    "otherwise": "shrug",
}


def sections() -> dict[str, str]:
    parts = re.split(r"^### (X\d+) ", DOCS.read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def load(text: str, folder: Path) -> npc.Cast:
    """An example as a cast: what it leaves out is as in `WORLD` and `KEEPER`."""
    parts = re.split(r"^# (\w+\.yaml)\n", text if text.startswith("# ") else f"# keeper.yaml\n{text}", flags=re.M)
    files = dict(zip(parts[1::2], parts[2::2], strict=True))
    folder.mkdir()
    for name, base in (("world.yaml", WORLD), ("keeper.yaml", KEEPER)):
        own = yaml.safe_load(files.get(name, "")) or {}
        (folder / name).write_text(yaml.safe_dump({**base, **own}, sort_keys=False), encoding="utf-8")
    return npc.load(folder)


def test_every_code_has_a_section() -> None:
    """Each code has a section with its name and summary."""
    assert sorted(sections()) == CODES
    for code, text in sections().items():
        assert text.startswith(RULES[code].name)
        assert RULES[code].summary in text


@pytest.mark.parametrize("code", CODES)
def test_documented_examples_hold(code: str, tmp_path: Path) -> None:
    """What the page calls bad gets the code, with a conversation if there is one; what it calls good gets nothing."""
    examples = re.findall(r"(Bad|Good):\n```yaml\n(.*?)```", sections()[code], flags=re.S)
    assert [label for label, _ in examples] == ["Bad", "Good"]
    for label, text in examples:
        found = explore(load(text, tmp_path / label)).findings
        codes = {finding.diagnostic.code for finding in found}
        if label == "Good":
            assert codes == set()
        else:
            assert code in codes
            assert codes <= {code, "X201", "X202"}
            shown = [finding for finding in found if finding.diagnostic.code == code]
            assert all(finding.witness for finding in shown) is (code.startswith("X3"))
            assert all(finding.diagnostic.hint for finding in found)
