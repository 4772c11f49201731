"""Pseudocode that was not written with good intentions: always findings or a tree that runs, never an exception."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npc.catalog.model import Catalog
from npc.catalog.types import FactValue, IntType, OneOfType, SlotValue
from npc.diagnostics import Severity
from npc.logic.checker import check_cast
from npc.logic.compiler import compile_program
from npc.logic.program import Context
from tests.logic.build_catalog import MORE, catalog

REFERENCE = Path(__file__).parents[2] / "docs" / "pseudocode.md"
GOOD = [
    text
    for mode, text in re.findall(r"```python ?(\w*)\n(.*?)```", REFERENCE.read_text("utf-8"), re.DOTALL)
    if not mode
]
TOKEN = re.compile(r"[\w.]+|\"\w*\"|[^\w\s]+|\n *| +")
WORDS = [
    *{token for text in GOOD for token in TOKEN.findall(text) if not token.isspace()},
    *(
        "0",
        "-1",
        "None",
        "True",
        '"cat"',
        '"bread"',
        "[]",
        "()",
        "set()",
        "{}",
        "heard",
        "len(",
        "chance(0.5)",
        "is",
        "not in",
    ),
    *(
        "player.name",
        "warden.nickname",
        "likes",
        "steps",
        "pedlar.stock",
        "turn",
        "last",
        "event",
        "lambda x: x",
        "**",
        "\t",
    ),
]
VALUES: dict[str, list[FactValue]] = {
    "player.gold": [0, 1, 999],
    "player.items": [{}, {"bread": 2, "lantern": 1}],
    "warden.trust": [0, 3],
    "warden.mood": ["happy", "angry"],
    "warden.seen": [frozenset(), frozenset({"cat"})],
    "gate.open": [False, True],
}


class RandomOracle:
    """Answers whatever a test draws, within the types."""

    def __init__(self, data: st.DataObject, loaded: Catalog) -> None:
        self._draw, self._intents = data.draw, loaded.characters["warden"].intents

    def heard(self, intent: str) -> bool:
        return self._draw(st.booleans())

    def slot(self, intent: str, slot: str) -> SlotValue | None:
        declared = self._intents[intent].slots[slot]
        if declared.optional and self._draw(st.booleans()):
            return None
        if isinstance(declared.type, IntType):
            return self._draw(st.sampled_from([declared.type.min or 0, declared.type.max or 50]))
        options = declared.type.options if isinstance(declared.type, OneOfType) else declared.type.items
        return self._draw(st.sampled_from(options))

    def chance(self, probability: float) -> bool:
        return self._draw(st.booleans())

    def choose(self, candidates: tuple[str, ...]) -> str:
        return self._draw(st.sampled_from(candidates))


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """A good program with a few tokens replaced, dropped, doubled, or lines taken from another."""
    lines = draw(st.sampled_from(GOOD)).splitlines(keepends=True)
    if draw(st.booleans()):
        lines = [*draw(st.sampled_from(GOOD)).splitlines(keepends=True)[:-1], *lines]
    if draw(st.booleans()):
        del lines[draw(st.integers(0, len(lines) - 1))]
    tokens = TOKEN.findall("".join(lines)) or ["pass"]
    for _ in range(draw(st.integers(0, 3))):
        index = draw(st.integers(0, len(tokens) - 1))
        tokens[index] = draw(st.sampled_from(["", tokens[index] * 2, *WORDS]))
    return "".join(tokens)


@settings(max_examples=100, deadline=None)
@given(st.text() | st.text(alphabet="()[]{}\n :=.,\"'\\if0aхé\t#"))
def test_any_text_is_read(text: str) -> None:
    """Whatever the text, checking ends with findings or a tree."""
    check_cast(catalog(logic=text, invariants=[text]))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_mutant_has_findings_or_runs(data: st.DataObject) -> None:
    """A damaged program gets errors, or else runs in any state under any hearing without an exception."""
    loaded = catalog(**MORE, logic=data.draw(mutants()))
    trees, found = check_cast(loaded)
    if any(d.severity is Severity.ERROR for d in found):
        return
    program = compile_program(loaded, trees, "warden")
    facts = {name: fact.initial for name, fact in loaded.facts.items()}
    facts |= {name: data.draw(st.sampled_from(values)) for name, values in VALUES.items()}
    last = data.draw(st.sampled_from([None, "greet", "quote_price"]))
    event = data.draw(st.sampled_from([None, "approach"]))
    run = program.run(facts, RandomOracle(data, loaded), Context(last, data.draw(st.sampled_from([0, 3])), event))
    assert run.response in loaded.characters["warden"].responses
    if run.void is not None:
        assert run.void.reason in ("effect-violation", "not-allowed")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "x = " + "(" * 150 + "1" + ")" * 150,
        "x = " + "not " * 3000 + "True",
        "x = " + "+".join(["1"] * 20_000),
        "x = " + "-" * 50_000 + "1",
        "x = " + "[" * 90 + "]" * 90,
        "x = " + "9" * 90_000,
        "x = a" + ".b" * 30_000,
        "x = a" + "[0]" * 20_000,
        "x = f" + "()" * 20_000,
        "if " + " or ".join(["heard.greet"] * 6000) + ":\n    pass",
        "".join(" " * depth + "if heard.greet:\n" for depth in range(95)) + " " * 95 + "pass",
        "if heard.greet:\n    pass\n" + "elif heard.yes:\n    pass\n" * 3000,
        "x = 3\n" + "x = x * x\n" * 5000,
        "x = 'a" + "\\q" * 40_000 + "'",
        "\n" * 99_000 + "x",
        "a" * 3_000_000,
        "if " + "(" * 40 + "heard.greet" + " or heard.yes) and (gate.open" * 40 + ")",
        "def f0():\n    return 1\n"
        + "".join(f"def f{i}():\n    return f{i - 1}() + f{i - 1}()\n" for i in range(1, 900)),
        "".join(f"def f{i}(x):\n    return f{i + 1}(x + 1) + f{i + 1}(x * 2)\n" for i in range(11))
        + "def f11(x):\n    return x\ny = f0(turn)",
        "".join(" " * i + f"for v{i} in prices:\n" for i in range(90)) + " " * 90 + "pass",
        "\x00" * 1000,
        "\ud800 = 1",
        "match turn:\n" + "".join(f"    case {n}:\n        pass\n" for n in range(3000)),
        "x = [" + ", ".join(["1"] * 30_000) + "]",
        "import\u2028os",
    ],
    ids=range(26),
)
def test_giants_end_soon(text: str) -> None:
    """Very long, very deep and very branchy programs get findings, in seconds."""
    start = time.perf_counter()
    found = check_cast(catalog(logic=text, invariants=[text]))[1]
    assert found
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize("escape", ["\\ud800", "\\x1b[31m", "\\0", "\\x9b"])
def test_a_text_that_cannot_be_shown_is_refused(escape: str) -> None:
    """Half a character or a terminal's control code, written as an escape, is a finding and reaches no player."""
    _, findings = check_cast(catalog(logic=f"return say('quote_price', price='{escape}')"))
    assert [finding.code for finding in findings if finding.severity is Severity.ERROR] == ["L126"]


def test_a_cast_without_items_is_checked() -> None:
    """Where no item is declared, an argument of type item can have no value, and checking what it is used for ends."""
    effects = {"give": {"args": {"item": "item"}, "do": "player.items[item] += 1"}}
    facts = {"player.items": {"type": "bag", "initial": {}}}
    cast = catalog(logic="return say('greet')", effects=effects, facts=facts, intents={"greet": {}}, items=())
    check_cast(cast)
