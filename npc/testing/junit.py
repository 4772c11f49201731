"""Results as JUnit XML, which every hosted CI reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from npc.testing.runner import Layer
from npc.testing.statistics import Tally

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(tallies: Sequence[Tally]) -> str:
    """One suite a file, one test case a conversation and backend; a known failure is skipped with its reason."""
    root = ElementTree.Element("testsuites", {"name": "npc test", **_counts(tallies)})
    for file, group in groupby(tallies, key=lambda one: one.case.file.as_posix()):
        of_file = list(group)
        suite = ElementTree.SubElement(root, "testsuite", {"name": file, **_counts(of_file)})
        for one in of_file:
            suite.append(_case(one, file))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _counts(tallies: Sequence[Tally]) -> dict[str, str]:
    return {
        "tests": str(len(tallies)),
        "failures": str(sum(not one.ok for one in tallies)),
        "skipped": str(sum(one.outcome == "xfailed" for one in tallies)),
        "time": f"{sum(_seconds(one) for one in tallies):.6f}",
    }


def _seconds(tally: Tally) -> float:
    return sum(one.seconds for one in tally.results)


def _case(tally: Tally, file: str) -> ElementTree.Element:
    result = tally.shown
    element = ElementTree.Element(
        "testcase",
        classname=f"{file}.{tally.layer}" + (f".{tally.backend}" if tally.layer is Layer.MODEL else ""),
        name=_clean(result.name),
        file=file,
        line=str(result.position.line),
        time=f"{_seconds(tally):.6f}",
    )
    if tally.outcome == "xfailed":
        ElementTree.SubElement(element, "skipped", message=_clean(f"known to fail: {result.xfail}"))
    elif not tally.ok:
        text = tally.render_problem()
        message = result.failure.problems[0] if result.failure else text
        ElementTree.SubElement(element, "failure", message=_clean(message)).text = _clean(text)
    return element


def _clean(text: str) -> str:
    """The text without what XML has no way to hold."""
    return _NOT_XML.sub("\ufffd", text)
