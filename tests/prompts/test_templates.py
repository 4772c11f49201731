"""A cast's own prompt templates: what they may do, and what is said about those that may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npc.diagnostics import RULES
from npc.errors import CatalogError
from npc.logic.program import Context
from npc.prompts import TranscriptLine, rules
from tests.backends.requests_for_tests import prompt_for, request
from tests.logic.build_catalog import catalog

END = "{{ player_line }}"


def cast_with(**templates: str):  # type: ignore[no-untyped-def]
    cast = catalog()
    named = {f"{name}.j2": text for name, text in templates.items()}
    return replace(cast, templates=named, sources={f"keep/templates/{name}": text for name, text in named.items()})


def findings(**templates: str) -> list[tuple[str, int]]:
    with pytest.raises(CatalogError) as caught:
        prompt_for(cast_with(**templates))
    return [(found.code, found.position.line) for found in caught.value.diagnostics]


def test_a_cast_brings_its_own_templates() -> None:
    """`system.j2` and `turn.j2` of a cast replace the shipped ones."""
    cast = cast_with(
        system="I am {{ name }}.\n{% for r in responses %}{{ r.id }}{% if not loop.last %}, {% endif %}{% endfor %}",
        turn='{{ facts | join("; ") }}\n{% if event is none %}{{ player_line }}{% else %}{{ event }}{% endif %}',
    )
    system, turn = request("Hello.", prompt=prompt_for(cast), cast=cast).messages
    assert system["content"].startswith("I am Warden Brannoc.\ngreet, key_gone")
    assert turn["content"].splitlines()[-1] == '<player_line>"Hello."</player_line>'
    assert "player.gold = 12; " in turn["content"]


def test_a_template_may_extend_the_shipped_one() -> None:
    """A block of the shipped template is replaced, or added to with `super()`; the rest stays."""
    text = '{% extends "npc/system.j2" %}\n{% block reply %}Be brief.\n{{ super() }}{% endblock %}'
    cast = cast_with(system=text)
    own = request(prompt=prompt_for(cast), cast=cast).messages[0]["content"]
    assert own == request().messages[0]["content"].replace("# Your reply", "Be brief.\n# Your reply")


BAD = {
    "syntax": ("system", "Hm.\n{% if name %}", "P101", 2),
    "unknown tag": ("system", "\n\n{% fly %}", "P101", 3),
    "deep nesting": ("system", "{% if name %}" * 3_000 + "{% endif %}" * 3_000, "P101", 1),
    "unknown test": ("system", "{% if name is sunny %}{% endif %}", "P103", 1),
    "misspelt name": ("system", "\n{{ persone }}", "P102", 2),
    "misspelt part": ("system", "\n{% for r in responses %}{{ r.ids }}{% endfor %}", "P102", 2),
    "unknown in a branch not taken": ("system", "{% if not name %}\n{{ nmae }}\n{% endif %}", "P102", 2),
    "dunder": ("system", "{{ name.__class__ }}", "P103", 1),
    "dunder item": ("system", '{{ name["__class__"] }}', "P103", 1),
    "call": ("system", "{{ name.upper() }}", "P103", 1),
    "range": ("system", "{% for i in range(1000000000) %}x{% endfor %}", "P103", 1),
    "arithmetic": ("system", '{{ "a" * 1000000000 }}', "P103", 1),
    "power": ("system", "{{ 9 ** 9 ** 9 }}", "P103", 1),
    "concatenation": ("system", '{% set x = "a" %}{{ x ~ x }}', "P103", 1),
    "macro": ("system", "{% macro f() %}{{ f() }}{% endmacro %}", "P103", 1),
    "include": ("system", '{% include "system.j2" %}', "P103", 1),
    "extends itself": ("system", '{% extends "system.j2" %}', "P103", 1),
    "extends a file": ("system", '{% extends "../../secret" %}', "P103", 1),
    "unknown filter": ("system", '{{ name | replace("a", "aaaa") }}', "P103", 1),
    "filters on filters": ("system", "{{ name" + " | join('aaaa')" * 20 + " }}", "P103", 1),
    "wide indent": ("system", "{{ persona | indent(1000000000) }}", "P103", 1),
    "loop in a loop": (
        "system",
        "{% for a in responses %}{% for b in responses %}x{% endfor %}{% endfor %}",
        "P103",
        1,
    ),
    "list in a loop": ("system", "{% for a in responses %}{{ responses | length }}{% endfor %}", "P103", 1),
    "recursive loop": ("system", "{% for a in responses recursive %}{{ a.id }}{% endfor %}", "P103", 1),
    "no player line": ("turn", "Hello.", "P104", 1),
    "player line first": ("turn", "{{ player_line }} is what was said.", "P104", 1),
    "player line twice": ("turn", END + END, "P104", 1),
    "fails": ("system", "\n{{ -name }}", "P105", 2),
    "too large": ("system", "{% for r in responses %}" + "x" * 500_001 + "{% endfor %}", "P105", 1),
    "unknown file": ("sytem", "Hello.", "P106", 1),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_template_is_a_diagnostic(case: str) -> None:
    """What is wrong with a template is found when the prompt is built, with its code and line."""
    name, text, code, line = BAD[case]
    found = findings(**{name: text})
    assert found[0][0] == code, found
    assert found[0][1] == line


def test_every_code_has_a_bad_template() -> None:
    """Each rule of prompt templates is shown by a template that breaks it."""
    assert {code for _, _, code, _ in BAD.values()} == {code for code in RULES if code.startswith("P1")}
    assert rules.SYNTAX.code == "P101"


def test_a_finding_reads_well() -> None:
    """A finding names file, line and the nearest name."""
    with pytest.raises(CatalogError) as caught:
        prompt_for(cast_with(system="Hello.\n  {{ persone }}\n{{ open }}{{ bogus() }}"))
    assert caught.value.diagnostics[0].render() == (
        "keep/templates/system.j2:2:3: error[P102] there is no `persone` to show here\n"
        "      {{ persone }}\n"
        "      ^\n"
        "  hint: did you mean `persona`?"
    )
    assert [found.code for found in caught.value.diagnostics] == ["P102", "P103"]


def test_a_template_that_fails_in_a_turn_gives_way_to_the_shipped_one() -> None:
    """A branch that no trial reached cannot break a turn: the shipped template shows it."""
    text = "{% if 'gotcha' in transcript | join %}{{ retry.part.of }}{% endif %}{{ player_line }}"
    text = "{% if event is none %}" + text + "{% endif %}"
    prompt = prompt_for(cast_with(turn=text))
    lines = (TranscriptLine("player", "gotcha"),)
    assert request("Hello.", prompt=prompt).messages[1]["content"] == '<player_line>"Hello."</player_line>'
    shown = request("Hello.", prompt=prompt, transcript=lines).messages[1]["content"]
    assert shown == request("Hello.", transcript=lines).messages[1]["content"]


def test_a_turn_template_may_leave_events_out() -> None:
    """An event turn has no player line to show, whatever the template."""
    prompt = prompt_for(cast_with(turn="{% if event is none %}" + END + "{% else %}{{ event }}{% endif %}"))
    assert request("", prompt=prompt, context=Context(None, 0, "approach")).messages[1]["content"] == '"approach"'
