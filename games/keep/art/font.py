"""The letters of the game, drawn for it: seven dots tall, with tails of two, and two more above for accents.

Accented letters are put together from a letter and its marks, as Unicode takes them apart (NFD).
"""

from __future__ import annotations

import unicodedata
from functools import cache

ACCENT_ROWS, CAPITAL_ROWS, TAIL_ROWS = 3, 7, 2
ROWS = ACCENT_ROWS + CAPITAL_ROWS + TAIL_ROWS
SPACING = 1
UNKNOWN = 7
"""How many dots wide a character without a picture here is."""

_LETTERS = """
A .##. #..# #..# #### #..# #..# #..#
B ###. #..# #..# ###. #..# #..# ###.
C .### #... #... #... #... #... .###
D ###. #..# #..# #..# #..# #..# ###.
E #### #... #... ###. #... #... ####
F #### #... #... ###. #... #... #...
G .### #... #... #.## #..# #..# .###
H #..# #..# #..# #### #..# #..# #..#
I ### .#. .#. .#. .#. .#. ###
J ..## ...# ...# ...# ...# #..# .##.
K #..# #..# #.#. ##.. #.#. #..# #..#
L #... #... #... #... #... #... ####
M #...# ##.## #.#.# #.#.# #...# #...# #...#
N #...# ##..# ##..# #.#.# #..## #..## #...#
O .##. #..# #..# #..# #..# #..# .##.
P ###. #..# #..# ###. #... #... #...
Q .##. #..# #..# #..# #..# #.#. .#.#
R ###. #..# #..# ###. #.#. #..# #..#
S .### #... #... .##. ...# ...# ###.
T ##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..
U #..# #..# #..# #..# #..# #..# .##.
V #...# #...# #...# #...# .#.#. .#.#. ..#..
W #...# #...# #...# #.#.# #.#.# ##.## #...#
X #...# #...# .#.#. ..#.. .#.#. #...# #...#
Y #...# #...# .#.#. ..#.. ..#.. ..#.. ..#..
Z #### ...# ...# .##. #... #... ####
a .... .... .##. ...# .### #..# .###
b #... #... ###. #..# #..# #..# ###.
c ... ... .## #.. #.. #.. .##
d ...# ...# .### #..# #..# #..# .###
e .... .... .##. #..# #### #... .###
f .## #.. ### #.. #.. #.. #..
g .... .... .### #..# #..# #..# .### ...# .##.
h #... #... ###. #..# #..# #..# #..#
i # . # # # # #
j .# .. .# .# .# .# .# .# #.
k #... #... #..# #.#. ##.. #.#. #..#
l #. #. #. #. #. #. .#
m ..... ..... ##.#. #.#.# #.#.# #.#.# #.#.#
n .... .... ###. #..# #..# #..# #..#
o .... .... .##. #..# #..# #..# .##.
p .... .... ###. #..# #..# #..# ###. #... #...
q .... .... .### #..# #..# #..# .### ...# ...#
r ... ... #.# ##. #.. #.. #..
s .... .... .### #... .##. ...# ###.
t #.. #.. ### #.. #.. #.. .##
u .... .... #..# #..# #..# #..# .###
v ..... ..... #...# #...# .#.#. .#.#. ..#..
w ..... ..... #...# #.#.# #.#.# #.#.# .#.#.
x ... ... #.# #.# .#. #.# #.#
y .... .... #..# #..# #..# #..# .### ...# .##.
z .... .... #### ...# .##. #... ####
0 .##. #..# #.## ##.# #..# #..# .##.
1 .#. ##. .#. .#. .#. .#. ###
2 .##. #..# ...# ..#. .#.. #... ####
3 ###. ...# ...# .##. ...# ...# ###.
4 #..# #..# #..# #### ...# ...# ...#
5 #### #... ###. ...# ...# #..# .##.
6 .##. #... #... ###. #..# #..# .##.
7 #### ...# ...# ..#. .#.. .#.. .#..
8 .##. #..# #..# .##. #..# #..# .##.
9 .##. #..# #..# .### ...# ...# .##.
. . . . . . . #
, .. .. .. .. .. .. .# .# #.
: . . # . . . #
; .. .. .# .. .. .. .# .# #.
! # # # # # . #
? ###. ...# ...# .##. .#.. .... .#..
' # # # . . . .
" #.# #.# #.# ... ... ... ...
` #. .# .. .. .. .. ..
( .# #. #. #. #. #. .#
) #. .# .# .# .# .# #.
[ ## #. #. #. #. #. ##
] ## .# .# .# .# .# ##
{ ..# .#. .#. #.. .#. .#. ..#
} #.. .#. .#. ..# .#. .#. #..
< ..# .#. #.. #.. #.. .#. ..#
> #.. .#. ..# ..# ..# .#. #..
/ ...# ...# ..#. ..#. .#.. .#.. #...
\\ #... #... .#.. .#.. ..#. ..#. ...#
| # # # # # # #
- ... ... ... ### ... ... ...
+ ..... ..... ..#.. ..#.. ##### ..#.. ..#..
= .... .... #### .... #### .... ....
* ... #.# .#. ### .#. #.# ...
% #...# ...#. ...#. ..#.. .#... .#... #...#
& .##.. #..#. #..#. .##.. #..## #..#. .##.#
# .#.#. ##### .#.#. .#.#. .#.#. ##### .#.#.
$ ..#.. .#### #.#.. .###. ..#.# ####. ..#..
@ .###. #...# #.### #.#.# #.### #.... .###.
^ .#. #.# ... ... ... ... ...
_ .... .... .... .... .... .... ####
~ ..... ..... .#..# #.#.# #..#. ..... .....
− .... .... .... #### .... .... ....
– .... .... .... #### .... .... ....
— ...... ...... ...... ###### ...... ...... ......
… ..... ..... ..... ..... ..... ..... #.#.#
’ .# .# #. .. .. .. ..
‘ #. #. .# .. .. .. ..
“ #.#. #.#. .#.# .... .... .... ....
” .#.# .#.# #.#. .... .... .... ....
„ .... .... .... .... .... .... .#.# .#.# #.#.
« ..... ..... .#.#. #.#.. .#.#. ..... .....
» ..... ..... #.#.. .#.#. #.#.. ..... .....
¿ ..#. .... ..#. .##. #... #... .###
¡ # . # # # # #
° ### #.# ### ... ... ... ...
· . . . # . . .
× ..... ..... #...# .#.#. ..#.. .#.#. #...#
→ ..... ..#.. ...#. ##### ...#. ..#.. .....
€ ..### .#... ####. .#... ####. .#... ..###
£ ..##. .#... .#... ###.. .#... .#... #####
ß .##. #..# #..# #.#. #..# #..# #.#.
æ ..... ..... ##.#. ..#.# .#### #.#.. .####
Æ .#### #.#.. #.#.. ####. #.#.. #.#.. #.###
œ ..... ..... .#.#. #.#.# #.### #.#.. .#.##
Œ .#### #.#.. #.#.. #.##. #.#.. #.#.. .####
ø .... ...# .##. #.## #..# ##.# .##.
Ø .##.# #..#. #.##. #.##. ##.#. #..#. .##..
ł .#. .#. .## .#. ##. .#. .##
Ł .#.. .#.. .##. .#.. ##.. .#.. .###
đ ..## .... .... .### #..# #..# .###
Ð .###. .#..# .#..# ##..# .#..# .#..# .###.
Đ ####. .#..# ###.# .#..# .#..# .#..# .###.
ð ##.# ..#. .#.# .### #..# #..# .##.
þ #... #... ###. #..# #..# #..# ###. #... #...
Þ #... ###. #..# #..# ###. #... #...
ı . . # # # # #
ȷ .. .. .# .# .# .# .# .# #.
♥ ..... .#.#. ##### ##### .###. ..#.. .....
"""

