"""Fine-tunes the encoder on lines whose intents are known, so that lines of one intent lie together.

``python training/finetune.py WEIGHTS VOCABULARY OUT --data DIR --sets clinc150,banking77,nlupp,fiction``

Supervised contrastive learning (Khosla et al. 2020): in a batch of lines from one set, lines of one intent are drawn
together and pushed from all others. Half of a batch's intents are neighbours of one another, since telling those apart
is what is hard. A second term keeps the weights near where they started (L2-SP, Li et al. 2018), so that what the
network knew of other subjects stays; the word vectors and the lowest layers are not trained at all. Same seed, versions
and machine: same weights.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import torch
import yaml
from network import SentenceEncoder
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from npc.backends.embedded.lessons import as_encoded
from npc.backends.embedded.wordpiece import WordPieces

FICTION = Path(__file__).with_name("fiction")
SEEDS = Path(__file__).resolve().parents[1] / "seeds"
HELD_OUT = (SEEDS / "keep" / "understanding.yaml", SEEDS / "paraphrases.yaml")
"""Lines that judge the brain: where one of them stands in a training file too, it is passed over."""
INTENTS, LINES = 16, 4
"""A batch: so many intents, so many lines of each."""
NEIGHBOURS = 8
"""How many of a batch's intents are near one another."""
APART = 8
"""Lines of no intent in a batch: out of scope, or near an intent and not of it."""
TEMPERATURE = 0.07
KEEPING = 0.02
"""Weight of the squared distance from the first weights."""
UNLIKE = 1
"""Lines in a batch that are like an intent's but do not express it, for each intent of it."""
FICTION_SHARE = 120
"""How often a batch is drawn from the fiction, where a public set counts the root of its number of lines."""
PLAIN = 0.5
"""Share of the lines in a batch that are read as the brain reads a player's: in lower case, without punctuation."""
FROZEN_LAYERS = 2
MAX_PIECES = 48


@dataclass
class LineSet:
    """Lines by intent, lines like an intent's that do not express it, and lines that belong to none."""

    name: str
    intents: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unlike: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    apart: list[str] = field(default_factory=list)
    weight: float = 1.0


def read_sets(data: Path, names: list[str]) -> list[LineSet]:
    """The sets of that name: files of the data folder, and the project's own fiction."""
    sets = []
    for name in names:
        if name == "fiction":
            sets += read_fiction()
            continue
        found = LineSet(name)
        for row in read_rows(data / ("nlupp_dev.jsonl" if name == "nlupp" else f"{name}_train.jsonl")):
            intent = " ".join(sorted(row["intents"])) if "intents" in row else row["intent"]
            if intent in ("", "oos"):
                found.apart.append(row["text"])
            else:
                found.intents[intent].append(row["text"])
        found.weight = sum(map(len, found.intents.values())) ** 0.5
        sets.append(found)
    return sets


def read_rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_fiction() -> list[LineSet]:
    """Each domain is a set of its own, so that a batch holds one domain."""
    judging = held_out_lines()
    sets = []
    for path in sorted(FICTION.glob("*.yaml")):
        domain = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = LineSet(f"fiction/{domain['domain']}")
        found.apart = [line for line in domain.get("out_of_scope", []) if bare(line) not in judging]
        for name, intent in domain["intents"].items():
            found.intents[name] = [line for line in [*intent["lines"], intent["means"]] if bare(line) not in judging]
            found.unlike[name] = intent.get("not", [])
        sets.append(found)
    for one in sets:
        one.weight = FICTION_SHARE / len(sets)
    return sets


def held_out_lines() -> frozenset[str]:
    """The lines that judge the brain, bare."""
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in HELD_OUT]
    lines: list[str] = []
    for data in [part for file in found for part in ([file] if "heard" in file else file.values())]:
        lines += [line for intents in data["heard"].values() for lines in intents.values() for line in lines]
        lines += [case["line"] for cases in data["several"].values() for case in cases]
        lines += [line for lines in data["nothing"].values() for line in lines]
    return frozenset(map(bare, lines))


def bare(line: str) -> str:
    """A line without what does not tell lines apart: case and punctuation."""
    return " ".join(re.findall(r"[a-z0-9]+", line.lower()))


