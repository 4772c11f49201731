"""What the player would write down: what was learnt, what is carried, and what was said.

A response teaches something where its writer gives it the presentation tag `journal`; whoever has heard it knows that.
"""

from __future__ import annotations

from collections.abc import Mapping

import npc
from games.keep.using import GOLD, ITEMS

NOTE = "journal"
"""The presentation tag that holds what a response teaches."""


def learnt(session: npc.Session) -> list[str]:
    """What the responses said so far have taught, oldest first, each once."""
    notes = (
        session.cast.catalog.characters[entry.character].responses[entry.response].presentation.get(NOTE)
        for entry in session.transcript
        if entry.response in session.cast.catalog.characters[entry.character].responses
    )
    return list(dict.fromkeys(str(note) for note in notes if note))


def journal_lines(session: npc.Session) -> list[str]:
    """The journal's page: what was learnt, then what was said, the latest first."""
    known = [f"* {note}" for note in learnt(session)] or ["Nothing yet. Ask people about things."]
    said = []
    for entry in reversed(session.transcript):
        name = session.cast.character(entry.character).name
        said.append("")
        if entry.utterance:
            said.append(f"You: {entry.utterance}")
        elif entry.event and entry.event.startswith("shown:"):
            item = session.cast.catalog.items[entry.event.removeprefix("shown:")]
            said.append(f"(You show {item.display_name}.)")
        said.append(f"{name}: {entry.text}")
    return ["What you know", "", *known, "", "What was said", *(said or ["", "Nobody has said anything yet."])]


def bag_lines(session: npc.Session) -> list[str]:
    """The page of what the player carries."""
    facts, items = session.facts, session.cast.catalog.items
    bag = facts[ITEMS]
    assert isinstance(bag, Mapping)
    carried = [
        f"{count} × {items[item].display_name}" if count > 1 else items[item].display_name
        for item, count in bag.items()
    ]
    return [f"{facts[GOLD]} gold pieces", "", *(carried or ["Nothing else."])]
