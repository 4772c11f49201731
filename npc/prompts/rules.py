"""The kinds of findings in a cast's prompt templates; docs/diagnostics-prompts.md tells a writer about each."""

from __future__ import annotations

from npc.diagnostics import rule

SYNTAX = rule("P101", "template-syntax", "A prompt template is not valid Jinja2.")
UNKNOWN_NAME = rule("P102", "template-unknown-name", "A prompt template shows something that there is not.")
FORBIDDEN = rule("P103", "template-forbidden", "A prompt template uses what templates of a cast may not use.")
NO_PLAYER_LINE = rule("P104", "template-without-player-line", "The turn template does not show the player's line last.")
FAILS = rule("P105", "template-fails", "A prompt template cannot be rendered, or becomes too large.")
UNKNOWN_FILE = rule("P106", "template-unknown-file", "A template has a name that nothing uses.")
