"""A linear classifier over sentence vectors, trained in well under a second: multinomial logistic regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Labels = NDArray[np.int64]


def train(
    rows: Floats, labels: Labels, weights: Floats, classes: int, *, scale: float, penalty: float, steps: int
) -> tuple[Floats, Floats]:
    """Weights (width, classes) and biases (classes) of a softmax over `classes`.

    Args:
        rows: vectors of length 1, (lines, width).
        labels: the class of each row.
        weights: how much each row counts.
        scale: what the vectors are multiplied by; the larger, the sharper the decisions.
        penalty: of the squared weights.
        steps: of gradient descent with Nesterov's momentum, over all rows at once.
    """
    import numpy as np

    # Sentence vectors share a direction that tells nothing; without it the descent is many times quicker.
    centre = rows.mean(axis=0)
    data = np.concatenate([(rows - centre) * scale, np.ones((len(rows), 1), np.float32)], axis=1)
    wanted = np.zeros((len(rows), classes), np.float32)
    wanted[np.arange(len(rows)), labels] = 1.0
    share = (weights / weights.sum())[:, None].astype(np.float32)
    # The curvature of softmax regression is at most half the largest eigenvalue of the weighted second moments.
    step = 1.0 / (0.5 * float(np.linalg.norm((data * share).T @ data, 2)) + penalty)
    solved = ahead = np.zeros((data.shape[1], classes), np.float32)
    for number in range(steps):
        gradient = data.T @ ((softmax(data @ ahead) - wanted) * share) + penalty * ahead
        before, solved = solved, ahead - step * gradient
        ahead = solved + (number / (number + 3)) * (solved - before)
    found = solved[:-1] * scale
    return found.astype(np.float32), (solved[-1] - centre @ found).astype(np.float32)


def softmax(logits: Floats) -> Floats:
    """Probabilities of each row's classes."""
    import numpy as np

    raised: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares
