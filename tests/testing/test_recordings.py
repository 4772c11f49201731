"""Models in tests: a real server process answers, its replies are kept, and tests go by them from then on."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.hostile_server import hostile_server

SAID = "Have you got a room?"
STEPS = """\
dialogue: tavern
character: keeper
conversations:
  - name: a room
    steps:
      - say: Have you got a room?
        expect: {response: offer_room, heard: [ask_room]}
      - say: Yes!
        expect: {response: hand_key, effects: ['pay(6)', 'give("room_key")']}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with hostile_server() as url:
        yield url


@pytest.fixture
def seeds(tavern: Path) -> Path:
    file = tavern / "seeds" / "first.dialogue.yaml"
    file.write_text(STEPS)
    return file


def kept(seeds: Path, model: str = "openai-listens") -> dict[str, dict[str, Any]]:
    """The recordings of a model by the player's line, with their file under `file`."""
    files = sorted((seeds.parent / "recordings" / model).iterdir())
    found = [json.loads(file.read_text()) | {"file": file} for file in files]
    return {one["request"]["utterance"]: one for one in found}


def change(recording: dict[str, Any], alter: Callable[[dict[str, Any]], None]) -> None:
    data = {name: value for name, value in recording.items() if name != "file"}
    alter(data)
    recording["file"].write_text(json.dumps(data, indent=2))


@pytest.fixture
def recorded(npc, seeds, server) -> Path:
    """Seeds with the recordings of the model that listens."""
    done = npc("test", "tavern", "--backend", f"openai:listens@{server}", "--record", "once")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "recordings: 2 made, 0 replayed" in done.stdout
    return seeds


