"""The cast of the design, which the tests of a turn, of tickets and of saves play."""

from __future__ import annotations

from pathlib import Path

import pytest

import npc


@pytest.fixture(scope="session")
def cast() -> npc.Cast:
    return npc.load(Path(__file__).parents[1] / "casts" / "design")
