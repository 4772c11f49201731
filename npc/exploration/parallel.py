"""Exploring a cast on several cores: each process takes every path, and asks its share of the questions."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from npc.exploration import rules
from npc.exploration.explore import MAX_STATES, explore
from npc.exploration.questions import Found
from npc.exploration.results import Exploration, Question, cut_short, in_order
from npc.logic.cast import Cast, load


def explore_in_parallel(
    cast: Cast, jobs: int, *, max_states: int = MAX_STATES, seconds: float | None = None
) -> Exploration:
    """The same as `explore`, on several cores.

    Args:
        cast: the cast, as it is on disk: every process loads it from there.
        jobs: how many processes.
        max_states: states that are kept at most, by all of them together.
        seconds: time at most; None for no limit.
    """
    begin = time.monotonic()
    # Spawned, for a process with threads (a game, a server) may not fork.
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        parts = [
            pool.submit(_explore_share, cast.catalog.folder, (number, jobs), max(1, max_states // jobs), seconds)
            for number in range(jobs)
        ]
        return _together(cast, [part.result() for part in parts], time.monotonic() - begin)


def _explore_share(folder: str, share: tuple[int, int], max_states: int, seconds: float | None) -> Exploration:
    return explore(load(Path(folder)), max_states=max_states, seconds=seconds, share=share)


def _together(cast: Cast, parts: Sequence[Exploration], seconds: float) -> Exploration:
    undecided = tuple(dict.fromkeys(reason for part in parts for reason in part.undecided))
    own = [finding for part in parts for finding in part.findings if finding.diagnostic.code != rules.CUT_SHORT.code]
    answers: dict[Question, Found] = {}
    for part in parts:
        answers |= part.answers
    return Exploration(
        in_order([*own, *cut_short(cast, undecided)]),
        answers,
        undecided,
        sum(part.states for part in parts),
        sum(part.transitions for part in parts),
        max(part.paths for part in parts),
        seconds,
    )
