"""The embedded brain."""

from npc.backends.embedded.backend import EmbeddedBackend

__all__ = ["EmbeddedBackend"]
