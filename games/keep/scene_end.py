"""The first small win: through the gate."""

from __future__ import annotations

from games.keep.art.items import ITEMS
from games.keep.art.palette import BONE, FLAME, GOLD, INK, PAPER
from games.keep.interface import centred
from games.keep.scene import Stage
from games.keep.story import Story
from games.keep.window import HEIGHT, WIDTH, Click, Input, KeyDown, Window


class EndScene:
    """Says how the first lock was opened; any key ends the game."""

    def __init__(self, stage: Stage, story: Story) -> None:
        self._stage = stage
        self.how = how_it_was_done(story)
        self._gold = story.gold
        self._time = 0

    def handle(self, input_: Input) -> None:
        if isinstance(input_, KeyDown | Click) and self._time > 30:
            self._stage.clear()

    def step(self) -> None:
        self._time += 1

    def draw(self, window: Window) -> None:
        window.fill(0, 0, WIDTH, HEIGHT, INK, min(215, self._time * 6))
        if self._time < 20:
            return
        window.sprite(ITEMS["cell_key"], WIDTH // 2 - 36, 84, 6)
        centred(window, 190, "The first lock is open", 46, GOLD)
        centred(window, 262, self.how, 21, PAPER)
        centred(window, 300, f"You go down the forty steps with {self._gold} gold in your purse.", 19, BONE)
        centred(window, 330, "Somebody below is singing, in tune.", 19, BONE)
        if self._time > 90:
            centred(window, 430, "Press any key", 20, FLAME)


def how_it_was_done(story: Story) -> str:
    """Which way the player took, from what was said."""
    said = {entry.response for entry in story.session.transcript}
    if "take_bribe" in said:
        return "Everyone has a price, and you found the warden's."
    if "hand_over" in said:
        if "bell_for_seal" in said:
            return "A bell for a seal, a seal for a key: the honest way."
        return "A seal bought, a key given: the merchant's way."
    if said & {"lends_key", "opens_gate"}:
        return "You fed the cats. The rest followed."
    return "You found a way of your own."