_MARKS = {
    "\u0300": ("#..", ".#.", "..."),
    "\u0301": ("..#", ".#.", "..."),
    "\u0302": (".#.", "#.#", "..."),
    "\u0303": (".#.#", "#.#.", "...."),
    "\u0304": ("...", "###", "..."),
    "\u0306": ("#..#", ".##.", "...."),
    "\u0307": ("...", "#", "..."),
    "\u0308": ("...", "#.#", "..."),
    "\u030a": (".#.", "#.#", ".#."),
    "\u030b": ("..#..#", ".#..#.", "......"),
    "\u030c": ("#.#", ".#.", "..."),
}
_BELOW = {"\u0327": (".#", "##"), "\u0328": ("#.", "##"), "\u0326": (".#", "#.")}
_DOTLESS = {"i": "ı", "j": "ȷ"}
_SPACES = {" ": 3, "\u00a0": 3, "\t": 6}

Glyph = tuple[str, ...]
"""`ROWS` rows of ``#`` and ``.``, all of one width."""


def _read() -> dict[str, Glyph]:
    glyphs = {space: ("." * width,) * ROWS for space, width in _SPACES.items()}
    for line in _LETTERS.strip().splitlines():
        letter, *rows = line.split()
        width = len(rows[0])
        blank = "." * width
        rows += [blank] * (CAPITAL_ROWS + TAIL_ROWS - len(rows))
        glyphs[letter] = (blank,) * ACCENT_ROWS + tuple(rows)
    return glyphs


