"""The mutants of a cast as people and programs read them, and seeds that notice those that survive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from npc.testing.coverage import Coverage
from npc.testing.drafting import as_conversation, draft_against
from npc.testing.mutation import MutationResult, Survivor
from npc.testing.seed_files import write_dialogue


def render(result: MutationResult) -> Iterator[str]:
    """The figures, and each survivor as a diff of the pseudocode."""
    total = result.killed + len(result.survivors)
    same = f"; {result.equal} more do the same as the logic in every state" if result.equal else ""
    yield f"mutants of {result.cast.catalog.world}: {result.killed} of {total} noticed ({result.percent:.1f} %){same}"
    for survivor in result.survivors:
        why = "no seed notices" if survivor.covered else "no seed runs this line"
        yield f"  {survivor.file}:{survivor.mutant.line}: {survivor.mutant.what}: {why}"
        yield from (f"      {line}" for line in survivor.diff(result.cast))
    if result.survivors:
        yield "  draft seeds that notice them: npc test --mutate --write-missing"


def as_json(result: MutationResult) -> dict[str, Any]:
    """The result as plain JSON data."""
    return {
        "cast": result.cast.catalog.world,
        "noticed": result.killed,
        "same": result.equal,
        "percent": result.percent,
        "survivors": [_plain(result, survivor) for survivor in result.survivors],
    }


def _plain(result: MutationResult, survivor: Survivor) -> dict[str, Any]:
    return {
        "character": survivor.character,
        "file": survivor.file,
        "line": survivor.mutant.line,
        "what": survivor.mutant.what,
        "covered": survivor.covered,
        "diff": survivor.diff(result.cast),
    }


def write_guards(result: MutationResult, folder: Path) -> tuple[list[Path], list[Survivor]]:
    """Draft seeds that notice the survivors, a new file a character; also the survivors that none was found for."""
    coverage = Coverage(result.cast)
    drafts, left = draft_against(coverage, result)
    files = []
    for character in result.cast.characters:
        own = [one for one in drafts if one.target.character == character]
        if own:
            names = [f"{number}: notices that {one.target.name}" for number, one in enumerate(own, 1)]
            conversations = [as_conversation(one, coverage, name) for one, name in zip(own, names, strict=True)]
            header = "Drafts by `npc test --mutate --write-missing`: each notices a mistake. Read before you keep them."
            name = result.cast.catalog.world
            files.append(write_dialogue(folder, f"{character}-guards", name, character, conversations, header))
    return files, left
