"""A player who does anything: ``python -m tests.games.bots [STEPS] [FIRST SEED] [PLAYERS]``.

Walks, clicks, shoves, opens pages, and says to whoever is near lines of the catalogs, with any thing and any sum in
them, which the embedded brain hears. After every step the game must be whole.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

import npc
from games.keep.casting import open_session
from games.keep.game import Game
from games.keep.layout import Impossible
from games.keep.scene_conversation import ConversationScene
from games.keep.scene_walking import WalkingScene
from games.keep.simulation import Approach
from games.keep.using import FULL_HEALTH, GOLD, GOLD_LIMIT, HEALTH, ITEMS
from games.keep.window import HEIGHT, WIDTH, Click, Input, KeyDown, KeyUp, Typed
from games.keep.window_null import NullWindow

ONLY_ONE = (
    "royal_seal",
    "cell_key",
    "rope",
    "lantern",
    "mule_bell",
    "silver_spoon",
    "ale",
    "ribbon",
    "writ",
    "tower_key",
)
"""Things of which one has one at most."""
PATIENCE = 30.0
"""Seconds that an answer may take."""
KEYS = ("e", "e", "e", "x", "j", "i", "f1", "f4", "tab", "return", "escape", "up", "down", "pagedown", "backspace")


class Bot:
    """A player with dice.

    Attributes:
        turns: how many turns were taken.
        wins: how often the game was won; a new one is begun then.
    """

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._seed = seed
        self.turns = self.wins = 0
        self._begin()

    def play(self, steps: int) -> None:
        """Take steps, and look after each whether the game is whole.

        Raises:
            AssertionError: it is not; says after what.
        """
        for step in range(steps):
            # Who is on the way mostly goes on, else nobody would get anywhere.
            under_way = isinstance(self.game.stage.top, WalkingScene) and self.game.keep.walking_somewhere
            if self._dice.random() < (0.005 if under_way else 0.15):
                self._act()
            if self.game.stage.top is not None:
                self.game.advance(1)
            if self.game.keep.won:
                self.wins += 1
            if self.game.keep.won or not self.game.running:
                self._finish()
                self._begin()
            self._look(f"seed {self._seed}, step {step}")
        self._finish()

    def _begin(self) -> None:
        self.session = open_session("embedded", self._dice.randrange(10**6))
        self.game = Game(self.session, NullWindow(), with_title=False, clock=lambda: 0.0)

    def _finish(self) -> None:
        self.turns += len(self.session.transcript)
        restored = npc.Session.restore(self.session.cast, self.session.save(), "embedded")
        assert dict(restored.facts) == dict(self.session.facts)
        assert not restored.restore_report
        restored.close()
        self.game.close()

    def _act(self) -> None:
        talking = isinstance(self.game.stage.top, ConversationScene)
        if talking and self._dice.random() < 0.5:
            self._feed(Typed(self._line()), KeyDown("return"))
        elif self.game.keep.within_reach() and self._dice.random() < 0.6:
            self._feed(KeyDown("e"), KeyUp("e"))
        elif self._dice.random() < 0.5:
            with suppress(Impossible):
                Approach(self._dice.choice(self.game.keep.place.things).id).perform(self.game.keep)
        elif self._dice.random() < 0.3:
            self._feed(Click(self._dice.randrange(WIDTH), self._dice.randrange(HEIGHT)))
        else:
            key = self._dice.choice(KEYS)
            self._feed(KeyDown(key), KeyUp(key))

    def _feed(self, *inputs: Input) -> None:
        self.game.feed(*inputs)
        end = time.monotonic() + PATIENCE
        while isinstance(scene := self.game.stage.top, ConversationScene) and scene.waiting:
            assert time.monotonic() < end, "no answer came"
            self.game.advance(1)

    def _line(self) -> str:
        scene = self.game.stage.top
        assert isinstance(scene, ConversationScene)
        declaration = self.session.cast.catalog.characters[scene.character]
        intent = self._dice.choice(list(declaration.intents.values()))
        line = self._dice.choice(intent.examples)
        return re.sub(r"\{(\w+)\}", self._filling, line)

    def _filling(self, slot: re.Match[str]) -> str:
        items = self.session.cast.catalog.items
        if slot[1] == "item":
            return self._dice.choice(list(items.values())).display_name
        return str(self._dice.choice((0, 1, 3, 7, 12, 18, 40, 999, 10**9, -5)))

    def _look(self, when: str) -> None:
        gold, bag = self.session.facts[GOLD], self.session.facts[ITEMS]
        assert isinstance(gold, int)
        assert 0 <= gold <= GOLD_LIMIT, when
        assert isinstance(bag, Mapping)
        assert all(count > 0 for count in bag.values()), when
        health = self.session.facts[HEALTH]
        assert isinstance(health, int)
        assert 0 <= health <= FULL_HEALTH, when
        assert not self.game.keep.blocked(self.game.keep.x, self.game.keep.y), when
        stock = self.session.facts["pedlar.stock"]
        assert isinstance(stock, Mapping)
        for item in ONLY_ONE:
            assert bag.get(item, 0) + stock.get(item, 0) <= 1, f"{when}: two of {item}"
        key = (
            bag.get("cell_key", 0) + bool(self.session.facts["warden.has_key"]) + bool(self.session.facts["gate.open"])
        )
        assert key >= 1, f"{when}: the key is gone"


def main() -> None:
    """Let players play, and say how it went."""
    given = [int(argument) for argument in sys.argv[1:]]
    steps, first, players = given + [100_000, 0, 1][len(given) :]
    for seed in range(first, first + players):
        bot = Bot(seed)
        bot.play(steps)
        print(f"player {seed}: {steps} steps, {bot.turns} turns of talk, {bot.wins} wins; the game stayed whole")


if __name__ == "__main__":
    main()
