"""What the documents show is true: code runs, commands exist, links lead somewhere."""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
PAGES = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md"), CHECKOUT / "seeds" / "episode.md"])


def blocks(page: Path, language: str) -> Iterator[str]:
    """The fenced blocks of a page in one language."""
    yield from re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every `npc …` line that a page shows, without its comment."""
    lines = [
        line.partition("  #")[0].strip() for page in PAGES for text in blocks(page, "sh") for line in text.splitlines()
    ]
    return sorted({line for line in lines if re.match(r"(echo .* \| )?npc ", line)})


def test_the_readme_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's example prints a line of the warden's, its effects and the verdict."""
    [example] = blocks(CHECKOUT / "README.md", "python")
    assert len([line for line in example.splitlines() if line.strip()]) <= 6
    monkeypatch.chdir(CHECKOUT)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(example, "README.md", "exec"), {"__name__": "__main__"})  # noqa: S102
    assert re.search(r"gold.* \(\) accepted\n", printed.getvalue())


@pytest.mark.parametrize(
    "example",
    [text for page in ("plugging-in", "models") for text in blocks(CHECKOUT / "docs" / f"{page}.md", "python")],
)
def test_the_examples_of_plugging_in_run(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example of the pages for game programmers runs as shown and prints something."""
    monkeypatch.chdir(CHECKOUT)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(example, "docs/plugging-in.md", "exec"), {"__name__": "__main__"})  # noqa: S102
    assert printed.getvalue().strip()


def test_the_price_table_of_the_models_page_is_one(tmp_path: Path) -> None:
    """The table that a reader copies can be read, and has a price for the page's own example."""
    import npc

    [table] = blocks(CHECKOUT / "docs" / "models.md", "yaml")
    (tmp_path / "prices.yaml").write_text(table)
    assert npc.Account(tmp_path / "prices.yaml").price("openai:gpt-4.1-mini") is not None


def test_the_readme_warden_is_a_cast(tmp_path: Path) -> None:
    """The warden shown in the README loads, with a world that declares what he uses."""
    import npc

    [warden] = blocks(CHECKOUT / "README.md", "yaml")
    (tmp_path / "warden.yaml").write_text(warden)
    world, *_ = blocks(CHECKOUT / "docs" / "writing.md", "yaml")
    (tmp_path / "world.yaml").write_text(world)
    cast = npc.load(tmp_path)
    assert [d for d in cast.diagnostics if d.severity is npc.Severity.ERROR] == []


@pytest.mark.parametrize("line", commands())
def test_every_command_shown_works(line: str, tmp_path: Path) -> None:
    """Each `npc` command that a page shows runs as shown; one that asks a model is checked up to its options."""
    for folder in ("catalogs", "seeds"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    npc = [sys.executable, "-m", "npc"]
    said, _, command = line.rpartition(" | npc ") if " | npc " in line else ("echo", "", line.removeprefix("npc "))
    arguments = shlex.split(command)
    if "tavern" in arguments[1:] and arguments[0] != "new":
        subprocess.run([*npc, "new", "tavern"], cwd=tmp_path, env=environment, check=True, capture_output=True)
    if any(argument.startswith("openai:") for argument in arguments):
        environment["OPENAI_API_KEY"] = "not-a-key"
    if said.startswith("npc "):
        first = [*npc, *shlex.split(said)[1:]]
        piped = subprocess.run(first, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout
    else:
        piped = " ".join(shlex.split(said)[1:]) + "\n" if said != "echo" else ""
    if any(argument.startswith("python:answers.py") for argument in arguments):
        answers = next(text for text in blocks(CHECKOUT / "docs" / "models.md", "python") if "def reply" in text)
        (tmp_path / "answers.py").write_text(answers)
    done = subprocess.run(
        [*npc, *arguments],
        cwd=tmp_path,
        env=environment,
        input=piped,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and picture of a page is a file of the project."""
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [t for t in targets if not t.startswith(("http:", "https:")) and not (page.parent / t).exists()]
    assert not missing


def test_every_page_is_in_the_index() -> None:
    """docs/index.md, or the page of diagnostics that it names, leads to every page under docs/."""
    index = "".join((CHECKOUT / "docs" / name).read_text(encoding="utf-8") for name in ("index.md", "diagnostics.md"))
    pages = {page.name for page in (CHECKOUT / "docs").glob("*.md")} - {"index.md"}
    assert {name for name in pages if f"({name})" not in index} == set()
