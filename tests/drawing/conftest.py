"""The command line, for tests of what it draws."""

from tests.cli.conftest import npc

__all__ = ["npc"]
