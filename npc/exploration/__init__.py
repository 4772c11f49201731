"""Exploring a cast: every state it can come to, and what is wrong with some of them."""

from npc.exploration.explore import Exploration, explore

__all__ = ["Exploration", "explore"]
