"""How many times a turn calls a model."""

from __future__ import annotations

from pathlib import Path

import pytest

import npc

WORLD = """
world: hut
title: A hut
facts:
  door.open: {type: bool, initial: true, owner: game}
"""
HERMIT = """
character: hermit
name: The hermit
persona: Says little.
intents:
  ask:
    means: The player asks a question.
    examples: [why, tell me]
logic: |
  if door.open:
      if turn > 0:
          return say_any("wind", "draught")
      return say("shut_it")
  if heard.ask:
      return say("because")
  return say("hm")
responses:
  shut_it: Shut the door first.
  wind: The wind!
  draught: Do you feel that draught?
  because: Because.
  hm: Hm.
otherwise: hm
"""


@pytest.fixture
def cast(tmp_path: Path) -> npc.Cast:
    (tmp_path / "world.yaml").write_text(WORLD)
    (tmp_path / "hermit.yaml").write_text(HERMIT)
    return npc.load(tmp_path)


async def test_where_no_hearing_matters_no_model_is_called(cast: npc.Cast) -> None:
    """When whatever is heard leads to the same line and effects, the turn is taken without a call."""
    backend = npc.scripted()
    turn = await npc.Session(cast, backend).say("hermit", "Why?")
    assert (turn.response, turn.verdict, turn.backend) == ("shut_it", "accepted", None)
    assert backend.requests == []
    assert turn.trace.attempts == ()


async def test_a_choice_that_is_left_is_asked_for(cast: npc.Cast) -> None:
    """Where the logic leaves the line open, a model chooses it, though there is nothing to be heard."""
    backend = npc.scripted({"heard": [], "slots": {}, "response": "draught"})
    session = npc.Session(cast, backend)
    await session.say("hermit", "Why?")
    turn = await session.say("hermit", "Why?")
    assert (turn.response, len(turn.trace.attempts)) == ("draught", 1)
    [asked] = backend.requests
    assert not asked.intents
    assert set(asked.allowed) == {"wind", "draught", "hm"}


async def test_one_call_and_one_again_at_most(cast: npc.Cast) -> None:
    """However many backends follow one another, a turn re-asks once."""
    doubles = [npc.scripted(*["no JSON"] * 5) for _ in range(3)]
    session = npc.Session(cast, doubles, facts={"door.open": False})
    turn = await session.say("hermit", "Why?")
    assert turn.verdict == "fallback"
    assert [len(double.requests) for double in doubles] == [2, 1, 1]
    again = doubles[0].requests[1]
    assert again.retry == "not-json"
    assert "no JSON" not in again.messages[-1]["content"]
