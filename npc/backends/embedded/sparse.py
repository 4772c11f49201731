"""Many small weighted lists in a few flat arrays: what Python objects would take ten times the memory for."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Columns = NDArray[np.int32]
    Weights = NDArray[np.float32]


class SparseRows:
    """Rows of which each has a weight in few columns, and in each column at most one. Fill with `add`, then `pack`."""

    def __init__(self) -> None:
        self._rows, self._columns, self._weights = array("i"), array("i"), array("f")

    def add(self, row: int, column: int, weight: float) -> None:
        """Put a weight into a row, whatever rows others were put into before."""
        self._rows.append(row)
        self._columns.append(column)
        self._weights.append(weight)

    def pack(self) -> PackedRows:
        """All rows up to the last that a weight was put into, each in the order in which that was done."""
        import numpy as np

        numbers = np.frombuffer(self._rows, dtype=np.int32)
        order = np.argsort(numbers, kind="stable")
        starts = array("i", [0, *np.cumsum(np.bincount(numbers))])
        columns = np.frombuffer(self._columns, dtype=np.int32)[order]
        weights = np.frombuffer(self._weights, dtype=np.float32)[order]
        return PackedRows(starts, columns, weights)


class PackedRows:
    """See `SparseRows`."""

    def __init__(self, starts: array[int], columns: Columns, weights: Weights) -> None:
        self._starts, self._columns, self._weights = starts, columns, weights

    def __getitem__(self, row: int) -> tuple[Columns, Weights]:
        """The columns in which a row has weights, and these."""
        begin, end = self._starts[row], self._starts[row + 1]
        return self._columns[begin:end], self._weights[begin:end]
