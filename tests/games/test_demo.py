"""demo.py as a process, and one real window."""

from __future__ import annotations

import asyncio
import os
import re
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

import pygame
import pytest

import bootstrap
from npc.testing.cases import collect
from npc.testing.runs import run_cases

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).parent / "scripts"


def demo(*arguments: str | Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("NPC_BACKEND", None)
    kept.pop("SDL_VIDEODRIVER", None)
    return subprocess.run(
        [sys.executable, str(CHECKOUT / "demo.py"), *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env={**kept, **environment},
        check=False,
    )


def test_a_script_plays_without_a_window():
    """`--headless --script` plays the whole way and exits 0, with one line that counts."""
    done = demo("--headless", "--script", SCRIPTS / "blade.keep")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"blade\.keep: \d+ commands, \d+ expectations held\n", done.stdout)


@pytest.mark.parametrize(("how", "extras"), [(["--terminal"], ("game",)), ([], ("game",)), (["--headless"], ())])
def test_every_way_to_play_is_set_up_with_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, how: list[str], extras: tuple[str, ...]
) -> None:
    """The terminal reads lines by a package of the extra `game`, as the window draws by one; a script needs neither."""

    def noting(*asked: str) -> None:
        raise LookupError(asked)

    monkeypatch.setattr(bootstrap, "ensure", noting)
    script = ["--script", str(SCRIPTS / "blade.keep")] if how == ["--headless"] else []
    monkeypatch.setattr(sys, "argv", ["demo.py", *how, *script])
    with pytest.raises(LookupError) as raised:
        runpy.run_path(str(CHECKOUT / "demo.py"), run_name="__main__")
    assert raised.value.args[0] == extras


def test_a_mismatch_is_told_by_line_with_status_1(tmp_path):
    """An expectation that does not hold ends with status 1 and one line naming file, line and what was found."""
    script = tmp_path / "rich.keep"
    script.write_text("expect gold 500\n")
    done = demo("--headless", "--script", script)
    assert done.returncode == 1
    assert done.stderr == "rich.keep:1: expect gold 500: found 12\n"


def test_a_playthrough_is_kept_as_a_seed():
    """`--record` keeps the whole playthrough in a dialogue file, which `npc test` passes."""
    with tempfile.TemporaryDirectory(dir=CHECKOUT / "seeds" / "keep") as folder:
        file = Path(folder) / "played.dialogue.yaml"
        done = demo("--headless", "--script", SCRIPTS / "purse.keep", "--record", file)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"next: npc test {file}" in done.stdout
        [case] = collect([file])
        [result] = asyncio.run(run_cases([case], "embedded"))
        assert result.result.outcome == "passed"
        assert len(case.conversation.steps) == 27


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--headless"], "--headless needs --script"),
        (["--headless", "--script", "no/such.keep"], "no/such.keep"),
        (["--terminal", "--backend", "oracle:delphi"], "oracle"),
        (["--terminal", "--screenshot", "x.png"], "--terminal goes with"),
        (["--record", "x.yaml"], "name a dialogue file, such as x.dialogue.yaml"),
        (["--headless", "--script", "x", "--screenshot", "x.png"], "draws nothing"),
    ],
)
def test_wrong_use_is_one_clear_line_and_status_2(arguments, message):
    """What cannot be done is said in a line, without a traceback."""
    done = demo(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_display_the_terminal_game_is_played():
    """No display: one line says so, and the same cast is played in the terminal."""
    done = demo(stdin="talk warden\nquit\n")
    assert done.returncode == 0
    if sys.platform.startswith("linux"):
        assert "No window can be opened here (no display); playing in the terminal instead." in done.stderr
        assert "Warden Brannoc:" in done.stdout


def test_a_backend_chosen_once_that_is_gone_does_not_keep_the_player_out(tmp_path):
    """Settings with a backend that cannot be used: a line says so and the embedded brain plays."""
    script = tmp_path / "wait.keep"
    script.write_text("wait 1\n")
    (tmp_path / "settings.json").write_text('{"version": 1, "backend": "oracle:delphi"}')
    done = demo("--headless", "--script", script, "--home", tmp_path)
    assert done.returncode == 0
    assert "Playing with the embedded brain instead; see Settings." in done.stderr
    assert "oracle" in done.stderr


def test_no_picture_without_a_window(tmp_path):
    """A screenshot asked for where no window opens is refused, not replaced by another game."""
    done = demo("--screenshot", tmp_path / "x.png", SDL_VIDEODRIVER="no-such-driver")
    assert done.returncode == 2
    assert "no window can be opened here" in done.stderr


def test_a_real_window_draws_the_courtyard(tmp_path):
    """A window of the real library shows a picture of many colours, and its screenshot is a PNG of the logical size."""
    picture = tmp_path / "courtyard.png"
    done = demo("--screenshot", picture, "--frames", "20", SDL_VIDEODRIVER="dummy")
    assert (done.returncode, done.stderr) == (0, "")
    size, colours = read_png(picture)
    assert size == (960, 540)
    assert len(colours) > 60


def test_a_script_can_be_played_in_a_real_window(tmp_path):
    """`--script` without `--headless` plays in the window and leaves its last picture."""
    script = tmp_path / "hello.keep"
    script.write_text("talk pedlar\nwait 60\npress f1\n")
    done = demo("--script", script, "--screenshot", tmp_path / "talk.png", SDL_VIDEODRIVER="dummy")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(read_png(tmp_path / "talk.png")[1]) > 20


def test_one_module_knows_the_window_library():
    """Of all modules only `games/keep/window_pygame.py` imports pygame, and npc none of games."""
    files = [*CHECKOUT.glob("npc/**/*.py"), *CHECKOUT.glob("games/**/*.py"), CHECKOUT / "demo.py"]
    importers = [f.name for f in files if re.search(r"^\s*(import|from) pygame", f.read_text("utf-8"), re.MULTILINE)]
    assert importers == ["window_pygame.py"]


def read_png(path: Path) -> tuple[tuple[int, int], set[tuple[int, ...]]]:
    """Size and colours of a picture, from every third pixel both ways."""
    picture = pygame.image.load(path)
    width, height = picture.get_size()
    colours = {tuple(picture.get_at((x, y))) for x in range(0, width, 3) for y in range(0, height, 3)}
    return (width, height), colours
