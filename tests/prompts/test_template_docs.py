"""The page about prompt templates, held to the code."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from npc.diagnostics import RULES
from npc.prompts import rules  # noqa: F401  (declares the codes)
from npc.prompts.describe import describe_character, sample_turns
from npc.prompts.template_rules import FILTERS, TESTS
from tests.backends.requests_for_tests import prompt_for, request
from tests.logic.build_catalog import catalog

PAGE = (Path(__file__).parents[2] / "docs" / "diagnostics-prompts.md").read_text("utf-8")
ALIASES = {"d", "count", "upper", "undefined"}


def test_every_code_has_its_row() -> None:
    """Each code stands on the page with its name, and no other does."""
    rows = dict(re.findall(r"^\| (P1\d\d) \| ([a-z-]+) \|", PAGE, re.MULTILINE))
    assert rows == {code: rule.name for code, rule in RULES.items() if code.startswith("P1")}


def test_every_name_a_template_may_show_is_named() -> None:
    """Data, filters and tests that templates may use stand on the page."""
    cast = catalog()
    warden = cast.characters["warden"]
    names = {*describe_character(cast, warden, [], code="full", listed=True), *sample_turns(warden, residual=True)[0]}
    missing = [name for name in sorted(names | ((FILTERS | TESTS) - ALIASES)) if f"`{name}`" not in PAGE]
    assert missing == []


def test_the_example_works() -> None:
    """The page's example template loads and changes the prompt."""
    (example,) = re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL)
    cast = replace(catalog(), templates={"system.j2": example})
    assert "take the friendlier response" in request(prompt=prompt_for(cast)).messages[0]["content"]
