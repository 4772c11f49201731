"""How well the embedded brain understands: ``python -m tests.benchmarks.understanding [--data DIR]``.

Without DIR: the shipped casts, with every intent of a character offered (the held-out part of seeds/paraphrases.yaml is
what to quote), milliseconds a line, and the memory that the brain takes.

With DIR, public sets as well. For every pair of files NAME_train.jsonl and NAME_val.jsonl of objects with `text` and
`intent`: k lines of each intent, drawn from the training file with ``random.Random(seed)``, teach a brain, which is
judged on the validation file, as a mean over the seeds. `oos` is no intent but a line that expresses none. For every
file NAME_dev.jsonl of objects with `text`, `intents` and `fold`: a brain is taught one fold and judged on the others.

- accuracy: the likeliest intent is the right one.
- AUROC: how often a line in scope has a likelier likeliest intent than one out of scope.
- heard, false: the share of the lines in scope that are heard right at the threshold of the shipped brain, and of those
  out of scope in which anything is heard.
- the encoder alone: the same by a softmax (for several intents a line: one logistic classifier for each, taught their
  descriptions in NAME_ontology.json as well) over the sentence vectors, which is what published figures are of.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from npc.backends.embedded.brain import PENALTY, SCALE, STEPS, Brain, calibration
from npc.backends.embedded.clauses import read_clauses
from npc.backends.embedded.encoder import encode
from npc.backends.embedded.lessons import as_encoded
from npc.backends.embedded.softmax import softmax, train
from npc.catalog.model import Intent
from npc.diagnostics import Position
from tests.benchmarks.shipped_casts import (
    LOOKED_AT,
    ROOT,
    consequences,
    hear,
    load_cases,
    load_casts,
    load_paraphrases,
    score,
)

Floats = NDArray[np.float32]
OUT_OF_SCOPE = "oos"
SHOTS = (5, 10)
FEW = 12
"""Intents of a small cast, drawn at random."""
THRESHOLD_EACH = 0.3
"""From which one of several classifiers hears its intent."""
_ASKED = re.compile(r"^is the intent (?:to )?|\?$")


@dataclass(frozen=True)
class Judged:
    """Figures from 0 to 1 of one draw; `auroc` and `false` are None without lines out of scope."""

    accuracy: float
    heard: float
    auroc: float | None
    false: float | None


def rows_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def an_intent(name: str, examples: Iterable[str], means: str | None = None) -> Intent:
    return Intent(name, means or name.replace("_", " "), tuple(examples), {}, None, Position("data", 1, 1))


def drawn(rows: Sequence[Mapping[str, Any]], shots: int, seed: int, few: int | None = None) -> dict[str, list[str]]:
    """Intent → its lines, `shots` of each, of all intents or of a `few` drawn as well."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["intent"] != OUT_OF_SCOPE:
            by_intent[row["intent"]].append(row["text"])
    chance = random.Random(seed)
    names = sorted(by_intent)
    if few is not None:
        names = sorted(chance.sample(names, few))
    return {name: chance.sample(by_intent[name], min(shots, len(by_intent[name]))) for name in names}


def by_brain(lessons: Mapping[str, Sequence[str]], lines: Sequence[str]) -> tuple[Floats, list[str]]:
    """Per line the probability of each intent, by the whole brain, and the intents' names."""
    brain = Brain({name: an_intent(name, texts) for name, texts in lessons.items()}, {}, keep=False)
    chances = np.zeros((len(lines), len(brain.names)), np.float32)
    for number, line in enumerate(lines):
        clauses = tuple(read_clauses(line, facts={}, item_names={}, options={}))
        if clauses:
            (found,) = brain.match([clauses], set(brain.names))
            chances[number] = [found[name].score for name in brain.names]
    return chances, list(brain.names)


def by_encoder(lessons: Mapping[str, Sequence[str]], lines: Sequence[str]) -> tuple[Floats, list[str]]:
    """As `by_brain`, by a softmax over the sentence vectors alone."""
    names = sorted(lessons)
    rows = encode([as_encoded(text) for name in names for text in lessons[name]])
    labels = np.array([place for place, name in enumerate(names) for _ in lessons[name]], np.int64)
    weights, biases = train(
        rows, labels, np.ones(len(rows), np.float32), len(names), scale=SCALE, penalty=PENALTY, steps=STEPS
    )
    return softmax(encode([as_encoded(line) for line in lines]) @ weights + biases), names


