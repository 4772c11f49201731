"""The report as one HTML page: its own styles and script inside, and nothing is loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from npc.testing.coverage import KINDS
from npc.testing.coverage_report import WORDS

_HERE = Path(__file__).parent
VERDICTS = ("accepted", "overruled", "repaired", "fallback")


def page_of(content: Mapping[str, Any]) -> str:
    """The page of a report's content (see `npc.testing.report.content`)."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_text("page.html.j2"))
    return template.render(
        report=content,
        matrix=_matrix(content),
        failures=_failures(content),
        covered=[_covered(one) for one in content["coverage"]],
        verdicts=VERDICTS,
        style=_text("page.css"),
        script=_text("page.js"),
    )


def write_report(page: Path, content: Mapping[str, Any]) -> Path:
    """Write the page, and its content as JSON beside it; the JSON file."""
    text, data = page_of(content), page.with_suffix(".json")
    data.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", errors="replace")
    page.write_text(text, encoding="utf-8", errors="replace")
    return data


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _failures(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**one, "path": file["path"]}
        for file in content["files"]
        for one in file["conversations"]
        if one["outcome"] in ("failed", "xpassed")
    ]


def _matrix(content: Mapping[str, Any]) -> dict[str, Any]:
    """Conversations by file, each with its result by backend; logic stands in a column of its own."""
    columns = list(dict.fromkeys(_column(one) for file in content["files"] for one in file["conversations"]))
    columns.sort(key="logic".__ne__)
    files = []
    for file in content["files"]:
        rows: dict[tuple[str, int], dict[str, Any]] = {}
        for one in file["conversations"]:
            row = rows.setdefault((one["name"], one["line"]), {"name": one["name"], "line": one["line"], "cells": {}})
            row["cells"][_column(one)] = one
        for row in rows.values():
            shares = {cell["attempts"]["passed"] / cell["attempts"]["total"] for cell in row["cells"].values()}
            bad = any(cell["outcome"] in ("failed", "xpassed") for cell in row["cells"].values())
            row["notable"] = bad or len(shares) > 1
        files.append({"path": file["path"], "rows": list(rows.values())})
    return {"columns": columns, "files": files}


def _column(one: Mapping[str, Any]) -> str:
    return str(one["backend"] or one["layer"])


def _covered(coverage: Mapping[str, Any]) -> dict[str, Any]:
    kinds = [
        {"words": WORDS[kind], **coverage[kind], "percent": 100 * coverage[kind]["taken"] / coverage[kind]["total"]}
        for kind in KINDS
        if coverage[kind]["total"]
    ]
    words = coverage["words"].values()
    return {
        **coverage,
        "kinds": kinds,
        "in_words": sum(bool(one["lines"] or one["paraphrases"]) for one in words),
        "intents": len(words),
        "paraphrases": sum(one["paraphrases"] for one in words),
    }
