"""Portraits, 32 by 32, whose brows, eyes and mouth follow the mood that a line's catalog entry names."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from games.keep.art.people import LOOKS, STRANGER, Look
from games.keep.art.sprite import Canvas, Sprite, speckle

SIZE = 32
MOODS = ("calm", "stern", "sly", "angry", "glad", "sad", "startled")

_BACKDROPS = {
    "warden": ("k", "s"),
    "pedlar": ("m", "r"),
    "alewife": ("n", "N"),
    "clerk": ("g", "n"),
    "captain": ("u", "m"),
    "prisoner": ("k", "d"),
}
_STRANGER = ("k", "s")


@cache
def portrait(who: str, mood: str = "calm", *, blinking: bool = False, talking: bool = False) -> Sprite:
    """A character's face. A mood nobody drew is shown as calm, a character nobody drew as a hooded stranger."""
    mood = mood if mood in MOODS else "calm"
    canvas = Canvas(SIZE, SIZE, _BACKDROPS.get(who, _STRANGER)[0])
    for y in range(SIZE):
        for x in range(SIZE):
            if speckle(x // 2, y // 2, len(who)) > 180 + y * 2:
                canvas.dot(x, y, _BACKDROPS.get(who, _STRANGER)[1])
    look = LOOKS.get(who, STRANGER)
    _shoulders(canvas, look)
    _face(canvas, look, who)
    _features(canvas, mood, blinking, talking, grey=bool(look.beard))
    _HEADGEAR.get(who, _hood)(canvas, look)
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
    elif who in ("pedlar", "alewife"):
        canvas.oval(11.5, 19, 1.8, 1.3, "p")
        canvas.oval(20.5, 19, 1.8, 1.3, "p")
    if who == "pedlar":
        for x in (7, 24):
            canvas.dot(x, 19, "Y")
            canvas.dot(x, 20, "y")
    elif who == "prisoner":
        for x, y in ((11, 19), (13, 20), (19, 20), (21, 19)):
            canvas.dot(x, y, "f")


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


def _kettle_hat(canvas: Canvas, look: Look) -> None:
    """Iron: a dome, a rivetted brim."""
    canvas.oval(16, 8.5, 9, 7.5, "K", bottom=10)
    canvas.oval(16, 8.5, 8.2, 6.8, look.hat, bottom=10)
    canvas.oval(13.5, 6.5, 3.5, 3, "t")
    canvas.box(4, 9, 25, 3, "K")
    canvas.box(5, 9, 23, 2, "t")
    canvas.box(5, 10, 23, 1, "S")
    canvas.box(15, 1, 2, 8, "T")
    for x in range(7, 27, 4):
        canvas.dot(x, 9, "W")


def _feathered_hat(canvas: Canvas, look: Look) -> None:
    """A soft hat with a feather; a fringe under it."""
    canvas.oval(16, 9.5, 9.5, 4, look.hair, bottom=12)
    canvas.oval(15.5, 6, 10.5, 5.5, "K", bottom=10)
    canvas.oval(15.5, 6, 9.8, 4.9, look.hat, bottom=10)
    canvas.oval(13, 4.5, 5, 2.5, "G")
    canvas.box(6, 9, 20, 2, look.hat_trim)
    canvas.box(6, 10, 20, 1, "y")
    for step in range(8):
        canvas.box(22 + step // 2, 8 - step, 3, 1, "W" if step % 2 else "p")


def _mob_cap(canvas: Canvas, look: Look) -> None:
    """A linen cap with a frill, grey strands under it, and the straps of an apron."""
    canvas.oval(16, 10, 9.5, 4, look.hair, bottom=12)
    for x in (9, 10, 21, 22):
        canvas.dot(x, 11, "S")
    canvas.oval(16, 6, 10.5, 6, "K", bottom=10)
    canvas.oval(16, 6, 9.7, 5.3, "w", bottom=9)
    canvas.oval(13.5, 4.5, 5, 3, "W")
    for x in range(5, 27, 2):
        canvas.box(x, 9 + x // 2 % 2, 2, 2, "W" if x // 2 % 2 else "w")
    for x in (9, 22):
        canvas.box(x, 28, 2, 4, "W")


def _bald(canvas: Canvas, look: Look) -> None:
    """A bald crown with what is left at the sides, spectacles, a collar, a quill behind the ear."""
    canvas.oval(13, 8, 4, 2, "W")
    canvas.oval(13, 8.4, 3.4, 1.6, "E")
    for x in (7, 23):
        canvas.box(x, 10, 2, 6, look.hair)
        canvas.box(x - (x == 7), 12, 1, 3, look.hair)
        canvas.dot(x + (x == 23), 10, look.hair)
    for left in (9, 17):
        canvas.box(left, 13, 6, 1, "T")
        canvas.box(left, 17, 6, 1, "T")
        canvas.box(left, 13, 1, 5, "T")
        canvas.box(left + 5, 13, 1, 5, "T")
    canvas.box(15, 14, 2, 1, "T")
    canvas.box(11, 27, 11, 2, "W")
    canvas.box(15, 28, 3, 3, "w")
    for step in range(9):
        canvas.box(24 + step // 3, 14 - step, 2 if step > 2 else 1, 1, "W" if step % 3 else "w")


def _plumed_helmet(canvas: Canvas, look: Look) -> None:
    """An open helmet with a plume; black hair at the sides, an old scar."""
    canvas.box(6, 11, 2, 12, look.hair)
    canvas.box(24, 11, 2, 12, look.hair)
    canvas.oval(16, 9, 9.6, 8, "K", bottom=12)
    canvas.oval(16, 9, 8.8, 7.2, look.hat, bottom=11)
    canvas.oval(13, 6, 3.5, 3.5, "T")
    canvas.box(7, 10, 18, 2, look.hat_trim)
    canvas.box(7, 11, 18, 1, "B")
    canvas.box(15, 9, 2, 4, look.hat)
    for step in range(11):
        canvas.box(14 + step, step // 4, 3, 3 + step // 3, "R" if step % 3 else "r")
    for step in range(4):
        canvas.dot(20 + step // 2, 17 + step, "p")
    canvas.box(6, 27, 6, 4, "t")
    canvas.box(21, 27, 6, 4, "t")
    canvas.box(6, 27, 6, 1, "T")
    canvas.box(21, 27, 6, 1, "T")


def _cap_askew(canvas: Canvas, look: Look) -> None:
    """Straw-coloured hair with real straw in it, and a cap that has seen better days."""
    canvas.oval(16, 9, 9.4, 5, look.hair, bottom=12)
    for x in range(7, 26, 3):
        canvas.box(x, 10, 2, 3 + x % 2, look.hair)
    canvas.box(7, 11, 2, 8, look.hair)
    canvas.box(23, 11, 2, 7, look.hair)
    canvas.oval(18, 5.5, 8.5, 4.6, "K", bottom=9)
    canvas.oval(18, 5.5, 7.8, 3.9, look.hat, bottom=8)
    canvas.oval(16, 4.2, 4, 1.8, look.hat_trim)
    canvas.box(10, 8, 16, 1, "u")
    for x, y in ((6, 9), (5, 8), (9, 6), (8, 5), (24, 12), (25, 13)):
        canvas.dot(x, y, "Y")


def _hood(canvas: Canvas, look: Look) -> None:
    """For somebody nobody drew: a hood, and the dark under it."""
    canvas.oval(16, 9, 10.5, 8, look.hat)
    canvas.oval(16, 14, 7, 5, "K")


_HEADGEAR: dict[str, Callable[[Canvas, Look], None]] = {
    "warden": _kettle_hat,
    "pedlar": _feathered_hat,
    "alewife": _mob_cap,
    "clerk": _bald,
    "captain": _plumed_helmet,
    "prisoner": _cap_askew,
}
