"""`npc play`, through a pipe."""

import json
from pathlib import Path

import pytest

ROOM = "Is there a room free?"


@pytest.fixture
def replies(tmp_path: Path) -> str:
    """A backend that hears the player ask for a room, then agree."""
    (tmp_path / "replies.json").write_text(
        json.dumps(
            [
                {"heard": ["ask_room"], "slots": {}, "response": "offer_room"},
                {"heard": ["yes"], "slots": {}, "response": "hand_key"},
            ]
        )
    )
    return "scripted:replies.json"


def test_a_new_cast_answers_at_once(npc, tavern):
    """A conversation piped through a fresh cast shows who says what, and what comes of it, as plain text."""
    done = npc("play", "tavern", stdin=f"{ROOM}\nyes\n")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "Tavern. You are talking to Old Marl. /help shows the commands."
    assert lines[1:4] == [
        f"> {ROOM}",
        "Old Marl: One room left. 6 gold, breakfast not included. Will you have it?",
        "> yes",
    ]
    assert lines[4] == "Old Marl: Here is the key. Second door. The bed squeaks, but only when you move."
    assert lines[5:7] == ["  * pay(6)", '  * give("room_key")']
    assert "  player.gold: 10 → 4" in lines
    assert "  player.items: nothing → room_key" in lines
    assert "\x1b" not in done.stdout


def test_the_conversation_ends_with_its_input(npc, tavern):
    """Without any line, and with a last line that has no line end, it ends by itself."""
    assert npc("play", "tavern").returncode == 0
    assert "Old Marl:" in npc("play", "tavern", stdin=ROOM).stdout
    after = npc("play", "tavern", stdin=f"/quit\n{ROOM}\n")
    assert after.returncode == 0
    assert "Old Marl:" not in after.stdout


def test_why_explains_the_last_turn(npc, tavern, replies):
    """/why tells what was heard and which lines of logic ran."""
    done = npc("play", "tavern", "--backend", replies, stdin=f"/why\n{ROOM}\n/why\n")
    assert "nothing was said yet" in done.stdout
    assert "ask_room" in done.stdout
    assert 'return say("offer_room", price=prices["room_key"])' in done.stdout
    assert "replies.json" in done.stdout


def test_facts_are_listed_and_set(npc, tavern):
    """/facts lists the state; /set changes what the game owns and refuses what it does not."""
    done = npc(
        "play",
        "tavern",
        stdin="/set player.gold 50\n/set player.items stew 2, room_key\n/facts\n"
        "/set player.gold many\n/set player.gold 1000\n/set player.glod 3\n/set keeper.bowls 1\n"
        "/set player.items soup\n/set player.items stew x\n",
    )
    assert "  player.gold: 10 → 50\n" in done.stdout
    assert "player.items      room_key, stew ×2 (the game's)" in done.stdout
    assert "keeper.bowls      3\n" in done.stdout
    assert "`many` is not int from 0 to 999" in done.stdout
    assert "player.gold: 1000 is not int from 0 to 999" in done.stdout
    assert "no fact `player.glod`: did you mean `player.gold`?" in done.stdout
    assert "keeper.bowls is not the game's to change" in done.stdout
    assert "no item `soup`: one of `room_key`, `stew`" in done.stdout
    assert "`x` is not a count of stew" in done.stdout


def test_undo_takes_the_last_turn_back(npc, tavern, replies):
    """/undo gives back what a turn took; with nothing left it says so."""
    stdin = f"{ROOM}\nyes\n/undo\n/facts\n/undo\n/undo\n"
    done = npc("play", "tavern", "--backend", replies, stdin=stdin)
    assert done.stdout.count("taken back") == 2
    assert "there is nothing to take back" in done.stdout
    assert "player.gold       10 (the game's)" in done.stdout


def test_why_after_undo_explains_the_turn_before(npc, tavern, replies):
    """What /why tells is of the last turn that still counts."""
    done = npc("play", "tavern", "--backend", replies, stdin=f"{ROOM}\nyes\n/undo\n/why\n/undo\n/why\n")
    taken_back = done.stdout.partition("taken back")[2]
    assert "`offer_room`" in taken_back.partition("taken back")[0]
    assert "nothing was said yet" not in taken_back.partition("taken back")[0]