def judge(
    rows: Sequence[Mapping[str, Any]],
    lessons: Mapping[str, Sequence[str]],
    method: Callable[[Mapping[str, Sequence[str]], Sequence[str]], tuple[Floats, list[str]]],
) -> Judged:
    inside = [row for row in rows if row["intent"] in lessons]
    outside = [row for row in rows if row["intent"] == OUT_OF_SCOPE]
    chances, names = method(lessons, [row["text"] for row in [*inside, *outside]])
    surest, likeliest = chances.max(axis=1), chances.argmax(axis=1)
    right = np.array([names[place] == row["intent"] for place, row in zip(likeliest, inside, strict=False)])
    within, beyond = surest[: len(inside)], surest[len(inside) :]
    threshold = calibration().threshold
    return Judged(
        float(right.mean()),
        float((right & (within >= threshold)).mean()),
        area_under_roc(within, beyond) if outside else None,
        float((beyond >= threshold).mean()) if outside else None,
    )


def area_under_roc(within: Floats, beyond: Floats) -> float:
    """How often a value of the first is above one of the second; equal ones count half."""
    below = np.searchsorted(np.sort(beyond), within, side="left")
    up_to = np.searchsorted(np.sort(beyond), within, side="right")
    return float((below + up_to).mean() / 2 / len(beyond))


def few_shot(folder: Path, name: str, seeds: Sequence[int]) -> None:
    taught, judged = rows_of(folder / f"{name}_train.jsonl"), rows_of(folder / f"{name}_val.jsonl")
    enough = len({row["intent"] for row in taught}) > 2 * FEW
    draws: list[tuple[str, int, int | None, Sequence[int]]] = [("all intents", shots, None, seeds) for shots in SHOTS]
    if enough:
        draws.append((f"{FEW} intents", SHOTS[0], FEW, range(4 * len(seeds))))
    for title, shots, few, several in draws:
        lessons = [drawn(taught, shots, seed, few) for seed in several]
        for who, method in (("the brain", by_brain), ("the encoder alone", by_encoder)):
            found = [judge(judged, each, method) for each in lessons]
            line = f"{name}, {title}, {shots} lines each, {len(found)} draws, {who}: "
            line += f"accuracy {mean(f.accuracy for f in found):.3f}"
            if method is by_brain:
                line += f", heard {mean(f.heard for f in found):.3f}"
            if found[0].auroc is not None:
                line += f"; AUROC {mean(f.auroc or 0 for f in found):.3f}"
                if method is by_brain:
                    line += f", false {mean(f.false or 0 for f in found):.3f}"
            print(line, flush=True)


def several_intents(file: Path, folds: Sequence[int]) -> None:
    """Micro-F1 and exact matches of lines with none, one or several intents, taught one fold."""
    rows = rows_of(file)
    names = sorted({intent for row in rows for intent in row["intents"]})
    vectors = encode([as_encoded(row["text"]) for row in rows])
    ontology = file.with_name(file.name.replace("_dev.jsonl", "_ontology.json"))
    described = json.loads(ontology.read_text(encoding="utf-8"))["intents"] if ontology.exists() else {}
    meanings = [_ASKED.sub("", described[name]["description"] if name in described else name) for name in names]
    meaning_vectors = encode([as_encoded(meaning) for meaning in meanings])
    truth = np.array([[name in row["intents"] for name in names] for row in rows])
    alone, whole = [], []
    for fold in folds:
        taught = np.array([row["fold"] == fold for row in rows])
        hear_each = each_by_itself(
            np.concatenate([vectors[taught], meaning_vectors]), np.concatenate([truth[taught], np.eye(len(names)) > 0])
        )
        chances = hear_each(vectors[~taught])
        alone.append(matched(chances >= THRESHOLD_EACH, truth[~taught]))
        lessons = {
            name: an_intent(
                name, [row["text"] for row in rows if row["fold"] == fold and name in row["intents"]], meaning
            )
            for name, meaning in zip(names, meanings, strict=True)
        }
        heard = [set(hear(row["text"], lessons, {})) for row, known in zip(rows, taught, strict=True) if not known]
        whole.append(matched(np.array([[name in each for name in names] for each in heard]), truth[~taught]))
    for who, found in (("the brain", whole), ("the encoder alone", alone)):
        f1, exact = np.mean(found, axis=0)
        print(f"{file.stem}, taught one of {len(folds)} folds, {who}: micro-F1 {f1:.3f}, exact {exact:.3f}", flush=True)