def replayed(npc, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return npc("test", "tavern", "--backend", "openai:listens", *arguments)


def test_a_missing_recording_fails_with_the_command_that_makes_it(npc, seeds, server) -> None:
    """By default nothing is asked; the command shown records what is missing, and then it passes without a server."""
    done = npc("test", "tavern", "--backend", f"openai:listens@{server}")
    assert done.returncode == 1
    assert "no reply of openai:listens to 'Have you got a room?' is recorded for this state" in done.stdout
    [command] = [line.partition("next: npc ")[2] for line in done.stdout.splitlines() if "next: npc " in line]
    assert command == (
        f"test tavern/seeds/first.dialogue.yaml --name 'a room' --backend openai:listens@{server} --record once"
    )
    done = npc(*command.replace("'a room'", "room").split())
    assert done.returncode == 0, done.stdout
    assert "model: 1 conversation, 2 steps" in done.stdout
    done = replayed(npc)
    assert done.returncode == 0, done.stdout
    assert "recordings: 0 made, 2 replayed" in done.stdout


def test_a_step_that_expects_the_fallback_fails_without_a_recording(npc, seeds) -> None:
    """The line said when no answer came does not pass for the model's answer."""
    seeds.write_text(STEPS[: STEPS.index("        expect")] + "        expect: {response: shrug}\n")
    assert replayed(npc).returncode == 1


def test_modes(npc, recorded, server) -> None:
    """`once` keeps what is there, `all` records anew, `--live` keeps nothing."""
    first = kept(recorded)[SAID]
    change(first, lambda data: data.update(seconds=99.0))
    spec = ("--backend", f"openai:listens@{server}")
    assert "0 made, 2 replayed" in npc("test", "tavern", *spec, "--record", "once").stdout
    assert kept(recorded)[SAID]["seconds"] == 99.0
    done = npc("test", "tavern", *spec, "--live")
    assert (done.returncode, "recordings:" in done.stdout) == (0, False)
    assert kept(recorded)[SAID]["seconds"] == 99.0
    assert "2 made, 0 replayed" in npc("test", "tavern", *spec, "--record", "all").stdout
    assert kept(recorded)[SAID]["seconds"] != 99.0


def test_the_key_is_what_matters(recorded) -> None:
    """A recording is found by character, state, allowed set, transcript, words and epoch; it holds no prompt."""
    second = kept(recorded)["Yes!"]
    assert second["backend"] == "openai:listens"
    request = second["request"]
    names = "character utterance event allowed intents last transcript retry facts epoch order"
    assert request.keys() == set(names.split())
    assert request["transcript"] == [["Have you got a room?", "offer_room"]]
    assert (request["character"], request["last"], request["epoch"]) == ("keeper", "offer_room", 1)
    assert request["facts"]["keeper.room_free"] is True
    assert "Slow, kind" not in second["file"].read_text()


def test_recordings_outlive_an_edit_of_the_prompt_and_tell_of_it(npc, recorded, tavern) -> None:
    """With another persona the replies still hold; that the prompt has changed since is told, and is no failure."""
    character = tavern / "keeper.yaml"
    character.write_text(character.read_text().replace("Slow, kind", "Quick, unkind"))
    done = replayed(npc)
    assert done.returncode == 0, done.stdout
    assert "2 of these answer a prompt that has changed since; to ask the model anew: --record all" in done.stdout
    report = json.loads(replayed(npc, "--json").stdout)
    [conversation] = report["files"][0]["conversations"]
    assert conversation["recordings"] == {"recorded": 0, "replayed": 2, "changed": 2}


def test_a_request_that_no_longer_carries_something_fails(npc, recorded, tavern) -> None:
    """Where a template leaves out what the reply was chosen from, it is no reply to the request any more."""
    (tavern / "templates").mkdir()
    (tavern / "templates" / "turn.j2").write_text("{{ player_line }}")
    done = replayed(npc)
    assert done.returncode == 1, done.stdout
    assert "the messages no longer hold the responses allowed now" in done.stdout
    assert "--record all" in done.stdout


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (lambda sent: sent["body"].update(seed=7), "seed is no longer sent"),
        (lambda sent: sent["body"].pop("temperature"), "temperature is sent now, and was not"),
        (lambda sent: sent["body"].update(temperature=1), "temperature was 1, and is 0"),
        (
            lambda sent: sent["body"]["response_format"]["json_schema"].update(strict=False),
            "response_format.json_schema.strict was False, and is True",
        ),
        (
            lambda sent: sent["body"]["response_format"]["json_schema"]["schema"]["required"].append("why"),
            "response_format.json_schema.schema.required was ",
        ),
        (lambda sent: sent["body"]["messages"][0].update(role="developer"), "messages[0].role was 'developer', and is"),
        (lambda sent: sent["manner"].update(envelope="telegram"), "requests are no longer sent as telegram"),
    ],
)
def test_a_body_with_another_field_fails(npc, recorded, alter, told) -> None:
    """The body that would be sent now is compared with the one that was answered, field by field."""
    change(kept(recorded)[SAID], lambda data: alter(data["sent"]))
    done = replayed(npc)
    assert done.returncode == 1
    assert told in done.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"format": 2,\n  "request": {', ":2:15: the recording is no JSON"),
        ("", ":1:1: the recording is no JSON"),
        ("[]", ":1:1: the recording is no JSON object"),
        ('{\n  "format": 1}', ":2:3: the recording is of format 1, this version reads 2"),
        ('{"format": 2,\n\n "repy": {}}', ":3:2: a recording has no `repy`: did you mean `reply`?"),
        ('{"format": 2, "request": {}, "prompt": "", "sent": {}}', "the recording has no `reply`"),
        ('{"format": 2, "request": {}, "prompt": "", "sent": {}, "reply": 3}', "not in the form that recording writes"),
        ("[" * 100_000, ":1:1: the recording cannot be read"),
    ],
)
def test_a_corrupt_recording_is_told_with_its_place(npc, recorded, text, told) -> None:
    """File, line, column and what is wrong; with the command that mends it."""
    kept(recorded)[SAID]["file"].write_text(text)
    done = replayed(npc)
    assert done.returncode == 1
    assert f"tavern/seeds/recordings/openai-listens/{kept_name(recorded, text)}{told}" in done.stdout or (
        told in done.stdout and "recordings/openai-listens/" in done.stdout
    )
    assert "--backend openai:listens --record all" in done.stdout


def kept_name(recorded: Path, text: str) -> str:
    [file] = [one for one in (recorded.parent / "recordings" / "openai-listens").iterdir() if one.read_text() == text]
    return file.name