_GLYPHS = _read()


@cache
def glyph(character: str) -> Glyph | None:
    """A character's picture; None where it has none, as for scripts other than Latin."""
    if character in _GLYPHS:
        return _GLYPHS[character]
    base, *marks = unicodedata.normalize("NFD", character)
    above = [mark for mark in marks if mark in _MARKS]
    if any(mark in _MARKS for mark in marks) and base in _DOTLESS:
        base = _DOTLESS[base]
    if not marks or base not in _GLYPHS or len(above) + sum(mark in _BELOW for mark in marks) != len(marks):
        return None
    rows = list(_GLYPHS[base])
    for mark in marks:
        rows = _over(rows, _MARKS[mark]) if mark in _MARKS else _under(rows, _BELOW[mark])
    return tuple(rows)


def _over(rows: list[str], mark: tuple[str, ...]) -> list[str]:
    """A letter with a mark directly above its highest dot, both in the middle of what is wider."""
    top = next(number for number, row in enumerate(rows) if "#" in row)
    tall = [row for row in mark if "#" in row]
    gap = 1 if len(tall) + 1 <= top else 0
    wide = max(len(rows[0]), max(map(len, mark)))
    lines = [_centred(row, wide) for row in rows]
    for number, row in enumerate(tall):
        at = top - gap - len(tall) + number
        lines[at] = _both(lines[at], _centred(row, wide))
    return lines


def _under(rows: list[str], mark: tuple[str, ...]) -> list[str]:
    wide = max(len(rows[0]), len(mark[0]))
    lines = [_centred(row, wide) for row in rows]
    for number, row in enumerate(mark):
        at = ACCENT_ROWS + CAPITAL_ROWS + number
        lines[at] = _both(lines[at], _centred(row, wide))
    return lines


def _centred(row: str, wide: int) -> str:
    left = (wide - len(row)) // 2
    return "." * left + row + "." * (wide - len(row) - left)


def _both(one: str, other: str) -> str:
    return "".join("#" if "#" in pair else "." for pair in zip(one, other, strict=True))


def dot_size(size: int) -> int:
    """How many pixels a dot is wide in text of a height in pixels; whole, so that all dots are alike."""
    return max(2, round(size / 9))


def size_of(dot: int) -> int:
    """A height of text whose dots are so wide."""
    return 9 * dot


def text_width(text: str, size: int) -> int:
    """How many pixels wide a line of text is, without space after it."""
    dots = sum(_dots(character) + SPACING for character in text)
    return max(0, dots - SPACING) * dot_size(size)


def _dots(character: str) -> int:
    known = glyph(character)
    return UNKNOWN if known is None else len(known[0])


def top_of(size: int) -> int:
    """How far below the top of a line of a height in pixels the first row of dots is; capitals stand in its middle."""
    return max(0, (size - CAPITAL_ROWS * dot_size(size)) // 2) - ACCENT_ROWS * dot_size(size)
