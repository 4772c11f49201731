"""Exploring a cast: every state it can come to, and what is wrong with some of them."""

from npc.exploration.explore import MAX_STATES, explore
from npc.exploration.parallel import explore_in_parallel
from npc.exploration.questions import Answer, Found
from npc.exploration.results import Exploration, Finding
from npc.exploration.reuse import Kept
from npc.exploration.witness import Step

__all__ = ["MAX_STATES", "Answer", "Exploration", "Finding", "Found", "Kept", "Step", "explore", "explore_in_parallel"]
