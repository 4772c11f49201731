"""Run the tests: ``python3 -m tests [pytest arguments]``. Sets the checkout up first where that is needed.

Without arguments, all tests run, on every core.
"""

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

import bootstrap  # noqa: E402


def teach() -> None:
    """Have the embedded brain learn the demo's characters, before several processes would each begin to."""
    import npc

    cast = npc.load("catalogs/keep")
    with npc.forbid_network():
        session = npc.Session(cast)
        for number, character in enumerate(cast.characters, 1):
            print(f"teaching the brain, once: {number} of {len(cast.characters)}", flush=True)
            session.prepare(character).result()
        session.close()


def main() -> int:
    """Set up, run pytest, and hand its exit status on. No tests found is a failure (5), as pytest has it."""
    bootstrap.ensure("dev")
    import pytest

    os.chdir(CHECKOUT)
    if not sys.argv[1:]:
        teach()
    return int(pytest.main(sys.argv[1:] or ["-n", "auto"]))


if __name__ == "__main__":
    sys.exit(main())
