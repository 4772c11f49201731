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
from onnx.external_data_helper import set_external_data
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

ENCODER = Path(__file__).resolve().parents[1] / "npc" / "backends" / "embedded" / "encoder"
PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published weights: revision 1110a243 of sentence-transformers/all-MiniLM-L6-v2."""

MAPPED_FROM = 4_096
"""Bytes from which a tensor is worth its own place in memory."""


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
    write_graph(given.out / "encoder.onnx", given.out / "graph.onnx")
    vocabulary = given.vocabulary.read_text(encoding="utf-8").rstrip("\n") + "\n"
    (given.out / "vocabulary.txt").write_text(vocabulary, encoding="utf-8", newline="\n")
    names = ("encoder.onnx", "graph.onnx", "vocabulary.txt")
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


def write_graph(network: Path, path: Path) -> None:
    """Write the network once more with its large tensors left where they are, in the file `network`.

    onnxruntime maps such tensors into memory instead of copying them: of the embeddings, half of all weights, only the
    pages of words that are said are ever read. Tensors of bytes alone, for those may begin anywhere in a file.
    """
    model, contents = onnx.load(network), network.read_bytes()
    for tensor in model.graph.initializer:
        of_bytes = tensor.data_type in (onnx.TensorProto.INT8, onnx.TensorProto.UINT8)
        if of_bytes and len(tensor.raw_data) >= MAPPED_FROM:
            begin, length = contents.index(tensor.raw_data), len(tensor.raw_data)
            set_external_data(tensor, location=network.name, offset=begin, length=length)
            tensor.ClearField("raw_data")
            tensor.data_location = onnx.TensorProto.EXTERNAL
    path.write_bytes(model.SerializeToString(deterministic=True))


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
