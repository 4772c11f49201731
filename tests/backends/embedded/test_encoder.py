"""The encoder's files: what their sums say they are, and one network whichever file it is read from."""

from __future__ import annotations

import hashlib

import numpy as np
import onnxruntime
import pytest

from npc.backends.embedded.encoder import FOLDER, WIDTH, Encoder, encode

LINES = ("give me the key", "I would rather not pay twenty gold for it, warden!", "", "ĉu vi parolas?", "a " * 300)


def _sums() -> dict[str, str]:
    lines = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def test_every_file_has_its_sum() -> None:
    assert {path.name for path in FOLDER.iterdir()} - {"SHA256SUMS"} == _sums().keys()


@pytest.mark.parametrize("name", sorted(_sums()))
def test_files_are_what_their_sums_say(name: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == _sums()[name]


def test_mapped_weights_are_those_of_the_whole_network() -> None:
    mapped = Encoder()
    whole = onnxruntime.InferenceSession(str(FOLDER / "encoder.onnx"), providers=["CPUExecutionProvider"])
    for length in range(2, 60, 7):
        ids = np.arange(length, dtype=np.int64)[None] * 331 + 1_000
        given = {"ids": ids, "mask": np.ones(ids.shape, np.float32)}
        np.testing.assert_array_equal(mapped._network.run(None, given)[0], whole.run(None, given)[0])


def test_vectors_have_length_one_and_do_not_hang_on_their_neighbours() -> None:
    together = encode(LINES)
    assert together.shape == (len(LINES), WIDTH)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    for line, vector in zip(LINES, together, strict=True):
        np.testing.assert_array_equal(Encoder().encode([line])[0], vector)
