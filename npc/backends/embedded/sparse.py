"""Many small weighted lists in a few flat arrays: what Python objects would take ten times the memory for."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Columns = NDArray[np.int32]
    Weights = NDArray[np.float32]


class SparseRows:
    """Rows of which each has a weight in few columns, and in each column at most one.

    Args:
        rows, columns, weights: an entry each, in any order; a row keeps the order of its entries.
    """

    def __init__(self, rows: Whole, columns: Whole, weights: NDArray[np.float64]) -> None:
        import numpy as np

        order = np.argsort(rows, kind="stable")
        self._starts = array("i", [0, *np.cumsum(np.bincount(rows))])
        self._columns: Columns = columns[order].astype(np.int32)
        self._weights: Weights = weights[order].astype(np.float32)

    def __getitem__(self, row: int) -> tuple[Columns, Weights]:
        """The columns in which a row has weights, and these."""
        begin, end = self._starts[row], self._starts[row + 1]
        return self._columns[begin:end], self._weights[begin:end]
