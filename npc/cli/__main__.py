"""`python -m npc.cli`: the same as the `npc` command."""

from npc.cli.app import main

main()
