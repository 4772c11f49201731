"""What a YAML parser complains of, in words that help a writer who knows no YAML grammar, at the place to mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

_ENTRY = re.compile(r"\s*(- |[\w.]+:(\s|$))")
_OPENS = re.compile(r"(^|[:\-,\[{]\s|[\[{])\s*$")
_CODE_KEY = re.compile(r"(?P<indent>\s*(- )?)(?P<key>logic|do):\s*(?P<rest>.*)")
_CODE = re.compile(r"(if|elif|else|for|def|return|pass)\b.*|[\w.]+(\[.*?\])?\s*([-+]?=)\s.*|\w+\(.*")


@dataclass(frozen=True, slots=True)
class SyntaxFinding:
    """A syntax error to report; `line` and `column` count from 0."""

    line: int
    column: int
    message: str
    hint: str | None


def explain(
    error: yaml.MarkedYAMLError, line: int, column: int, lines: Sequence[str], last: Any | None
) -> SyntaxFinding:
    """A parser's error as a finding.

    Args:
        error: what the parser raised.
        line: where it was noticed, from 0; a line of the file.
        column: where in that line, from 0.
        lines: the file.
        last: the last scalar event before it, if any.
    """
    return (
        _code_without_block(line, lines)
        or _quote(error, line, column, lines, last)
        or SyntaxFinding(line, column, *_message(error, lines[line], column))
    )


def _code_without_block(line: int, lines: Sequence[str]) -> SyntaxFinding | None:
    """Code whose key lacks its `|`, when the error is in it: YAML then reads the code as keys and values."""
    least = len(lines[line])
    for number in range(line, -1, -1):
        source = lines[number]
        if not source.strip():
            continue
        key = _CODE_KEY.match(source)
        if key and (number == line or least > len(key["indent"])):
            rest = key["rest"]
            below = [] if rest and not rest.startswith("#") else lines[number + 1 : line + 1]
            code = next((one.strip() for one in below if one.strip() and not one.strip().startswith("#")), rest)
            if not _CODE.fullmatch(code):
                return None
            hint = f"write `{key['key']}: |`, and the code indented in the lines below"
            return SyntaxFinding(number, len(key["indent"]), f"the code of `{key['key']}` is not a `|` block", hint)
        least = min(least, len(source) - len(source.lstrip()))
        if least == 0:
            return None
    return None


def _quote(
    error: yaml.MarkedYAMLError, line: int, column: int, lines: Sequence[str], last: Any | None
) -> SyntaxFinding | None:
    """A quote that is missing, or one too many: the parser notices only that something follows a quoted text."""
    if "unexpected end of stream" in (error.problem or ""):
        return _never_closed(line, column, lines[line][column : column + 1])
    if last is None or last.style not in ("'", '"'):
        return None
    start, end = last.start_mark, last.end_mark
    if end.line != line or end.column > column:
        return None
    before = lines[line][: end.column - 1]
    if start.line < end.line:
        # The quote that closed it was meant to open the next text.
        if _OPENS.search(before) or any(_ENTRY.match(one) for one in lines[start.line + 1 : end.line + 1]):
            return _never_closed(start.line, start.column, last.style)
    elif "flow" in (error.context or "") and _OPENS.search(before[start.column + 1 :] or "x"):
        return _never_closed(start.line, start.column, last.style)
    message = f"the text ends with this `{last.style}`, and more follows"
    hint = (
        "write the `'` twice where it belongs to the text, or use double quotes around"
        if last.style == "'"
        else "put `\\` before the inner quotes, or use single quotes around"
    )
    return SyntaxFinding(line, end.column - 1, message, hint)


def _never_closed(line: int, column: int, quote: str) -> SyntaxFinding:
    return SyntaxFinding(line, column, "this quote is never closed", f"put `{quote}` at the end of the text")


def _message(error: yaml.MarkedYAMLError, source: str, column: int) -> tuple[str, str | None]:
    problem, context = error.problem or "unknown problem", error.context or ""
    began = f" (it began in line {error.context_mark.line + 1})" if error.context_mark else ""
    if "mapping values are not allowed" in problem:
        return "a `: ` that starts no entry", "put quotes round a text that holds a colon, and check the indentation"
    if "flow" in context and source[column : column + 1] == "{":
        return "a text with braces inside a list", "put quotes round the text"
    if "flow" in context:
        return f"a `[` or `{{` list is not closed properly{began}", "separate with commas; end with `]` or `}`"
    if "cannot start any token" in problem:
        return f"a value cannot start with `{source[column : column + 1]}`", "put quotes round the text"
    if "could not find expected ':'" in problem:
        return (
            f"a `:` is missing after a key{began}",
            "write `key: value`, and indent the lines of a text under its key",
        )
    if "did not find expected" in problem:
        return f"this line fits nowhere{began}", "check the indentation: entries of one list or mapping line up"
    return f"the file is not well-formed YAML: {problem}", None
