"""What a player who has won is told: how each lock was opened, and which ways were not taken."""

from __future__ import annotations

from dataclasses import dataclass

import npc
from games.keep.using import GOLD


@dataclass(frozen=True, slots=True)
class Way:
    """A way past one of the three locks.

    Attributes:
        name: such as ``the bribe``.
        responses: the lines that are said only where it was taken.
        told: what it says about the player.
        hint: what is told of it to one who missed it.
    """

    name: str
    responses: tuple[str, ...]
    told: str
    hint: str


LOCKS: dict[str, tuple[Way, ...]] = {
    "The gate": (
        Way("the seal", ("hand_over",), "you showed the warden a royal seal", "a royal seal, bought or earned"),
        Way("the bribe", ("take_bribe",), "you found the warden's price", "the warden has his price"),
        Way("the cats", ("lends_key", "opens_gate"), "you fed the warden's cats", "the warden has a soft spot"),
    ),
    "The writ": (
        Way("the fine", ("receipt",), "you paid the clerk's fine to the last coin", "the fine can be paid"),
        Way("the clause", ("clause_applies",), "you found the clause", "the law knows an exception"),
    ),
    "The tower key": (
        Way("the sword", ("beaten",), "you beat the captain, who had never been beaten", "the captain can be beaten"),
        Way("the song", ("weeps",), "you sang to the captain, and did not hurry the ice", "there is a song"),
    ),
}


def ways_taken(session: npc.Session) -> dict[str, Way | None]:
    """By lock, the way that was taken past it; None where it is still shut, or was opened otherwise."""
    said = {entry.response for entry in session.transcript}
    return {lock: next((way for way in ways if said.intersection(way.responses)), None) for lock, ways in LOCKS.items()}


def title_won(session: npc.Session) -> str:
    """What a player who went these ways is called."""
    names = {way.name for way in ways_taken(session).values() if way is not None}
    if {"the cats", "the clause", "the song"} <= names:
        return "The Gentle: not a coin, not a blow."
    if {"the bribe", "the fine"} <= names:
        return "The Purse: everybody has a price, and you paid it."
    if "the sword" in names:
        return "The Blade: you won it fairly, with your feet."
    if "the song" in names:
        return "The Voice: you went where swords do not."
    return "The Unexplained: you found a way of your own."


def victory_lines(session: npc.Session) -> list[str]:
    """That the player has won, what as, how each lock was opened, what it took, and the ways not taken."""
    turns, gold = len(session.transcript), session.facts[GOLD]
    taken = ways_taken(session)
    told = [f"{lock}: {way.told}." if way else f"{lock}: nobody knows how." for lock, way in taken.items()]
    missed = [way.hint for lock, ways in LOCKS.items() for way in ways if way is not taken[lock]]
    return [
        "You have won: Pip is free!",
        title_won(session),
        *told,
        f"It took {turns} {'turn' if turns == 1 else 'turns'} of talk, and {gold} gold is left in your purse.",
        f"Ways you did not take: {'; '.join(missed)}.",
    ]
