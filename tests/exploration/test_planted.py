"""Bugs of shipped games, each as a small cast: exploring finds every one, and nothing in its mended twin."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import npc
from npc.exploration import explore
from tests.exploration.compare import replay

PLANTED = Path(__file__).parent / "planted"
CHECKOUT = Path(__file__).resolve().parents[2]
BUGS = {
    "buy_low_sell_high": {"X305"},
    "double_reward": {"X305"},
    "exact_payment_refused": {"X201", "X202", "X304"},
    "guard_one_short": {"X301"},
    "lockable_quest": {"X304"},
    "match_without_a_case": {"X201", "X202"},
    "negative_quantity": {"X301"},
    "nothing_left_to_say": {"X202", "X306"},
    "price_checked_and_charged": {"X301"},
    "reward_after_the_end": {"X201", "X202"},
    "slate_beyond_its_limit": {"X303"},
    "stale_gossip": {"X302"},
    "taken_before_checked": {"X304"},
}


def test_every_planted_cast_is_named() -> None:
    """No planted cast is left out of the tests."""
    assert sorted(BUGS) == sorted(path.name for path in PLANTED.iterdir())


@pytest.mark.parametrize("name", sorted(BUGS))
def test_the_bug_is_found(name: str) -> None:
    """Each bug is found, completely explored, with a conversation that comes to what it says when it is replayed."""
    cast = npc.load(PLANTED / name / "bug")
    found = explore(cast)
    assert found.complete, found.undecided
    assert {finding.diagnostic.code for finding in found.findings} == BUGS[name]
    for finding in found.findings:
        assert replay(cast, finding.witness) == []
        assert finding.witness or "no conversation ever" in finding.diagnostic.message


@pytest.mark.parametrize("name", sorted(BUGS))
def test_the_mended_twin_is_clean(name: str) -> None:
    """Nothing is found in the same cast without the bug, and everything was decided."""
    found = explore(npc.load(PLANTED / name / "mended"))
    assert found.complete, found.undecided
    assert found.findings == ()


def test_a_gain_names_what_each_round_gives() -> None:
    """Buying a lamp for 6 and selling it for 7 to whom one flatters gives 1 gold a round."""
    [finding] = explore(npc.load(PLANTED / "buy_low_sell_high" / "bug")).findings
    assert finding.diagnostic.message == "these 3 turns can be repeated for ever, and give 1 player.gold each time"
    assert {step.character for step in finding.witness} == {"leyla", "yusuf"}


def test_a_lock_names_the_turn() -> None:
    """The turn after which the quest can no longer be finished is the last of the conversation."""
    [finding] = explore(npc.load(PLANTED / "lockable_quest" / "bug")).findings
    assert "after `nan hears show_relic → oops (throw())`" in finding.diagnostic.message
    assert [step.response for step in finding.witness] == ["gossip", "gossip", "oops"]


def test_the_keep_is_explored_completely() -> None:
    """The cast of the demo is explored to the end, and no conversation with it goes wrong."""
    found = explore(npc.load(CHECKOUT / "catalogs" / "keep"))
    assert found.complete, found.undecided
    assert {finding.diagnostic.code for finding in found.findings} <= {"X202"}


def test_numbers_that_cannot_be_followed_are_told(tmp_path: Path) -> None:
    """A goal that relates numbers in too many ways is left open, and said to be; the rest is still explored."""
    text = (PLANTED / "lockable_quest" / "bug" / "world.yaml").read_text(encoding="utf-8")
    facts = "".join(f"  w.n{number}: {{type: int, min: 0, max: 99999, initial: 1}}\n" for number in range(3))
    text = text.replace("facts:\n", f"facts:\n{facts}")
    text = text.replace("goals: ['abbey.saved']", "goals: ['abbey.saved', '3 * w.n0 + 5 * w.n1 == 7 * w.n2 + 1']")
    shutil.copytree(PLANTED / "lockable_quest" / "bug", tmp_path / "abbey")
    (tmp_path / "abbey" / "world.yaml").write_text(text, encoding="utf-8")
    found = explore(npc.load(tmp_path / "abbey"))
    assert {finding.diagnostic.code for finding in found.findings} == {"X304", "X401"}
    assert ["whether `3 * w.n0 + 5 * w.n1 == 7 * w.n2 + 1` can be locked out" in one for one in found.undecided] == [
        True
    ]
