"""The command line, for tests that compare versions of a cast."""

from tests.cli.conftest import npc

__all__ = ["npc"]
