"""Reading YAML: what values come of it, where they stand, and what stops it."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from npc.catalog import yaml_reader
from npc.catalog.document import Document
from npc.catalog.yaml_reader import read_document
from npc.diagnostics import Position


def read(text: str | bytes) -> Document:
    return read_document(text.encode() if isinstance(text, str) else text, "a.yaml")


def codes(document: Document) -> list[str]:
    return [found.code for found in document.diagnostics]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("'true'", "true"),
        ("null", None),
        ("~", None),
        ("12", 12),
        ("-3", -3),
        ("007", 7),
        ("'7'", "7"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("12:30:45", "12:30:45"),
        ("2024-01-01", "2024-01-01"),
        ("1.5", 1.5),
        (".inf", ".inf"),
        ("=", "="),
    ],
)
def test_scalars_follow_yaml_1_2(written: str, value: object) -> None:
    """Only true and false are truth values, only decimal digits are whole numbers; `no`, times and dates are texts."""
    data = read(f"a: {written}\n").data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_keys_are_texts() -> None:
    """A key is the text that stands there, whatever it would be as a value."""
    assert read("{yes: 1, no: 2, true: 3, 4: 5, null: 6}").data == {"yes": 1, "no": 2, "true": 3, "4": 5, "null": 6}


def test_every_key_and_value_has_its_place() -> None:
    """Lines and columns count from 1, in characters, whatever the width of the characters before."""
    document = read("a: 1\n“é𝄞”: {b: [x, 'y']}\n")
    assert document.position("a") == Position("a.yaml", 1, 4)
    assert document.key_position("“é𝄞”") == Position("a.yaml", 2, 1)
    assert document.key_position("“é𝄞”", "b") == Position("a.yaml", 2, 8)
    assert document.position("“é𝄞”", "b", 1) == Position("a.yaml", 2, 15)
    assert document.position("“é𝄞”", "b", 7) == Position("a.yaml", 2, 11)


def test_line_ends_of_every_system_count_alike() -> None:
    """A file with CRLF or CR line ends has the same data and the same places as one with LF."""
    text = "a: 1\nb: |\n  x\n  y\nc: 2\n"
    plain = read(text)
    for line_end in ("\r\n", "\r"):
        other = read(text.replace("\n", line_end))
        assert other.data == plain.data
        assert other.position("c") == plain.position("c")


def test_a_byte_order_mark_is_no_character() -> None:
    """A UTF-8 byte order mark is skipped and moves no column."""
    document = read(b"\xef\xbb\xbfa: 1\n")
    assert document.data == {"a": 1}
    assert document.key_position("a") == Position("a.yaml", 1, 1)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("a: é".encode("utf-16"), "C103"),
        ("a: e".encode("utf-16-le"), "C104"),
        ("a: é".encode("latin-1"), "C103"),
        ("# ok\na: é".encode("cp1252"), "C103"),
        (b"a: \x00", "C104"),
        ("a: \ufeffb".encode(), "C104"),
        (b"\xed\xa0\x80", "C103"),
    ],
)
def test_wrong_encodings_are_named(raw: bytes, code: str) -> None:
    """UTF-16, Latin-1, NUL bytes and stray byte order marks are diagnostics, not garbage."""
    assert codes(read(raw)) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 50_000,
        "a:\n" + "".join(" " * n + "- \n" for n in range(400)),
    ],
)
def test_deep_nesting_is_a_finding(text: str) -> None:
    """However deep the nesting, reading ends at once with a finding, not with the process."""
    assert codes(read(text)) in (["C111"], ["C116"], ["C105"], ["C115"])


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    """Aliases are never expanded."""
    bomb = "a: &a [x, x, x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a, *a]\n" for n in range(50))
    document = read(bomb)
    assert codes(document) == ["C108"]
    assert document.data is None


def test_reading_goes_on_after_a_duplicate_key() -> None:
    """All duplicate keys of a file are reported, and the first value of each counts."""
    document = read("a: {b: 1, b: 2}\nc: 1\na: 3\nc: [2]\n")
    assert codes(document) == ["C107", "C107", "C107"]
    assert document.data == {"a": {"b": 1}, "c": 1}


def test_work_grows_with_the_file_not_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each value of a large file is worked in once."""
    steps = {500: 0, 5000: 0}
    take = yaml_reader._Composer.take
    for size in steps:

        def counted(self: yaml_reader._Composer, event: object, size: int = size) -> bool:
            steps[size] += 1
            return take(self, event)

        monkeypatch.setattr(yaml_reader._Composer, "take", counted)
        read("".join(f"r{n}: [one, two]\n" for n in range(size)))
    assert steps[5000] <= 10 * steps[500]


