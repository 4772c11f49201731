"""The kinds of lints. docs/diagnostics-lints.md explains each with an example.

W0xx: allowances. W1xx: things that nothing uses. W2xx: texts. W3xx: intents.
W4xx: the order of a turn.
"""

from npc.diagnostics import Severity, rule

ALLOWED_WITHOUT_REASON = rule(
    "W001", "allowed-without-reason", "A finding is allowed without saying why.", Severity.WARNING
)
ALLOWS_NOTHING = rule("W002", "allows-nothing", "An allowance that no finding needs.", Severity.WARNING)

UNUSED_RESPONSE = rule("W101", "unused-response", "No logic says the response.", Severity.WARNING)
UNUSED_INTENT = rule("W102", "unused-intent", "No logic asks whether the intent was heard.", Severity.WARNING)
UNUSED_FACT = rule("W103", "unused-fact", "Nothing reads or writes the fact.", Severity.WARNING)
NEVER_READ = rule("W104", "fact-never-read", "The fact is written and never read.", Severity.WARNING)
NEVER_WRITTEN = rule("W105", "fact-never-written", "The fact is read and never written.", Severity.WARNING)
UNUSED_EFFECT = rule("W106", "unused-effect", "No logic calls the effect.", Severity.WARNING)
UNUSED_EVENT = rule("W107", "unused-event", "No logic looks for the event.", Severity.WARNING)
UNUSED_TABLE = rule("W108", "unused-table", "No logic looks anything up in the table.", Severity.WARNING)
UNUSED_TAG = rule("W109", "unused-tag", "No `say_any` chooses among the responses of the tag.", Severity.WARNING)

DOUBLE_SPACE = rule("W201", "double-space", "A text has two spaces in a row.", Severity.WARNING)
EDGE_SPACE = rule("W202", "edge-space", "A text begins or ends with a space.", Severity.WARNING)
SPACE_BEFORE_MARK = rule("W203", "space-before-mark", "A space stands before a comma or full stop.", Severity.WARNING)
UNBALANCED = rule("W204", "unbalanced-quotes", "A quote or bracket has no partner.", Severity.WARNING)
TOO_LONG = rule("W205", "long-line", "A text is longer than a speech box holds.", Severity.WARNING)
SAME_TEXT = rule("W206", "same-text", "Two texts of a character are the same.", Severity.WARNING)
NEAR_NAME = rule("W207", "near-name", "A name is almost a character's, and not quite.", Severity.WARNING)
ODD_TAG = rule("W208", "odd-tag", "A presentation tag used once is almost one used often.", Severity.WARNING)

NEAR_EXAMPLES = rule(
    "W301", "near-examples", "Examples of two intents differ in words that say nothing.", Severity.WARNING
)
SLOT_WITHOUT_EXAMPLE = rule(
    "W302", "slot-without-example", "No example of the intent shows the slot.", Severity.WARNING
)

FAILURE_AFTER_EFFECT = rule(
    "W401", "failure-after-effect", "Something is done first, and then the turn can still fail.", Severity.WARNING
)
