"""Each diagnostic of a catalog: its bad fixture, its place, its documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from npc.catalog import load_dialogue, read_catalog, rules, yaml_reader
from npc.diagnostics import RULES, Diagnostic, Severity
from npc.errors import CatalogError
from tests.catalog.cast_folders import GOOD, lay_out, write

BAD = sorted((Path(__file__).parent / "bad").iterdir())
DOCS = Path(__file__).parents[2] / "docs" / "diagnostics-catalog.md"
CODES = sorted(code for code in RULES if code.startswith("C"))
assert rules.UNREADABLE.code in CODES


def findings(cast: Path) -> list[Diagnostic]:
    """The diagnostics of a cast's folder, or of the dialogue file in it."""
    for dialogue in cast.glob("*.dialogue.yaml"):
        try:
            load_dialogue(dialogue)
        except CatalogError as error:
            return list(error.diagnostics)
        return []
    return read_catalog(cast)[1]


@pytest.mark.parametrize("fixture", BAD, ids=lambda path: path.name)
def test_bad_catalog_gets_its_diagnostic(fixture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixture gets the diagnostic it is named for, at the stated place, and no other."""
    if fixture.name.startswith(rules.TOO_MANY_VALUES.code):
        monkeypatch.setattr(yaml_reader, "MAX_VALUES", 1000)
    place, *others = (fixture / "expected.txt").read_text().splitlines()
    found = findings(lay_out(tmp_path, fixture, [line.removeprefix("without ") for line in others]))
    code, _, name = fixture.name.partition("-")
    if code == rules.TOO_MANY_FINDINGS.code:
        assert len(found) == 201
        found = found[-1:]
    assert [f"{d.code}-{d.rule.name}" for d in found] == [f"{code}-{name}"], [d.render() for d in found]
    position = found[0].position
    assert f"{Path(position.file).name}:{position.line}:{position.column}" == place


@pytest.mark.parametrize("fixture", BAD, ids=lambda path: path.name)
def test_findings_help(fixture: Path, tmp_path: Path) -> None:
    """What a writer reads is one line of message, the line of the file where there is one, and what to do."""
    others = (fixture / "expected.txt").read_text().splitlines()[1:]
    for found in findings(lay_out(tmp_path, fixture, [line.removeprefix("without ") for line in others]))[:1]:
        assert "\n" not in found.message
        assert len(found.message) < 200
        assert found.hint or found.rule in (rules.WRONG_TYPE, rules.YAML_SYNTAX)
        assert "Traceback" not in found.render()


def test_every_code_has_a_fixture() -> None:
    """Each code has a fixture named for it."""
    assert [fixture.name for fixture in BAD] == [f"{code}-{RULES[code].name}" for code in CODES]


def test_good_catalog_has_no_findings(tmp_path: Path) -> None:
    """The cast that the fixtures are laid over is itself free of findings."""
    catalog, found = read_catalog(lay_out(tmp_path))
    assert catalog is not None
    assert found == []


def sections() -> dict[str, str]:
    """The sections of the documentation, by code."""
    parts = re.split(r"^### (C\d+) ", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_code_is_documented() -> None:
    """The documentation has one section for each code, in order, with its name and its summary."""
    assert list(sections()) == CODES
    for code, text in sections().items():
        rule = RULES[code]
        assert text.startswith(rule.name + (" (warning)" if rule.severity is Severity.WARNING else "") + "\n")
        assert rule.summary in text


@pytest.mark.parametrize(
    ("code", "label", "file", "text"),
    [
        (code, label, file, text)
        for code, section in sections().items()
        for label, file, text in re.findall(r"(Bad|Good), in `([\w.]+)`:\n```yaml\n(.*?)```", section, flags=re.DOTALL)
    ],
)
def test_documented_examples_hold(code: str, label: str, file: str, text: str, tmp_path: Path) -> None:
    """What the documentation calls bad gets the code alone, what it calls good gets nothing."""
    whole = text
    if file in ("world.yaml", "warden.yaml"):
        # An example shows the keys it is about; the rest of the file is the good cast's.
        shown = set(re.findall(r"^(\w+):", text, re.MULTILINE))
        blocks = re.split(r"^(?=\w+:)", (GOOD / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
        whole = "".join(block for block in blocks if block.partition(":")[0] not in shown) + text
    cast = write(tmp_path, **{file.removesuffix(".yaml"): whole.replace("→", "\t")})
    assert [d.code for d in findings(cast)] == ([code] if label == "Bad" else [])
