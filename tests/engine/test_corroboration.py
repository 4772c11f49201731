"""Claims that would cost the player something need the player's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

import npc
from npc.engine.corroboration import costly, lowered

WORLD = """
world: inn
title: An inn
items: [bread]
facts:
  player.gold: {type: int, min: 0, initial: 20}
  room.price: {type: int, min: 1, initial: 5}
effects:
  charge: {args: {amount: {type: int, min: 1, max: 5}}, do: 'player.gold -= amount'}
"""
HOST = """
character: host
name: The Host
persona: Hosts.
facts:
  host.busy: {type: bool, initial: false}
intents:
  agree: {means: The player agrees., examples: [it is a deal, "yes", agreed] MARK}
  greet: {means: The player says hello., examples: [hello, good morning]}
logic: |
  if heard.agree and not host.busy:
      charge(5)
      return say("sold")
  if heard.agree:
      return say("later")
  if heard.greet:
      host.busy = True
      return say("hello")
  return say("well")
responses: {sold: Sold., later: Later!, hello: Hello., well: Well?}
otherwise: well
"""


def cast(folder: Path, mark: str = "") -> npc.Cast:
    (folder / "world.yaml").write_text(WORLD)
    (folder / "host.yaml").write_text(HOST.replace(" MARK", mark))
    return npc.load(folder)


def claims(response: str, *heard: str) -> dict[str, object]:
    return {"heard": list(heard), "slots": {}, "response": response}


@pytest.mark.parametrize(
    ("line", "mark", "sold"),
    [
        ("yes, agreed", "", True),
        ("what a lovely morning for the geese", "", False),
        ("what a lovely morning for the geese", ", corroborate: false", True),
    ],
)
async def test_a_claim_that_costs_the_player_must_be_borne_out(
    tmp_path: Path, line: str, mark: str, sold: bool
) -> None:
    """A model alone cannot spend the player's gold, unless the writer takes its word."""
    session = npc.Session(cast(tmp_path, mark), npc.scripted(claims("sold", "agree")))
    turn = await session.say("host", line)
    assert turn.response == ("sold" if sold else "well")
    assert session.facts["player.gold"] == (15 if sold else 20)
    assert dict(turn.trace.not_heard) == ({} if sold else {"agree": "the player's own words do not bear it out"})


async def test_a_claim_that_costs_nothing_is_taken(tmp_path: Path) -> None:
    """The same claim counts in a state in which it takes nothing from the player."""
    session = npc.Session(cast(tmp_path), npc.scripted(claims("later", "agree")), facts={"host.busy": True})
    turn = await session.say("host", "what a lovely morning for the geese")
    assert (turn.response, dict(turn.trace.not_heard)) == ("later", {})


def test_what_is_less() -> None:
    """Fewer coins or items, a name gone, a yes become a no are losses; gains and others' facts are none."""
    before = {
        "player.gold": 5,
        "player.items": {"bread": 2, "rope": 1},
        "player.known": frozenset({"a", "b"}),
        "player.free": True,
        "player.name": "Ada",
        "host.gold": 9,
    }
    assert lowered(before, {"player.gold": 6, "player.items": {"bread": 3, "rope": 1}, "host.gold": 1}) == frozenset()
    assert lowered(before, {"player.items": {"bread": 9}}) == {"player.items"}
    assert lowered(before, {"player.known": frozenset({"a", "c"}), "player.free": False, "player.name": "A"}) == {
        "player.known",
        "player.free",
    }


def test_which_intent_costs() -> None:
    """Only the intents without which less is lost are suspect; where each would do alone, all of them are."""
    gold = frozenset({"player.gold"})
    hearing = {"agree": {}, "greet": {}}
    assert costly(hearing, {"agree", "greet"}, lambda heard: gold if "agree" in heard else frozenset()) == {"agree"}
    assert costly(hearing, {"agree", "greet"}, lambda heard: gold if heard else frozenset()) == {"agree", "greet"}
    assert costly(hearing, {"agree", "greet"}, lambda heard: frozenset()) == set()


DOOR = """
character: host
name: The Host
persona: Hosts.
intents:
  agree: {means: The player agrees., examples: [it is a deal, "yes", agreed] MARK}
logic: |
  if heard.agree:
      challenge()
      return say("outside")
  return say("well")
responses: {outside: Outside., well: Well?}
otherwise: well
"""


@pytest.mark.parametrize(
    ("line", "mark", "effects"),
    [
        ("yes, agreed", "", ["challenge()"]),
        ("what a lovely morning for the geese", "", []),
        ("what a lovely morning for the geese", ", corroborate: false", ["challenge()"]),
    ],
)
async def test_what_cannot_be_undone_needs_the_players_words(
    tmp_path: Path, line: str, mark: str, effects: list[str]
) -> None:
    """An effect without `do`, which the game carries out, is never set off by a claim that nothing bears out."""
    (tmp_path / "world.yaml").write_text("world: inn\ntitle: An inn\neffects: {challenge: {means: A duel begins.}}\n")
    (tmp_path / "host.yaml").write_text(DOOR.replace(" MARK", mark))
    session = npc.Session(npc.load(tmp_path), npc.scripted(claims("outside", "agree")))
    turn = await session.say("host", line)
    assert [str(effect) for effect in turn.effects] == effects
    assert ("agree" in turn.trace.not_heard) is (not effects)
