"""Diagnostics: what is wrong in a writer's file, where, and what to do about it."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MANY_NAMES = 2000
"""The most names that a misspelt one is compared with: comparing takes some 20 µs for each."""
LONGEST_NAME = 100
"""Characters of a misspelt name that are compared."""


class Severity(StrEnum):
    """How bad a diagnostic is: an error stops a cast from loading, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a writer's file; `line` and `column` count from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of diagnostic: a stable `code` such as ``C104``, its `name`, severity and a one-line summary."""

    code: str
    name: str
    severity: Severity
    summary: str


RULES: dict[str, Rule] = {}


def rule(code: str, name: str, summary: str, severity: Severity = Severity.ERROR) -> Rule:
    """Declare a kind of diagnostic. Codes are never reused for another meaning.

    Raises:
        ValueError: `code` is declared already.
    """
    if code in RULES:
        raise ValueError(f"diagnostic code {code} is declared twice")
    RULES[code] = Rule(code, name, severity, summary)
    return RULES[code]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding in a writer's file.

    Attributes:
        rule: the kind of finding.
        message: what is wrong, in one sentence.
        position: where it is.
        hint: what to do about it, or None.
        source_line: the text of the line at `position`, without its line end, or None.
    """

    rule: Rule
    message: str
    position: Position
    hint: str | None = None
    source_line: str | None = None

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    def render(self) -> str:
        """The finding as a writer reads it: ``file:line:col: error[C104] message``, the source line, the hint."""
        parts = [f"{self.position}: {self.severity}[{self.code}] {self.message}"]
        if self.source_line is not None and self.source_line.strip():
            shown, caret = _window(self.source_line, self.position.column)
            parts += [f"    {shown}", f"    {' ' * caret}^"]
        if self.hint:
            parts.append(f"  hint: {self.hint}")
        return "\n".join(parts)

    def as_json(self) -> dict[str, object]:
        """The finding as plain JSON data, for ``--json``."""
        return {
            "code": self.code,
            "name": self.rule.name,
            "severity": str(self.severity),
            "message": self.message,
            "file": self.position.file,
            "line": self.position.line,
            "column": self.position.column,
            "hint": self.hint,
            "source_line": self.source_line,
        }


def _window(line: str, column: int, width: int = 110) -> tuple[str, int]:
    line = "".join(char if char.isprintable() else " " for char in line)
    start = max(0, min(column - 1 - width // 2, len(line) - width))
    return line[start : start + width].rstrip(), column - 1 - start


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name closest to a misspelt one, or None when none is close.

    Of more than `MANY_NAMES`, only those that begin alike and are about as long are looked at, and no more than that.
    """
    names = list(valid)
    if len(names) > MANY_NAMES:
        alike = (n for n in names if n[:1] == name[:1] and abs(len(n) - len(name)) <= 2)
        names = list(itertools.islice(alike, MANY_NAMES))
    found = difflib.get_close_matches(name[:LONGEST_NAME], names, n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, valid: Iterable[str], *, show: int = 8) -> str | None:
    """A hint naming the nearest valid name, or listing a few valid ones when none is close."""
    names = sorted(valid)
    close = nearest(name, names)
    if close:
        return f"did you mean `{close}`?"
    if not names:
        return None
    listed = ", ".join(f"`{n}`" for n in names[:show])
    return f"one of {listed}{', …' if len(names) > show else ''}"
