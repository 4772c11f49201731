"""The one palette: every colour of the game, by letter for sprites and by name for the rest."""

from __future__ import annotations

CLEAR = "."

PALETTE: dict[str, tuple[int, int, int]] = {
    "K": (22, 18, 30),  # ink
    "k": (41, 36, 54),  # night
    "d": (54, 48, 68),  # shaded stone
    "s": (66, 60, 82),  # deep stone
    "S": (92, 86, 108),  # stone
    "t": (121, 115, 134),  # light stone
    "T": (156, 150, 163),  # pale stone
    "w": (214, 206, 196),  # bone
    "W": (245, 238, 221),  # paper
    "n": (59, 38, 38),  # dark wood
    "N": (96, 61, 48),  # wood
    "b": (139, 92, 61),  # light wood
    "B": (181, 130, 83),  # straw in shade
    "y": (217, 172, 93),  # straw
    "Y": (247, 216, 128),  # gold light
    "o": (226, 128, 58),  # flame
    "r": (122, 40, 52),  # dark red
    "R": (186, 62, 62),  # red
    "p": (232, 154, 128),  # rose
    "f": (150, 98, 78),  # skin in shade
    "F": (205, 148, 112),  # skin
    "E": (236, 190, 150),  # skin in light
    "g": (44, 72, 62),  # dark green
    "G": (76, 117, 81),  # green
    "v": (135, 163, 94),  # light green
    "u": (40, 58, 92),  # dark blue
    "U": (66, 98, 140),  # blue
    "c": (116, 164, 190),  # sky
    "m": (78, 48, 92),  # plum
    "M": (128, 82, 132),  # lilac
}

INK = PALETTE["K"]
NIGHT = PALETTE["k"]
DEEP_STONE = PALETTE["s"]
STONE = PALETTE["S"]
LIGHT_STONE = PALETTE["t"]
PALE_STONE = PALETTE["T"]
BONE = PALETTE["w"]
PAPER = PALETTE["W"]
GOLD = PALETTE["Y"]
STRAW = PALETTE["y"]
FLAME = PALETTE["o"]
RED = PALETTE["R"]
ROSE = PALETTE["p"]
GREEN = PALETTE["v"]
SKY = PALETTE["c"]
