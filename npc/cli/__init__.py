"""The command line: `npc play`, `check`, `test`, `prompt`, `new`, `schema`."""
