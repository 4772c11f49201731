"""Chance that can be replayed: every draw follows from seed, character, turn and position alone."""

from __future__ import annotations

from hashlib import blake2b


class Dice:
    """The draws of one turn, in order. Two dice made alike draw alike; nothing else influences them."""

    __slots__ = ("_draws", "_key")

    def __init__(self, seed: int, character: str, turn: int) -> None:
        self._key = f"{seed}/{character}/{turn}"
        self._draws = 0

    def fraction(self) -> float:
        """The next draw, from 0 up to but not including 1."""
        self._draws += 1
        drawn = blake2b(f"{self._key}/{self._draws}".encode(), digest_size=8).digest()
        return (int.from_bytes(drawn, "big") >> 11) / (1 << 53)

    def happens(self, probability: float) -> bool:
        """Whether something of that probability happens."""
        return self.fraction() < probability

    def below(self, count: int) -> int:
        """The next draw as a whole number from 0 to `count` - 1."""
        return int(self.fraction() * count)
