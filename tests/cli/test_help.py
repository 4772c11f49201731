"""The command line explains itself, and what it shows works."""

import re
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
HEAVY = {"asyncio", "jinja2", "jsonschema", "npc.backends", "npc.engine", "openai", "pydantic", "pygame", "rich"}
COMMANDS = ("play", "check", "test", "prompt", "graph", "table", "new", "schema")


def test_help_lists_every_command(npc):
    """`npc --help` names each command with what it does."""
    done = npc("--help")
    assert done.returncode == 0
    listed = re.findall(r"^  (\w+) +\w+", done.stdout, re.MULTILINE)
    assert set(COMMANDS) <= set(listed)


def test_the_version_is_told(npc):
    """`npc --version` prints the version of the package that is installed."""
    done = npc("--version")
    assert (done.returncode, done.stdout) == (0, f"npc {version('npc')}\n")


def test_no_command_is_wrong_use(npc):
    """`npc` alone shows the help and ends with status 2; an unknown command is named."""
    assert npc().returncode == 2
    done = npc("paly")
    assert done.returncode == 2
    assert "paly" in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_in_the_help_works(npc, tmp_path, command):
    """Each command's --help shows an example, and the example runs."""
    done = npc(command, "--help")
    assert done.returncode == 0
    example = " ".join(done.stdout.partition("Example: ")[2].split())
    assert example, f"npc {command} --help shows no example"
    for folder in ("catalogs", "seeds"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    assert shlex.split(example)[:2] == ["npc", command]
    run = npc(*shlex.split(example)[1:], stdin="Good morning!\n")
    assert run.returncode == 0, run.stdout + run.stderr


def test_help_needs_no_heavy_library():
    """`npc --help` loads neither rich nor what only some commands need."""
    code = (
        f"HEAVY = {HEAVY!r}\n"
        "import sys; sys.argv = ['npc', '--help']\n"
        "from npc.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('loaded:', *sorted(HEAVY & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_the_console_script_is_declared():
    """The installed package brings the `npc` command."""
    from importlib.metadata import entry_points

    [script] = entry_points(group="console_scripts", name="npc")
    assert script.load().__module__ == "npc.cli.app"
