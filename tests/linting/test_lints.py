"""Each lint: its bad fixture, its place, its documentation; allowances; and the mends that are certain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import npc
from npc.diagnostics import RULES, Diagnostic
from npc.linting import Allowances, fixes_for, lint_cast, rules
from npc.linting.fixing import mended_text

CHECKOUT = Path(__file__).resolve().parents[2]
BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
DOCS = CHECKOUT / "docs" / "diagnostics-lints.md"
CODES = sorted(code for code in RULES if code.startswith("W"))
assert rules.UNUSED_RESPONSE.code in CODES

BASE = {
    "world.yaml": {"world": "world: inn\n", "title": "title: The Inn\n"},
    "keeper.yaml": {
        "character": "character: keeper\n",
        "name": "name: Old Marlow\n",
        "persona": "persona: Keeps the inn.\n",
        "intents": "intents:\n  greet: {means: The player says hello., examples: [hello there, good day to you]}\n",
        "logic": 'logic: |\n  if heard.greet:\n      return say("hello")\n  return say("shrug")\n',
        "responses": 'responses:\n  hello: "Good day."\n  shrug: "Hm."\n',
        "otherwise": "otherwise: shrug\n",
    },
}


def write_cast(folder: Path, text: str) -> Path:
    """An example as a cast: what it leaves out of a file is as in `BASE`; it comes first, so that its lines count."""
    parts = re.split(r"^# (\w+\.yaml)\n", text if text.startswith("# ") else f"# keeper.yaml\n{text}", flags=re.M)
    given_files = dict(zip(parts[1::2], parts[2::2], strict=True))
    cast = folder / "inn"
    cast.mkdir(parents=True, exist_ok=True)
    for name, base in BASE.items():
        own = given_files.get(name, "")
        keys = set(yaml.safe_load(own) or {})
        (cast / name).write_text(own + "".join(t for key, t in base.items() if key not in keys), encoding="utf-8")
    return cast


def findings(cast: npc.Cast) -> list[Diagnostic]:
    found = [*cast.diagnostics, *lint_cast(cast)]
    return Allowances(cast.catalog.sources).apply(found, ("C", "L", "W", "X1"))[0]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_fixture_gets_its_finding(path: Path, tmp_path: Path) -> None:
    """A fixture gets the lint it is named for, at the marked place, and no other finding."""
    text = path.read_text(encoding="utf-8")
    before = text[: text.index("«")]
    part = re.split(r"^# \w+\.yaml\n", before, flags=re.M)[-1]
    found = findings(npc.load(write_cast(tmp_path, text.replace("«", "", 1))))
    code, name = path.stem.split("-", 1)
    assert [(d.code, d.rule.name) for d in found] == [(code, name)], [d.render() for d in found]
    expected = (part.count("\n") + 1, len(part) - part.rfind("\n"))
    assert (found[0].position.line, found[0].position.column) == expected
    assert found[0].hint
    assert found[0].source_line is not None


def test_every_lint_has_a_fixture_and_a_section() -> None:
    """Each code has a bad fixture named for it, and a section in the documentation with its name and summary."""
    assert [path.stem for path in BAD] == [f"{code}-{RULES[code].name}" for code in CODES]
    assert sorted(sections()) == CODES
    for code, text in sections().items():
        assert text.startswith(RULES[code].name)
        assert RULES[code].summary in text


def sections() -> dict[str, str]:
    parts = re.split(r"^### (W\d+) ", DOCS.read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("code", CODES)
def test_documented_examples_hold(code: str, tmp_path: Path) -> None:
    """What the documentation calls bad gets the code, and what it calls good gets nothing."""
    examples = re.findall(r"(Bad|Good):\n```yaml\n(.*?)```", sections()[code], flags=re.S)
    assert [label for label, _ in examples] == ["Bad", "Good"]
    for label, text in examples:
        found = [d.code for d in findings(npc.load(write_cast(tmp_path / label, text)))]
        assert found == ([code] if label == "Bad" else []), label


@pytest.mark.parametrize("name", sorted(path.parent.name for path in (CHECKOUT / "catalogs").glob("*/world.yaml")))
def test_the_shipped_casts_have_no_findings(name: str) -> None:
    """The shipped casts are free of lints."""
    assert [d.render() for d in findings(npc.load(CHECKOUT / "catalogs" / name))] == []


SHOP = """# world.yaml
items: [bread]
facts:
  player.gold: {type: int, min: 0, max: 99, initial: 12, owner: game}
  player.items: {type: bag, initial: {}, owner: game}
