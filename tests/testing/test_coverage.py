"""Coverage: what conversations take of a cast, and drafts of those that take the rest."""

import asyncio
import json
from pathlib import Path

import pytest

import npc as package
from npc.testing.cases import CaseResult, collect
from npc.testing.coverage import KINDS, Coverage, Target
from npc.testing.coverage_report import render, write_missing
from npc.testing.drafting import draft
from npc.testing.replaying import replay
from npc.testing.runs import run_cases

CHECKOUT = Path(__file__).resolve().parents[2]
WORLD = """\
world: yard
title: A yard
facts:
  guard.mood: {one_of: [calm, cross], initial: calm}
effects:
  ring: {}
events: [knock]
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
  match guard.mood:
      case "cross":
          return say("growl")
      case "calm":
          pass
  if event == "knock":
      return say("who") if turn == 0 else say("again")
  if heard.bid and heard.bid.amount > guard.level:
      guard.level = min(9, heard.bid.amount)
      ring()
      return say("taken")
  if heard.greet and last == "again":
      return say("deep")
  return say_any("hum", "proud")
responses:
  growl: Grr.
  who: Who is there?
  again: Who is there now?
  taken: Taken.
  deep: You again.
  hum: Hm.
  proud: {text: I am high up., when: guard.level >= 5}
  unsaid: Never.
otherwise: hum
"""
ONE = "dialogue: yard\ncharacter: guard\nconversations:\n"


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    """A small cast with every kind of decision, and a folder for its seeds."""
    folder = tmp_path / "catalogs" / "yard"
    folder.mkdir(parents=True)
    (folder / "world.yaml").write_text(WORLD)
    (folder / "guard.yaml").write_text(GUARD)
    (tmp_path / "seeds").mkdir()
    return tmp_path


def ran(*files: Path) -> list[CaseResult]:
    return asyncio.run(run_cases(collect(files), "embedded"))


def covered(results: list[CaseResult]) -> Coverage:
    coverage = Coverage(results[0].case.cast)
    for one in results:
        coverage.add(one)
    return coverage


def write(yard: Path, text: str) -> Path:
    file = yard / "seeds" / "a.dialogue.yaml"
    file.write_text(ONE + text)
    return file


def named(targets: list[Target]) -> set[tuple[str, str, bool]]:
    return {(target.kind, target.name, target.way) for target in targets}


def test_what_a_conversation_takes_is_counted(yard: Path) -> None:
    """A response, each decision's way, an effect and an intent count once a passing conversation takes them."""
    file = write(yard, "  - {name: a, steps: [{heard: {bid: {amount: 3}}, expect: {response: taken}}]}\n")
    coverage = covered(ran(file))
    missing = named(coverage.missing())
    assert [coverage.counts(kind) for kind in KINDS] == [(1, 8), (4, 11), (1, 1), (1, 2), (0, 2)]
    for taken in (("response", "taken", True), ("effect", "ring", True), ("intent", "bid", True)):
        assert taken not in missing
    assert ("branch", 'event == "knock"', True) in missing
    assert ("branch", 'event == "knock"', False) not in missing
    assert ("branch", "guard.mood: case 'cross'", True) in missing
    assert ("when", "proud", False) in missing


def test_a_failing_conversation_covers_nothing(yard: Path) -> None:
    """What only failing conversations take is counted apart, and is missing."""
    file = write(yard, "  - {name: a, steps: [{heard: {bid: {amount: 3}}, expect: {response: who}}]}\n")
    coverage = covered(ran(file))
    assert coverage.counts("response") == (0, 8)
    assert sum(reached.failing for reached in coverage.reached.values()) > 3


def test_words_and_paraphrases_are_counted(yard: Path) -> None:
    """For each intent the lines that were understood to express it, and the paraphrases among them."""
    text = "  - {name: a, steps: [{say: I bid 5, paraphrases: [I bid 7], expect: {heard: [bid]}}]}\n"
    heard = covered(ran(write(yard, text))).heard["guard", "bid"]
    assert (heard.lines, heard.paraphrases) == ({"I bid 5"}, {"I bid 7"})


def test_drafts_reach_all_that_can_be_reached(yard: Path) -> None:
    """Drafted seeds pass, and with them everything is covered but the line that the logic never says."""
    file = write(yard, "  - {name: a, steps: [{heard: {bid: {amount: 3}}, expect: {response: taken}}]}\n")
    files, left = write_missing(covered(ran(file)), yard / "seeds")
    assert named(left) == {("response", "unsaid", True)}
    results = ran(file, *files)
    assert [one.result.render_problem() for one in results if not one.result.ok] == []
    assert named(covered(results).missing()) == named(left)
    [written] = files
    assert written.name == "guard-missing.dialogue.yaml"
    again, _ = write_missing(covered(ran(file)), yard / "seeds")
    assert [one.name for one in again] == ["guard-missing-2.dialogue.yaml"]


def test_what_is_missing_is_told_with_its_line(yard: Path) -> None:
    """The listing names file and line, and a state and hearing that reach it."""
    lines = list(render(covered(ran(write(yard, "  - {name: a, steps: [{heard: {}, expect: {response: hum}}]}\n")))))
    deep = next(i for i, line in enumerate(lines) if "response deep is never said" in line)
    assert "guard.yaml:" in lines[deep]
    assert lines[deep + 1].strip() == "reached by: guard event knock, then event knock, then hears greet"


@pytest.mark.parametrize("file", sorted((CHECKOUT / "seeds").rglob("*.dialogue.yaml")), ids=lambda path: path.stem)
def test_replaying_comes_to_the_same(file: Path) -> None:
    """The watched logic, run again with what was heard, says and does what the turns said and did."""
    results = ran(file)
    programs = {name: each.program for name, each in covered(results).watched.items()}
    for one in results:
        for again in replay(one, programs):
            assert again.run is not None
            assert again.run.response == again.turn.response
            assert again.run.effects == again.turn.effects
            assert again.run.changes == {name: change.after for name, change in again.turn.changes.items()}


def test_drafts_for_the_keep_pass() -> None:
    """Drafts for the shipped cast reach all but what no state reaches, each proven by a run."""
    cast = package.load(CHECKOUT / "catalogs" / "keep")
    coverage = Coverage(cast)
    drafts, left = draft(coverage, coverage.missing())
    assert len(left) <= 1, left
    assert set(coverage.missing()) - set(left) == set().union(*(one.reaches for one in drafts))


def test_the_command_tells_and_drafts(npc, tavern) -> None:
    """--coverage prints figures, --fail-under fails below, --write-missing writes what makes it pass."""
    done = npc("test", "tavern", "--coverage", "--fail-under", "100", "--write-missing")
    assert done.returncode == 1
    assert "coverage of tavern:" in done.stdout
    assert "less than 100 %" in done.stdout
    assert "keeper-missing.dialogue.yaml" in done.stdout
    done = npc("test", "tavern", "--fail-under", "100", "--json")
    assert done.returncode == 0, done.stdout
    [report] = json.loads(done.stdout)["coverage"]
    assert report["missing"] == []
    assert report["branch"]["taken"] == report["branch"]["total"] > 0


def test_a_case_is_shown_without_its_cast(yard: Path) -> None:
    """pytest shows what an item holds; that of a case stays short however large the cast is."""
    [case] = collect([write(yard, "  - {name: a, steps: [{heard: {}, expect: {response: hum}}]}\n")])
    assert len(repr(case)) < 2000
