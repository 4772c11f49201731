"""The command line and the starter cast, for tests of what runs from it."""

from tests.cli.conftest import npc, tavern

__all__ = ["npc", "tavern"]
