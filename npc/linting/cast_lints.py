"""All lints of a cast."""

from __future__ import annotations

from npc.diagnostics import Diagnostic
from npc.linting.hearing import check_hearing
from npc.linting.order import check_order
from npc.linting.places import Findings
from npc.linting.texts import check_texts
from npc.linting.usage import check_usage
from npc.logic.cast import Cast

LONGEST_LINE = 300
"""Characters that a speech box is taken to hold where nothing else is said."""


def lint_cast(cast: Cast, *, longest_line: int = LONGEST_LINE) -> list[Diagnostic]:
    """The lints of a loaded cast, in order of place. Allowances are not looked at: `Allowances` does that.

    Args:
        longest_line: characters that a response's text may have.
    """
    findings = Findings(cast.catalog)
    check_usage(cast, findings)
    check_texts(cast, findings, longest_line)
    check_hearing(cast, findings)
    check_order(cast, findings)
    return sorted(findings.found, key=lambda d: (d.position, d.code))
