"""Exploring on two cores comes to the same as on one."""

from __future__ import annotations

from pathlib import Path

import npc
from npc.exploration import explore, explore_in_parallel

PLANTED = Path(__file__).parent / "planted"


def test_two_cores_find_the_same() -> None:
    """Findings, witnesses, answers and paths are those of one process, whichever of the two asked."""
    cast = npc.load(PLANTED / "exact_payment_refused" / "bug")
    alone, together = explore(cast), explore_in_parallel(cast, 2)
    assert alone.findings == together.findings
    assert len(alone.findings) == 3
    assert {question: found.answer for question, found in alone.answers.items()} == {
        question: found.answer for question, found in together.answers.items()
    }
    assert (alone.complete, alone.paths) == (together.complete, together.paths)


def test_a_share_asks_its_own_questions() -> None:
    """Each share asks some of the questions, no question is asked by two, and together they ask all."""
    cast = npc.load(PLANTED / "buy_low_sell_high" / "bug")
    whole = set(explore(cast).answers)
    shares = [set(explore(cast, share=(number, 2)).answers) for number in range(2)]
    assert shares[0] | shares[1] == whole
    assert not shares[0] & shares[1]
    assert all(shares)


def test_two_cores_cut_short_say_so_once() -> None:
    """Where time is over in both processes, X401 is reported once, with each reason once."""
    found = explore_in_parallel(npc.load(PLANTED / "double_reward" / "bug"), 2, seconds=0)
    assert [finding.diagnostic.code for finding in found.findings] == ["X401"]
    assert len(found.undecided) == len(set(found.undecided)) == 1
