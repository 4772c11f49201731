"""Casts in folders for these tests: a good one, and what a fixture puts in its place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

GOOD = Path(__file__).parent / "good"
CHECKOUT = Path(__file__).parents[2]
_REPEATED = re.compile(rb"^%(\d+)%(.*\n)", re.MULTILINE)


def lay_out(folder: Path, fixture: Path | None = None, without: list[str] | None = None) -> Path:
    """A cast in `folder`/yard: the good one, less the files `without`, with a fixture's files over it.

    A fixture's line `%N%text` stands for N lines of that text.
    """
    cast = folder / "yard"
    shutil.copytree(GOOD, cast)
    for name in without or []:
        (cast / name).unlink()
    for path in fixture.iterdir() if fixture else ():
        if path.name != "expected.txt":
            raw = path.read_bytes()
            (cast / path.name).write_bytes(_REPEATED.sub(lambda line: line[2] * int(line[1]), raw))
    return cast


def write(folder: Path, **files: str) -> Path:
    """The good cast with some files replaced; `warden="…"` is warden.yaml."""
    cast = lay_out(folder)
    for name, text in files.items():
        (cast / f"{name}.yaml").write_text(text, encoding="utf-8")
    return cast


def warden(body: str) -> str:
    """A warden's file with some keys; what must be there and is not in them is added."""
    rest = {
        "character": "character: warden\n",
        "logic": 'logic: return say("shrug")\n',
        "responses": "responses: {shrug: Hm.}\n",
        "otherwise": "otherwise: shrug\n",
    }
    return "".join(line for key, line in rest.items() if f"\n{key}:" not in f"\n{body}") + body
