"""How fast dialogue is tested: ``python -m tests.benchmarks.regression``; "Testing a cast" in BENCHMARKS.md.

Conversations are the shipped ones of the keep, over and over, in files of a hundred; the words that are understood are
fresh lines, each once.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import yaml

from npc.testing.cases import collect
from npc.testing.places import find_dialogues
from npc.testing.runs import run_cases
from npc.testing.seed_files import dialogue_text
from tests.benchmarks.shipped_casts import load_cases

ROOT = Path(__file__).resolve().parents[2]
CONVERSATIONS = 2_000
A_FILE = 100


def exact_conversations() -> dict[str, list[dict[str, Any]]]:
    """The shipped conversations of the keep that have no words to understand, by character."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted((ROOT / "seeds" / "keep").glob("*.dialogue.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        exact = [one for one in data["conversations"] if not re.search(r"\bsay:", yaml.safe_dump(one))]
        found.setdefault(data["character"], []).extend(exact)
    return found


def write_many(folder: Path) -> None:
    """Write 2,000 conversations into files of a hundred."""
    exact = exact_conversations()
    for character, ones in exact.items():
        for number in range(CONVERSATIONS // A_FILE // len(exact)):
            some = [{**ones[n % len(ones)], "name": f"{n}: {ones[n % len(ones)]['name']}"} for n in range(A_FILE)]
            file = folder / f"{character}-{number}.dialogue.yaml"
            file.write_text(dialogue_text("keep", character, some), encoding="utf-8")


def write_words(folder: Path) -> None:
    """Write a conversation for each fresh line, that has it understood in the initial state."""
    lines: dict[str, dict[str, Any]] = {}
    for case in load_cases():
        if case.character in exact_conversations():
            step = {"character": case.character, "say": case.line, "expect": {"verdict": "accepted"}}
            lines[f"{case.character}: {case.line}"] = step
    conversations = [{"name": name, "steps": [step]} for name, step in lines.items()]
    (folder / "words.dialogue.yaml").write_text(dialogue_text("keep", None, conversations), encoding="utf-8")


class Clock:
    """A pytest plugin that notes when collecting and running begin and end."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    def pytest_collection(self) -> None:
        self.at["collection"] = perf_counter()

    def pytest_collection_finish(self) -> None:
        self.at["run"] = perf_counter()

    def pytest_sessionfinish(self) -> None:
        self.at["end"] = perf_counter()


def under_pytest(folder: Path) -> Clock:
    """The times of a pytest of its own, with a line for each step and a JUnit file."""
    clock = Clock()
    arguments = [str(folder), "-v", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    with contextlib.redirect_stdout(io.StringIO()):
        status = pytest.main([*arguments, f"--junitxml={folder / 'junit.xml'}"], plugins=[clock])
    assert status == 0, status
    return clock


def whole_command(arguments: Sequence[str], folder: Path) -> tuple[float, str]:
    """Seconds that a command takes, from its start to its end, and what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "npc", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return perf_counter() - started, done.stdout


def rate_of(files: Path) -> tuple[float, int]:
    """Steps a second, all in one process and once each character was talked to, and how many steps."""
    cases = collect(find_dialogues([files]))
    first = {case.conversation.steps[0].character: case for case in reversed(cases)}
    asyncio.run(run_cases(first.values(), "embedded"))
    started = perf_counter()
    results = asyncio.run(run_cases(cases, "embedded"))
    taken = perf_counter() - started
    steps = sum(one.result.taken for one in results)
    return steps / taken, steps


def measure() -> list[tuple[str, str, str]]:
    """Rows of what, target and measured."""
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copytree(ROOT / "catalogs", folder / "catalogs")
        many, words = folder / "seeds" / "keep", folder / "words" / "keep"
        many.mkdir(parents=True)
        words.mkdir(parents=True)
        write_many(many)
        write_words(words)
        rate, steps = max(rate_of(many) for _ in range(3))
        rows.append(("steps a second, logic", "≥ 3,000", f"{rate:,.0f} ({steps:,} steps)"))
        clocks = [under_pytest(many).at for _ in range(3)]
        rate = steps / min(one["end"] - one["run"] for one in clocks)
        rows.append(("the same under pytest, `-v` and JUnit XML", "≥ 800", f"{rate:,.0f}"))
        collecting = min(one["run"] - one["collection"] for one in clocks)
        rows.append(("collect 2,000 conversations", "< 5 s", f"{collecting:.2f} s"))
        rate, steps = rate_of(words)
        rows.append(("steps a second, understanding", "≥ 150", f"{rate:,.0f} ({steps:,} lines, each once)"))
        taken, told = whole_command(["test", str(ROOT / "seeds" / "keep"), "--mutate", "-q"], ROOT)
        [line] = [line for line in told.splitlines() if "mutant" in line and "%" in line][:1]
        rows.append(("mutants of the keep, whole command", "< 60 s", f"{taken:.1f} s: {line.strip()}"))
        changed = folder / "catalogs" / "keep" / "warden.yaml"
        text = changed.read_text(encoding="utf-8")
        assert "player.gold < price()" in text
        changed.write_text(text.replace("player.gold < price()", "player.gold <= price()"), encoding="utf-8")
        taken, told = whole_command(["diff", str(ROOT / "catalogs" / "keep"), str(changed.parent)], folder)
        assert told
        rows.append(("`npc diff` of the keep, whole command", "< 10 s", f"{taken:.1f} s"))
    return rows


def main() -> None:
    print(f"{platform.machine()}, one core, Python {platform.python_version()}\n")
    print("| what | target | measured |\n|---|---|---|")
    for row in measure():
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
