"""`npc hear`: what the embedded brain makes of a line, and which intents it confuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Npc

KEEPER = """\
character: keeper
name: Marla
persona: Keeper of the house.
intents:
  ask_ale:
    means: The player asks for ale.
    examples: [an ale please, pour me an ale, "I'd like a mug of ale", bring me some ale, one ale here]
  ask_beer:
    means: The player asks for beer.
    examples: [a beer please, pour me a beer, "I'd like a mug of beer", bring me some beer, one beer here]
  ask_way:
    means: The player asks the way.
    examples: [where does this road go]
  offer:
    means: The player offers to pay an amount of gold.
    slots: {amount: {type: int, min: 1, max: 50}}
    examples: ["I'll pay {amount} gold", "{amount} coins", "how about {amount}"]
  agree:
    means: The player agrees.
    examples: ["ok", "sure"]
logic: |
  if heard.agree and last == "ask_sum":
      return say("nod")
  if heard.offer and heard.offer.amount > 5:
      return say("nod")
  if heard.ask_ale or heard.ask_beer:
      return say("ask_sum")
  if heard.ask_way:
      return say("nod")
  return say("shrug")
responses:
  nod: "Aye."
  ask_sum: "What will you pay?"
  shrug: "No idea."
otherwise: shrug
"""


@pytest.fixture
def house(tavern: Path) -> Path:
    """A cast of one innkeeper with two intents that are hard to tell apart."""
    (tavern / "keeper.yaml").write_text(KEEPER, encoding="utf-8")
    return tavern


def test_a_line_is_heard_with_slots_scores_and_examples(npc: Npc, house: Path) -> None:
    """It says what was heard, where the line says each slot, and which example was nearest."""
    line = "Innkeeper, I'll pay you a dozen coins"
    shown = json.loads(npc("hear", "tavern", "keeper", line, "--json").stdout)
    done = npc("hear", "tavern", "keeper", line)
    assert done.returncode == 0
    for intent, slots in shown["heard"].items():
        assert f"→ {intent}" in done.stdout
        assert shown["scores"][intent] >= shown["threshold"]
        assert shown["nearest"][intent] in done.stdout
        for slot, said in slots.items():
            assert f"{slot}={said['value']} (“{line[said['start'] : said['end']]}”)" in done.stdout
    assert [said["value"] for slots in shown["heard"].values() for said in slots.values()] == [12]


def test_what_is_heard_depends_on_what_was_said_before(npc: Npc, house: Path) -> None:
    """With --after the conversation so far is played first, so that an answer has something to answer."""
    first = json.loads(npc("hear", "tavern", "keeper", "ok", "--json").stdout)
    after = json.loads(npc("hear", "tavern", "keeper", "ok", "--after", "an ale please", "--json").stdout)
    assert "agree" not in first["matters"]
    assert "agree" in after["matters"]
    assert list(after["heard"]) == ["agree"]


def test_what_is_denied_is_told(npc: Npc, house: Path) -> None:
    """A clause that was taken for a denial is named, so that a writer sees why nothing was heard."""
    done = npc("hear", "tavern", "keeper", "I don't want an ale")
    assert "heard: nothing" in done.stdout
    assert "Taken as denied or as told of others: “i do not want an ale”" in done.stdout


def test_confusions_name_the_pairs_and_what_to_mend(npc: Npc, house: Path) -> None:
    """Intents whose examples are taken for each other are listed together, and those with too few examples."""
    done = npc("hear", "tavern", "keeper", "--confusions")
    assert done.returncode == 0, done.stderr
    assert "ask_way (1)" in done.stdout
    shown = json.loads(npc("hear", "tavern", "keeper", "--confusions", "--json").stdout)
    assert shown["scarce"] == {"ask_way": 1, "offer": 3, "agree": 2}
    assert len(shown["examples"]) == 16
    assert {(one["intent"], one["example"]) for one in shown["examples"]} >= {("ask_ale", "an ale please")}
    mistaken = [one for one in shown["examples"] if one["taken_for"] not in (None, one["intent"])]
    assert ("ask_ale, ask_beer" in done.stdout) == bool(mistaken)


def test_wrong_use_is_told(npc: Npc, house: Path) -> None:
    """No words, both words and --confusions, a misspelt character: status 2 and what to type instead."""
    wrong = {
        ("keeper",): "say what is to be heard",
        ("keeper", "hello", "--confusions"): "leave the words out",
        ("what does an ale cost",): "name one before the words: npc hear tavern keeper WORDS",
        ("keper", "hello"): "did you mean `keeper`?",
        ("keeper", "hello", "--fact", "player.gould=3"): "did you mean `player.gold`?",
    }
    for arguments, told in wrong.items():
        done = npc("hear", "tavern", *arguments)
        assert done.returncode == 2, arguments
        assert told in done.stderr
