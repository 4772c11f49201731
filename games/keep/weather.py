"""What falls from the sky over the places that have one: leaves by day, rain at dusk, snow at night."""

from __future__ import annotations

from games.keep.art.palette import PALETTE
from games.keep.art.sprite import speckle
from games.keep.layout import HEIGHT, WIDTH
from games.keep.window import Colour, Window

RAIN, SNOW, LEAVES = 80, 70, 9
"""How many there are."""
EVERY = 2
"""Steps from one picture of them to the next: between these a player who stands still costs no drawing."""
LEAF_COLOURS: tuple[Colour, ...] = (PALETTE["v"], PALETTE["o"], PALETTE["B"])


def draw_weather(window: Window, hour: str, time: int) -> None:
    """The weather of an hour after `time` steps; changes nothing."""
    moment = time // EVERY * EVERY
    {"afternoon": _leaves, "dusk": _rain, "night": _snow}[hour](window, moment)


def _rain(window: Window, time: int) -> None:
    for drop in range(RAIN):
        speed = 9 + speckle(drop, 1, 7) % 4
        fallen = time * speed + speckle(drop, 2, 7) * 5
        y = fallen % HEIGHT
        x = (speckle(drop, fallen // HEIGHT, 8) * 4 + speckle(drop, 3, 8) - y // 4) % WIDTH
        window.fill(x, y, 2, 9, PALETTE["c"], 130)
        if y > HEIGHT // 3 and drop % 3 == 0 and fallen % HEIGHT > HEIGHT - speed * 3:
            window.fill(x - 3, y, 8, 2, PALETTE["T"], 110)


def _snow(window: Window, time: int) -> None:
    for flake in range(SNOW):
        fallen = time * (1 + flake % 2) // 2 + speckle(flake, 1, 17) * 7
        sway = speckle((fallen // 24) % 64, flake, 18) % 14
        x = (speckle(flake, fallen // HEIGHT, 19) * 4 + sway) % WIDTH
        size = 3 if flake % 3 else 4
        window.fill(x, fallen % HEIGHT, size, size, PALETTE["W"], 150)


def _leaves(window: Window, time: int) -> None:
    for leaf in range(LEAVES):
        fallen = time + speckle(leaf, 1, 27) * 9
        sway = abs((fallen // 2 + leaf * 11) % 60 - 30)
        x = (speckle(leaf, fallen // HEIGHT, 29) * 4 - fallen % HEIGHT + 2 * sway) % WIDTH
        wide = 3 if fallen // 16 % 2 else 6
        window.fill(x, fallen % HEIGHT, wide, 3, LEAF_COLOURS[leaf % 3], 200)
