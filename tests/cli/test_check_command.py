"""`npc check`: findings as text, as one line each, as JSON; exit status."""

import json
import re
from pathlib import Path

import pytest


@pytest.fixture
def broken(tavern: Path) -> Path:
    """A cast whose logic names a response that is not there."""
    file = tavern / "keeper.yaml"
    file.write_text(file.read_text().replace('say("no_room")', 'say("noroom")'))
    return file


def test_a_sound_cast_is_fine(npc, tavern):
    """A cast without findings is counted up and ends with status 0."""
    done = npc("check", "tavern")
    assert done.returncode == 0
    assert done.stdout == "tavern: fine (1 character, 12 responses, 4 facts)\n"


def test_a_finding_shows_place_line_and_hint(npc, broken):
    """A finding names file, line and column, shows the line, and hints at the nearest name."""
    done = npc("check", "tavern")
    assert done.returncode == 1
    number = next(n for n, line in enumerate(broken.read_text().splitlines(), 1) if "noroom" in line)
    assert re.search(rf"^\S*keeper\.yaml:{number}:\d+: error\[L205\] ", done.stdout)
    assert 'return say("noroom")' in done.stdout
    assert "did you mean `no_room`?" in done.stdout
    assert done.stdout.endswith("tavern: 1 error\n")


def test_the_short_format_is_one_line_a_finding(npc, broken):
    """--format short prints what editors parse, and nothing else."""
    done = npc("check", "tavern", "--format", "short")
    assert done.returncode == 1
    assert re.fullmatch(r"\S+keeper\.yaml:\d+:\d+: error\[L205\] [^\n]+\n", done.stdout)


def test_json_holds_every_finding(npc, broken):
    """--json prints one object that a program may read, with the same exit status."""
    done = npc("check", "tavern", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["errors"] == 1
    [finding] = report["casts"][0]["diagnostics"]
    assert finding["code"] == "L205"
    assert finding["file"].endswith("keeper.yaml")


def test_warnings_count_when_strict(npc, tavern):
    """A warning is shown and does no harm, unless --strict says that it does."""
    file = tavern / "keeper.yaml"
    file.write_text(file.read_text().replace("logic: |\n", "logic: |\n  def unused():\n      return 1\n\n"))
    relaxed, strict = npc("check", "tavern"), npc("check", "tavern", "--strict")
    assert (relaxed.returncode, strict.returncode) == (0, 1)
    assert "warning[L214]" in relaxed.stdout
    assert "tavern: 1 warning (1 character" in relaxed.stdout


def test_a_folder_of_casts_checks_them_all(npc, tavern, tmp_path):
    """A folder that holds casts stands for all of them; a folder without a world is no cast and is passed over."""
    (tmp_path / "notes").mkdir()
    npc("new", "alehouse")
    done = npc("check", ".")
    assert done.returncode == 0
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["alehouse", "tavern"]


@pytest.mark.parametrize("path", ["tavern/keeper.yaml", "tavern/", "./tavern/world.yaml"])
def test_a_file_stands_for_its_cast(npc, tavern, path):
    """An editor may hand over the file that is open."""
    assert npc("check", path).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tavrn"], "no cast `tavrn`: did you mean `tavern`?"),
        (["empty"], "empty is not a cast: it has no world.yaml"),
        (["tavern", "--format", "long-winded"], "long-winded"),
        ([], "PATH"),
    ],
)
def test_wrong_use_is_told_apart(npc, tavern, tmp_path, arguments, said):
    """What cannot be checked at all is wrong use: status 2."""
    (tmp_path / "empty").mkdir()
    done = npc("check", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_misspelt_placeholder_is_told_with_the_place_of_its_text(npc, tavern):
    """One finding tells both places where a text's placeholder and the value of a `say` are spelt differently."""
    file = tavern / "keeper.yaml"
    file.write_text(file.read_text().replace("leaves you {left} gold", "leaves you {letf} gold"))
    line = 1 + file.read_text().split("\n  serve_stew:")[0].count("\n") + 1
    done = npc("check", "tavern")
    assert done.stdout.count("error[") == 1, done.stdout
    assert f"the text of `serve_stew` in line {line} has `{{letf}}`; did you mean `{{left}}`?" in done.stdout


def test_a_placeholder_without_a_value_is_told_with_the_place_of_its_text(npc, tavern):
    """A text's placeholder that no value resembles is shown with the line where it stands."""
    file = tavern / "keeper.yaml"
    file.write_text(file.read_text().replace('"Safe roads."', '"Safe {what}."'))
    line = 1 + file.read_text().split("\n  goodbye:")[0].count("\n") + 1
    done = npc("check", "tavern")
    assert f"write `what=…`, or change the text of `goodbye` in line {line}" in done.stdout
