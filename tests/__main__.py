"""Run the tests: ``python3 -m tests [pytest arguments]``. Sets the checkout up first where that is needed.

Without arguments, all tests run, on every core.
"""

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

import bootstrap  # noqa: E402


def main() -> int:
    """Set up, run pytest, and hand its exit status on. No tests found is a failure (5), as pytest has it."""
    bootstrap.ensure("dev")
    import pytest

    os.chdir(CHECKOUT)
    return int(pytest.main(sys.argv[1:] or ["-n", "auto"]))


if __name__ == "__main__":
    sys.exit(main())
