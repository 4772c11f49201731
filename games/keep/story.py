"""What has been happening, as the player sees it: notices that rise and fade, and how effects read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import npc
from games.keep.seeds import Seeds
from games.keep.settings import Settings
from games.keep.simulation import STEPS_PER_SECOND
from games.keep.sounds import COIN, DOOR, HIT, ITEM, Sound
from games.keep.using import FULL_HEALTH, GATE, GOLD, HEALTH, ITEMS

NOTICE_STEPS = int(3.2 * STEPS_PER_SECOND)


@dataclass
class Notice:
    """A few words shown for a while.

    Attributes:
        kind: ``gain``, ``loss`` or ``told``.
        item: the item it is about, or ``gold``.
        sound: what is heard with it.
    """

    text: str
    kind: str
    item: str = ""
    sound: Sound | None = None
    age: int = 0


class Story:
    """The session, and the notices on the screen.

    Args:
        session: the session.
        seeds: where the playthrough is kept when the player asks for it.
        settings: what the player has chosen.
    """

    def __init__(self, session: npc.Session, seeds: Seeds | None = None, settings: Settings | None = None) -> None:
        self.session = session
        self.settings = settings or Settings()
        self.notices: list[Notice] = []
        self._sounds: list[Sound] = []
        self._copied = ""
        self._seeds = seeds or Seeds()

    @property
    def gold(self) -> int:
        return int(self.session.facts[GOLD])  # type: ignore[arg-type]

    @property
    def items(self) -> Mapping[str, int]:
        items = self.session.facts[ITEMS]
        assert isinstance(items, Mapping)
        return items

    @property
    def health(self) -> int:
        return int(self.session.facts[HEALTH])  # type: ignore[arg-type]

    @property
    def gate_open(self) -> bool:
        return bool(self.session.facts[GATE])

    def tell(self, text: str, kind: str = "told", item: str = "", sound: Sound | None = None) -> None:
        """Show a notice. The same words twice in a row only live longer."""
        if sound is not None:
            self.play(sound)
        if self.notices and self.notices[-1].text == text:
            self.notices[-1].age = 0
            return
        self.notices = [*self.notices[-4:], Notice(text, kind, item, sound)]

    def play(self, sound: Sound) -> None:
        """Have a sound played with the next picture."""
        self._sounds.append(sound)

    def take_sounds(self) -> list[Sound]:
        """The sounds to play since this was last asked, each once."""
        sounds, self._sounds = list(dict.fromkeys(self._sounds)), []
        return sounds

    def copy(self, text: str) -> None:
        """Have text put on the clipboard with the next picture."""
        self._copied = text

    def take_copied(self) -> str:
        """The text to put on the clipboard since this was last asked, mostly none."""
        copied, self._copied = self._copied, ""
        return copied

    def tell_changes(self, turn: npc.Turn) -> None:
        """Show what a turn changed of what is the player's."""
        for notice in describe_changes(self.session.cast, turn):
            self.tell(notice.text, notice.kind, notice.item, notice.sound)

    def keep_as_seed(self) -> None:
        """Keep the playthrough so far as a seed, which `npc test` runs, and show where."""
        self.tell(self._seeds.try_to_keep(self.session))

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
            words = f"{'+' if more > 0 else '−'} {abs(more)} gold"
            notices.append(Notice(words, "gain" if more > 0 else "loss", "gold", COIN))
    if ITEMS in changes:
        before, after = changes[ITEMS].before, changes[ITEMS].after
        assert isinstance(before, Mapping)
        assert isinstance(after, Mapping)
        for item in cast.catalog.items:
            more = after.get(item, 0) - before.get(item, 0)
            if more:
                count = f"{abs(more)} " if abs(more) > 1 else ""
                words = f"{'+' if more > 0 else '−'} {count}{bare_name(cast, item)}"
                notices.append(Notice(words, "gain" if more > 0 else "loss", item, ITEM))
    if HEALTH in changes:
        health = int(changes[HEALTH].after)  # type: ignore[arg-type]
        if health == FULL_HEALTH:
            notices.append(Notice("You have your strength back", "gain"))
        elif health < int(changes[HEALTH].before):  # type: ignore[arg-type]
            notices.append(Notice("You are hit", "loss", sound=HIT))
    if GATE in changes and changes[GATE].after:
        notices.append(Notice("The gate stands open", "gain", sound=DOOR))
    return notices


def bare_name(cast: npc.Cast, item: str) -> str:
    """An item's name without its article, for labels."""
    name = cast.catalog.items[item].display_name
    first, _, rest = name.partition(" ")
    return rest if first in ("a", "an", "the") and rest else name
