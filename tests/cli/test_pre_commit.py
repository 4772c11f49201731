"""The hooks that the project offers to pre-commit run, see the files of casts, and stop what is broken."""

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text("utf-8"))}


@pytest.mark.parametrize("hook", HOOKS.values(), ids=list(HOOKS))
def test_a_hook_passes_what_is_sound_and_stops_what_is_broken(hook: dict[str, Any], npc, tmp_path):
    """What a hook runs ends with 0 on the shipped casts and seeds, and with 1 once a response is misspelt."""
    for folder in ("catalogs", "seeds"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    program, *arguments = [*shlex.split(hook["entry"]), *hook.get("args", [])]
    assert program == "npc"
    done = npc(*arguments)
    assert done.returncode == 0, done.stdout
    agent = tmp_path / "catalogs" / "helpdesk" / "agent.yaml"
    misspelt = agent.read_text("utf-8").replace('say("welcome")', 'say("welcom")')
    agent.write_text(misspelt, encoding="utf-8")
    line = next(number for number, text in enumerate(misspelt.splitlines(), 1) if 'say("welcom")' in text)
    done = npc(*arguments)
    assert done.returncode == 1
    assert f"agent.yaml:{line}:18: error[L205]" in done.stdout + done.stderr


@pytest.mark.parametrize("hook", HOOKS.values(), ids=list(HOOKS))
def test_a_hook_runs_when_a_file_of_a_cast_changes(hook: dict[str, Any]):
    """Every file of a cast, and for seeds every dialogue file, sets a hook off; a page of documentation does not."""
    watched = re.compile(hook["files"])
    folders = ["catalogs", "seeds"] if hook["id"] == "npc-test" else ["catalogs"]
    files = [path for folder in folders for path in (CHECKOUT / folder).rglob("*.yaml")]
    assert files
    assert all(watched.search(path.relative_to(CHECKOUT).as_posix()) for path in files)
    assert not watched.search("docs/index.md")
