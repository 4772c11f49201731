"""YAML text → plain data, with the place in the file of every key and value.

Catalogs use a plain subset of YAML 1.2: mappings, lists and scalars of the core schema (`no` and `on` are words). What
could surprise a writer or blow up a reader (tags, anchors, merge keys, deep nesting, huge files) is a diagnostic.
Nothing is built from the file but dicts, lists, strings, ints, floats, bools and None, and nothing here recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from npc.catalog import rules
from npc.catalog.document import Data, Document, Place, describe
from npc.catalog.syntax_errors import explain
from npc.diagnostics import Position, Rule

MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 1_500_000
MAX_DIGITS = 18

# U+0085, U+2028 and U+2029 are left out too: YAML takes them for line ends, editors do not.
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_document(raw: bytes, file: str) -> Document:
    """Read one YAML file. Never raises on account of the content; see `Document.diagnostics`.

    Args:
        raw: the file's bytes, of which at most `MAX_FILE_BYTES` are accepted.
        file: the name diagnostics give it.
    """
    document = Document(file)
    text = decode(raw, document)
    if text is not None:
        document.text = text
        _Composer(document).compose()
    return document


def decode(raw: bytes, document: Document) -> str | None:
    """The text of a file, with ``\\n`` line ends and no byte order mark; None, with a finding, when it is not text."""
    if len(raw) > MAX_FILE_BYTES:
        message = f"the file has {len(raw)} bytes; at most {MAX_FILE_BYTES} are read"
        document.report(rules.FILE_TOO_LARGE, message, hint="split the character, or shorten its texts")
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        document.report(rules.WRONG_ENCODING, "the file is UTF-16, not UTF-8", hint="save the file as UTF-8")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Everything before the bad byte is good UTF-8, so its line and column are known.
        before = _unix_lines(raw[: error.start].decode("utf-8-sig", errors="ignore"))
        document.text = before
        message = f"the file is not UTF-8: byte 0x{raw[error.start]:02x} cannot be read"
        hint = "save the file as UTF-8"
        document.report(rules.WRONG_ENCODING, message, _position_at(document, len(before)), hint)
        return None
    document.text = text = _unix_lines(text)
    found = _FORBIDDEN.search(text)
    if found:
        message, hint = f"character {_code_point(found.group())} in the file", "remove it"
        if found.group() == "\0":
            hint = "save the file as UTF-8, not UTF-16"
        document.report(rules.CONTROL_CHARACTER, message, _position_at(document, found.start()), hint)
        return None
    return text


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _position_at(document: Document, index: int) -> Position:
    text = document.text
    return Position(document.file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _code_point(char: str) -> str:
    return f"U+{ord(char):04X}"


class _Composer:
    """Builds data and places from the parser's events, on a stack of its own: no depth of nesting can overflow it.

    (libyaml's own composer recurses in C, and ends the process on deep nesting.)
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.values = 0
        self.stack: list[tuple[Any, Place]] = []
        self.keys: list[tuple[str, Place] | None] = []
        self.key: tuple[str, Place] | None = None
        self.data: Data = None
        self.documents = 0
        self.last_scalar: Any = None

    def compose(self) -> None:
        document = self.document
        try:
            for event in self.events():
                if not self.take(event):
                    return
        except yaml.MarkedYAMLError as error:
            self.report_syntax(error)
            return
        except (yaml.YAMLError, ValueError) as error:
            document.report(rules.YAML_SYNTAX, f"the file is not well-formed YAML: {error}")
            return
        if self.data is None:
            document.report(rules.EMPTY_FILE, "the file holds nothing", hint="`npc new` writes a cast to start from")
        elif not isinstance(self.data, dict):
            message = f"the file holds {describe(self.data)}, not `key: value` entries"
            hint = "see the reference of the files, or one that `npc new` writes"
            document.report(rules.NOT_A_MAPPING, message, document.position(), hint)
        else:
            document.data = self.data

    def events(self) -> Iterator[Any]:
        loader = _Loader(self.document.text)
        try:
            while loader.check_event():
                yield loader.get_event()
        finally:
            loader.dispose()

    def take(self, event: Any) -> bool:
        """Work in one event; False when the rest of the file is not to be read."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            mark, self.last_scalar = event.start_mark, event
            place = Place(mark.line, mark.column, event.style, event.end_mark.line)
            return self.add(event, self.scalar(event, place), place, True)
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self.open(event, {} if kind is yaml.MappingStartEvent else [])
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.stack.pop()
            self.key = None
        elif kind is yaml.AliasEvent:
            return self.refuse(rules.ALIAS, f"alias `*{event.anchor}` in a catalog", _place(event))
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                hint = "put each character into a file of its own"
                return self.refuse(rules.SEVERAL_DOCUMENTS, "a second YAML document starts here", _place(event), hint)
        return True

    def open(self, event: Any, container: dict[str, Data] | list[Data]) -> bool:
        place = _place(event)
        if len(self.stack) >= MAX_DEPTH:
            message = f"lists and mappings are nested deeper than {MAX_DEPTH} levels"
            return self.refuse(rules.TOO_DEEP, message, place, "no catalog needs more than about six levels")
        place.children = {}
        if isinstance(container, dict):
            place.keys = {}
        going_on = self.add(event, container, place, False)
        self.stack.append((container, place))
        return going_on

    def add(self, event: Any, value: Data, place: Place, is_scalar: bool) -> bool:
        """Put a finished scalar, or a container just opened, where it belongs."""
        document = self.document
        self.values += 1
        if self.values > MAX_VALUES:
            return self.refuse(
                rules.TOO_MANY_VALUES, f"the file holds more than {MAX_VALUES} values", place, "split the character"
            )
        if event.anchor is not None:
            return self.refuse(rules.ALIAS, f"anchor `&{event.anchor}` in a catalog", place)
        if event.tag is not None:
            message, hint = f"tag `{event.tag}` in a catalog", "remove it; quote the value if it is a text"
            document.report(rules.TAG, message, document.position_of(place), hint)
        if not self.stack:
            self.data, document.root = value, place
            return True
        container, around = self.stack[-1]
        assert around.children is not None
        if isinstance(container, list):
            around.children[len(container)] = place
            container.append(value)
        elif self.key is None:
            return self.take_key(event, container, around, place, is_scalar)
        else:
            key, key_place = self.key
            assert around.keys is not None
            if key not in container:
                container[key] = value
                around.keys[key] = key_place
                around.children[key] = place
            self.key = None
        return True

    def refuse(self, rule: Rule, message: str, place: Place, hint: str = "write it out where it is needed") -> bool:
        """Report what makes the rest of the file meaningless."""
        self.document.report(rule, message, self.document.position_of(place), hint)
        return False

    def take_key(self, event: Any, container: dict[str, Data], around: Place, place: Place, is_scalar: bool) -> bool:
        if not is_scalar:
            hint = "a key is a word; put quotes round a text that starts with a brace or bracket"
            return self.refuse(rules.KEY_NOT_TEXT, "a list or a mapping stands where a key should", place, hint)
        key: str = event.value
        if key == "<<" and not event.style:
            return self.refuse(rules.MERGE_KEY, "merge key `<<` in a catalog", place)
        if key in container:
            assert around.keys is not None
            message = f"key `{key}` is here twice"
            hint = f"the first is in line {around.keys[key].line + 1}: remove or rename one"
            self.document.report(rules.DUPLICATE_KEY, message, self.document.position_of(place), hint)
        self.key = (key, place)
        return True

    def scalar(self, event: Any, place: Place) -> Data:
        text: str = event.value
        document = self.document
        if event.style == '"' and not text.isprintable():
            found = _FORBIDDEN.search(text)
            if found:
                message = f"character {_code_point(found.group())} in a text"
                document.report(rules.CONTROL_CHARACTER, message, document.position_of(place), "remove the escape")
                return _FORBIDDEN.sub("?", text)
        if event.style or not event.implicit[0]:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text[0] in _NUMBER_STARTS:
            if _INT.fullmatch(text):
                if len(text) > MAX_DIGITS:
                    message = f"a number of more than {MAX_DIGITS} digits"
                    hint = "put quotes round it if it is a text"
                    document.report(rules.NUMBER_TOO_LONG, message, document.position_of(place), hint)
                    return 0
                return int(text)
            if _FLOAT.fullmatch(text):
                return float(text)
        return text

    def report_syntax(self, error: yaml.MarkedYAMLError) -> None:
        document = self.document
        # An unclosed quote is found at the end of the file; the writer needs the place where it was opened.
        is_open_quote = "unexpected end of stream" in (error.problem or "")
        mark = (error.context_mark if is_open_quote else error.problem_mark) or error.context_mark
        if mark is None:
            document.report(rules.YAML_SYNTAX, f"the file is not well-formed YAML: {error.problem}")
            return
        # At the end of the file the parser points behind the last line; the unfinished one is before.
        line = min(mark.line, len(document.lines) - 1)
        while line > 0 and (line != mark.line or line == len(document.lines) - 1) and not document.lines[line].strip():
            line -= 1
        source = document.lines[line]
        column = mark.column if line == mark.line else len(source)
        leading = source[: len(source) - len(source.lstrip())]
        if "\t" in leading and column <= len(leading):
            position = Position(document.file, line + 1, leading.index("\t") + 1)
            document.report(rules.TAB, "a tab indents this line", position, "YAML is indented with spaces only")
            return
        found = explain(error, line, column, document.lines, self.last_scalar)
        position = Position(document.file, found.line + 1, found.column + 1)
        document.report(rules.YAML_SYNTAX, found.message, position, found.hint)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line, event.start_mark.column)