def test_a_playthrough_is_saved_and_goes_on(npc, tavern, replies, tmp_path):
    """/save writes a file that /load and --restore go on from."""
    done = npc("play", "tavern", "--backend", replies, stdin=f"{ROOM}\nyes\n/save evening.save.json\n/undo\n/load "
               "evening.save.json\n/facts\n")  # fmt: skip
    assert "saved to evening.save.json" in done.stdout
    assert "loaded evening.save.json" in done.stdout
    assert "player.gold       4 (the game's)" in done.stdout
    again = npc("play", "tavern", "--restore", "evening.save.json", stdin="/facts\n")
    assert "player.items      room_key (the game's)" in again.stdout
    assert not list(tmp_path.glob("*.part"))


def test_nothing_but_a_save_is_written_over(npc, tavern, tmp_path):
    """/save refuses a file that is no save, and leaves it as it was."""
    (tmp_path / "diary.txt").write_text("dear diary")
    done = npc("play", "tavern", stdin="/save diary.txt\n/save no/such/folder.json\n/load diary.txt\n/load nothing\n")
    assert done.returncode == 0
    assert done.stdout.count("diary.txt is no save: it is not JSON") == 2
    assert "nothing: No such file or directory" in done.stdout
    assert (tmp_path / "diary.txt").read_text() == "dear diary"


def test_commands_are_hinted_at(npc, tavern):
    """A mistyped command, character or event names the nearest; one without its argument says what it needs."""
    done = npc(
        "play",
        "tavern",
        stdin="/fcats\n/talk kepeer\n/talk old marl\n/event aproach\n/event\n/save\n/who\n/help\n/hint\n",
    )
    assert "no command /fcats: did you mean `facts`?" in done.stdout
    assert "no character `kepeer`: did you mean `keeper`?" in done.stdout
    assert done.stdout.count("You are talking to Old Marl.") == 2
    assert "no event `aproach`: did you mean `approach`?" in done.stdout
    assert "/event needs NAME: approach" in done.stdout
    assert "/save needs FILE" in done.stdout
    assert "keeper  Old Marl ← you are talking to" in done.stdout
    assert "/undo" in done.stdout
    assert "have you got a room" in done.stdout


def test_events_take_turns(npc, tavern):
    """/event lets the logic run without words."""
    done = npc("play", "tavern", stdin="/event approach\n")
    assert "Old Marl: Come in, come in." in done.stdout or "Old Marl: Evening." in done.stdout


def test_json_prints_one_object_a_turn(npc, tavern, replies):
    """With --json, standard output holds one JSON object a turn and nothing else."""
    done = npc("play", "tavern", "--json", "--backend", replies, stdin=f"{ROOM}\nyes\n/facts\n")
    turns = [json.loads(line) for line in done.stdout.splitlines()]
    assert [turn["response"] for turn in turns] == ["offer_room", "hand_key"]
    assert turns[1]["effects"] == ["pay(6)", 'give("room_key")']
    assert turns[1]["changes"]["player.gold"] == [10, 4]
    assert turns[1]["verdict"] == "accepted"


def test_an_unusable_answer_is_remarked_on(npc, tavern, tmp_path):
    """When no backend gives a usable answer, the character says its `otherwise` line, and the reason is shown."""
    (tmp_path / "empty.json").write_text("[]")
    done = npc("play", "tavern", "--backend", "scripted:empty.json", stdin="hello\n")
    assert done.returncode == 0
    assert "(no usable answer: transport; /why tells more)" in done.stdout


def test_hostile_input_harms_nothing(npc, tavern):
    """Two megabytes in one line, control characters, markup and bytes that are no text get an ordinary answer."""
    hostile = b"x" * 2_000_000 + b"\n\x1b[31m[red]{player.gold}\x00\n\xff\xfe\n"
    done = npc("play", "tavern", stdin=hostile)
    assert done.returncode == 0
    assert done.stdout.count("Old Marl: ") == 3
    assert "\x1b" not in done.stdout
    assert "[red]{player.gold}" in done.stdout
    assert len(done.stdout) < 2_000


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["tavren"], 2, "no cast `tavren`: did you mean `tavern`?"),
        (["tavern", "kepeer"], 2, "no character `kepeer`: did you mean `keeper`?"),
        (["tavern", "--backend", "embeded"], 2, "did you mean `embedded`?"),
        (["tavern", "--backend", "scripted:none.json"], 2, "none.json"),
        (["tavern", "--restore", "none.json"], 1, "none.json: No such file or directory"),
        (["tavern", "--seed", "lucky"], 2, "valid integer"),
        (["tavern", "--sede", "1"], 2, "--seed"),
        ([], 2, "CAST"),
    ],
)
def test_wrong_use_gets_one_clear_message(npc, tavern, arguments, status, said):
    """What cannot be played is answered with a message and an exit status, never a traceback."""
    done = npc("play", *arguments)
    assert done.returncode == status
    assert said in done.stderr
    assert done.stdout == ""


