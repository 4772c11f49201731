"""The kinds of diagnostics that exploration may give. docs/diagnostics-exploration.md explains each with an example.

X2xx: what no conversation ever reaches. X3xx: what some conversation runs into. X4xx: what was not explored.
"""

from npc.diagnostics import Severity, rule

UNREACHABLE_RESPONSE = rule(
    "X201", "unreachable-response", "No conversation ever gets to hear the response.", Severity.WARNING
)
UNREACHABLE_LINE = rule("X202", "unreachable-line", "No conversation ever runs the statement.", Severity.WARNING)
OUT_OF_RANGE = rule("X301", "leaves-range", "A turn is void since a value would leave its range.", Severity.WARNING)
NOTHING_TO_SAY = rule("X302", "nothing-to-say", "A turn is void since the line may not be said then.", Severity.WARNING)
BROKEN_INVARIANT = rule("X303", "broken-invariant", "A turn breaks an invariant.", Severity.WARNING)
GOAL_LOCKED = rule("X304", "goal-locked", "After some turn a goal can no longer be reached.", Severity.WARNING)
ENDLESS_GAIN = rule(
    "X305", "endless-gain", "Turns that can be repeated for ever give something for nothing.", Severity.WARNING
)
MUTE = rule("X306", "mute", "A state in which a character's logic says nothing, whatever is heard.", Severity.WARNING)
CUT_SHORT = rule("X401", "cut-short", "Part of the cast was not explored to the end.", Severity.WARNING)