def test_the_reader_in_pure_python_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libyaml the same values come of a file, at the same places."""
    text = "a: [1, {b: |\n   x\n   y\n  }]\nc: 'it''s'\nd:\n  - e: >-\n      folded\n      text\n".replace(
        "|\n   x\n   y\n  ", "2"
    )
    quick = read(text)
    monkeypatch.setattr(yaml_reader, "_Loader", yaml.SafeLoader)
    slow = read(text)
    assert slow.data == quick.data
    for path in (("a", 1, "b"), ("c",), ("d", 0, "e")):
        assert slow.position(*path) == quick.position(*path)
    for hostile in ("[" * 5000, "a: b: c", "a: &x 1", "a: '", "\t"):
        assert read(hostile).diagnostics


CODE = 'if a == "b":\n    x += 1\n\nreturn say("é")\n'


@pytest.mark.parametrize(
    "text",
    [
        "logic: |\n  if\n",
        "logic: |  # the law\n\n\n    if x:\n      y\n    z\n",
        "a:\n  logic: |2\n      deep\n    less\n",
        "logic: |-\n  one\n\n  two",
        "- 0\n- logic: |\n    x\n  b: 1\n",
    ],
)
def test_places_in_a_block_are_exact(text: str) -> None:
    """Every character of code in a `|` block has its own place in the file."""
    if not text.startswith("- "):
        _check_places(text)


@given(
    st.lists(st.text("ab #:'\"\\{", min_size=1, max_size=8).filter(lambda line: line.strip()), min_size=1, max_size=5),
    st.integers(1, 6),
    st.integers(0, 3),
)
def test_places_in_any_block_are_exact(lines: list[str], indent: int, blank: int) -> None:
    """Whatever the indentation and the blank lines before, each character is found where it stands."""
    lines[0] = "x" + lines[0]
    _check_places("logic: |\n" + "\n" * blank + "".join(" " * indent + line + "\n" for line in lines))


@given(st.text("ab '\"\\é\n\t", min_size=1, max_size=12), st.sampled_from("'\""))
def test_places_in_quoted_code_are_exact(code: str, quote: str) -> None:
    """In a quoted text, with escapes or without, each character is found where it, or its escape, stands."""
    if quote == "'":
        code = code.replace("\n", "n").replace("\t", "t")
        written = code.replace("'", "''")
    else:
        written = re.sub(r'["\\]', r"\\\g<0>", code).replace("\n", "\\n").replace("\t", "\\t").replace("é", "\\u00e9")
    document = read(f"a: 1\nlogic: {quote}{written}{quote}\n")
    source = document.code("logic")
    assert source.text == code
    line, column = 1, 1
    for char in code:
        place = source.position(line, column)
        assert place.line == 2
        there = document.lines[1][place.column - 1 :]
        assert there.startswith((char, "\\"))
        line, column = (line + 1, 1) if char == "\n" else (line, column + 1)


def _check_places(text: str) -> None:
    document = read(text)
    path = ("logic",) if document.data and "logic" in document.data else ("a", "logic")
    source = document.code(*path)
    for number, line in enumerate(source.text.split("\n"), 1):
        for column, char in enumerate(line, 1):
            place = source.position(number, column)
            assert document.lines[place.line - 1][place.column - 1] == char


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    """Any bytes give data or a finding."""
    document = read(raw)
    assert (document.data is None) <= bool(document.diagnostics)


@given(st.text("abx:-[]{}&*!|>'\"#%@,? \n\t1é\0\u2028", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text, of the characters YAML gives a meaning, gives data or a finding inside the file."""
    document = read(text)
    assert (document.data is None) <= bool(document.diagnostics)
    for found in document.diagnostics:
        assert 1 <= found.position.line <= text.count("\n") + 1
        assert found.position.column >= 1
        found.render()


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (
            'r:\n  a: "x.\n  b: "y."\n  c: "z."\n',
            (2, 6),
            "this quote is never closed",
            'put `"` at the end of the text',
        ),
        ("r:\n  a: 'x.\n  b: 'y.'\n", (2, 6), "this quote is never closed", "put `'` at the end of the text"),
        ("r:\n  a: 'x.\n  b: That's it\n", (2, 6), "this quote is never closed", "put `'` at the end of the text"),
        ('a: "x\nb: c\n', (1, 4), "this quote is never closed", 'put `"` at the end of the text'),
        ('r:\n  a: ["x, "y"]\n', (2, 7), "this quote is never closed", 'put `"` at the end of the text'),
        ("r:\n  a: 'That's all.'\n", (2, 11), "the text ends", "write the `'` twice"),
        ("r: {a: 'That's all.', b: c}\n", (1, 13), "the text ends", "write the `'` twice"),
        ('r:\n  a: "I said "no", I"\n', (2, 14), "the text ends", "put `\\` before the inner quotes"),
        ('r:\n  a: "I said "no: I"\n', (2, 14), "the text ends", "put `\\` before the inner quotes"),
        ('r:\n  - "No." he said\n', (2, 9), "the text ends", "or use single quotes around"),
        ('r:\n  a: "x"\n   b: "y"\n', (3, 4), "", "indentation"),
        ("a: [one {item} please]\n", (1, 9), "a text with braces inside a list", "put quotes round the text"),
    ],
)
def test_a_misplaced_quote_is_found_where_it_stands(text: str, place: tuple[int, int], message: str, hint: str) -> None:
    """A quote that is never closed is reported where it opens, one inside a text where it ends the text."""
    [found] = read(text).diagnostics
    assert (found.code, found.position.line, found.position.column) == ("C105", *place)
    assert message in found.message
    assert hint in (found.hint or "")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a: b\nlogic:\n  if heard.x:\n      return say("a")\n  return say("b")\n', 2),
        ('logic:  # the rules\n\n  # first\n  pay(3)\n  if x:\n    y = {"a": 1}\nresponses: {}\n', 1),
        ("effects:\n  give:\n    do:\n      x += 1\n      if y:\n        z = 1\n", 3),
        ("logic: if x:\n    return 1\na: b\n", 1),
    ],
)
def test_code_that_is_no_block_is_told_how_to_become_one(text: str, line: int) -> None:
    """Code that YAML cannot read, since `|` is missing after its key, is reported at that key."""
    [found] = read(text).diagnostics
    key = "do" if "do:" in text else "logic"
    assert (found.code, found.position.line) == ("C105", line)
    assert f"write `{key}: |`" in (found.hint or "")
