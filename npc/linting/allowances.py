"""Comments that allow a finding: ``# npc: allow W101 the game says this line itself``.

Such a comment stands at the end of the line with the finding, or alone in the line before it. Only warnings can be
allowed; and a reason has to be given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from npc.diagnostics import Diagnostic, Position, Rule, Severity
from npc.linting import rules

_COMMENT = re.compile(r"#\s*npc:\s*allow\s+([A-Z]\d{3}(?:\s*,\s*[A-Z]\d{3})*)\s*[-–—:]*\s*(.*)$")


@dataclass
class _Allowance:
    position: Position
    codes: tuple[str, ...]
    lines: frozenset[int]
    reason: str
    source: str
    used: set[str] = field(default_factory=set)


class Allowances:
    """The allowances in a cast's files.

    Args:
        sources: the text of every file, by the name that diagnostics give it.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._by_file = {file: list(_allowances(file, text)) for file, text in sources.items()}

    def apply(self, diagnostics: Iterable[Diagnostic], looked_for: Iterable[str]) -> tuple[list[Diagnostic], int]:
        """The findings that are not allowed, with those about the allowances themselves; and how many were allowed.

        Args:
            looked_for: beginnings of the codes that were looked for: an allowance of others is not called useless.
        """
        kept = []
        count = 0
        for diagnostic in diagnostics:
            allowance = self._for(diagnostic)
            if allowance is None:
                kept.append(diagnostic)
            else:
                allowance.used.add(diagnostic.code)
                count += 1
        kept += self._about_themselves(tuple(looked_for))
        return sorted(kept, key=lambda d: (d.position, d.code)), count

    def _for(self, diagnostic: Diagnostic) -> _Allowance | None:
        if diagnostic.severity is Severity.ERROR:
            return None
        here = self._by_file.get(diagnostic.position.file, ())
        fitting = (a for a in here if diagnostic.position.line in a.lines and diagnostic.code in a.codes)
        return next(fitting, None)

    def _about_themselves(self, looked_for: tuple[str, ...]) -> list[Diagnostic]:
        found = []
        for allowance in (a for ones in self._by_file.values() for a in ones):
            if not allowance.reason:
                message = f"allows {', '.join(allowance.codes)} and does not say why"
                hint = "write the reason after the code"
                found.append(_finding(rules.ALLOWED_WITHOUT_REASON, message, allowance, hint))
            idle = [c for c in allowance.codes if c not in allowance.used and c.startswith(looked_for)]
            if idle:
                message = f"allows {', '.join(idle)}, and there is no such finding in this or the next line"
                found.append(_finding(rules.ALLOWS_NOTHING, message, allowance, "delete the comment"))
        return found


def _allowances(file: str, text: str) -> Iterable[_Allowance]:
    if "npc:" not in text:
        return
    for number, line in enumerate(text.split("\n"), 1):
        match = _COMMENT.search(line)
        if match:
            codes = tuple(code.strip() for code in match[1].split(","))
            alone = not line[: match.start()].strip()
            lines = frozenset({number, number + 1} if alone else {number})
            yield _Allowance(Position(file, number, match.start() + 1), codes, lines, match[2].strip(), line)


def _finding(rule: Rule, message: str, allowance: _Allowance, hint: str) -> Diagnostic:
    return Diagnostic(rule, message, allowance.position, hint, allowance.source)
