"""What a brain learns from: its own examples, whoever encoded them first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from npc.backends.embedded import brain as brains
from npc.backends.embedded import encoder
from npc.backends.embedded.encoder import STEPS_OF_ONE, from_steps, in_steps
from tests.backends.embedded.embedded_requests import INTENTS, ITEMS, intent


def test_what_another_brain_has_learnt_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a character that shares intents with another, only the other lines are encoded, and all vectors are right."""
    first = brains.Brain(INTENTS, ITEMS, keep=False)
    encoded: list[str] = []
    encode = brains.encode

    def noting(texts: list[str]) -> object:
        encoded.extend(texts)
        return encode(texts)

    brains.background_vectors()
    monkeypatch.setattr(brains, "encode", noting)
    more = {**INTENTS, "praise_goose": intent("praise_goose", "what a very fine goose you have there")}
    second = brains.Brain(more, ITEMS, keep=False)
    assert encoded
    assert all("goose" in text or "praise" in text for text in encoded)
    assert len(second.lessons) > len(first.lessons)
    exact = encode([lesson.text for lesson in second.lessons])
    assert np.array_equal(list(second.vectors), from_steps(in_steps(exact)))
    assert np.abs(np.array(list(second.vectors)) - exact).max() <= 0.5 / STEPS_OF_ONE + 1e-6


def test_many_texts_are_encoded_on_several_cores_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors do not depend on how many cores encode."""
    texts = [f"line number {number} of the ballad" for number in range(encoder.MANY + 3)]
    vectors = []
    for cores in (1, 5):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        vectors.append(encoder.Encoder().encode(texts))
    assert np.array_equal(vectors[0], vectors[1])


LEFT_AT_ONCE = """
import npc
session = npc.Session(npc.load("catalogs/keep"))
session.prepare("warden")
"""


def test_a_program_that_ends_while_it_learns_says_nothing(tmp_path: Path) -> None:
    """Whoever leaves in the first seconds sees no traceback."""
    run = subprocess.run(
        [sys.executable, "-c", LEFT_AT_ONCE],
        cwd=Path(__file__).resolve().parents[3],
        env=os.environ | {"NPC_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (run.stdout, run.stderr) == ("", "")
