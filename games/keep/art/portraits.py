"""Portraits, 32 by 32, whose brows, eyes and mouth follow the mood that a line's catalog entry names."""

from __future__ import annotations

from functools import cache

from games.keep.art.people import LOOKS, Look
from games.keep.art.sprite import Canvas, Sprite, speckle

SIZE = 32
MOODS = ("calm", "stern", "sly", "angry", "glad", "sad", "startled")

_BACKDROPS = {"warden": ("k", "s"), "pedlar": ("m", "r")}


@cache
def portrait(who: str, mood: str = "calm", *, blinking: bool = False, talking: bool = False) -> Sprite:
    """A character's face. A mood nobody drew is shown as calm, a character nobody drew as a hooded stranger."""
    mood = mood if mood in MOODS else "calm"
    canvas = Canvas(SIZE, SIZE, _BACKDROPS.get(who, ("k", "s"))[0])
    for y in range(SIZE):
        for x in range(SIZE):
            if speckle(x // 2, y // 2, len(who)) > 180 + y * 2:
                canvas.dot(x, y, _BACKDROPS.get(who, ("k", "s"))[1])
    look = LOOKS.get(who, Look("g", "g", "y", "n", "n", hat="g", hat_trim="g"))
    _shoulders(canvas, look)
    _face(canvas, look, who)
    _features(canvas, mood, blinking, talking, grey=bool(look.beard))
    _headgear(canvas, look, who)
    return canvas.sprite(f"portrait-{who}-{mood}{'-blink' if blinking else ''}{'-talk' if talking else ''}")


def _shoulders(canvas: Canvas, look: Look) -> None:
    canvas.oval(16, 33, 14.5, 8.5, "K")
    canvas.oval(16, 33.5, 13.5, 8, look.cloth)
    canvas.oval(8, 34, 5, 6, look.shade)
    canvas.box(4, 30, 24, 1, look.trim)
    canvas.box(13, 24, 7, 4, "f")


def _face(canvas: Canvas, look: Look, who: str) -> None:
    if look.long_hair:
        canvas.oval(16, 17, 11.5, 12.5, "K")
        canvas.oval(16, 17, 10.5, 11.8, look.hair)
        for x in range(6, 27, 3):
            canvas.box(x, 16, 1, 10, "R" if look.hair == "o" else "S")
        canvas.box(9, 20, 15, 10, "f")
        canvas.oval(16.5, 31, 7, 4, "E")
        canvas.box(4, 30, 24, 1, look.trim)
    canvas.oval(16, 16, 8.6, 10.2, "K")
    canvas.oval(16, 16, 7.8, 9.5, "F")
    canvas.oval(14.5, 15, 5.2, 7, "E")
    canvas.box(23, 15, 2, 4, "F")
    canvas.box(7, 15, 2, 4, "F")
    canvas.box(7, 16, 1, 2, "f")
    if look.beard:
        canvas.oval(16, 22.5, 8.4, 6.5, "K")
        canvas.oval(16, 22.5, 7.7, 5.9, look.beard)
        canvas.oval(13.5, 22, 4, 4, "w")
        canvas.box(9, 15, 1, 6, look.beard)
        canvas.box(23, 15, 1, 6, look.beard)
        for x, y in ((11, 26), (14, 27), (18, 27), (21, 25), (12, 23), (20, 22)):
            canvas.dot(x, y, "t")
    elif who == "pedlar":
        canvas.oval(11.5, 19, 1.8, 1.3, "p")
        canvas.oval(20.5, 19, 1.8, 1.3, "p")
        canvas.dot(7, 19, "Y")
        canvas.dot(7, 20, "y")
        canvas.dot(24, 19, "Y")
        canvas.dot(24, 20, "y")


def _features(canvas: Canvas, mood: str, blinking: bool, talking: bool, *, grey: bool) -> None:
    brow = "S" if grey else "n"
    canvas.box(15, 16, 2, 4, "f")
    canvas.box(14, 19, 4, 1, "f")
    _eyes(canvas, mood, blinking)
    inner, outer = {
        "calm": (12, 12),
        "stern": (13, 12),
        "sly": (13, 12),
        "angry": (13, 11),
        "glad": (11, 12),
        "sad": (11, 13),
        "startled": (10, 10),
    }[mood]
    canvas.box(10, outer, 2, 1, brow)
    canvas.box(12, inner, 2, 1, brow)
    canvas.box(18, inner if mood != "sly" else 11, 2, 1, brow)
    canvas.box(20, outer if mood != "sly" else 10, 2, 1, brow)
    if grey:
        canvas.box(10, outer - 1, 3, 1, "w")
        canvas.box(19, (outer if mood != "sly" else 10) - 1, 3, 1, "w")
    _mouth(canvas, mood, talking)


def _eyes(canvas: Canvas, mood: str, blinking: bool) -> None:
    for left in (10, 18):
        if blinking:
            canvas.box(left, 15, 4, 1, "n")
            continue
        if mood == "glad":
            canvas.box(left, 15, 4, 1, "n")
            canvas.dot(left, 16, "n")
            canvas.dot(left + 3, 16, "n")
            continue
        tall = 3 if mood == "startled" else 1 if mood in ("sly", "stern") else 2
        top = 14 if mood in ("startled", "sad", "calm", "angry") else 15
        canvas.box(left, top, 4, tall, "W")
        pupil = left + (2 if mood in ("sly",) else 1)
        canvas.box(pupil, top, 2 if mood != "startled" else 1, tall, "K")
        if mood != "startled":
            canvas.box(left, top - 1, 4, 1, "n")


def _mouth(canvas: Canvas, mood: str, talking: bool) -> None:
    if talking:
        canvas.oval(16, 22.5, 2.6, 1.8, "n")
        canvas.box(15, 23, 3, 1, "R")
        return
    match mood:
        case "glad":
            canvas.box(12, 21, 9, 1, "n")
            canvas.box(13, 22, 7, 1, "W")
            canvas.box(14, 23, 5, 1, "n")
        case "sly":
            canvas.box(13, 22, 5, 1, "n")
            canvas.box(18, 21, 2, 1, "n")
            canvas.dot(20, 20, "n")
        case "angry":
            canvas.box(13, 22, 6, 1, "n")
            canvas.dot(12, 23, "n")
            canvas.dot(19, 23, "n")
            canvas.box(14, 23, 4, 1, "W")
        case "sad":
            canvas.box(14, 22, 5, 1, "n")
            canvas.dot(13, 23, "n")
            canvas.dot(19, 23, "n")
        case "startled":
            canvas.oval(16.5, 22.5, 1.6, 1.8, "n")
        case "stern":
            canvas.box(13, 22, 7, 1, "n")
        case _:
            canvas.box(13, 22, 6, 1, "n")
            canvas.dot(19, 21, "n")


def _headgear(canvas: Canvas, look: Look, who: str) -> None:
    if who == "warden":
        # An iron kettle hat: a dome, a rivetted brim.
        canvas.oval(16, 8.5, 9, 7.5, "K", bottom=10)
        canvas.oval(16, 8.5, 8.2, 6.8, look.hat, bottom=10)
        canvas.oval(13.5, 6.5, 3.5, 3, "t")
        canvas.box(4, 9, 25, 3, "K")
        canvas.box(5, 9, 23, 2, "t")
        canvas.box(5, 10, 23, 1, "S")
        canvas.box(15, 1, 2, 8, "T")
        for x in range(7, 27, 4):
            canvas.dot(x, 9, "W")
    elif who == "pedlar":
        # A soft hat with a feather; a fringe under it.
        canvas.oval(16, 9.5, 9.5, 4, look.hair, bottom=12)
        canvas.oval(15.5, 6, 10.5, 5.5, "K", bottom=10)
        canvas.oval(15.5, 6, 9.8, 4.9, look.hat, bottom=10)
        canvas.oval(13, 4.5, 5, 2.5, "G")
        canvas.box(6, 9, 20, 2, look.hat_trim)
        canvas.box(6, 10, 20, 1, "y")
        for step in range(8):
            canvas.box(22 + step // 2, 8 - step, 3, 1, "W" if step % 2 else "p")
    elif look.hat:
        canvas.oval(16, 9, 10.5, 8, look.hat)
        canvas.oval(16, 14, 7, 5, "K")
