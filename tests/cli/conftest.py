"""Running the command line as its users do: as a process, in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from npc.cli import starter

Npc = Callable[..., "subprocess.CompletedProcess[str]"]

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in {"NPC_BACKEND", "FORCE_COLOR", "COLUMNS"}},
    "PYTHONIOENCODING": "utf-8",
    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
}


@pytest.fixture
def npc(tmp_path: Path) -> Npc:
    """Run `npc ARGUMENTS` in the test's folder; `stdin` is what is piped into it."""

    def run(
        *arguments: str, stdin: str | bytes = "", environment: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-m", "npc", *arguments],
            cwd=tmp_path,
            env={**ENVIRONMENT, **(environment or {})},
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            timeout=60,
            check=False,
        )
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return run


@pytest.fixture
def tavern(tmp_path: Path) -> Path:
    """The cast that `npc new tavern` writes, without the process that would write it."""
    for name, text in starter.FILES.items():
        path = tmp_path / "tavern" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(starter.render(text, "tavern"), encoding="utf-8")
    return tmp_path / "tavern"


def read_until(stream: IO[str], end: str) -> str:
    """What a process prints, up to a line that holds `end`."""
    seen = ""
    for line in stream:
        seen += line
        if end in line:
            return seen
    raise AssertionError(f"the process ended; it said: {seen}")