def test_a_broken_cast_shows_its_findings(npc, tavern):
    """A cast with errors is not played; every finding is listed."""
    file = tavern / "keeper.yaml"
    file.write_text(file.read_text().replace('say("no_room")', 'say("noroom")').replace("heard.thanks", "heard.thank"))
    done = npc("play", "tavern")
    assert done.returncode == 1
    assert "did you mean `no_room`?" in done.stderr
    assert "did you mean `thanks`?" in done.stderr
    assert done.stderr.rstrip().endswith("2 errors")


def test_the_environment_chooses_the_backend(npc, tavern, replies):
    """NPC_BACKEND stands in for --backend; empty, it means embedded."""
    done = npc("play", "tavern", "--json", stdin=f"{ROOM}\nyes\n", environment={"NPC_BACKEND": replies})
    assert '"hand_key"' in done.stdout
    assert npc("play", "tavern", stdin="hello\n", environment={"NPC_BACKEND": ""}).returncode == 0


def test_why_shows_the_lines_of_logic_that_decided(npc, tavern):
    """/why shows the last lines of logic that ran, and says how many came before; a short turn shows all of them."""
    file = tavern / "keeper.yaml"
    many = "".join(
        f'  if last == "goodbye" and keeper.bowls == {n % 4}:\n      return say("shrug")\n' for n in range(20)
    )
    file.write_text(file.read_text().replace('  if event == "approach" or', many + '  if event == "approach" or'))
    done = npc("play", "tavern", stdin="/event approach\n/why\n")
    shown = [line for line in done.stdout.splitlines() if "keeper.yaml:" in line]
    assert len(shown) == 8
    assert shown[-1].endswith('return say("welcome")')
    assert "  (14 lines of logic ran before these)" in done.stdout.splitlines()


def test_a_save_that_cannot_be_written_names_the_file_given(npc, tavern, tmp_path):
    """/save into a folder that does not exist says so; no other file is named."""
    (tmp_path / "full").mkdir()
    done = npc("play", "tavern", stdin="/save no/such/x.json\n/save full\n")
    assert "no/such/x.json cannot be written: there is no folder no/such" in done.stdout
    assert "full cannot be written: it is a folder" in done.stdout
    assert ".part" not in done.stdout + done.stderr


def test_cost_tells_what_the_turns_took(npc, tavern, replies, tmp_path):
    """/cost counts turns and calls; --prices gives the price table, --budget what may be spent."""
    done = npc("play", "tavern", "--backend", replies, stdin=f"{ROOM}\n/cost\n")
    assert "scripted:replies.json  1 turn, 1 call, " in done.stdout
    assert "free" in done.stdout
    (tmp_path / "prices.yaml").write_text("currency: EUR\nprices:\n  'scripted*': {input: 1, output: 1}\n")
    done = npc(
        "play", "tavern", "--backend", replies, "--prices", "prices.yaml", "--budget", "0", stdin=f"{ROOM}\n/why\n"
    )
    assert "no usable answer: over-budget" in done.stdout
    assert "the budget of 0.0 EUR is used up" in done.stdout
    (tmp_path / "prices.yaml").write_text("currency: EUR\nprices:\n  other: {input: 1, output: 1}\n")
    done = npc("play", "tavern", "--backend", replies, "--prices", "prices.yaml", "--budget", "1")
    assert done.returncode == 2
    assert "needs the price of 'scripted:replies.json'" in done.stderr
    (tmp_path / "prices.yaml").write_text("currency: EUR\nprices:\n  other: {inputs: 1, output: 1}\n")
    done = npc("play", "tavern", "--prices", "prices.yaml")
    assert done.returncode == 1
    assert "prices.yaml:3:" in done.stderr
    assert "did you mean `input`" in done.stderr
