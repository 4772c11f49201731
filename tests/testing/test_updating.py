"""`npc test --update`: expectations rewritten, everything else left as it is."""

import os
from pathlib import Path

import pytest

SEEDS = """\
# My seeds.
dialogue: tavern
character: keeper
conversations:
  - name: a try   # the first
    steps:
      - heard: {ask_food: {}}
        expect:
          response: offer_room   # wrong
          effects:
            - pay(3)
            # that was the price
          facts: {player.gold: 10, keeper.rooms: 1}
      # then
      - heard: {ask_food: {}}
        expect: {response: [no_room, offer_room], effects: ["pay(2)"]}
"""


@pytest.fixture
def seeds(tavern):
    """The cast with one dialogue file, and that file."""
    file = tavern / "seeds" / "first.dialogue.yaml"
    file.write_text(SEEDS.replace(", keeper.rooms: 1", ""))
    return file


def test_only_values_change(npc, seeds):
    """Comments, order and layout stay; all steps are rewritten at once; then everything passes."""
    done = npc("test", "tavern", "--update", "--yes")
    assert done.returncode == 0, done.stdout
    assert "-          response: offer_room   # wrong\n+          response: serve_stew   # wrong\n" in done.stdout
    assert seeds.read_text() == SEEDS.replace(", keeper.rooms: 1", "").replace(
        "response: offer_room   #", "response: serve_stew   #"
    ).replace("- pay(3)", '[pay(2), give("stew")]').replace("player.gold: 10", "player.gold: 8").replace(
        '[no_room, offer_room], effects: ["pay(2)"]', 'serve_stew, effects: [pay(2), give("stew")]'
    )
    assert npc("test", "tavern").returncode == 0


def test_nothing_is_written_unasked(npc, seeds):
    """Where nobody can answer, the diff is shown, nothing is written, and the way on is told."""
    before = seeds.read_text()
    done = npc("test", "tavern", "--update")
    assert done.returncode == 2
    assert "+          response: serve_stew" in done.stdout
    assert "add --yes" in done.stderr
    assert seeds.read_text() == before


def test_what_is_right_is_left_alone(npc, tavern):
    """Without a failure no file is touched."""
    before = {path: path.read_bytes() for path in (tavern / "seeds").iterdir()}
    assert npc("test", "tavern", "--update", "--yes").returncode == 0
    assert {path: path.read_bytes() for path in (tavern / "seeds").iterdir()} == before


@pytest.mark.parametrize(
    ("conversation", "told"),
    [
        (
            "{name: a, parameters: [{line: no_room}], steps: [{heard: {ask_food: {}}, expect: {response: $line}}]}",
            "`$line` is made of parameters",
        ),
        ("{name: a, steps: [{heard: {ask_fod: {}}, expect: {response: no_room}}]}", "it cannot be run"),
        (
            "{name: a, steps: [{say: what is there to eat, paraphrases: [good morning], "
            "expect: {response: serve_stew}}]}",
            "a paraphrase that leads elsewhere",
        ),
    ],
)
def test_what_cannot_be_rewritten_is_told(npc, seeds, conversation, told):
    """What a person has to decide is told with its place, stays, and counts as a finding."""
    text = f"dialogue: tavern\ncharacter: keeper\nconversations:\n  - {conversation}\n"
    seeds.write_text(text)
    done = npc("test", "tavern", "--update", "--yes")
    assert done.returncode == 1
    assert told in done.stdout
    assert seeds.read_text() == text


@pytest.mark.parametrize("ending", ["raise KeyboardInterrupt", "os._exit(9)"])
def test_an_interruption_leaves_the_old_file(npc, seeds, tmp_path, ending):
    """Ctrl-C, or the end of the process, before the new file is in place: the old one is whole, and still runs."""
    before = seeds.read_bytes()
    (tmp_path / "interrupting").mkdir()
    text = f"import os\n\n\ndef replace(*_):\n    {ending}\n\n\nos.replace = replace\n"
    (tmp_path / "interrupting" / "sitecustomize.py").write_text(text)
    path = os.pathsep.join([str(tmp_path / "interrupting"), str(Path(__file__).resolve().parents[2])])
    done = npc("test", "tavern", "--update", "--yes", environment={"PYTHONPATH": path})
    assert done.returncode not in (0, 1, 2)
    assert "rewrote" not in done.stdout
    assert seeds.read_bytes() == before
    left = [one.name for one in seeds.parent.iterdir() if one != seeds]
    assert left == [] if "Keyboard" in ending else not any(name.endswith(".dialogue.yaml") for name in left)
    assert npc("test", "tavern", "--update", "--yes").returncode == 0
