#!/usr/bin/env python3
"""The Keep of Three Locks: a small game whose characters you talk to by typing whatever you like.

Needs nothing but Python 3.11 or newer: the first start makes `.venv` here and installs the rest into it.
"""

import argparse
import os
from pathlib import Path

EXAMPLES = """examples:
  python3 demo.py                                    play, offline
  python3 demo.py --terminal                         the same without a window
  python3 demo.py --backend openai:gpt-5-mini        let a language model do the listening
  python3 demo.py --headless --script walk.keep      play a script without a window and check what it expects
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--terminal", action="store_true", help="play in the terminal")
    parser.add_argument(
        "--backend",
        metavar="SPEC",
        default=os.environ.get("NPC_BACKEND") or None,
        help="what understands the player: embedded, openai:MODEL, openai:MODEL@URL, scripted:FILE, replay:DIR, "
        "python:FILE:NAME, "
        "several joined with | (default: NPC_BACKEND, else what the settings screen says, else embedded)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="decides chance and wording (default: 0)")
    parser.add_argument("--headless", action="store_true", help="draw nothing; needs --script")
    parser.add_argument("--script", type=Path, metavar="FILE", help="play these commands (see games/keep/script.py)")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="save a PNG at the end and leave")
    parser.add_argument("--frames", type=int, default=90, metavar="N", help="frames before --screenshot (default: 90)")
    parser.add_argument(
        "--record", type=Path, metavar="FILE", help="keep the playthrough in this dialogue file, which npc test runs"
    )
    parser.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        help="where games and settings are kept (default: your system's folder for such data)",
    )
    given = parser.parse_args()
    if given.headless and given.script is None:
        parser.error("--headless needs --script FILE: there is nobody to play")
    if given.headless and given.screenshot is not None:
        parser.error("--headless draws nothing, so there is no --screenshot to save")
    if given.terminal and (given.headless or given.script or given.screenshot):
        parser.error("--terminal goes with neither --headless, --script nor --screenshot")
    if given.record is not None and not given.record.name.endswith(".dialogue.yaml"):
        parser.error(f"--record {given.record}: name a dialogue file, such as {given.record.stem}.dialogue.yaml")

    import bootstrap

    bootstrap.ensure(*(() if given.headless else ("game",)))

    from games.keep.launch import Options, launch

    return launch(Options(**vars(given)))


if __name__ == "__main__":
    raise SystemExit(main())
