"""Results as JUnit XML, which every hosted CI reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from npc.testing.cases import CaseResult

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(results: Sequence[CaseResult]) -> str:
    """One suite a file, one test case a conversation; a known failure is skipped with its reason."""
    root = ElementTree.Element("testsuites", {"name": "npc test", **_counts(results)})
    for file, group in groupby(results, key=lambda one: one.case.file.as_posix()):
        of_file = list(group)
        suite = ElementTree.SubElement(root, "testsuite", {"name": file, **_counts(of_file)})
        for one in of_file:
            suite.append(_case(one, file))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _counts(results: Sequence[CaseResult]) -> dict[str, str]:
    return {
        "tests": str(len(results)),
        "failures": str(sum(not one.result.ok for one in results)),
        "skipped": str(sum(one.result.outcome == "xfailed" for one in results)),
        "time": f"{sum(one.seconds for one in results):.6f}",
    }


def _case(one: CaseResult, file: str) -> ElementTree.Element:
    result = one.result
    element = ElementTree.Element(
        "testcase",
        classname=f"{file}.{one.layer}",
        name=_clean(result.name),
        file=file,
        line=str(result.position.line),
        time=f"{one.seconds:.6f}",
    )
    if result.outcome == "xfailed":
        ElementTree.SubElement(element, "skipped", message=_clean(f"known to fail: {result.xfail}"))
    elif not result.ok:
        text = result.render_problem()
        message = result.failure.problems[0] if result.failure else text
        ElementTree.SubElement(element, "failure", message=_clean(message)).text = _clean(text)
    return element


def _clean(text: str) -> str:
    """The text without what XML has no way to hold."""
    return _NOT_XML.sub("\ufffd", text)
