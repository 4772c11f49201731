"""What changed for players between two versions of a cast: `npc diff`."""

from npc.testing.difference.casts import CastDifference, compare_casts

__all__ = ["CastDifference", "compare_casts"]
