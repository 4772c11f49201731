"""A playthrough kept as a seed: what was said and what happened, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from npc.catalog import load_dialogue
from npc.engine.playthrough import HEARD
from npc.engine.record import TurnRecord
from npc.engine.session import Session
from npc.engine.turn import Turn, Verdict
from npc.errors import NpcError
from npc.logic.cast import Cast
from npc.testing.places import CATALOGS, SUFFIX
from npc.testing.seed_files import dialogue_text, with_conversation
from npc.testing.whole_files import write_text

STEM = "played"
LONGEST_NAME = 60
HEADER = "# Kept from play: each expects what came of it then.\n"


class SeedError(NpcError):
    """A playthrough cannot be kept as a seed, or not there."""


def save_seed(session: Session, file: str | Path | None = None, name: str | None = None) -> Path:
    """Keep the playthrough so far as a conversation of a dialogue file, which `npc test` runs.

    The conversation expects what came of each turn: the line, its values, the effects and the changed facts. Turns for
    which no reply could be used are kept without expectations.

    Args:
        session: the playthrough. Turns that were undone are not in it.
        file: a dialogue file; it is added to where it is there, every other character of it staying as it is. None:
            ``played.dialogue.yaml`` among the cast's seeds.
        name: what the conversation shows, in a few words; None: how it begins, with a number where that is taken.

    Returns:
        The file.

    Raises:
        SeedError: nothing was said yet, the playthrough goes on from a save, the name is taken, or the file is no
            dialogue file, or another cast's.
        CatalogError: the file there is has errors.
        OSError: it cannot be written.

    Example:
        >>> npc.save_seed(session, "seeds/keep/played.dialogue.yaml", name="a bribe")
    """
    target = default_file(session.cast) if file is None else Path(file)
    if not target.name.endswith(SUFFIX):
        raise SeedError(f"{target} is no dialogue file: name it {target.name.partition('.')[0] or STEM}{SUFFIX}")
    steps = _steps(session)
    taken, speaker, before = _present(session.cast, target)
    if name is not None and name.strip() in taken:
        raise SeedError(f"{target} has a conversation “{name.strip()}” already: choose another name")
    begin = {"start": steps[0].pop("set", {}), "seed": session.seed}
    speakers = {step["character"] for step in steps}
    if before is None and len(speakers) == 1:
        speaker = speakers.pop()
    conversation = {
        "name": name.strip() if name and name.strip() else _free(_beginning(session), taken),
        **{key: value for key, value in begin.items() if value},
        "steps": [_without(step, speaker) for step in steps],
    }
    if before is None:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_text(target, HEADER + dialogue_text(_folder(session.cast).name, speaker, [conversation]))
        return target
    after = with_conversation(before, conversation)
    if after is None:
        raise SeedError(f"{target} lists its conversations in one line, so that none can be added: name another file")
    write_text(target, after)
    return target


def default_file(cast: Cast) -> Path:
    """Where the playthroughs of a cast are kept if nothing else is said: among its seeds."""
    folder = _folder(cast)
    if not (folder / "seeds").is_dir() and folder.parent.name == CATALOGS:
        return folder.parent.parent / "seeds" / folder.name / f"{STEM}{SUFFIX}"
    return folder / "seeds" / f"{STEM}{SUFFIX}"


def _folder(cast: Cast) -> Path:
    """The cast's folder, with a name of its own even where it is the current one."""
    folder = Path(cast.catalog.folder)
    return folder if folder.name else folder.resolve()


def _present(cast: Cast, file: Path) -> tuple[set[str], str | None, str | None]:
    """Of a file: the names that are taken in it, whom its steps talk to, and its text; None where it is not there."""
    import yaml

    if not file.exists():
        return set(), None, None
    dialogue = load_dialogue(file)
    if dialogue.cast not in (_folder(cast).name, cast.catalog.world):
        raise SeedError(f"{file} holds conversations with the cast `{dialogue.cast}`: name another file")
    # Read and written with the line ends that it has.
    text = file.read_bytes().decode("utf-8")
    speaker = yaml.safe_load(text).get("character")
    return {one.name for one in dialogue.conversations} | {one.origin for one in dialogue.conversations}, speaker, text


def _steps(session: Session) -> list[dict[str, Any]]:
    """The turns as steps; what the game changed before a turn is its `set`."""
    records, declared = session.records, session.cast.catalog.facts
    if len(session.transcript) > len(records):
        raise SeedError(
            "the playthrough goes on from a save, and a seed has to hold all turns: play anew to keep a seed of it"
        )
    if not any(_came_of_it(record.turn) for record in records):
        raise SeedError("nothing was said yet that a seed could expect")
    facts = {name: fact.initial for name, fact in declared.items()}
    steps: list[dict[str, Any]] = []
    for record in records:
        changed = {name: value for name, value in record.facts.items() if value != facts[name]}
        strangers = [name for name in changed if not declared[name].game_owned] if steps else []
        if strangers:
            told = f"{strangers[0]} was changed between two turns, and it has no `owner: game`"
            raise SeedError(f"{told}: a seed can only set what is the game's")
        facts = {**record.facts, **{name: change.after for name, change in record.turn.changes.items()}}
        steps.append(_step(record, changed))
    return steps


def _step(record: TurnRecord, changed: Mapping[str, Any]) -> dict[str, Any]:
    turn = record.turn
    step: dict[str, Any] = {"set": _plain(changed)} if changed else {}
    step["character"] = turn.character
    if turn.event is not None:
        step["event"] = turn.event
    elif turn.backend == HEARD or not turn.utterance:
        step["heard"] = _plain(turn.trace.heard)
    else:
        step["say"] = turn.utterance
    return {**step, "expect": _expectation(turn)} if _came_of_it(turn) else step


def _came_of_it(turn: Turn) -> bool:
    """Whether the turn came to what the logic says, not to a line in place of a reply."""
    return turn.verdict is not Verdict.FALLBACK or turn.trace.void is not None


def _expectation(turn: Turn) -> dict[str, Any]:
    several = list(turn.trace.candidates) if len(turn.trace.candidates) > 1 else turn.response
    expect: dict[str, Any] = {"response": several, "effects": [str(effect) for effect in turn.effects]}
    if turn.values:
        expect["values"] = _plain(turn.values)
    if turn.changes:
        expect["facts"] = _plain({name: change.after for name, change in turn.changes.items()})
    return {**expect, "verdict": "fallback"} if turn.trace.void else expect


def _plain(value: Any) -> Any:
    """A value as YAML has it."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | frozenset):
        return [_plain(each) for each in (sorted(value) if isinstance(value, frozenset) else value)]
    return str(value) if isinstance(value, str) else value


def _without(step: Mapping[str, Any], speaker: str | None) -> dict[str, Any]:
    return {key: value for key, value in step.items() if key != "character" or value != speaker}


def _beginning(session: Session) -> str:
    said = next((entry.utterance for entry in session.transcript if entry.utterance), None)
    line = " ".join((said or session.transcript[0].response).split())
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1].rstrip() + "…"


def _free(name: str, taken: Iterable[str]) -> str:
    if name not in taken:
        return name
    return next(other for number in count(2) if (other := f"{name} ({number})") not in taken)
