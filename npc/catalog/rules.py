"""The kinds of diagnostics a catalog can have: C1xx the YAML, C2xx the structure, C3xx the meaning."""

from __future__ import annotations

from npc.diagnostics import Severity, rule

UNREADABLE = rule("C101", "unreadable", "A file or folder is missing or cannot be read.")
FILE_TOO_LARGE = rule("C102", "file-too-large", "A file is larger than the limit.")
WRONG_ENCODING = rule("C103", "wrong-encoding", "A file is not UTF-8 text.")
CONTROL_CHARACTER = rule("C104", "control-character", "A character that no text needs, such as NUL.")
YAML_SYNTAX = rule("C105", "yaml-syntax", "The file is not well-formed YAML.")
TAB = rule("C106", "tab", "A tab stands where YAML wants spaces.")
DUPLICATE_KEY = rule("C107", "duplicate-key", "A mapping has the same key twice.")
ALIAS = rule("C108", "alias", "YAML anchors and aliases are not used in catalogs.")
TAG = rule("C109", "yaml-tag", "YAML tags are not used in catalogs.")
MERGE_KEY = rule("C110", "merge-key", "YAML merge keys are not used in catalogs.")
TOO_DEEP = rule("C111", "too-deep", "Lists and mappings are nested deeper than the limit.")
TOO_MANY_VALUES = rule("C112", "too-many-values", "A file holds more values than the limit.")
SEVERAL_DOCUMENTS = rule("C113", "several-documents", "A file holds more than one YAML document.")
EMPTY_FILE = rule("C114", "empty-file", "A file holds nothing.")
NOT_A_MAPPING = rule("C115", "not-a-mapping", "A file does not consist of `key: value` entries.")
KEY_NOT_TEXT = rule("C116", "key-not-text", "A mapping's key is a list or a mapping.")
NUMBER_TOO_LONG = rule("C117", "number-too-long", "A number has more digits than the limit.")
TOO_MANY_FINDINGS = rule("C118", "too-many-findings", "A file has more findings than are listed.")

UNKNOWN_KEY = rule("C201", "unknown-key", "A key that means nothing here.")
MISSING_KEY = rule("C202", "missing-key", "A key that must be there is not.")
WRONG_TYPE = rule("C203", "wrong-type", "A value is of the wrong kind.")
NEEDS_QUOTES = rule("C204", "needs-quotes", "YAML reads a word as a number or as true, false or nothing.")
EMPTY = rule("C205", "empty", "A list, mapping or text that must not be empty is.")
UNKNOWN_CHOICE = rule("C206", "unknown-choice", "A word that is none of those possible here.")
CODE_NOT_BLOCK = rule(
    "C207", "code-not-block", "Code over several lines that is not written as a `|` block.", Severity.WARNING
)
TEXT_TOO_LONG = rule("C208", "text-too-long", "A text is longer than the limit.")
STEP_KIND = rule("C209", "step-kind", "A step of a conversation has not exactly one of `say`, `event`, `heard`.")

NO_CHARACTERS = rule("C301", "no-characters", "A cast has no character file.")
WRONG_ID = rule("C302", "wrong-id", "A file's id is not its file's name.")
BAD_NAME = rule("C303", "bad-name", "A name is not in lower_snake_case.")
RESERVED_NAME = rule("C304", "reserved-name", "A name that the pseudocode keeps for itself.")
FOREIGN_FACT = rule("C305", "foreign-fact", "A fact is declared in a file that it does not belong to.")
BAD_INITIAL = rule("C306", "bad-initial", "A fact's initial value does not fit its type.")
REVERSED_BOUNDS = rule("C307", "reversed-bounds", "A `min` is greater than its `max`.")
LISTED_TWICE = rule("C308", "listed-twice", "A list of names holds one of them twice.")
NO_ITEMS = rule("C309", "no-items", "A bag or an item is declared in a world without items.")
NAME_CLASH = rule("C310", "name-clash", "Two things that the pseudocode would call by the same name.")
OTHERWISE_UNKNOWN = rule("C311", "otherwise-unknown", "`otherwise` names no response.")
OTHERWISE_WHEN = rule("C312", "otherwise-when", "The `otherwise` response has a `when`.")
OTHERWISE_PLACEHOLDER = rule("C313", "otherwise-placeholder", "The `otherwise` response has a placeholder.")
UNKNOWN_USE = rule("C314", "unknown-use", "`use` names no shared intent.")
INTENT_TWICE = rule("C315", "intent-twice", "An intent is defined twice.")
EXAMPLE_SLOT = rule("C316", "example-slot", "An example names a slot that its intent does not have.")
UNBALANCED_BRACE = rule("C317", "unbalanced-brace", "A brace without its partner.")
BAD_PLACEHOLDER = rule("C318", "bad-placeholder", "Braces around something that is no plain name.")
MIXED_TABLE = rule("C319", "mixed-table", "A table holds values of different types.")
NO_SPEAKER = rule("C320", "no-speaker", "A step of a conversation does not say to which character.")
FACT_TWICE = rule("C321", "fact-twice", "A fact is declared in two files.")
UNKNOWN_PARAMETER = rule(
    "C322", "unknown-parameter", "A conversation uses a parameter that its `parameters` do not give."
)

NO_EXAMPLES = rule("C351", "no-examples", "An intent has no examples.", Severity.WARNING)
SHARED_EXAMPLE = rule("C352", "shared-example", "Two intents of a character share an example.", Severity.WARNING)
STRAY_FILE = rule("C353", "stray-file", "A file in the cast's folder that is not read.", Severity.WARNING)
