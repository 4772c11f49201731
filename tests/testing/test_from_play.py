"""Playthroughs kept as seeds: what is written, and that it passes as it stands."""

from pathlib import Path

import pytest

from npc.catalog import load_dialogue
from npc.engine.session import Session
from npc.errors import CatalogError
from npc.logic.cast import load
from npc.testing.cases import collect
from npc.testing.from_play import SeedError, save_seed
from npc.testing.runs import run_cases

ROOM = "Is there a room free?"
ONE = "{name: a, steps: [{character: keeper, heard: {}}]}"
FILE = """\
# Mine.
dialogue: tavern
conversations:
    # the first
    - name: a room
      steps: [{character: keeper, heard: {ask_room: {}}, expect: {response: offer_room}}]  # short
# the end
tags: [mine]
"""


@pytest.fixture
def session(tavern):
    """A playthrough of the starter cast that has not begun."""
    return Session(load(tavern), seed=3)


async def passes(file: Path) -> bool:
    return all(one.result.outcome == "passed" for one in await run_cases(collect([file]), "embedded"))


async def test_a_playthrough_passes_as_it_was_kept(session, tavern):
    """Words, events, what the game set, effects, values and facts are in the seed; what was undone is not."""
    session.facts["player.gold"] = 20
    await session.say("keeper", ROOM)
    await session.say("keeper", "How are you?")
    session.undo()
    session.facts["player.gold"] = 7
    await session.say("keeper", "yes")
    session.hear("keeper", {"ask_food": {}})
    file = save_seed(session)
    assert file == tavern / "seeds" / "played.dialogue.yaml"
    assert file.read_text(encoding="utf-8") == (
        """\
# Kept from play: each expects what came of it then.
dialogue: tavern
character: keeper
conversations:
  - name: Is there a room free?
    start: {player.gold: 20}
    seed: 3
    steps:
      - say: Is there a room free?
        expect:
          response: offer_room
          effects: []
          values: {price: 6}
      - set: {player.gold: 7}
        say: 'yes'
        expect:
          response: hand_key
          effects: [pay(6), give("room_key")]
          facts:
            player.gold: 1
            player.items: {room_key: 1}
            keeper.room_free: false
      - heard:
          ask_food: {}
        expect:
          response: too_poor
          effects: []
"""
    )
    assert await passes(file)


async def test_a_file_that_is_there_is_added_to(session, tavern):
    """Comments, order, indentation and line ends stay; a taken name gets a number, or is refused if asked for."""
    file = tavern / "seeds" / "mine.dialogue.yaml"
    file.write_bytes(FILE.replace("\n", "\r\n").encode())
    await session.say("keeper", ROOM)
    save_seed(session, file)
    save_seed(session, file)
    text = file.read_bytes().decode()
    assert text.count("\n") == text.count("\r\n")
    before, after = FILE.split("# the end")
    assert text.startswith(before.replace("\n", "\r\n"))
    assert text.endswith(("# the end" + after).replace("\n", "\r\n"))
    assert [one.name for one in load_dialogue(file).conversations] == ["a room", ROOM, f"{ROOM} (2)"]
    assert "\r\n    - name: Is there a room free?\r\n" in text
    assert await passes(file)
    with pytest.raises(SeedError, match="“a room” already"):
        save_seed(session, file, "a room")
    assert file.read_bytes().decode() == text


@pytest.mark.parametrize(
    ("content", "error", "told"),
    [
        (
            "dialogue: keep\nconversations:\n- {name: a, steps: [{character: keeper, heard: {}}]}\n",
            SeedError,
            "the cast `keep`",
        ),
        (
            "dialogue: tavern\nconversations: [{name: a, steps: [{character: keeper, heard: {}}]}]\n",
            SeedError,
            "in one line",
        ),
        ("", CatalogError, "mine.dialogue.yaml"),
        ("dialogue: tavern\nconversations: [\n", CatalogError, "mine.dialogue.yaml:"),
        ("dialogue: tavern\nconversations: []\n", CatalogError, "mine.dialogue.yaml:2"),
    ],
)
async def test_a_file_that_cannot_be_added_to_stays_as_it_is(session, tavern, content, error, told):
    """Another cast's file, one that has errors, and one that cannot be added to are told, and left alone."""
    file = tavern / "seeds" / "mine.dialogue.yaml"
    file.write_text(content)
    await session.say("keeper", ROOM)
    with pytest.raises(error) as raised:
        save_seed(session, file)
    assert told in str(raised.value)
    assert file.read_text() == content
    assert sorted(path.name for path in file.parent.iterdir()) == ["first.dialogue.yaml", "mine.dialogue.yaml"]


