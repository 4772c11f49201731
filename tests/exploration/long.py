"""`python -m tests.exploration.long N [FIRST]`: exploring N generated casts against brute force."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.exploration.compare import differences

RUNS = 40_000


def main() -> None:
    """Compare, and print what differs."""
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    compared = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            found = differences(seed, Path(folder) / f"c{seed}" / "small", RUNS)
            compared += found is not None
            if found:
                wrong += 1
                print(f"cast {seed}:", *found, sep="\n  ", flush=True)
    print(f"{compared} of {count} casts compared, {wrong} with differences")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