class Batches:
    """Draws batches, with neighbouring intents together."""

    def __init__(self, sets: list[LineSet], seed: int) -> None:
        self._random = random.Random(seed)
        self._sets = sets
        for one in sets:
            one.intents = {name: lines for name, lines in one.intents.items() if len(lines) > 2}
        self._near: dict[str, dict[str, list[str]]] = {}

    def find_neighbours(self, centre: dict[str, dict[str, Tensor]]) -> None:
        """Order every set's intents by nearness of their mean vectors."""
        for name, centres in centre.items():
            intents = list(centres)
            matrix = torch.stack([centres[intent] for intent in intents])
            order = (matrix @ matrix.T).argsort(dim=1, descending=True)
            self._near[name] = {
                a: [intents[i] for i in row[:40]] for a, row in zip(intents, order.tolist(), strict=True)
            }

    def draw(self) -> tuple[list[str], list[int], list[int]]:
        """Lines, the number of each line's intent, and of the one that it is like and does not express (-1: none).

        Lines that belong to no intent have a number of their own.
        """
        chosen = self._random.choices(self._sets, [one.weight for one in self._sets])[0]
        names = sorted(chosen.intents)
        first = self._random.choice(names)
        near = self._near.get(chosen.name, {}).get(first, [first])[: NEIGHBOURS * 2]
        picked = {first, *self._random.sample(near, min(NEIGHBOURS, len(near)))}
        rest = [name for name in names if name not in picked]
        picked |= set(self._random.sample(rest, max(0, min(INTENTS - len(picked), len(rest)))))
        lines: list[str] = []
        labels: list[int] = []
        unlike: list[int] = []
        for number, name in enumerate(sorted(picked)):
            own = chosen.intents[name]
            for line in self._random.sample(own, min(LINES, len(own))):
                lines.append(line)
                labels.append(number)
                unlike.append(-1)
            near_misses = chosen.unlike.get(name, [])
            for line in self._random.sample(near_misses, min(UNLIKE, len(near_misses))):
                lines.append(line)
                labels.append(1_000 + len(lines))
                unlike.append(number)
        for line in self._random.sample(chosen.apart, min(APART, len(chosen.apart))):
            lines.append(line)
            labels.append(1_000 + len(lines))
            unlike.append(-1)
        read = [as_encoded(line) or line if self._random.random() < PLAIN else line for line in lines]
        return read, labels, unlike


def contrastive_loss(vectors: Tensor, labels: list[int], unlike: list[int]) -> Tensor:
    """Khosla et al. 2020, equation 2; a line like an intent's is pushed from that intent's lines alone."""
    numbers, near_misses = torch.tensor(labels), torch.tensor(unlike)
    same = (numbers[:, None] == numbers[None, :]).float()
    same.fill_diagonal_(0)
    logits = vectors @ vectors.T / TEMPERATURE
    left_out = (near_misses[None, :] >= 0) & (near_misses[None, :] != numbers[:, None])
    logits = logits.masked_fill(left_out | torch.eye(len(labels), dtype=torch.bool), float("-inf"))
    chances = logits.log_softmax(dim=1).masked_fill(same == 0, 0.0)
    counts = same.sum(1)
    return -(chances.sum(1)[counts > 0] / counts[counts > 0]).mean()


def progress(steps: int) -> Iterator[int]:
    started = perf_counter()
    for step in range(steps):
        yield step
        if step % 20 == 19:
            left = (perf_counter() - started) / (step + 1) * (steps - step - 1)
            print(f"step {step + 1} of {steps}, about {left / 60:.1f} minutes left", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default="clinc150,banking77,nlupp,fiction")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()

    torch.manual_seed(given.seed)
    pieces = WordPieces.load(given.vocabulary)
    weights = load_file(given.weights)
    weights.pop("embeddings.position_ids", None)
    network = SentenceEncoder()
    names = set(network.state_dict())
    network.load_state_dict({name: value.float() for name, value in weights.items() if name in names})
    network.eval()

    def rows(lines: list[str]) -> list[list[int]]:
        return [pieces.numbers(line, MAX_PIECES) for line in lines]

    sets = read_sets(given.data, given.sets.split(","))
    batches = Batches(sets, given.seed)
    with torch.no_grad():
        centres = {
            one.name: {
                name: functional.normalize(network(rows(lines[:4])).mean(0), dim=0)
                for name, lines in one.intents.items()
            }
            for one in sets
        }
    batches.find_neighbours(centres)
    # The word vectors stay: few lines would move few of them, and the rest would no longer fit.
    network.embeddings.requires_grad_(False)
    network.encoder["layer"][:FROZEN_LAYERS].requires_grad_(False)
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    first = [parameter.detach().clone() for parameter in trained]
    optimiser = torch.optim.AdamW(trained, lr=given.rate, weight_decay=0.0)
    warm = max(1, given.steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, (given.steps - step) / (given.steps - warm + 1))
    )
    network.train()
    recent: list[float] = []
    for step in progress(given.steps):
        lines, labels, unlike = batches.draw()
        vectors = network(rows(lines))
        moved = sum(((now - then) ** 2).sum() for now, then in zip(trained, first, strict=True))
        loss = contrastive_loss(vectors, labels, unlike) + KEEPING * moved
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
        recent.append(loss.item())
        if step % 50 == 49:
            print(f"loss {sum(recent[-50:]) / 50:.4f}", flush=True)
    save_file({name: value.contiguous() for name, value in network.state_dict().items()}, given.out)
    print(f"wrote {given.out}")


if __name__ == "__main__":
    main()
