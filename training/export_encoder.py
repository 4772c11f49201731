"""Writes the encoder that the package ships: ``python training/export_encoder.py WEIGHTS VOCABULARY``.

WEIGHTS is a safetensors file with the weights of all-MiniLM-L6-v2 (as published, or fine-tuned by `finetune.py`),
VOCABULARY its vocab.txt. README.md in this folder says where both come from and which versions to install.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from pathlib import Path

import numpy as np
import onnx
from minilm import build_graph
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

ENCODER = Path(__file__).resolve().parents[1] / "npc" / "backends" / "embedded" / "encoder"
PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published weights: revision 1110a243 of sentence-transformers/all-MiniLM-L6-v2."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the encoder that the package ships.")
    parser.add_argument("weights", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("--out", type=Path, default=ENCODER)
    parser.add_argument("--published", action="store_true", help="insist on the published weights")
    given = parser.parse_args()
    if given.published and sha256(given.weights) != PUBLISHED:
        parser.error(f"{given.weights} is not the published file: its SHA-256 is {sha256(given.weights)}")
    weights = {name: np.asarray(value) for name, value in load_file(given.weights).items()}
    given.out.mkdir(parents=True, exist_ok=True)
    export(weights, given.out / "encoder.onnx")
    vocabulary = given.vocabulary.read_text(encoding="utf-8").rstrip("\n") + "\n"
    (given.out / "vocabulary.txt").write_text(vocabulary, encoding="utf-8", newline="\n")
    names = ("encoder.onnx", "vocabulary.txt")
    sums = "".join(f"{sha256(given.out / name)}  {name}\n" for name in names)
    (given.out / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")
    print(sums, end="")


def export(weights: dict[str, np.ndarray], path: Path) -> None:
    """Build the graph and quantise its weights to 8 bits (activations are quantised as they come).

    Weights use 7 of the 8 bits: without the VNNI instructions products of full 8-bit values overflow, and results would
    differ between processors.
    """
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        onnx.save(build_graph(weights), full)
        quantize_dynamic(
            full,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            extra_options={"DefaultTensorType": 1},
        )


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