def each_by_itself(rows: Floats, wanted: NDArray[np.bool_], penalty: float = 3e-4) -> Callable[[Floats], Floats]:
    """One logistic classifier for every column of `wanted`, by gradient descent with Nesterov's momentum."""
    centre = rows.mean(axis=0)

    def widened(lines: Floats) -> Floats:
        return np.concatenate([(lines - centre) * SCALE, np.ones((len(lines), 1), np.float32)], axis=1)

    def chance(lines: Floats, weights: Floats) -> Floats:
        result: Floats = 1 / (1 + np.exp(-lines @ weights))
        return result

    data = widened(rows)
    step = 1 / (0.25 * float(np.linalg.norm(data.T @ data / len(data), 2)) + penalty)
    solved = ahead = np.zeros((data.shape[1], wanted.shape[1]), np.float32)
    for number in range(2 * STEPS):
        gradient = data.T @ (chance(data, ahead) - wanted) / len(data) + penalty * ahead
        before, solved = solved, ahead - step * gradient
        ahead = solved + (number / (number + 3)) * (solved - before)
    return lambda lines: chance(widened(lines), solved)


def matched(heard: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Micro-F1, and the share of lines of which exactly the right intents are heard."""
    return float(2 * (heard & truth).sum() / (heard.sum() + truth.sum())), float((heard == truth).all(axis=1).mean())


def shipped(*, misses: bool) -> None:
    casts, grave = load_casts(), consequences()
    cases = load_cases()
    sets = [
        ("understanding_cases.yaml, tuning half", [case for case in cases if not case.held_out]),
        ("understanding_cases.yaml, other half", [case for case in cases if case.held_out]),
        ("seeds/keep/understanding.yaml", load_cases(LOOKED_AT)),
        ("seeds/paraphrases.yaml, for tuning", load_paraphrases("tuning")),
        ("seeds/paraphrases.yaml, looked at", load_paraphrases("looked_at")),
        ("seeds/paraphrases.yaml, held out", load_paraphrases("held_out")),
    ]
    for title, several in sets:
        found, missed = score(several, casts)
        print(f"{title}: {found}", flush=True)
        print(f"  as a game begins: {score(several, casts, grave)[0]}", flush=True)
        if misses and not title.endswith(("other half", "held out")):
            for case, heard in missed:
                print(f"  {case.character}: {case.line!r}: heard {sorted(heard)}, not {sorted(case.heard)}")


LINE_TIMES = """
import json, sys, time
from tests.benchmarks.shipped_casts import ROOT, hear, item_names, load_cases
from npc.catalog import load_catalog
started = time.perf_counter()
catalog = load_catalog(ROOT / "catalogs/keep")
intents, names = catalog.characters["warden"].intents, item_names(catalog)
hear("give me the key", intents, names)
first = time.perf_counter() - started
lines = [case.line for case in load_cases() if case.character == "warden"]
times = []
for line in lines * 3:
    begun = time.perf_counter()
    hear(line + " ", intents, names)
    times.append((time.perf_counter() - begun) * 1000)
times = sorted(times[: len(lines)])
peak = None
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
except ImportError:
    pass
print(json.dumps([first, times[len(times) // 2], times[int(len(times) * 0.99)], peak]))
"""


def cost() -> None:
    """Times of a fresh process, with what is kept on disk from before, on one core."""
    measured = []
    for _ in range(4):
        done = subprocess.run(
            [sys.executable, "-c", LINE_TIMES],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        measured.append(json.loads(done.stdout))
    first, median, late, peak = (min(values) for values in zip(*measured[1:], strict=True))
    memory = f"; {peak:.0f} MB resident at most" if peak is not None else ""
    print(
        f"one core, warm cache: catalog read and first line heard after {first:.2f} s; a line p50 {median:.2f}, "
        f"p99 {late:.2f} ms{memory}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder with public sets")
    parser.add_argument("--seeds", type=int, default=3, help="draws a mean is taken over")
    parser.add_argument("--misses", action="store_true", help="list what was heard wrong, but not where it is held out")
    given = parser.parse_args()
    if given.data is not None and not given.data.is_dir():
        parser.error(f"{given.data} is no folder")
    shipped(misses=given.misses)
    cost()
    if given.data is not None:
        for file in sorted(given.data.glob("*_train.jsonl")):
            few_shot(given.data, file.stem.removesuffix("_train"), range(given.seeds))
        for file in sorted(given.data.glob("*_dev.jsonl")):
            several_intents(file, sorted({row["fold"] for row in rows_of(file)}))


if __name__ == "__main__":
    main()