def test_no_secret_reaches_a_file(npc, seeds, server) -> None:
    """Neither the key nor what looks like one, in a line or a reply, is written down; nor is the server's address."""
    seeds.write_text(STEPS.replace("Have you got a room?", "A room for sk-abcdefghijklmnop1234 and hunter2hunter2?"))
    keys = {"OPENAI_API_KEY": "sk-test-0123456789abcdef", "MY_PASSWORD": "hunter2hunter2"}
    done = npc("test", "tavern", "--backend", f"openai:listens@{server}", "--record", "once", environment=keys)
    assert done.returncode == 0, done.stdout
    files = list((seeds.parent / "recordings").rglob("*.json"))
    text = "".join(file.read_text() for file in files)
    assert len(files) == 2
    for secret in ("sk-test", "sk-abc", "hunter2", "127.0.0.1"):
        assert secret not in text
    assert "A room for [secret] and [secret]?" in text
    assert replayed(npc).returncode == 0


def test_a_server_that_fails_records_nothing(npc, seeds, server) -> None:
    """A failure on the way is no reply: the step fails, and no file is left behind."""
    done = npc("test", "tavern", "--backend", f"openai:storm@{server}", "--record", "all")
    assert done.returncode == 1
    assert "openai:storm did not answer, so that nothing is recorded: HTTP 500" in done.stdout
    assert not (seeds.parent / "recordings").exists()


def test_a_refusal_is_recorded_like_any_answer(npc, seeds, server) -> None:
    """What a model would not say is kept and comes again, with the same verdict."""
    expected = "        expect: {response: shrug, verdict: fallback}\n"
    seeds.write_text(STEPS[: STEPS.index("        expect")] + expected)
    assert npc("test", "tavern", "--backend", f"openai:refuses@{server}", "--record", "once").returncode == 0
    assert npc("test", "tavern", "--backend", "openai:refuses").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--record", "some"), "--record some: one of none, once, all"),
        (("--record", "once"), "embedded is no model, so there is nothing to record"),
        (("--record", "all", "--live", "--backend", "openai:x"), "choose one"),
    ],
)
def test_wrong_use(npc, seeds, arguments, told) -> None:
    """A mode that is none, or nothing to record, is wrong use."""
    done = npc("test", "tavern", *arguments)
    assert done.returncode == 2
    assert told in done.stderr


def test_without_a_key_recording_says_what_is_missing(npc, seeds) -> None:
    """Recording needs the model; what it needs is told in the failure."""
    environment = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}
    done = npc("test", "tavern", "--backend", "openai:listens", "--record", "once", environment=environment)
    assert done.returncode == 1
    assert "nothing can be recorded: backend spec 'openai:listens' needs a key" in done.stdout


def test_models_do_not_share_a_folder(npc, recorded, server) -> None:
    """Each model has its own recordings; the embedded brain after it in a chain has none."""
    done = npc("test", "tavern", "--backend", f"openai:picks-first@{server}|embedded", "--record", "once")
    assert done.returncode == 0, done.stdout
    folders = sorted(folder.name for folder in (recorded.parent / "recordings").iterdir())
    assert folders == ["openai-listens", "openai-picks-first"]
    shutil.rmtree(recorded.parent / "recordings" / "openai-listens")
    assert npc("test", "tavern", "--backend", "openai:picks-first|embedded").returncode == 0


def test_play_records_the_model_beside_the_seed(npc, tavern, server) -> None:
    """What `npc play --record` keeps of a conversation with a model passes at once, without the server."""
    file, spec = "tavern/seeds/played.dialogue.yaml", f"openai:listens@{server}"
    done = npc("play", "tavern", "--backend", spec, "--record", file, stdin=f"{SAID}\nYes!\n")
    assert f"next: npc test {file} --backend {spec}\n" in done.stdout
    again = npc("test", file, "--backend", "openai:listens")
    assert again.returncode == 0, again.stdout
    assert "recordings: 0 made, 2 replayed" in again.stdout
    done = npc("play", "tavern", "--backend", spec, stdin=f"{SAID}\n/seed asked live\n")
    assert f"next: npc test {file} --backend {spec} --record once\n" in done.stdout
