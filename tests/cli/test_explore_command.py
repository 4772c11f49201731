"""`npc check --explore`: conversations that show what is wrong, limits, and what was not covered."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from npc.cli.exploring import Progress
from tests.cli.conftest import ENVIRONMENT, read_until

PLANTED = Path(__file__).resolve().parents[1] / "exploration" / "planted"


@pytest.fixture
def abbey(tmp_path: Path) -> Path:
    """A cast whose goal can be locked out."""
    return shutil.copytree(PLANTED / "lockable_quest" / "bug", tmp_path / "abbey")


def test_a_finding_comes_with_its_conversation(npc, abbey):
    """The shortest conversation is printed below the finding, then what was covered."""
    done = npc("check", "abbey", "--explore")
    assert done.returncode == 0
    assert "warning[X304] the goal `abbey.saved` can be locked out" in done.stdout
    assert "    2. nan hears chat → gossip\n    3. nan hears show_relic → oops (throw())\n" in done.stdout
    assert "\n  explored: 2" in done.stdout
    assert "not covered" not in done.stdout


def test_json_holds_the_conversation_and_what_was_covered(npc, abbey):
    """--json gives the witness of a finding, and says that everything was decided."""
    [cast] = json.loads(npc("check", "abbey", "--explore", "--json").stdout)["casts"]
    [finding] = cast["diagnostics"]
    assert (finding["code"], len(finding["witness"])) == ("X304", 3)
    assert cast["explored"]["complete"] is True
    assert cast["explored"]["not_covered"] == []
    assert cast["explored"]["paths"] > 0


@pytest.mark.parametrize("limit", [("--time", "0"), ("--max-states", "1")])
def test_what_was_cut_short_says_so(npc, abbey, limit):
    """With a limit that is too small, X401 is reported, and each open question is listed."""
    done = npc("check", "abbey", "--explore", *limit)
    assert "world.yaml:1:1: warning[X401] part of the cast was not explored to the end" in done.stdout
    assert "\n  not covered (" in done.stdout
    [cast] = json.loads(npc("check", "abbey", "--explore", "--json", *limit).stdout)["casts"]
    assert cast["explored"]["complete"] is False
    assert cast["explored"]["not_covered"]


def test_witnesses_become_dialogues(npc, abbey, tmp_path):
    """--witnesses writes a dialogue file that `npc test` passes while the bug stands, and fails once it is mended."""
    done = npc("check", "abbey", "--explore", "--witnesses", "seeds/abbey/found.dialogue.yaml")
    assert "wrote 1 conversation to seeds" in done.stderr
    shutil.move(abbey, tmp_path / "catalogs" / "abbey")
    passed = npc("test", "seeds/abbey")
    assert passed.returncode == 0, passed.stdout
    assert "X304 goal-locked at world.yaml:11" in passed.stdout
    mended = (PLANTED / "lockable_quest" / "mended" / "nan.yaml").read_text(encoding="utf-8")
    (tmp_path / "catalogs" / "abbey" / "nan.yaml").write_text(mended, encoding="utf-8")
    assert npc("test", "seeds/abbey").returncode == 1


def test_a_witness_is_replayed(npc, abbey):
    """`npc play --replay` shows the conversation turn by turn, with what it changes."""
    npc("check", "abbey", "--witnesses", "abbey/found.dialogue.yaml")
    done = npc("play", "--replay", "abbey/found.dialogue.yaml")
    assert done.returncode == 0
    assert done.stdout.startswith("— X304 goal-locked at world.yaml:11\n> nan hears chat\n")
    assert "  relic.holder: player → river\n" in done.stdout


def test_what_the_game_does_is_in_the_witness(npc, tmp_path):
    """Facts that the game sets on the way are part of the conversation, and set again when it is replayed."""
    shutil.copytree(PLANTED / "double_reward" / "bug", tmp_path / "guild")
    npc("check", "guild", "--witnesses", "guild/found.dialogue.yaml")
    done = npc("play", "--replay", "guild/found.dialogue.yaml", "--json")
    assert [json.loads(line)["response"] for line in done.stdout.splitlines()] == ["stamped", "a_little_more"]
    assert "the game sets player.items to" in done.stderr
    assert npc("test", "guild/found.dialogue.yaml").returncode == 0


def test_witnesses_are_of_one_cast(npc, abbey, tmp_path):
    """A dialogue file is about one cast, so --witnesses with two is wrong use."""
    shutil.copytree(abbey, tmp_path / "priory")
    done = npc("check", "abbey", "priory", "--witnesses", "found.dialogue.yaml")
    assert done.returncode == 2
    assert "name one" in done.stderr


def test_no_conversation_writes_no_file(npc, tavern, tmp_path):
    """Where nothing is found there is nothing to write, and that is said."""
    done = npc("check", "tavern", "--witnesses", "found.dialogue.yaml")
    assert "no conversation to write" in done.stderr
    assert not (tmp_path / "found.dialogue.yaml").exists()


@pytest.fixture
def watching(abbey: Path) -> Iterator[subprocess.Popen[str]]:
    """`npc check abbey --watch --explore`, as it runs."""
    command = [sys.executable, "-u", "-m", "npc", "check", "abbey", "--watch", "--explore"]
    running = subprocess.Popen(
        command,
        cwd=abbey.parent,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    yield running
    running.terminate()
    running.communicate(timeout=30)


def save(file: Path, text: str) -> None:
    """Write a file so that nobody sees half of it."""
    new = file.parent.parent / "new.yaml"
    new.write_text(text, encoding="utf-8")
    new.replace(file)


def test_watching_explores_anew_only_what_can_have_changed(watching, abbey):
    """With --watch, a change of words keeps what exploring found, at its new place; a change of the logic does not."""
    assert "abbey/world.yaml:11:" in read_until(watching.stdout, "waiting for a change")
    world = (abbey / "world.yaml").read_text(encoding="utf-8")
    save(abbey / "world.yaml", f"# By the river.\n{world}")
    second = read_until(watching.stdout, "waiting for a change")
    assert "abbey/world.yaml:12:" in second
    assert "X304" in second
    assert "as before, since only words have changed" in second
    mended = (PLANTED / "lockable_quest" / "mended" / "nan.yaml").read_text(encoding="utf-8")
    save(abbey / "nan.yaml", mended)
    third = read_until(watching.stdout, "waiting for a change")
    assert "X304" not in third
    assert "as before" not in third


def test_progress_tells_how_long_the_rest_may_take(capsys, monkeypatch):
    """Now and then the line of progress says how many questions are answered, and estimates the time that is left."""
    now = iter([0.0, 0.1, 5.0, 5.1, 6.0])
    monkeypatch.setattr("npc.cli.exploring.time.monotonic", lambda: next(now))
    shown = Progress("abbey")
    for done in (1, 50, 51, 60):
        shown(done, 200)
    shown.clear()
    lines = [line.removeprefix("\x1b[K") for line in capsys.readouterr().err.split("\r")[1:]]
    assert lines == [
        "exploring abbey: 50 of 200 questions, about 15 s left",
        "exploring abbey: 60 of 200 questions, about 14 s left",
        "",
    ]
