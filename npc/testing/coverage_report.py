"""Coverage as people and programs read it, and the seeds that would raise it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from npc.testing.cases import CaseResult
from npc.testing.coverage import KINDS, Coverage, Target
from npc.testing.drafting import Draft, as_conversation, draft
from npc.testing.seed_files import write_dialogue

LISTED = 20
"""Things not covered that are listed for one cast; the rest is counted."""

WORDS = {
    "response": "responses said",
    "branch": "decisions, each way",
    "effect": "effects taken",
    "intent": "intents heard",
    "when": "`when` guards, each way",
}


def measure(results: Sequence[CaseResult]) -> list[Coverage]:
    """The coverage of each cast that the results belong to."""
    found: dict[int, Coverage] = {}
    for one in results:
        cast = one.case.cast
        if id(cast) not in found:
            found[id(cast)] = Coverage(cast)
        found[id(cast)].add(one)
    return list(found.values())


def render(coverage: Coverage) -> Iterator[str]:
    """The figures, and what is missing with a state and hearing that reach it."""
    yield f"coverage of {coverage.cast.catalog.world}:"
    for kind in KINDS:
        taken, total = coverage.counts(kind)
        if total:
            yield f"  {WORDS[kind]:24}{taken:5} of {total:<5}{coverage.percent(kind):6.1f} %"
    heard = coverage.heard.values()
    words = sum(bool(one.lines or one.paraphrases) for one in heard)
    others = sum(len(one.paraphrases) for one in heard)
    yield f"  {'intents heard in words':24}{words:5} of {len(heard):<5}{others:6} paraphrases"
    missing = coverage.missing()
    shown = missing[:LISTED]
    drafts, _ = draft(coverage, shown)
    for target in shown:
        yield f"  {target}"
        reaching = next((one for one in drafts if target in one.reaches), None)
        if reaching is not None:
            yield f"      reached by: {told(reaching, coverage)}"
    if len(missing) > LISTED:
        yield f"  … and {len(missing) - LISTED} more; draft seeds for all: npc test --write-missing"


def told(found: Draft, coverage: Coverage) -> str:
    """A draft in a line: the facts that it begins with, and what is heard."""
    conversation = as_conversation(found, coverage, "")
    start = [f"{name} = {value}" for name, value in conversation.get("start", {}).items()]
    steps = []
    for taken in found.steps:
        heard = " and ".join(
            name + (f"({', '.join(f'{slot}={value}' for slot, value in slots.items())})" if slots else "")
            for name, slots in taken.hearing.items()
        )
        steps.append(f"event {taken.event}" if taken.event is not None else f"hears {heard or 'nothing'}")
    return "; ".join([*start, f"{found.target.character} {', then '.join(steps)}"])


def as_json(coverage: Coverage) -> dict[str, Any]:
    """The coverage of a cast as plain JSON data."""
    lines: dict[str, dict[int, list[int]]] = {name: {} for name in coverage.cast.characters}
    for (character, line), reached in sorted(coverage.lines.items()):
        lines[character][line] = [reached.passing, reached.failing]
    return {
        "cast": coverage.cast.catalog.world,
        "catalog": coverage.cast.digest,
        **{kind: dict(zip(("taken", "total"), coverage.counts(kind), strict=True)) for kind in KINDS},
        "missing": [{**_plain(target), "told": str(target)} for target in coverage.missing()],
        "targets": [
            {**_plain(target), "passing": reached.passing, "failing": reached.failing}
            for target, reached in sorted(coverage.reached.items())
        ],
        "lines": lines,
        "words": {
            f"{character}.{intent}": {"lines": len(heard.lines), "paraphrases": len(heard.paraphrases)}
            for (character, intent), heard in coverage.heard.items()
        },
    }


def _plain(target: Target) -> dict[str, Any]:
    return {
        "character": target.character,
        "kind": target.kind,
        "file": target.file,
        "line": target.line,
        "name": target.name,
        "way": target.way,
        "number": target.number,
    }


def write_missing(coverage: Coverage, folder: Path) -> tuple[list[Path], list[Target]]:
    """Draft seeds for all that is missing, a new file a character; also what no draft was found for."""
    drafts, left = draft(coverage, coverage.missing())
    files = []
    for character in coverage.cast.characters:
        own = [one for one in drafts if one.target.character == character]
        if own:
            conversations = [as_conversation(one, coverage, _name(number, one)) for number, one in enumerate(own, 1)]
            header = "Drafts by `npc test --write-missing`: each expects what comes now. Read before you keep them."
            name = coverage.cast.catalog.world
            files.append(write_dialogue(folder, f"{character}-missing", name, character, conversations, header))
    return files, left


def _name(number: int, one: Draft) -> str:
    what = {"branch": f"{one.target.name} is {str(one.target.way).lower()}", "response": f"says {one.target.name}"}
    what |= {"effect": f"takes {one.target.name}", "intent": f"hears {one.target.name}"}
    what["when"] = f"when of {one.target.name} is {str(one.target.way).lower()}"
    return f"{number}: {what[one.target.kind]}"[:200]
