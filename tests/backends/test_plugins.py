"""Backends from elsewhere: functions named in a spec, and kinds that packages add."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import npc
from npc.backends import FunctionBackend, resolve
from tests.backends.requests_for_tests import request

ANSWERS = """\
import npc

async def reply(request):
    return {"heard": ["greet"], "slots": {}, "response": "greet"}

class Mine(npc.Backend):
    name = "mine"
    async def reply(self, request):
        return {"heard": [], "slots": {}, "response": request.allowed[0]}

class Broken(npc.Backend):
    def __init__(self):
        raise RuntimeError("no licence")
    async def reply(self, request):
        return ""

ready = Mine()
number = 7
"""

PACKAGE = """\
from answers import Mine, reply

def make(rest):
    if rest == "fail":
        raise RuntimeError("no such voice")
    if rest == "function":
        return reply
    if rest == "nothing":
        return None
    backend = Mine()
    backend.name = f"parrot:{rest}"
    return backend
"""


@pytest.fixture(scope="module")
def cast() -> npc.Cast:
    return npc.load(Path(__file__).parents[1] / "casts" / "design")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with answers.py, importable, and an installed package that adds the kind `parrot`."""
    (tmp_path / "answers.py").write_text(ANSWERS)
    (tmp_path / "parrots.py").write_text(PACKAGE)
    installed = tmp_path / "parrots-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: parrots\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[npc.backends]\nparrot = parrots:make\nbad = nowhere:make\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for name in ("answers", "parrots"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


@pytest.mark.parametrize("spec", ["python:answers.py:reply", "python:answers:reply"])
async def test_a_function_is_a_backend_by_its_spec(folder: Path, cast: npc.Cast, spec: str) -> None:
    """A file or a module and a name: the function answers turns, and goes by its spec."""
    turn = await npc.Session(cast, f"{spec}|embedded").say("warden", "hello")
    assert (turn.response, turn.backend, turn.verdict) == ("greet", spec, "accepted")


@pytest.mark.parametrize("name", ["Mine", "ready"])
async def test_a_backend_or_its_class_is_one_too(folder: Path, name: str) -> None:
    """A class is made an object of, an object is taken as it is."""
    (backend,) = resolve(f"python:answers.py:{name}")
    assert backend.name == "mine"
    assert await backend.reply(request()) == {"heard": [], "slots": {}, "response": "greet"}


async def test_a_package_adds_a_kind_of_backend(folder: Path, cast: npc.Cast) -> None:
    """What the package's entry point makes of the spec's rest answers, alone or in a chain."""
    first, second, third = resolve("parrot:polly|parrot:function|embedded")
    assert (first.name, second.name, third.name) == ("parrot:polly", "reply", "embedded")
    assert isinstance(second, FunctionBackend)
    assert (await npc.Session(cast, "parrot:function").say("warden", "hello")).response == "greet"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("python:", "names no function; an example: python:answers.py:reply"),
        ("python:answers.py", "names no function"),
        ("python:answers.py:no-name", "names no function"),
        ("python:answer.py:reply", r"there is no file answer.py: did you mean `answers.py`"),
        ("python:nowhere.at_all:reply", "cannot be imported: ModuleNotFoundError"),
        ("python:answers.py:replay", "no `replay` in answers.py: did you mean `reply`"),
        ("python:answers.py:number", "int is neither a function nor an npc.Backend"),
        ("python:answers.py:Broken", r"Broken\(\) failed: RuntimeError: no licence"),
        ("python:failing.py:reply", "failing.py fails: ZeroDivisionError"),
        ("parrot:fail", "parrots:make failed: RuntimeError: no such voice"),
        ("parrot:nothing", "NoneType is neither a function nor an npc.Backend"),
        ("bad:x", "nowhere:make failed: ModuleNotFoundError"),
        ("parot:x", "did you mean `parrot`"),
    ],
)
def test_mistakes_are_told_in_one_line(folder: Path, spec: str, message: str) -> None:
    """Whatever goes wrong in other people's code is a message about the spec."""
    (folder / "failing.py").write_text("1 / 0\n")
    with pytest.raises(npc.BackendSpecError, match=message) as caught:
        resolve(spec)
    assert "\n" not in str(caught.value)
