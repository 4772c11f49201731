"""The JSON Schema of a reply."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npc.catalog.model import Intent, Slot
from npc.catalog.types import IntType, ItemType, OneOfType
from npc.diagnostics import Position
from npc.prompts.schema import ENUM_VALUES, LONG_ENUM, lists_responses, reply_schema
from tests.backends.requests_for_tests import prompt_for
from tests.backends.strict_schema import strict_problems

HERE = Position("warden.yaml", 1, 1)
names = st.text("abcdefgh_", min_size=1, max_size=12)
types = st.one_of(
    st.builds(IntType, st.none() | st.integers(-5, 5), st.none() | st.integers(6, 99)),
    st.lists(names, max_size=400, unique=True).map(lambda options: OneOfType(tuple(options))),
    st.lists(names, max_size=400, unique=True).map(lambda items: ItemType(tuple(items))),
)


def intent(id_: str, slots: dict[str, Slot]) -> Intent:
    return Intent(id_, "The player says it.", (), slots, None, HERE)


@st.composite
def intents(draw: st.DrawFn) -> dict[str, Intent]:
    made = {}
    for id_ in draw(st.lists(names, max_size=6, unique=True)):
        slots = draw(st.lists(names, max_size=3, unique=True))
        made[id_] = intent(id_, {s: Slot(s, draw(types), "", draw(st.booleans()), True) for s in slots})
    return made


@settings(max_examples=60, deadline=None)
@given(st.lists(names, min_size=1, max_size=60, unique=True), intents())
def test_every_schema_is_valid_and_strict(allowed: list[str], heard: dict[str, Intent]) -> None:
    """Whatever a character declares, the schema is valid JSON Schema and within the strict rules."""
    schema = reply_schema(allowed, heard)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert strict_problems(schema) == []
    assert list(schema["properties"]) == ["heard", "slots", "response"]


@pytest.mark.parametrize(
    ("count", "length", "listed"),
    [
        (ENUM_VALUES, 10, True),
        (ENUM_VALUES + 1, 10, False),
        (LONG_ENUM, 100, True),
        (LONG_ENUM + 1, 100, False),
        (100_000, 8, False),
    ],
)
def test_too_many_ids_become_a_plain_string(count: int, length: int, listed: bool) -> None:
    """Beyond the limits of strict output, `response` is any string: never an invalid schema."""
    schema = reply_schema([f"r{number}".ljust(length, "x") for number in range(count)], {})
    assert lists_responses(schema) is listed
    assert strict_problems(schema) == []


def test_schema_admits_good_replies_and_refuses_bad_ones() -> None:
    """The design's example reply fits; other ids, missing keys, wrong types and extra keys do not."""
    validator = jsonschema.Draft202012Validator(prompt_for().schema((), ()))
    good = {"heard": ["offer_gold"], "slots": {"offer_gold": {"amount": 20}}, "response": "quote_price"}
    assert validator.is_valid(good)
    assert validator.is_valid({"heard": [], "slots": {"offer_gold": None}, "response": "shrug"})
    for bad in (
        {**good, "response": "make_it_up"},
        {**good, "heard": ["fly"]},
        {**good, "slots": {"offer_gold": {"amount": 0}}},
        {**good, "slots": {"offer_gold": {}}},
        {**good, "slots": {}},
        {**good, "effects": ["give"]},
        {"response": "shrug"},
    ):
        assert not validator.is_valid(bad), bad


def test_optional_slots_are_nullable() -> None:
    """An optional slot may be null, a required one may not."""
    for optional in (True, False):
        slots = {"n": Slot("n", IntType(1, 9), "", optional, True)}
        validator = jsonschema.Draft202012Validator(reply_schema(["a"], {"count": intent("count", slots)}))
        reply = {"heard": ["count"], "slots": {"count": {"n": None}}, "response": "a"}
        assert validator.is_valid(reply) is optional


def test_static_schema_is_one_object_and_dynamic_ones_are_kept() -> None:
    """The same dictionary is handed out again, so nothing is built in a turn that repeats a state."""
    prompt = prompt_for()
    assert prompt.schema(["greet"], ["greet"]) is prompt.schema(["shrug"], [])
    dynamic = prompt.schema(["greet", "shrug"], ["ask_key"], "dynamic")
    assert dynamic is prompt.schema(["greet", "shrug"], ["ask_key"], "dynamic")
    assert dynamic["properties"]["response"]["enum"] == ["greet", "shrug"]
    assert dynamic["properties"]["heard"]["items"]["enum"] == ["ask_key"]


def test_no_intents_leaves_nothing_to_hear() -> None:
    """Where nothing can be heard, `heard` is an empty list."""
    validator = jsonschema.Draft202012Validator(reply_schema(["a"], {}))
    assert validator.is_valid({"heard": [], "slots": {}, "response": "a"})
    assert not validator.is_valid({"heard": ["x"], "slots": {}, "response": "a"})
