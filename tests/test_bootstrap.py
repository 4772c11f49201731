"""Setting a checkout up: when it is done, when it is not needed, and what is said when it cannot be done."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bootstrap

CHECKOUT = Path(bootstrap.__file__).resolve().parent
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != bootstrap.REENTERED}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing in it but what setting up reads."""
    for name in ("bootstrap.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(CHECKOUT / name, tmp_path)
    return tmp_path


def stamp(checkout: Path, *extras: str) -> None:
    fingerprint = bootstrap._fingerprint(checkout)
    text = json.dumps({"fingerprint": fingerprint, "extras": sorted({"", *extras})})
    (checkout / ".venv" / bootstrap.STAMP).write_text(text)


def make_venv(checkout: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(checkout / ".venv")], check=True)


def run(command: list[str], checkout: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=checkout, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def test_the_same_command_runs_again_in_the_environment(checkout: Path) -> None:
    """Outside the environment, the command is run again with the environment's interpreter and the same arguments."""
    make_venv(checkout)
    stamp(checkout, "game")
    (checkout / "script.py").write_text(
        "import sys, bootstrap\nbootstrap.ensure('game')\nprint(sys.prefix, sys.argv[1:])\nsys.exit(7)\n"
    )
    done = run([sys.executable, "script.py", "--flag", "two words"], checkout)
    assert done.stdout == f"{checkout / '.venv'} ['--flag', 'two words']\n", done.stderr
    assert done.returncode == 7


def test_a_checkout_that_is_set_up_starts_at_once(checkout: Path) -> None:
    """Inside a stamped environment, nothing is run or read beyond the stamp and the files it stands for."""
    make_venv(checkout)
    stamp(checkout, "dev", "game")
    code = "import sys, bootstrap; bootstrap.ensure('dev'); print({'subprocess', 'tomllib', 'venv'} & set(sys.modules))"
    done = run([str(bootstrap._python_of(checkout / ".venv")), "-c", code], checkout)
    assert done.stdout == "set()\n", done.stderr


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements.lock"])
def test_a_changed_project_is_set_up_again(checkout: Path, changed: str) -> None:
    """A stamp counts for exactly the project and lock file it was made for."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    python = bootstrap._python_of(checkout / ".venv")
    python.parent.mkdir(exist_ok=True)
    python.touch()
    stamp(checkout, "game")
    assert bootstrap._read_stamp(checkout / ".venv", bootstrap._fingerprint(checkout)) == {"", "game"}
    with (checkout / changed).open("a") as file:
        file.write("\n# changed\n")
    assert bootstrap._read_stamp(checkout / ".venv", bootstrap._fingerprint(checkout)) == frozenset()


def test_a_damaged_stamp_counts_as_none(checkout: Path) -> None:
    """Whatever the stamp file holds, it ends in setting up, not in a traceback."""
    (checkout / ".venv").mkdir()
    for text in ("", "[]", "{", '{"fingerprint": 3}'):
        (checkout / ".venv" / bootstrap.STAMP).write_text(text)
        assert bootstrap._read_stamp(checkout / ".venv", "x") == frozenset()


def test_dev_brings_what_it_names() -> None:
    """An extra that asks for other extras of the project brings them along."""
    project = bootstrap._read_project(CHECKOUT)
    assert {"dev", "game", "openai"} <= bootstrap._with_implied(frozenset({"dev"}), project)


def test_an_unknown_extra_is_named() -> None:
    """Asking for an extra that does not exist names those that do."""
    with pytest.raises(SystemExit, match="no extra `gmae`; there are: dev, game"):
        bootstrap.ensure("gmae")


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_package(absent: str, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the `venv` or `ensurepip` module is missing, the Debian package that brings it is named."""
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == absent else find(name))
    with pytest.raises(bootstrap.SetupError, match=r"apt-get install python3\.\d+-venv"):
        bootstrap._create(checkout / ".venv")


def test_a_folder_that_is_no_environment_is_left_alone(checkout: Path) -> None:
    """A `.venv` that holds something else is neither used nor deleted."""
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "precious").touch()
    with pytest.raises(bootstrap.SetupError, match="is not a virtual environment"):
        bootstrap._create(checkout / ".venv")
    assert (checkout / ".venv" / "precious").exists()


def test_no_network_is_said_in_so_many_words() -> None:
    """When pip cannot reach its index, the message speaks of the network and shows what pip said."""
    code = "import sys; print('Failed to establish: NewConnectionError: [Errno -2]'); sys.exit(1)"
    with pytest.raises(bootstrap.SetupError, match=r"needs the network once(.|\n)*Errno -2"):
        bootstrap._call([sys.executable, "-c", code], "installing")


def test_any_other_failure_shows_the_end_of_the_output() -> None:
    """A failing step shows its exit status and its last lines."""
    code = "import sys; print(*range(100), sep='\\n'); sys.exit(3)"
    with pytest.raises(bootstrap.SetupError, match=r"installing ended with status 3:(.|\n)*99") as caught:
        bootstrap._call([sys.executable, "-c", code], "installing")
    assert " 87" not in str(caught.value)


def test_going_round_in_circles_ends(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set-up that did not help is reported, not repeated for ever."""
    monkeypatch.setenv(bootstrap.REENTERED, "1")
    with pytest.raises(bootstrap.SetupError, match="delete it and try again"):
        bootstrap._ensure(checkout, frozenset({"game"}))


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.10 can read the file, and gets a sentence instead of a traceback."""
    source = Path(bootstrap.__file__).read_text()
    ast.parse(source, feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    namespace: dict[str, Any] = {"__name__": "bootstrap", "__file__": bootstrap.__file__}
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, and .* is 3\.10"):
        exec(compile(source, "bootstrap.py", "exec"), namespace)  # noqa: S102


def test_requirements_are_compared_by_number() -> None:
    """Versions compare as numbers: 2.10 is newer than 2.9."""
    assert bootstrap._numbers("2.10.0") > bootstrap._numbers("2.9.3")
    assert bootstrap._is_met("pytest>=8.3")
    assert not bootstrap._is_met("pytest>=8.3,<9") or bootstrap._numbers(pytest.__version__) < (9,)
    assert not bootstrap._is_met("no-such-package-here>=1")


def test_no_tests_found_is_a_failure() -> None:
    """`python -m tests` hands pytest's exit status on, 5 for finding nothing among them."""
    code = "import runpy, bootstrap; bootstrap.ensure = print; runpy.run_module('tests', run_name='__main__')"
    arguments = ["-p", "no:cacheprovider", "tests/test_bootstrap.py", "-k", "nothing_like_it"]
    done = run([sys.executable, "-c", code, *arguments], CHECKOUT)
    assert done.stdout.startswith("dev\n")
    assert done.returncode == 5, done.stdout + done.stderr
