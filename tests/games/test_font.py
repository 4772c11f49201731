"""The game's own letters."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import npc
from games.keep.art.font import CAPITAL_ROWS, ROWS, dot_size, glyph, text_width
from games.keep.casting import CAST

LATIN = [chr(code) for code in range(0xC0, 0x180) if unicodedata.category(chr(code)) in ("Lu", "Ll")]
WESTERN = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŒœŸŠšŽž"
CENTRAL = "ĄąĆćČčĎĐđĘęĚěĞğĹĺŁłŃńŇňŐőŔŕŘřŚśŞşŢţŮůŰűŹźŻżıİ"


@pytest.mark.parametrize("character", [*string.digits, *string.ascii_letters, *string.punctuation, *WESTERN, *CENTRAL])
def test_the_letters_people_type_are_drawn(character):
    """ASCII and the letters of western and central Europe have a picture of full height, not an empty one."""
    rows = glyph(character)
    assert rows is not None
    assert len(rows) == ROWS
    assert len({len(row) for row in rows}) == 1
    assert any("#" in row for row in rows)


def test_no_two_letters_look_alike():
    """Letters and digits can be told apart, accents and all."""
    drawn = [character for character in [*string.ascii_letters, *string.digits, *LATIN] if glyph(character)]
    pictures = {glyph(character): character for character in drawn}
    twins = {character for character in drawn if pictures[glyph(character)] != character}
    assert twins == set()


def test_every_line_of_the_cast_can_be_written():
    """No response of the keep holds a character that has to be borrowed."""
    written = set()
    for character in npc.load(CAST).catalog.characters.values():
        for response in character.responses.values():
            written |= set("".join(response.texts))
    assert {character for character in written if glyph(character) is None} == set()


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from([13, 18, 27, 54]))
def test_width_adds_up(one, other, size):
    """Two texts side by side are as wide as both and the space between; any text has a width."""
    between = dot_size(size) if one and other else 0
    assert text_width(one + other, size) == text_width(one, size) + between + text_width(other, size)
    assert text_width(one, size) >= 0


@pytest.mark.parametrize("size", [13, 15, 18, 20, 27, 34, 54])
def test_capitals_are_about_as_tall_as_the_line(size):
    """A dot is whole pixels, two at least, and capitals are near the height asked for."""
    assert dot_size(size) >= 2
    assert abs(dot_size(size) * CAPITAL_ROWS - 0.78 * size) <= 4.5
