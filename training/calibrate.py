"""Finds how the signs of the embedded brain become a probability: ``python training/calibrate.py``.

Prints the weights for `npc/backends/embedded/calibration.json`, and how the brain hears with them from several
thresholds on. They are fitted by logistic regression to lines of other worlds, the tuning half of the keep's lines, and
the examples of the keep heard by brains that have not seen them; every set counts for the root of its size. What is
printed of a world comes from weights that were fitted without it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ["NPC_CACHE_DIR"] = ""
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from npc.backends.embedded.brain import SIGNS, Brain
from npc.backends.embedded.clauses import read_clauses
from npc.backends.embedded.lessons import fill_example
from npc.backends.embedded.slots import option_names
from npc.catalog import load_catalog
from npc.catalog.model import Intent
from npc.testing.confusions import FOLDS, without_fold
from tests.backends.embedded.worlds import load_worlds
from tests.benchmarks.shipped_casts import ROOT, item_names, load_cases

Numbers = NDArray[np.float64]
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
PENALTY, ROUNDS = 1e-5, 40


@dataclass(frozen=True)
class Line:
    """A line of a world: the signs of each intent, if it is meant. `source`: the world, or its examples left out."""

    world: str
    source: str
    signs: Numbers
    shares: Numbers
    meant: NDArray[np.bool_]
    exact: NDArray[np.bool_]


def lines() -> Iterator[Line]:
    for world in load_worlds().values():
        brain = Brain(world.intents, world.item_names, keep=False)
        for text, heard in world.cases:
            yield from _line(brain, world.name, world.name, world.intents, world.item_names, text, heard)
    catalog = load_catalog(ROOT / "catalogs/keep")
    names = item_names(catalog)
    for character in ("warden", "pedlar"):
        intents = catalog.characters[character].intents
        brain = Brain(intents, names, keep=False)
        for case in load_cases():
            if case.character == character and not case.held_out:
                yield from _line(brain, character, character, intents, names, case.line, case.heard)
        for fold in range(FOLDS):
            brain = Brain({name: without_fold(intent, fold) for name, intent in intents.items()}, names, keep=False)
            for name, intent in intents.items():
                for number in range(fold, len(intent.examples), FOLDS):
                    types = {slot: declared.type for slot, declared in intent.slots.items()}
                    text = fill_example(intent.examples[number], types, names, number)
                    source = f"{character}, examples left out"
                    yield from _line(brain, character, source, intents, names, text, frozenset({name}))


def _line(
    brain: Brain,
    world: str,
    source: str,
    intents: Mapping[str, Intent],
    names: Mapping[str, tuple[str, ...]],
    text: str,
    heard: frozenset[str],
) -> Iterator[Line]:
    clauses = read_clauses(text, facts={}, item_names=names, options=option_names(list(intents.values())))
    if not clauses or len(heard) > 1:
        return
    (known,) = brain.signs([tuple(clauses)], intents.keys())
    yield Line(
        world,
        source,
        known.signs.astype(np.float64),
        known.shares.astype(np.float64),
        np.array([name in heard for name in brain.names]),
        np.array([name in known.exact for name in brain.names]),
    )


def fitted(known: list[Line]) -> Numbers:
    """A weight for each sign and the bias, by Newton's method."""
    signs = np.concatenate([line.signs for line in known])
    data = np.hstack([signs, np.ones((len(signs), 1))])
    meant = np.concatenate([line.meant for line in known]).astype(float)
    offset = np.log(np.concatenate([line.shares for line in known]))
    sources = np.concatenate([np.full(len(line.meant), line.source) for line in known])
    _, places, sizes = np.unique(sources, return_inverse=True, return_counts=True)
    counts = 1 / np.sqrt(sizes[places])
    counts /= counts.mean()
    weights = np.zeros(data.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-(data @ weights + offset)))
        slope = data.T @ ((chance - meant) * counts) + PENALTY * len(data) * weights
        curvature = (data * (chance * (1 - chance) * counts)[:, None]).T @ data
        weights = weights - np.linalg.solve(curvature + PENALTY * len(data) * np.eye(len(weights)), slope)
    return weights


def chances(line: Line, weights: Numbers) -> Numbers:
    found: Numbers = line.shares / (1 + np.exp(-(line.signs @ weights[:-1] + weights[-1])))
    return np.where(line.exact, 1.0, found)


def main() -> None:
    known = list(lines())
    weights = fitted(known)
    print(
        {sign: round(float(weight), 2) for sign, weight in zip(SIGNS, weights, strict=False)},
        "bias",
        round(float(weights[-1]), 2),
    )
    worlds = {line.world for line in known}
    without = {world: fitted([line for line in known if line.world != world]) for world in worlds}
    for threshold in THRESHOLDS:
        for left_out in (False, True):
            right, amiss, false = [], [], []
            for line in known:
                if line.source.endswith("left out") is not left_out:
                    continue
                chance = chances(line, without[line.world])
                heard, hit = chance.max() >= threshold, bool(line.meant[chance.argmax()])
                if line.meant.any():
                    right.append(heard and hit)
                    amiss.append(heard and not hit)
                else:
                    false.append(heard)
            kind = "examples left out" if left_out else "lines"
            shares = f"right {np.mean(right):.3f}, amiss {np.mean(amiss):.3f}"
            print(f"from {threshold}, {kind}: {shares}" + (f", false {np.mean(false):.3f}" if false else ""))


if __name__ == "__main__":
    main()
