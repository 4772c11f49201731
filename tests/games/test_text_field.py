"""The line one types into."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from games.keep.text_field import LIMIT, TextField

KEYS = ["left", "right", "home", "end", "backspace", "delete", "up", "down", "f7"]
pressed = st.tuples(st.sampled_from([*KEYS, "a"]), st.booleans(), st.booleans())
actions = st.lists(st.one_of(st.text(max_size=12), pressed), max_size=40)


@given(actions)
def test_the_cursor_stays_in_the_line(actions):
    """Whatever is typed and pressed, the cursor is inside the text, which is printable and within the limit."""
    field = TextField()
    for action in actions:
        if isinstance(action, str):
            field.insert(action)
        else:
            field.key(action[0], control=action[1], shift=action[2])
        start, end = field.selection
        assert 0 <= start <= end <= len(field.text)
        assert field.cursor in (start, end)
        assert 0 <= field.cursor <= len(field.text) <= LIMIT
        assert field.text.isprintable()


def test_editing_in_the_middle():
    """Text goes in and out at the cursor, by characters and by words."""
    field = TextField()
    field.insert("give the key")
    field.key("left", control=True)
    field.insert("cell ")
    assert field.text == "give the cell key"
    field.key("backspace", control=True)
    assert field.text == "give the key"
    field.key("home")
    field.key("delete")
    field.key("right", control=True)
    field.key("backspace")
    assert field.text == "ivethe key"


def test_history_brings_back_lines_and_keeps_the_unsent_one():
    """Up and down walk through the lines sent; coming back finds what was being typed."""
    field = TextField()
    for line in ("hello", "the key", "the key"):
        field.insert(line)
        assert field.send() == line
    field.insert("half a tho")
    field.key("up")
    assert field.text == "the key"
    field.key("up")
    field.key("up")
    assert field.text == "hello"
    field.key("down")
    field.key("down")
    assert field.text == "half a tho"


def test_pasted_line_breaks_become_spaces():
    """A pasted text stays one line, without control characters, and is cut at the limit."""
    field = TextField()
    field.insert("one\ntwo\x07\x1b[31m")
    assert field.text == "one two[31m"
    field.insert("x" * 5000)
    assert len(field.text) == LIMIT


def test_what_is_selected_is_typed_over_cut_and_deleted():
    """Shift selects, moving without it lets go at that side; typing, cutting and deleting take what is selected."""
    field = TextField()
    field.insert("give me the key")
    field.key("left", control=True, shift=True)
    assert field.selected == "key"
    field.insert("seal")
    assert (field.text, field.selected) == ("give me the seal", "")
    field.key("home", shift=True)
    assert field.selected == "give me the seal"
    field.key("right")
    assert (field.cursor, field.selected) == (16, "")
    field.key("left", shift=True)
    field.key("left", shift=True)
    assert field.cut() == "al"
    field.key("a", control=True)
    field.key("backspace")
    assert field.text == ""


def test_a_selection_is_kept_when_nothing_printable_comes():
    """A control character pasted over a selection leaves it."""
    field = TextField()
    field.insert("key")
    field.key("a", control=True)
    field.insert("\x07")
    assert field.selected == "key"
