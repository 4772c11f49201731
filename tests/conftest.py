"""What holds for every test: no backend reaches the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from npc.backends import forbid_network

collect_ignore_glob = ["**/*.dialogue.yaml"]
"""The dialogue files among the tests are material of theirs, and no tests themselves."""


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    with forbid_network():
        yield
