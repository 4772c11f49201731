"""`npc graph --coverage`: what a test run took of a character's decisions is to be seen in the picture."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Npc

WORLD = """\
world: yard
title: A yard
facts:
  guard.mood: {one_of: [calm, cross], initial: calm}
"""
GUARD = """\
character: guard
name: Guard
persona: A guard.
facts:
  guard.level: {type: int, min: 0, max: 9, initial: 0}
intents:
  greet: {means: The player greets., examples: [hello there, good day]}
  bid: {means: The player bids., slots: {amount: {type: int, min: 1}}, examples: ["I bid {amount}"]}
logic: |
  def nod():
      if guard.level > 3:
          return say("yes")
      return say("no")

  match guard.mood:
      case "cross":
          return say("growl")
      case _:
          pass
  if heard.bid and heard.bid.amount > guard.level:
      guard.level = min(9, heard.bid.amount)
      return say("taken")
  if heard.greet:
      return nod()
  return say("hum")
responses: {growl: Grr., yes: "Yes.", no: "No.", taken: Taken., hum: Hm.}
otherwise: hum
"""
SEEDS = """\
dialogue: yard
character: guard
conversations:
  - {name: a bid, steps: [{heard: {bid: {amount: 3}}, expect: {response: taken}}]}
  - {name: a greeting that fails, steps: [{heard: {greet: {}}, expect: {response: yes}}]}
"""


@pytest.fixture
def report(tmp_path: Path, npc: Npc) -> Path:
    """The report of a run of two conversations, of which one passes, beside the cast that they talk to."""
    folder = tmp_path / "catalogs" / "yard"
    folder.mkdir(parents=True)
    (folder / "world.yaml").write_text(WORLD)
    (folder / "guard.yaml").write_text(GUARD)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.dialogue.yaml").write_text(SEEDS)
    written = tmp_path / "run.json"
    written.write_text(npc("test", "--coverage", "--json").stdout, encoding="utf-8")
    return written


def test_every_box_and_arrow_tells_what_the_run_took_of_it(report: Path, npc: Npc) -> None:
    """Taken is what a passing conversation takes, failed what only a failing one does; the rest is missed."""
    done = npc("graph", "yard", "guard", "--coverage", "run.json", "--json")
    sections = json.loads(done.stdout)["sections"]
    boxes = {node["id"]: node for section in sections for node in section["nodes"]}
    marks = {node["lines"][0]: node["mark"] for node in boxes.values()}
    assert marks == {
        "the player speaks": "taken",
        "match guard.mood": "partly",
        'return say("growl")': "missed",
        "pass": "taken",
        "heard.bid and heard.bid.amount > guard.level": "partly",
        "guard.level = min(9, heard.bid.amount)": "taken",
        "heard.greet": "failed",
        "return nod()": "failed",
        'return say("hum")': "missed",
        "def nod()": "failed",
        "guard.level > 3": "failed",
        'return say("yes")': "missed",
        'return say("no")': "failed",
    }
    arrows = {
        (boxes[edge["start"]]["lines"][0], edge["label"]): edge["mark"]
        for section in sections
        for edge in section["edges"]
    }
    assert arrows[("match guard.mood", "cross")] == "missed"
    assert arrows[("match guard.mood", "else")] == "taken"
    assert arrows[("heard.bid and heard.bid.amount > guard.level", "yes")] == "taken"
    assert arrows[("heard.bid and heard.bid.amount > guard.level", "no")] == "failed"
    assert arrows[("heard.greet", "no")] == "missed"


@pytest.mark.parametrize("suffix", ["html", "svg", "mmd", "dot"])
def test_every_format_shows_the_marks(report: Path, npc: Npc, suffix: str) -> None:
    """In each format boxes have the colours of taken, not every way, only where it fails, and missed."""
    done = npc("graph", "yard", "guard", "--coverage", "run.json", "--out", f"guard.{suffix}")
    assert done.returncode == 0, done.stderr
    drawn = (report.parent / f"guard.{suffix}").read_text("utf-8")
    for mark, colour in {"taken": "#2e7d32", "partly": "#e08700", "failed": "#8e24aa", "missed": "#c62828"}.items():
        assert colour in drawn
        if suffix in ("html", "svg"):
            assert re.search(rf'<g class="node \w+ {mark}"', drawn)
    plain = npc("graph", "yard", "guard")
    assert "classDef" not in plain.stdout


def test_what_windows_writes_is_read_as_well(report: Path, npc: Npc) -> None:
    """A report that PowerShell has put into a file, in UTF-16, is the same report."""
    report.write_bytes(report.read_text("utf-8").encode("utf-16"))
    assert "classDef taken" in npc("graph", "yard", "--coverage", "run.json").stdout


def test_a_report_that_does_not_fit_is_refused(report: Path, npc: Npc) -> None:
    """A missing file, another kind of file, another cast and another version of the cast each end with status 2."""
    other = json.loads(report.read_text("utf-8"))
    other["coverage"][0]["cast"] = "town"
    files = {"text.json": "not JSON", "plain.json": "{}", "other.json": json.dumps(other)}
    for name, text in files.items():
        (report.parent / name).write_text(text, encoding="utf-8")
    (report.parent / "binary.json").write_bytes(b"\x80\x81\x82")
    guard = report.parent / "catalogs" / "yard" / "guard.yaml"
    said = {name: refused(npc, name) for name in ("none.json", "text.json", "plain.json", "other.json", "binary.json")}
    guard.write_text(GUARD.replace("Grr.", "Grrr."))
    said["run.json"] = refused(npc, "run.json")
    assert "No such file" in said["none.json"]
    assert "it is no report of a test run with its coverage; make one: npc test --coverage" in said["text.json"]
    assert "it is no report" in said["plain.json"]
    assert "it has nothing about yard, only about town" in said["other.json"]
    assert "it is no text" in said["binary.json"]
    assert "it is of another version of yard; make it anew" in said["run.json"]


def refused(npc: Npc, name: str) -> str:
    done = npc("graph", "yard", "--coverage", name)
    assert done.returncode == 2
    return done.stderr
