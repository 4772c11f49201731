"""The people of the keep, drawn by code so that every direction and stride comes out of one description."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from games.keep.art.sprite import Canvas, Sprite, draw

WIDTH = 18
HEIGHT = 25
STRIDES = 4
"""Pictures in a walking cycle; number 0 stands still."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a person looks like, in palette letters: cloth and its shade, hair, hat and beard (empty: none)."""

    cloth: str
    shade: str
    trim: str
    hair: str
    legs: str
    hat: str = ""
    hat_trim: str = ""
    beard: str = ""
    long_hair: bool = False
    skirt: bool = False


LOOKS = {
    "player": Look("U", "u", "y", "N", "n"),
    "warden": Look("s", "k", "R", "T", "K", hat="S", hat_trim="R", beard="T"),
    "pedlar": Look("M", "m", "Y", "o", "n", hat="g", hat_trim="Y", long_hair=True, skirt=True),
    "alewife": Look("G", "g", "W", "n", "n", hat="w", hat_trim="W", long_hair=True, skirt=True),
    "clerk": Look("g", "k", "W", "E", "K", hat="E", hat_trim="B"),
    "captain": Look("r", "n", "T", "k", "d", hat="t", hat_trim="y", long_hair=True),
    "prisoner": Look("B", "b", "U", "y", "N", hat="U", hat_trim="c"),
}

STRANGER = Look("g", "g", "y", "n", "n", hat="g", hat_trim="g")
"""What somebody looks like whom nobody has drawn yet."""


@cache
def person(who: str, facing: str = "down", stride: int = 0) -> Sprite:
    """The picture of a person; ``left`` is ``right`` drawn mirrored, so ask for that."""
    look = LOOKS.get(who, STRANGER)
    canvas = Canvas(WIDTH, HEIGHT)
    lift = (0, 1, 0, -1)[stride % STRIDES]
    rise = 1 if lift else 0
    _legs(canvas, look, facing, lift)
    _torso(canvas, look, facing, lift, -rise + 1)
    _head(canvas, look, facing, 1 - rise)
    canvas.outline("K")
    return canvas.sprite(f"{who}-{facing}-{stride}")


def _legs(canvas: Canvas, look: Look, facing: str, lift: int) -> None:
    if facing in ("left", "right"):
        canvas.box(7 - 2 * abs(lift), 18, 3, 5, look.legs)
        canvas.box(9 + 2 * abs(lift), 18, 3, 5, look.legs)
        canvas.box(7 - 2 * abs(lift), 22, 4, 2, "n")
        canvas.box(9 + 2 * abs(lift), 22, 4, 2, "n")
        return
    canvas.box(6, 18, 3, 5 - max(lift, 0), look.legs)
    canvas.box(10, 18, 3, 5 - max(-lift, 0), look.legs)
    canvas.box(6, 22 - max(lift, 0), 3, 2, "n")
    canvas.box(10, 22 - max(-lift, 0), 3, 2, "n")


def _torso(canvas: Canvas, look: Look, facing: str, lift: int, top: int) -> None:
    y = 11 + top
    canvas.box(5, y, 9, 7, look.cloth)
    canvas.box(5, y + 5, 9, 3, look.shade)
    if look.skirt:
        canvas.box(4, y + 6, 11, 5, look.cloth)
        canvas.box(4, y + 9, 11, 2, look.shade)
    canvas.box(5, y + 4, 9, 1, look.trim)
    if facing in ("left", "right"):
        canvas.box(8 + lift, y + 1, 3, 5, look.shade)
        canvas.box(8 + lift, y + 6, 3, 2, "F")
        return
    canvas.box(3, y + 1 + max(lift, 0), 2, 5, look.shade)
    canvas.box(14, y + 1 + max(-lift, 0), 2, 5, look.shade)
    canvas.box(3, y + 6 + max(lift, 0), 2, 2, "F")
    canvas.box(14, y + 6 + max(-lift, 0), 2, 2, "F")
    if facing == "down":
        canvas.box(8, y, 3, 2, "f" if not look.beard else look.beard)


def _head(canvas: Canvas, look: Look, facing: str, top: int) -> None:
    y = 2 + top
    canvas.box(5, y + 1, 9, 8, "F")
    canvas.box(6, y, 7, 10, "F")
    canvas.box(5, y, 9, 3, look.hair)
    canvas.box(6, y - 1, 7, 1, look.hair)
    if facing == "up":
        canvas.box(5, y, 9, 8 if not look.long_hair else 11, look.hair)
    elif facing == "down":
        canvas.box(5, y + 3, 1, 3, look.hair)
        canvas.box(13, y + 3, 1, 3, look.hair)
        canvas.box(7, y + 4, 1, 2, "K")
        canvas.box(11, y + 4, 1, 2, "K")
        canvas.box(6, y + 6, 1, 1, "p")
        canvas.box(12, y + 6, 1, 1, "p")
        canvas.box(9, y + 6, 1, 1, "f")
        if look.beard:
            canvas.box(6, y + 7, 7, 3, look.beard)
            canvas.box(7, y + 10, 5, 1, look.beard)
            canvas.box(8, y + 8, 3, 1, "f")
    else:
        canvas.box(5, y + 2, 4, 5, look.hair)
        canvas.box(12, y + 4, 1, 2, "K")
        canvas.box(14, y + 5, 1, 2, "F")
        if look.beard:
            canvas.box(9, y + 7, 5, 3, look.beard)
    if look.long_hair and facing != "up":
        canvas.box(4, y + 3, 2, 8, look.hair)
        canvas.box(13, y + 3, 2, 8, look.hair)
    if look.hat:
        canvas.box(5, y - 1, 9, 3, look.hat)
        canvas.box(4, y + 1, 11, 1, look.hat_trim)
        canvas.box(6, y - 2, 7, 1, look.hat)


CAT_SITTING = draw(
    "cat-sitting",
    """
    ...........
    .K...K.....
    .KSKSK.....
    .KSSSK...K.
    .SYSYS..KSK
    .KSpSK...KS
    ..KWSSKK.KS
    ..KSSSSSKKS
    ..KSSSSSSSK
    ..KSKSSKSK.
    ..KK.KK.KK.
    """,
)
CAT_BLINKING = draw(
    "cat-blinking",
    """
    ...........
    .K...K.....
    .KSKSK.....
    .KSSSK.....
    .SKSKS...KK
    .KSpSK..KSK
    ..KWSSKK.KS
    ..KSSSSSKKS
    ..KSSSSSSSK
    ..KSKSSKSK.
    ..KK.KK.KK.
    """,
)
MULE = draw(
    "mule",
    """
    ................K..K......
    ................KbKbK.....
    ................KbKbK.....
    .................KbbbK....
    ................KbbbbbK...
    ................KbbKbbbK..
    ...............KbbbbbbbbK.
    ...KKKKKKKKKKKKNbbbbbwwwK.
    ..KbbbbRRRRRRbbNNbbbKwwK..
    .KbbbbbRyRyRRbbbNbbKKKK...
    KKbbbbbRRRRRRbbbbbbK......
    KnKbbbbyyyyyybbbbbbK......
    KnKbbbbbbbbbbbbbbbK.......
    KnKNbbbbbbbbbbbbbNK.......
    .K.KNNNNNNNNNNNNNK........
    ...KbNKKbNKKKbNKbNK.......
    ...KbK.KbK..KbK.KbK.......
    ...KbK.KbK..KbK.KbK.......
    ...KnK.KnK..KnK.KnK.......
    ...KKK.KKK..KKK.KKK.......
    """,
)
