"""What holds for every test: no backend reaches the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from npc.backends import forbid_network


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    with forbid_network():
        yield
