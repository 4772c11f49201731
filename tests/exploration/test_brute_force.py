"""What exploring says of small casts is what comes of taking every turn with every value."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exploration.compare import differences

COUNT, PIECES = 80, 8
"""Casts that are compared, and into how many tests; `python -m tests.exploration.long 10000` compares more."""
RUNS = 25_000
"""Turns of a cast at most that are taken by force; a cast with more is passed over."""


@pytest.mark.parametrize("piece", range(PIECES))
def test_exploring_agrees_with_brute_force(piece: int, tmp_path: Path) -> None:
    """Every verdict and every number of turns is that of brute force; every witness comes to what it says."""
    seeds = range(piece, COUNT, PIECES)
    found = {seed: differences(seed, tmp_path / f"c{seed}" / "small", RUNS) for seed in seeds}
    compared = [seed for seed, wrong in found.items() if wrong is not None]
    assert len(compared) * 2 > len(seeds), "most casts were passed over"
    assert {seed: wrong for seed, wrong in found.items() if wrong} == {}
