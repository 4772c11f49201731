"""Lints: what is right by the rules of the files and yet probably not what the writer meant."""

from npc.linting.allowances import Allowances
from npc.linting.cast_lints import LONGEST_LINE, lint_cast
from npc.linting.fixing import Fix, fixes_for

__all__ = ["LONGEST_LINE", "Allowances", "Fix", "fixes_for", "lint_cast"]
