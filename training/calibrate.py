"""Finds how the signs of the embedded brain become a probability: ``python training/calibrate.py``.

Prints the weights for `npc/backends/embedded/calibration.json`, and how the brain hears with them from several
thresholds on. Which intent fits best is fitted by logistic regression to lines of other worlds, the tuning half of the
keep's lines, and the examples of the keep heard by brains that have not seen them; every set counts for the root of its
size. Whether the best one is meant is fitted to the lines of other worlds and of `seeds/paraphrases.yaml` (not to those
held out), each of which counts alike, and of its intents the best. What is printed of a fifth of these comes from
weights that were fitted without it.
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
from npc.backends.embedded.brain import MEANT_SIGNS, SIGNS, Brain, brain_for
from npc.backends.embedded.clauses import read_clauses
from npc.backends.embedded.lessons import fill_example
from npc.backends.embedded.slots import option_names
from npc.catalog import load_catalog
from npc.catalog.model import Intent
from npc.testing.confusions import FOLDS, without_fold
from tests.backends.embedded.worlds import load_worlds
from tests.benchmarks.shipped_casts import PARAPHRASES, ROOT, item_names, load_cases, load_casts, load_paraphrases

Numbers = NDArray[np.float64]
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
PENALTY, ROUNDS = 1e-5, 40


@dataclass(frozen=True)
class Line:
    """A line of a world: the signs of each intent, if it is meant. `source`: the world, or its examples left out."""

    world: str
    source: str
    signs: Numbers
    alone: Numbers
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
    casts = load_casts()
    for part in ("tuning", "looked_at"):
        for case in load_paraphrases(part):
            catalog = casts[case.character]
            intents, names = catalog.characters[case.character].intents, item_names(catalog)
            brain = brain_for(intents, names)
            source = f"{PARAPHRASES.name}, {part}"
            yield from _line(brain, case.character, source, intents, names, case.line, case.heard)


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
        known.alone.astype(np.float64),
        known.shares.astype(np.float64),
        np.array([name in heard for name in brain.names]),
        np.array([name in known.exact for name in brain.names]),
    )


def fitted(known: list[Line]) -> Numbers:
    """A weight for each of `SIGNS` and the bias: which intents are meant, of all intents of all lines."""
    sources = np.concatenate([np.full(len(line.meant), line.source) for line in known])
    return _fit(
        np.concatenate([line.signs for line in known]),
        np.concatenate([line.shares for line in known]),
        np.concatenate([line.meant for line in known]),
        sources,
    )


def fitted_meant(known: list[Line], weights: Numbers) -> Numbers:
    """A weight for each of `MEANT_SIGNS` and the bias: whether the intent is meant that fits best by `weights`."""
    places = [int(_fitting(line, weights).argmax()) for line in known]
    return _fit(
        np.array([_meant_signs(line, place) for line, place in zip(known, places, strict=True)]),
        np.array([line.shares[place] for line, place in zip(known, places, strict=True)]),
        np.array([line.meant[place] for line, place in zip(known, places, strict=True)]),
        np.array(["all"] * len(known)),
    )


def _fit(signs: Numbers, shares: Numbers, meant: NDArray[np.bool_], sources: NDArray[np.str_]) -> Numbers:
    """Logistic regression by Newton's method, with the shares' logarithms for offsets; every source counts for the root
    of its size."""
    data = np.hstack([signs, np.ones((len(signs), 1))])
    offset = np.log(shares)
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


def _fitting(line: Line, weights: Numbers) -> Numbers:
    found: Numbers = line.shares / (1 + np.exp(-(line.signs @ weights[:-1] + weights[-1])))
    return np.where(line.exact, 1.0, found)


def _meant_signs(line: Line, place: int) -> Numbers:
    of_both = [SIGNS.index(sign) for sign in MEANT_SIGNS if sign in SIGNS]
    return np.concatenate([line.signs[place, of_both], line.alone])


def hears(line: Line, weights: Numbers, meant: Numbers) -> tuple[float, bool]:
    """How likely the intent is meant that fits a line best, and whether it is."""
    place = int(_fitting(line, weights).argmax())
    chance = line.shares[place] / (1 + np.exp(-(_meant_signs(line, place) @ meant[:-1] + meant[-1])))
    return 1.0 if line.exact[place] else float(chance), bool(line.meant[place])


def _told(signs: tuple[str, ...], weights: Numbers) -> str:
    return f"{ {sign: round(float(w), 2) for sign, w in zip(signs, weights, strict=False)} } bias {weights[-1]:.2f}"


def main() -> None:
    known = list(lines())
    ranked = [line for line in known if not line.source.startswith(PARAPHRASES.name)]
    judged = [line for line in known if not line.source.endswith("left out")]
    weights = fitted(ranked)
    print(_told(SIGNS, weights))
    print("meant:", _told(MEANT_SIGNS, fitted_meant(judged, weights)))
    fifths = [judged[number::5] for number in range(5)]
    heard = [
        (line, *hears(line, weights, meant))
        for fifth in fifths
        for meant in [fitted_meant([line for other in fifths if other is not fifth for line in other], weights)]
        for line in fifth
    ]
    for threshold in THRESHOLDS:
        for source in sorted({line.source for line in judged}):
            right, amiss, false = [], [], []
            for line, chance, hit in heard:
                if line.source != source:
                    continue
                if line.meant.any():
                    right.append(chance >= threshold and hit)
                    amiss.append(chance >= threshold and not hit)
                else:
                    false.append(chance >= threshold)
            shares = f"right {np.mean(right):.3f}, amiss {np.mean(amiss):.3f}"
            print(f"from {threshold}, {source}: {shares}" + (f", false {np.mean(false):.3f}" if false else ""))


if __name__ == "__main__":
    main()
