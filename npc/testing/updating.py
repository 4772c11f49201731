"""Expectations rewritten to what comes now: only their values, every other character of the file as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npc.engine.record import as_json_value
from npc.testing.cases import CaseResult
from npc.testing.expectations import compare, seen_in
from npc.testing.replaying import Replayed, replay
from npc.testing.seed_files import end_of

FilePath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """A value of a dialogue file, and what it is to be: at a path of keys and indices."""

    path: FilePath
    value: Any


@dataclass(frozen=True, slots=True)
class Updates:
    """What a file becomes.

    Attributes:
        file: the file.
        before, after: its text.
        left: what cannot be rewritten, and why, a sentence each.
    """

    file: Path
    before: str
    after: str
    left: tuple[str, ...]


def updates_of(results: Sequence[CaseResult]) -> list[Updates]:
    """What the files become whose conversations came out otherwise.

    Args:
        results: of conversations all of whose steps were taken, failed ones as well.
    """
    found = []
    for file in dict.fromkeys(one.case.file for one in results if one.result.failure):
        failed = [one for one in results if one.case.file == file and one.result.failure]
        # Read and written with the line ends that it has.
        before = file.read_bytes().decode("utf-8")
        wanted: dict[FilePath, Any] = {}
        left: list[str] = []
        for one in failed:
            for update in _of_case(one, left):
                wanted.setdefault(update.path, update.value)
        found.append(Updates(file, before, rewritten(before, wanted, left), tuple(dict.fromkeys(left))))
    return found


def _of_case(one: CaseResult, left: list[str]) -> Iterator[Update]:
    conversation, failure = one.case.conversation, one.result.failure
    assert failure is not None
    if len(one.result.turns) < len(conversation.steps):
        left.append(f"{failure.position}: it cannot be run: {failure.problems[0]}")
        return
    for again in replay(one, {name: character.program for name, character in one.case.cast.characters.items()}):
        expected = again.step.expect
        if expected is None or not any(compare(expected, seen_in(again.turn), again.after, one.case.cast.catalog)):
            continue
        if again.step.paraphrase:
            left.append(f"{again.step.position}: a paraphrase that leads elsewhere: take it out, or make it understood")
            continue
        yield from _of_step(again)


def _of_step(again: Replayed) -> Iterator[Update]:
    expected, turn = again.step.expect, again.turn
    assert expected is not None
    path = (*again.step.path, "expect")
    if expected.response and turn.response not in expected.response:
        yield Update((*path, "response"), turn.response)
    effects = [str(effect) for effect in turn.effects]
    if expected.effects is not None and list(expected.effects) != effects:
        yield Update((*path, "effects"), effects)
    for name, value in (expected.facts or {}).items():
        if (now := as_json_value(again.after[name])) != value:
            yield Update((*path, "facts", name), str(now) if isinstance(now, str) else now)
    if expected.values is not None:
        values = {name: turn.values[name] for name in expected.values if name in turn.values}
        if values != dict(expected.values):
            yield Update((*path, "values"), _plain(values))
    if expected.heard is not None and set(expected.heard) != turn.heard:
        yield Update((*path, "heard"), sorted(turn.heard))
    allowed = [name for name in expected.not_allowed or () if name in turn.trace.allowed]
    if allowed:
        yield Update((*path, "not_allowed"), [name for name in expected.not_allowed or () if name not in allowed])
    if expected.verdict is not None and turn.verdict != expected.verdict:
        yield Update((*path, "verdict"), str(turn.verdict))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else value


def rewritten(text: str, wanted: dict[FilePath, Any], left: list[str]) -> str:
    """A YAML text with other values at some paths. Values made of parameters stay, and are told in `left`."""
    import yaml

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    spans = []
    for path, value in wanted.items():
        node = _node(root, path)
        old = text[node.start_mark.index : end_of(node)]
        if "$" in old:
            line, column = node.start_mark.line + 1, node.start_mark.column + 1
            left.append(f"line {line}, column {column}: `{old}` is made of parameters: rewrite it by hand")
            continue
        spans.append((node.start_mark.index, end_of(node), _flow(value)))
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _node(node: Any, path: FilePath) -> Any:
    for step in path:
        if isinstance(step, int):
            node = node.value[step]
        else:
            node = next(value for key, value in node.value if key.value == step)
    return node


def _flow(value: Any) -> str:
    import yaml

    # In a list, so that a text is quoted wherever it could stand; the brackets go again.
    shown: str = yaml.safe_dump([value], default_flow_style=True, width=1_000_000, allow_unicode=True, sort_keys=False)
    return shown.strip()[1:-1]
