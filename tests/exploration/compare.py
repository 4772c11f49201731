"""Compares what exploring a cast says with what brute force finds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import npc
from npc.exploration import Exploration, Step, explore
from npc.logic.cast import Cast
from npc.logic.compiler import HearingOracle
from npc.logic.program import Context
from tests.exploration.brute_force import TooLarge, explore_by_force
from tests.exploration.generate import write_cast


def differences(seed: int, folder: Path, most: int) -> list[str] | None:
    """In what exploring the cast of that number goes wrong; None where it was passed over."""
    try:
        cast = npc.load(write_cast(seed, folder))
        truth = explore_by_force(cast, most)
    except (npc.CatalogError, TooLarge):
        return None
    found = explore(cast)
    wrong = [f"undecided: {one}" for one in found.undecided]
    for question, answer in found.answers.items():
        kind, _, which = question
        turns = truth.locked.get(which) if kind == "goal" else truth.happens.get(question)
        if (str(answer.answer) == "yes") != (turns is not None):
            wrong.append(f"{question}: explored {answer.answer}, by force {turns}")
        elif turns is not None and answer.turns != turns:
            wrong.append(f"{question}: {answer.turns} turns, by force {turns}")
    asked = set(found.answers)
    wrong += [f"{q}: not asked" for q in truth.happens if q not in asked and not left_out(cast, found, q)]
    wrong += [problem for finding in found.findings for problem in replay(cast, finding.witness)]
    return wrong


def left_out(cast: Cast, found: Exploration, question: tuple[str, str, Any]) -> bool:
    """Whether a question need not be asked: `otherwise` is always sayable; lines that hold no statement of their own
    are not asked about."""
    kind, name, which = question
    if kind == "response":
        return bool(which == cast.characters[name].declaration.otherwise)
    if kind == "statement":
        source = cast.catalog.sources[cast.characters[name].declaration.position.file].splitlines()
        return source[which - 1].strip().startswith("case ")
    return False


def replay(cast: Cast, steps: Iterable[Step]) -> list[str]:
    """In what a witness comes out otherwise than it says, when its turns are taken by the plain program."""
    facts: dict[str, Any] = {name: fact.initial for name, fact in cast.catalog.facts.items()}
    contexts: dict[str, tuple[str | None, int]] = dict.fromkeys(cast.characters, (None, 0))
    wrong = []
    for step in steps:
        if any(not cast.catalog.facts[name].game_owned for name in step.game):
            wrong.append(f"{step}: the game sets what it does not own")
        facts.update(step.game)
        falls = iter([happens for _, happens in step.chances])
        oracle = HearingOracle(step.heard, lambda p, falls=falls: next(falls, False), step.response)  # type: ignore[misc]
        run = cast.characters[step.character].program.run(facts, oracle, Context(*contexts[step.character], step.event))
        if (run.response, dict(run.changes)) != (step.response, dict(step.facts)):
            wrong.append(f"{step}: comes to {run.response}, {run.changes}")
        facts.update(run.changes)
        contexts[step.character] = (run.response, contexts[step.character][1] + 1)
    return wrong
