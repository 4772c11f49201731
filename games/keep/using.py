"""What comes of using the things that are no characters: finds, the gate, the cell.

The state of the story is in the facts of the dialogue session, so that there is one truth about it and a save of the
session is a save of the game.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from games.keep.layout import Impossible

GOLD = "player.gold"
ITEMS = "player.items"
HEALTH = "player.health"
GATE = "gate.open"
CELL = "cell.open"
SEARCHED = "yard.searched"
HOUR = "keep.hour"
GOLD_LIMIT = 999
FULL_HEALTH = 3

Facts = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something came of a command.

    Attributes:
        kind: ``talk``, ``found``, ``gate``, ``moved`` or ``told``.
        text: what the player is told; empty for ``talk``.
        subject: the character talked to, the thing used, or the place come to.
        item: the item that was found, or ``gold``.
    """

    kind: str
    text: str = ""
    subject: str = ""
    item: str = ""


def use_gate(facts: Facts) -> Happening:
    """Turn the key in the gate.

    Raises:
        Impossible: the player has no key.
    """
    if facts[GATE]:
        return Happening("told", "The gate stands open.", "gate")
    if not _count(facts, "cell_key"):
        raise Impossible("Locked. The key hangs at the warden's belt.")
    facts[GATE] = True
    return Happening("gate", "The key turns. The gate swings open.", "gate")


def use_cell_door(facts: Facts) -> Happening:
    """Open the cell, which takes the writ and the tower key.

    Raises:
        Impossible: one of them is missing.
    """
    if facts[CELL]:
        return Happening("told", "The cell stands open.", "cell_door")
    writ, key = _count(facts, "writ"), _count(facts, "tower_key")
    if not writ and not key:
        raise Impossible("It takes the clerk's writ and the captain's tower key.")
    if not writ:
        raise Impossible("The key fits. A notice says: not without a writ of release.")
    if not key:
        raise Impossible("The writ says yes, the lock says no. It takes the captain's tower key.")
    facts[CELL] = True
    return Happening("gate", "The writ is read, the key turns, the cell swings open.", "cell_door")


def search_well(facts: Facts) -> Happening:
    """Fetch what shines in the well; that takes a rope, which is not used up.

    Raises:
        Impossible: there is nothing (left) to be had.
    """
    if "well" in facts[SEARCHED]:
        raise Impossible("Only water now, and your own face.")
    if not _count(facts, "rope"):
        raise Impossible("Something brass glints far below. You would need a rope.")
    _find(facts, "well", "mule_bell")
    return Happening("found", "You climb down the rope and back up, wet to the neck, with a bell.", "well", "mule_bell")


def search_hay(facts: Facts) -> Happening:
    """Rummage in the hay.

    Raises:
        Impossible: there is nothing left to be had.
    """
    if "hay" in facts[SEARCHED]:
        raise Impossible("Only hay now. It has had enough of you, too.")
    _find(facts, "hay", "silver_spoon")
    return Happening("found", "Straw, straw, mouse, straw, and a silver spoon.", "hay", "silver_spoon")


def search_crate(facts: Facts) -> Happening:
    """Look behind the crates.

    Raises:
        Impossible: there is nothing left to be had.
    """
    if "crate" in facts[SEARCHED]:
        raise Impossible("Dust, and a spider who remembers you.")
    facts[SEARCHED] = facts[SEARCHED] | {"crate"}
    facts[GOLD] = min(GOLD_LIMIT, facts[GOLD] + 4)
    return Happening("found", "Four gold pieces, rolled behind the crates.", "crate", "gold")


USES: Mapping[str, Callable[[Facts], Happening]] = {
    "gate": use_gate,
    "cell_door": use_cell_door,
    "well": search_well,
    "hay": search_hay,
    "crate": search_crate,
}
"""By the thing used."""

TURNS_TO_DUSK, TURNS_TO_NIGHT = 40, 90
"""How much talk makes a day pass."""


def hour_after(turns: int) -> str:
    """The time of day after so many turns of talk, as the fact `keep.hour` has it."""
    if turns >= TURNS_TO_NIGHT:
        return "night"
    return "dusk" if turns >= TURNS_TO_DUSK else "afternoon"


def _find(facts: Facts, place: str, item: str) -> None:
    facts[SEARCHED] = facts[SEARCHED] | {place}
    facts[ITEMS] = {**facts[ITEMS], item: _count(facts, item) + 1}


def _count(facts: Mapping[str, Any], item: str) -> int:
    return int(facts[ITEMS].get(item, 0))