effects:
  pay: {args: {amount: {type: int, min: 1}}, do: 'player.gold -= amount'}
  take: {args: {item: item}, do: 'player.items[item] -= 1'}
# keeper.yaml
logic: |
"""


@pytest.mark.parametrize(
    ("logic", "lines"),
    [
        ('take("bread")\npay(3)', [4]),
        ('if "bread" in player.items:\n    take("bread")\n    pay(3)\n    return say("hello")', [5]),
        ('if player.gold > 2:\n    pass\npay(3)\ntake("bread")', [6]),
        ('if heard.greet:\n    if player.gold < 3:\n        return say("shrug")\npay(1)\npay(2)', [7]),
        ("price = min(3, player.gold)\npay(price)\npay(2)", []),
        ('def poor():\n    return player.gold < 5\nif poor():\n    return say("shrug")\npay(3)\npay(2)', []),
        ('def buy():\n    pay(2)\n    return say("hello")\ntake("bread")\nreturn buy()', [4]),
        ('for item in player.items:\n    take(item)\nreturn say("hello")', []),
    ],
)
def test_what_is_taken_untested_after_something_is_done(logic: str, lines: list[int], tmp_path: Path) -> None:
    """W401 tells each thing that is taken after something else was done and that no way there has looked at, helpers
    included."""
    body = "".join(f"  {line}\n" for line in ("warm = 1", *logic.split("\n"), 'return say("shrug")'))
    found = findings(npc.load(write_cast(tmp_path, SHOP + body)))
    assert [d.position.line for d in found if d.code == "W401"] == lines


def test_an_allowance_at_the_end_of_the_line_counts(tmp_path: Path) -> None:
    """The comment may stand in the line of the finding; the count of allowed findings tells of it."""
    text = 'responses:\n  hello: "Good  day."  # npc: allow W201 he stammers\n  shrug: "Hm."\n'
    cast = npc.load(write_cast(tmp_path, text))
    assert Allowances(cast.catalog.sources).apply(lint_cast(cast), ("W",)) == ([], 1)


def test_an_allowance_of_what_was_not_looked_for_is_not_called_useless(tmp_path: Path) -> None:
    """Where a kind of finding was not looked for, its allowance may well be needed."""
    text = 'responses:\n  # npc: allow E101 kept for the sequel\n  hello: "Good day."\n  shrug: "Hm."\n'
    cast = npc.load(write_cast(tmp_path, text))
    assert Allowances(cast.catalog.sources).apply([], ("W",)) == ([], 0)
    assert [d.code for d in Allowances(cast.catalog.sources).apply([], ("W", "E"))[0]] == ["W002"]


WORDS = st.text(st.sampled_from("ab .,;:'\"{}…é–?!#-[]&*|>%@"), max_size=40)


@settings(max_examples=60, deadline=None)
@given(text=WORDS.filter(lambda t: t.strip() and "{" not in t and "}" not in t), style=st.sampled_from("\"'p"))
def test_a_mend_changes_the_one_text_and_nothing_else(tmp_path_factory, text: str, style: str) -> None:
    """Whatever a text holds and however it is written, a mended file holds all it held, and the text mended."""
    written = yaml.safe_dump(text, default_style=None if style == "p" else style, allow_unicode=True, width=10_000)
    body = f'responses:\n  hello: {written.removesuffix(chr(10)).removesuffix("...").rstrip(chr(10))}\n  shrug: "Hm."\n'
    cast = npc.load(write_cast(tmp_path_factory.mktemp("mend"), body))
    before = next(t for f, t in cast.catalog.sources.items() if f.endswith("keeper.yaml"))
    fixes = fixes_for(cast, lint_cast(cast))
    said = cast.characters["keeper"].declaration.responses["hello"].texts[0]
    if mended_text(said) == said:
        assert fixes == []
    for fix in fixes:
        expected = yaml.safe_load(before)
        expected["responses"]["hello"] = mended_text(said)
        assert yaml.safe_load(fix.text) == expected
        assert fix.mended == 1
