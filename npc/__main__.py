"""`python -m npc`: the same as the `npc` command."""

from npc.cli.app import main

main()
