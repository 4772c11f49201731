"""Choosing among the lines that the logic allows: the one nearest in meaning to what the player said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from npc.backends.base import ModelRequest
from npc.backends.embedded import kept
from npc.backends.embedded.encoder import WIDTH, encode, encoder_sum, from_steps, in_steps

if TYPE_CHECKING:
    from npc.backends.embedded.encoder import Steps

MAX_COMPARED = 64
"""Texts compared in one choice; encoding more would be felt."""
MAX_SAID = 300
"""Characters of the player's line that are compared."""
MAX_HELD = 20_000
"""Texts whose vectors are held: 10 MB."""

_held: dict[str, Steps] = {}


def learn_answers(answers: Mapping[str, tuple[str, ...]]) -> None:
    """Have the vectors of all lines that responses answer at hand, from disk where they are kept."""
    import numpy as np

    texts = tuple(dict.fromkeys(text for lines in answers.values() for text in lines))
    if not texts or all(text in _held for text in texts):
        return
    key = kept.key_of(["answers", encoder_sum(), texts])
    arrays = kept.load(key, {"lines": ((len(texts), WIDTH), np.int8)})
    if arrays is None:
        arrays = {"lines": in_steps(encode(texts))}
        kept.store(key, arrays)
    _hold(texts, arrays["lines"])


def closest_response(candidates: Sequence[str], request: ModelRequest) -> str:
    """The candidate nearest in meaning to the line, the previous response only if there is no other.

    A response is as near as the nearest of the lines that its writer says it answers, or of its own texts where the
    writer names none.
    """
    fresh = [name for name in candidates if name != request.last] or list(candidates)
    if len(fresh) == 1 or not request.utterance.strip():
        return fresh[0]
    share = max(1, MAX_COMPARED // len(fresh))
    texts = [(name, text) for name in fresh for text in _compared(name, request)[:share]][:MAX_COMPARED]
    if not texts:
        return fresh[0]
    (said,) = encode([request.utterance[:MAX_SAID]])
    likeness = [round(float(likeness), 3) for likeness in from_steps(_vectors([text for _, text in texts])) @ said]
    # Of equals the first, in the order the logic names them.
    return texts[likeness.index(max(likeness))][0]


def _compared(name: str, request: ModelRequest) -> tuple[str, ...]:
    return request.answers.get(name) or request.responses.get(name, ())


def _vectors(texts: Sequence[str]) -> Steps:
    import numpy as np

    known = {text: vector for text in texts if (vector := _held.get(text)) is not None}
    new = [text for text in dict.fromkeys(texts) if text not in known]
    vectors = in_steps(encode(new))
    _hold(new, vectors)
    known.update(zip(new, vectors, strict=True))
    return np.stack([known[text] for text in texts])


def _hold(texts: Sequence[str], vectors: Sequence[Steps] | Steps) -> None:
    if len(_held) + len(texts) > MAX_HELD:
        _held.clear()
    _held.update(zip(texts, vectors, strict=True))
