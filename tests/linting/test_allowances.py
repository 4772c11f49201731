"""Every warning, whichever part reports it, can be allowed where it stands, by a comment with its reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import npc
from npc.catalog import read_catalog
from npc.diagnostics import RULES, Diagnostic, Severity
from npc.exploration import explore
from npc.linting import Allowances, rules
from npc.logic.checker import check_cast
from tests.catalog.cast_folders import lay_out
from tests.linting.test_lints import findings, write_cast
from tests.logic.build_catalog import MORE, catalog

TESTS = Path(__file__).resolve().parents[1]
BAD = {
    path.stem.partition("-")[0]: path
    for folder in ("linting", "catalog", "logic")
    for path in sorted((TESTS / folder / "bad").iterdir())
}
ABOUT_ALLOWANCES = (rules.ALLOWED_WITHOUT_REASON.code, rules.ALLOWS_NOTHING.code)
WARNINGS = [code for code, rule in sorted(RULES.items()) if rule.severity is Severity.WARNING and code in BAD]


def allowing(code: str, text: str, line: int) -> str:
    """A file's text with a comment alone before a line, as deep as the line is."""
    lines = text.split("\n")
    depth = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    return "\n".join([*lines[: line - 1], f"{' ' * depth}# npc: allow {code} a test has it so", *lines[line - 1 :]])


def in_files(folder: Path) -> list[Diagnostic]:
    return list(read_catalog(folder)[1])


@pytest.mark.parametrize("code", [code for code in WARNINGS if code[0] == "W" and code not in ABOUT_ALLOWANCES])
def test_a_lint_is_allowed(code: str, tmp_path: Path) -> None:
    """With the comment before its line, a lint is gone, and the comment itself is not complained of."""
    cast = write_cast(tmp_path, BAD[code].read_text(encoding="utf-8").replace("«", "", 1))
    [found] = findings(npc.load(cast))
    file = cast / Path(found.position.file).name
    file.write_text(allowing(code, file.read_text(encoding="utf-8"), found.position.line), encoding="utf-8")
    assert findings(npc.load(cast)) == []


@pytest.mark.parametrize("code", [code for code in WARNINGS if code[0] == "C"])
def test_a_warning_about_a_file_is_allowed(code: str, tmp_path: Path) -> None:
    """The same holds for what is found while the files are read."""
    others = (BAD[code] / "expected.txt").read_text(encoding="utf-8").splitlines()[1:]
    folder = lay_out(tmp_path, BAD[code], [line.removeprefix("without ") for line in others])
    [found] = in_files(folder)
    file = folder / Path(found.position.file).name
    text = allowing(code, file.read_text(encoding="utf-8"), found.position.line)
    file.write_text(text, encoding="utf-8")
    [again] = in_files(folder)
    assert Allowances({again.position.file: text}).apply([again], ("C",)) == ([], 1)


@pytest.mark.parametrize("code", [code for code in WARNINGS if code[0] == "L"])
def test_a_warning_about_the_pseudocode_is_allowed(code: str) -> None:
    """The same holds for what is found in pseudocode, where the comment is one of the pseudocode."""
    text = re.sub("«", "", BAD[code].read_text(encoding="utf-8"))
    [found] = check_cast(catalog(**MORE, logic=text))[1]
    text = allowing(code, text, found.position.line)
    [again] = check_cast(catalog(**MORE, logic=text))[1]
    assert Allowances({again.position.file: text}).apply([again], ("L",)) == ([], 1)


@pytest.mark.parametrize("name", ["double_reward", "lockable_quest", "slate_beyond_its_limit", "stale_gossip"])
def test_what_exploring_finds_is_allowed(name: str, tmp_path: Path) -> None:
    """The same holds for what exploring finds."""
    for file in sorted((TESTS / "exploration" / "planted" / name / "bug").iterdir()):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    [found] = explore(npc.load(tmp_path)).diagnostics
    file = tmp_path / Path(found.position.file).name
    file.write_text(allowing(found.code, file.read_text(encoding="utf-8"), found.position.line), encoding="utf-8")
    cast = npc.load(tmp_path)
    assert Allowances(cast.catalog.sources).apply(explore(cast).diagnostics, ("X",)) == ([], 1)


def test_every_warning_that_has_a_fixture_is_among_these() -> None:
    """No kind of warning is left out: what has no fixture is what exploring finds, and the prompts' own."""
    left = {code for code, rule in RULES.items() if rule.severity is Severity.WARNING} - set(WARNINGS)
    assert all(code.startswith(("X", "P")) for code in left), left
    assert {code[0] for code in WARNINGS} == {"C", "L", "W"}
