"""The sentence encoder: lines of text to vectors whose angle tells how alike in meaning they are.

The network is all-MiniLM-L6-v2 (Wang et al. 2020, MiniLM; Reimers and Gurevych 2019, Sentence-BERT), its weights in 8
bits; `training/` says how the file was made. It is loaded when first used, once a process, and shared by all threads.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npc.backends.embedded.wordpiece import WordPieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Steps = NDArray[np.int8]

FOLDER = Path(__file__).with_name("encoder")
WIDTH = 384
"""Numbers in a vector."""
MAX_PIECES = 96
"""Word pieces of a text that are read; what comes after says little about what a line means."""
MAX_CHARACTERS = 2_000
"""Characters of a text that are looked at."""
MANY, MOST_CORES = 64, 8
"""Texts from which on several cores encode, and how many do at most."""
REMEMBERED = 1_024
"""Recent texts whose vectors are kept: 2 MB at most."""

STEPS_OF_ONE = 400
"""Steps from 0 to 1 in which vectors are held for long, a byte a number: hardly any of 384 numbers that square to 1
together is larger than 0.3."""


class Encoder:
    """The loaded network. Use `encode`, which loads it once.

    Args:
        folder: holds ``graph.onnx``, the network; ``encoder.onnx``, where the graph finds its weights, which are
            mapped into memory; and ``vocabulary.txt``.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # A line takes a few milliseconds on one core; more threads would only take cores from the game.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._network: Any = onnxruntime.InferenceSession(
            str(folder / "graph.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._pieces = WordPieces.load(folder / "vocabulary.txt")
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See the function `encode`."""
        import numpy as np

        if not texts:
            return np.zeros((0, WIDTH), dtype=np.float32)
        known: dict[str, Vectors] = {}
        with self._lock:
            for text in texts:
                if text in self._remembered:
                    self._remembered.move_to_end(text)
                    known[text] = self._remembered[text]
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, self._run_all(new), strict=True))
        with self._lock:
            for text in new:
                self._remembered[text] = known[text]
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return np.stack([known[text] for text in texts])

    def _run_all(self, texts: Sequence[str]) -> Iterable[Vectors]:
        """The vectors of texts; of many, by several cores."""
        if len(texts) < MANY:
            return map(self._run, texts)
        with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_CORES), "npc-encoding") as pool:
            return list(pool.map(self._run, texts))

    def _run(self, text: str) -> Vectors:
        # One text at a time: activations are quantised over all that is run together, so a text's vector would depend
        # on its neighbours; and a batch is no faster on one core.
        import numpy as np

        ids = np.array([self._pieces.numbers(text[:MAX_CHARACTERS], MAX_PIECES)], dtype=np.int64)
        mask = np.ones(ids.shape, dtype=np.float32)
        (vectors,) = self._network.run(None, {"ids": ids, "mask": mask})
        vector: Vectors = vectors[0]
        return vector


@cache
def _encoder() -> Encoder:
    return Encoder()


_loading = threading.Lock()


def encode(texts: Sequence[str]) -> Vectors:
    """The vectors of texts, (texts, 384) float32, each of length 1; loads the network when first called.

    Equal texts give equal vectors, whatever they are encoded together with. Safe to call from several threads.
    """
    with _loading:
        encoder = _encoder()
    return encoder.encode(texts)


def in_steps(vectors: Vectors) -> Steps:
    """Vectors as they are held for long, in a quarter of the memory."""
    import numpy as np

    return np.clip(np.rint(vectors * STEPS_OF_ONE), -127, 127).astype(np.int8)


def from_steps(held: Steps) -> Vectors:
    """Vectors that were held: what they give with another of length 1 is right to two or three thousandths."""
    import numpy as np

    return held.astype(np.float32) * np.float32(1 / STEPS_OF_ONE)


@cache
def encoder_sum() -> str:
    """What tells this encoder from another."""
    return (FOLDER / "SHA256SUMS").read_text(encoding="utf-8")
