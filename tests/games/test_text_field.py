"""The line one types into."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from games.keep.text_field import LIMIT, TextField

KEYS = ["left", "right", "home", "end", "backspace", "delete", "up", "down", "f7"]
actions = st.lists(st.one_of(st.text(max_size=12), st.tuples(st.sampled_from(KEYS), st.booleans())), max_size=40)


@given(actions)
def test_the_cursor_stays_in_the_line(actions):
    """Whatever is typed and pressed, the cursor is inside the text, which is printable and within the limit."""
    field = TextField()
    for action in actions:
        if isinstance(action, str):
            field.insert(action)
        else:
            field.key(action[0], control=action[1])
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
