"""What a session keeps: facts and who owns them, undo, saves, a game's own world."""

from __future__ import annotations

import json
from typing import Any

import pytest

import npc
from tests.engine.replies import reply


async def test_facts_are_checked_and_owned(cast: npc.Cast) -> None:
    """The game sets what it owns, within the declared type, and nothing else."""
    session = npc.Session(cast, npc.scripted())
    session.facts["player.gold"] = 50
    assert session.facts["player.gold"] == 50
    with pytest.raises(npc.FactError, match="int from 0 to 999"):
        session.facts["player.gold"] = 1_000
    with pytest.raises(npc.FactError, match="not an item"):
        session.facts["player.items"] = {"crown": 1}
    with pytest.raises(npc.FactError, match="not the game's to change"):
        session.facts["gate.open"] = True
    with pytest.raises(npc.FactError, match="cannot be deleted"):
        del session.facts["player.gold"]
    with pytest.raises(npc.FactError):
        npc.Session(cast, npc.scripted(), facts={"player.gold": -1})
    assert session.facts["player.gold"] == 50


async def test_undo_takes_a_turn_back_whole(cast: npc.Cast) -> None:
    """Facts, conversation and transcript are as before the turn, and it can be played again alike."""
    bribe = reply("take_bribe", "offer_gold", offer_gold={"amount": 40})
    session = npc.Session(cast, npc.scripted(reply("greet", "greet"), bribe, bribe), facts={"player.gold": 50})
    await session.say("warden", "hello")
    saved = session.save()
    turn = await session.say("warden", "40 gold")
    assert session.undo()
    assert session.save() == saved
    assert (await session.say("warden", "40 gold")).text == turn.text
    assert session.undo()
    assert session.undo()
    assert not session.undo()


async def test_a_restored_conversation_knows_what_was_said_last(cast: npc.Cast) -> None:
    """After a restore a yes still answers the question that was asked before the save."""
    session = npc.Session(cast, npc.scripted(reply("quote_price", "ask_key")))
    await session.say("warden", "the key")
    again = npc.Session.restore(cast, session.save(), npc.scripted(reply("show_me_the_coin", "yes")))
    turn = await again.say("warden", "yes")
    assert (turn.response, turn.verdict) == ("show_me_the_coin", "accepted")
    assert again.save()["conversations"]["warden"]["turn"] == 2


async def test_a_save_from_an_older_catalog_loads_with_a_report(cast: npc.Cast) -> None:
    """What no longer fits is named, and the rest is kept."""
    session = npc.Session(cast, npc.scripted(reply("quote_price", "ask_key")), facts={"player.gold": 50})
    await session.say("warden", "the key")
    data = session.save()
    data["catalog"] = "0" * 64
    data["facts"]["player.silver"] = 3
    data["facts"]["warden.trust"] = 9
    del data["facts"]["gate.open"]
    data["conversations"]["warden"]["last"] = "quote_prize"
    data["conversations"]["jester"] = {"last": None, "turn": 1, "variants": {}}
    restored = npc.Session.restore(cast, data, npc.scripted())
    report = "\n".join(restored.restore_report)
    for part in ("catalog has changed", "player.silver", "warden.trust", "gate.open", "quote_price", "jester"):
        assert part in report
    assert restored.facts["player.gold"] == 50
    assert restored.facts["warden.trust"] == 1
    assert [entry.response for entry in restored.transcript] == ["quote_price"]


@pytest.mark.parametrize(
    "data", [{}, [], None, {"format": "npc-save", "version": 2}, {"format": "npc-save", "version": 1}]
)
def test_what_is_no_save_is_refused(cast: npc.Cast, data: Any) -> None:
    """Anything else than a save of this version is a SaveError that says so."""
    with pytest.raises(npc.SaveError):
        npc.Session.restore(cast, data, npc.scripted())


class Game:
    """A game that keeps gold and bag itself."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {"player.gold": 50, "player.items": {"bread": 1}}
        self.done: list[str] = []

    def read(self) -> dict[str, Any]:
        return dict(self.state)

    def apply(self, effects: Any, changes: Any) -> None:
        self.state.update(changes)
        self.done += [str(effect) for effect in effects]


async def test_a_world_keeps_its_own_facts(cast: npc.Cast) -> None:
    """The game's World is read before and told after: effects and new values of its facts, the rest stays here."""
    game = Game()
    session = npc.Session(cast, npc.scripted(reply("take_bribe", "offer_gold", offer_gold={"amount": 30})), world=game)
    await session.say("warden", "30 gold")
    assert game.state == {"player.gold": 20, "player.items": {"cell_key": 1, "bread": 1}}
    assert game.done == ["pay(30)", 'give("cell_key")']
    assert session.facts["player.gold"] == 20
    assert session.facts["warden.has_key"] is False
    with pytest.raises(npc.FactError, match="World"):
        session.facts["player.gold"] = 5


async def test_a_world_that_breaks_its_own_types_is_told(cast: npc.Cast) -> None:
    """A value from the World that does not fit its fact is the game's error, and no turn happens."""
    game = Game()
    game.state["player.gold"] = -1
    session = npc.Session(cast, npc.scripted(reply("shrug")), world=game)
    with pytest.raises(npc.FactError, match=r"player\.gold"):
        await session.say("warden", "hello")
    assert session.transcript == []


@pytest.mark.parametrize("place", ["version", "seed", "turn", "variant", "fact"])
@pytest.mark.parametrize("value", [10**6000, -(10**6000)], ids=["giant", "negative"])
async def test_a_save_with_giant_numbers_is_refused_or_mended(cast: npc.Cast, place: str, value: int) -> None:
    """A number too long to be printed, wherever it stands in a save, neither crashes the restore nor a later turn."""
    session = npc.Session(cast, npc.scripted(reply("greet", "greet")))
    await session.say("warden", "hello")
    data = session.save()
    holder, key = {
        "version": (data, "version"),
        "seed": (data, "seed"),
        "turn": (data["conversations"]["warden"], "turn"),
        "variant": (data["conversations"]["warden"]["variants"], "greet"),
        "fact": (data["facts"], "player.gold"),
    }[place]
    holder[key] = value
    try:
        restored = npc.Session.restore(cast, data, npc.scripted(reply("greet", "greet")))
    except npc.SaveError:
        return
    assert (await restored.say("warden", "hello")).response == "greet"
    assert json.dumps(restored.save())