async def test_a_file_is_never_half_written(session, tavern, monkeypatch):
    """An interruption while it is written leaves the file that was there, and nothing beside it."""
    file = tavern / "seeds" / "mine.dialogue.yaml"
    file.write_text(FILE)
    await session.say("keeper", ROOM)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("npc.testing.whole_files.os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_seed(session, file)
    assert file.read_text() == FILE
    assert sorted(path.name for path in file.parent.iterdir()) == ["first.dialogue.yaml", "mine.dialogue.yaml"]


async def test_what_cannot_be_kept_is_told(session, tavern):
    """Nothing said yet, turns only of a save, a file of another name: each is told with the way on."""
    with pytest.raises(SeedError, match="nothing was said yet"):
        save_seed(session)
    await session.say("keeper", ROOM)
    with pytest.raises(SeedError, match=r"name it mine\.dialogue\.yaml"):
        save_seed(session, tavern / "mine.yaml")
    restored = Session.restore(session.cast, session.save())
    with pytest.raises(SeedError, match="goes on from a save"):
        save_seed(restored)


async def test_a_turn_without_a_usable_reply_expects_nothing(tavern):
    """Where no reply could be used, the step is kept without expectations; where that is all, nothing is kept."""
    replies = iter(["nonsense", "nonsense", {"heard": ["ask_room"], "slots": {}, "response": "offer_room"}])

    async def listen(request):
        return next(replies)

    session = Session(load(tavern), backend=listen)
    await session.say("keeper", "Hm?")
    with pytest.raises(SeedError, match="nothing was said yet that a seed could expect"):
        save_seed(session)
    await session.say("keeper", ROOM)
    [kept] = load_dialogue(save_seed(session)).conversations
    assert [step.expect is None for step in kept.steps] == [True, False]


async def test_facts_that_are_not_the_games_cannot_be_set(session):
    """A world that changes a fact which is not the game's cannot be kept: no seed could do so."""

    class World:
        bowls = 3

        def read(self):
            return {"keeper.bowls": self.bowls}

        def apply(self, effects, changes):
            pass

    world = World()
    played = Session(session.cast, world=world)
    await played.say("keeper", ROOM)
    world.bowls = 2
    await played.say("keeper", ROOM)
    with pytest.raises(SeedError, match=r"keeper\.bowls was changed between two turns"):
        save_seed(played)


def test_play_keeps_what_was_said(npc, tavern):
    """`npc play --record` keeps on /seed and at the end, once; `npc test` passes it."""
    file = "tavern/seeds/played.dialogue.yaml"
    done = npc("play", "tavern", "--record", file, stdin=f"{ROOM}\n/seed a room\nyes\n")
    assert done.returncode == 0
    assert done.stdout.count(f"kept as a seed in {file}\nnext: npc test {file}\n") == 2
    names = [one.name for one in load_dialogue(tavern / "seeds" / "played.dialogue.yaml").conversations]
    assert names == ["a room", ROOM]
    again = npc("play", "tavern", "--record", file, stdin=f"{ROOM}\n/seed a room\n/seed another\n/seed\n")
    assert "has a conversation “a room” already: choose another name" in again.stdout
    assert "/seed needs NAME" in again.stdout
    assert again.stdout.count("kept as a seed") == 1
    assert "3 passed" in npc("test", file).stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--record", "played.yaml"], "name a dialogue file, such as played.dialogue.yaml"),
        (["--record", "../played.dialogue.yaml"], "npc test would not find the cast from there"),
        (["--record", "tavern/seeds/a.dialogue.yaml", "--restore", "x.json"], "leave out --replay and --restore"),
    ],
)
def test_a_record_that_cannot_be_is_wrong_use(npc, tavern, arguments, told):
    """What cannot be kept is told before the first word."""
    done = npc("play", "tavern", *arguments, stdin=ROOM)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Old Marl" not in done.stdout
