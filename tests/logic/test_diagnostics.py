"""Each diagnostic of the pseudocode: its bad fixture, its place, its documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from npc.diagnostics import RULES, Diagnostic
from npc.logic import rules
from npc.logic.checker import check_cast
from tests.logic.build_catalog import MORE, catalog

BAD = sorted((Path(__file__).parent / "bad").glob("*.txt"))
DOCS = Path(__file__).parents[2] / "docs" / "diagnostics-logic.md"
CODES = [code for code in RULES if code.startswith("L")]
assert rules.SYNTAX.code in CODES


def findings(text: str) -> list[Diagnostic]:
    """The diagnostics of a fixture; `# in: condition` in its first line makes it an invariant."""
    if text.startswith("# in: condition\n"):
        return check_cast(catalog(**MORE, invariants=[text.split("\n", 1)[1]]))[1]
    return check_cast(catalog(**MORE, logic=text))[1]


def unfolded(text: str) -> str:
    """The fixture's text: `%N%line` stands for N such lines, `␀` for a null byte."""
    lines = []
    for line in text.split("\n"):
        repeated = re.match(r"%(\d+)%(.*)", line)
        lines += [repeated[2].replace("«", "")] * int(repeated[1]) if repeated else [line]
    return "\n".join(lines).replace("␀", "\0")


def split_marker(text: str) -> tuple[str, tuple[int, int]]:
    """The text without its `«`, and the line and column where it stood."""
    body = text.removeprefix("# in: condition\n")
    before = body[: body.index("«")]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    return text.replace("«", ""), place


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_fixture_gets_its_diagnostic(path: Path) -> None:
    """A fixture gets the diagnostic it is named for, at the marked place, and no other error."""
    text, place = split_marker(path.read_text(encoding="utf-8")) if "%«" not in path.read_text() else ("", (1, 1))
    found = findings(unfolded(text or path.read_text(encoding="utf-8")))
    code, name = path.stem.split("-", 1)
    assert [f"{d.code} {d.rule.name}" for d in found] == [f"{code} {name}"], [d.render() for d in found]
    assert (found[0].position.line, found[0].position.column) == place
    assert found[0].message
    assert found[0].hint
    assert found[0].message[0] == found[0].message[0].lower() or found[0].message.startswith("`")
    assert "\n" not in found[0].render().split("hint:")[0].split("\n")[0]


def test_every_code_has_a_fixture() -> None:
    """Each code that pseudocode may get has a bad fixture named for it."""
    assert [path.stem for path in BAD] == [f"{code} {RULES[code].name}".replace(" ", "-", 1) for code in sorted(CODES)]


def sections() -> dict[str, str]:
    parts = re.split(r"^### (L\d+) ", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_code_is_documented() -> None:
    """The documentation has one section for each code, under its name and with its summary."""
    assert sorted(sections()) == sorted(CODES)
    for code, text in sections().items():
        assert text.startswith(RULES[code].name)
        assert RULES[code].summary in text


@pytest.mark.parametrize("code", sorted(CODES))
def test_documented_examples_hold(code: str) -> None:
    """What the documentation calls bad gets the code, and what it calls good gets nothing."""
    for label, mode, text in re.findall(r"(Bad|Good):\n```python ?(\w*)\n(.*?)```", sections()[code], flags=re.DOTALL):
        found = [d.code for d in findings(f"# in: {mode}\n{text.strip()}" if mode else text)]
        assert found == ([code] if label == "Bad" else [])
