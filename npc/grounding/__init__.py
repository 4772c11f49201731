"""What a player's line plainly says: amounts and items, with where they stand."""

from npc.grounding.items import Mention, find_items
from npc.grounding.numbers import Number, find_numbers
from npc.grounding.totals import find_totals, is_grounded

__all__ = ["Mention", "Number", "find_items", "find_numbers", "find_totals", "is_grounded"]
