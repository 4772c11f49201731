"""Exploring a cast: every state it can come to, and what is wrong with some of them."""

from npc.exploration.explore import MAX_STATES, Exploration, Finding, explore
from npc.exploration.questions import Answer, Found
from npc.exploration.witness import Step

__all__ = ["MAX_STATES", "Answer", "Exploration", "Finding", "Found", "Step", "explore"]
