"""Requests as JSON, encoded piece by piece."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import npc
from npc.backends.encoding import KEPT, LONG, encode
from npc.backends.envelopes import ENVELOPES, body_of


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_it_is_the_same_json(envelope: str) -> None:
    """Read back, every envelope of a real request is what it was, twice over."""
    cast = npc.load(Path(__file__).parents[1] / "casts" / "design")
    asked = npc.Session(cast, npc.scripted()).preview_request("warden", 'Hm "\ud800" é \x00 鍵' + "x" * LONG)
    manner = {"model": "m", "envelope": envelope, "cool": True}
    body = body_of(manner, asked.messages, asked.schema)
    for _ in range(2):
        assert json.loads(encode(body)) == body


def test_only_so_much_is_remembered() -> None:
    """Schemas that come and go do not pile up, and none is taken for another."""
    for number in range(KEPT * 3):
        schema = {"additionalProperties": False, "number": number}
        assert json.loads(encode({"schema": schema}))["schema"]["number"] == number
