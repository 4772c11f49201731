"""Which of several lines is said: the one whose writer named lines like the player's, or whose words are like them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from npc.backends.embedded import choosing
from npc.backends.embedded.choosing import closest_response, learn_answers
from tests.backends.embedded.embedded_requests import request

CANDIDATES = ("job_years", "job_liked", "shrug")
ANSWERS = {
    "job_years": ("how long have you been here", "since when are you a warden"),
    "job_liked": ("do you like your work", "is it a good job"),
}


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "_held", {})


@pytest.mark.parametrize(
    ("line", "response"),
    [
        ("how many years have you sat there", "job_years"),
        ("are you fond of your trade", "job_liked"),
        ("rules are rules, I know", "shrug"),
    ],
)
def test_lines_that_a_response_answers_decide(line: str, response: str) -> None:
    """The player's line is compared with the lines that a response answers, and else with its text."""
    texts = {"job_years": ("Do you like rules?",), "job_liked": ("How many years?",), "shrug": ("Rules are rules.",)}
    asked = replace(request(line), responses=texts, answers=ANSWERS)
    assert closest_response(CANDIDATES, asked) == response


def test_what_was_learnt_before_changes_no_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice is the same whether the answers were learnt, read from disk, or neither."""
    monkeypatch.setenv("NPC_CACHE_DIR", str(tmp_path))
    asked = replace(request("what is it like to be a warden for so long"), answers=ANSWERS)
    unprepared = closest_response(CANDIDATES[:2], asked)
    monkeypatch.setattr(choosing, "_held", {})
    learn_answers(ANSWERS)
    assert list(tmp_path.iterdir())
    monkeypatch.setattr(choosing, "_held", {})
    encode = choosing.encode
    monkeypatch.setattr(choosing, "encode", lambda texts: pytest.fail("read from disk, they need no encoding"))
    learn_answers(ANSWERS)
    monkeypatch.setattr(choosing, "encode", encode)
    assert closest_response(CANDIDATES[:2], asked) == unprepared


def test_no_more_is_held_than_was_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many casts are edited in a long session, memory stays bounded."""
    monkeypatch.setattr(choosing, "MAX_HELD", 3)
    monkeypatch.setenv("NPC_CACHE_DIR", "")
    for number in range(5):
        learn_answers({"one": (f"line {number}", f"word {number}")})
        assert len(choosing._held) <= 3
