"""What has been happening, as the player sees it: notices that rise and fade, and how effects read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import npc
from games.keep.simulation import GATE, GOLD, ITEMS, STEPS_PER_SECOND

NOTICE_STEPS = int(3.2 * STEPS_PER_SECOND)


@dataclass
class Notice:
    """A few words shown for a while. `kind` is ``gain``, ``loss`` or ``told``; `item` the item it is about."""

    text: str
    kind: str
    item: str = ""
    age: int = 0


class Story:
    """The session, and the notices on the screen."""

    def __init__(self, session: npc.Session) -> None:
        self.session = session
        self.notices: list[Notice] = []

    @property
    def gold(self) -> int:
        return int(self.session.facts[GOLD])  # type: ignore[arg-type]

    @property
    def items(self) -> Mapping[str, int]:
        items = self.session.facts[ITEMS]
        assert isinstance(items, Mapping)
        return items

    @property
    def gate_open(self) -> bool:
        return bool(self.session.facts[GATE])

    def tell(self, text: str, kind: str = "told", item: str = "") -> None:
        """Show a notice. The same words twice in a row only live longer."""
        if self.notices and self.notices[-1].text == text:
            self.notices[-1].age = 0
            return
        self.notices = [*self.notices[-4:], Notice(text, kind, item)]

    def tell_changes(self, turn: npc.Turn) -> None:
        """Show what a turn changed of what is the player's."""
        for notice in describe_changes(self.session.cast, turn):
            self.tell(notice.text, notice.kind, notice.item)

    def item_name(self, item: str) -> str:
        return bare_name(self.session.cast, item)

    def step(self) -> None:
        for notice in self.notices:
            notice.age += 1
        self.notices = [notice for notice in self.notices if notice.age < NOTICE_STEPS]


def describe_changes(cast: npc.Cast, turn: npc.Turn) -> list[Notice]:
    """What a turn changed of what is the player's, in words: ``− 12 gold``, ``+ cell key``."""
    changes = turn.changes
    notices: list[Notice] = []
    if GOLD in changes:
        more = int(changes[GOLD].after) - int(changes[GOLD].before)  # type: ignore[arg-type]
        if more:
            notices.append(Notice(f"{'+' if more > 0 else '−'} {abs(more)} gold", "gain" if more > 0 else "loss"))
    if ITEMS in changes:
        before, after = changes[ITEMS].before, changes[ITEMS].after
        assert isinstance(before, Mapping)
        assert isinstance(after, Mapping)
        for item in cast.catalog.items:
            more = after.get(item, 0) - before.get(item, 0)
            if more:
                count = f"{abs(more)} " if abs(more) > 1 else ""
                words = f"{'+' if more > 0 else '−'} {count}{bare_name(cast, item)}"
                notices.append(Notice(words, "gain" if more > 0 else "loss", item))
    if GATE in changes and changes[GATE].after:
        notices.append(Notice("The gate stands open", "gain"))
    return notices


def bare_name(cast: npc.Cast, item: str) -> str:
    """An item's name without its article, for labels."""
    name = cast.catalog.items[item].display_name
    first, _, rest = name.partition(" ")
    return rest if first in ("a", "an", "the") and rest else name
