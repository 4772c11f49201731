"""The JSON Schemas that editors use: up to date, and of one mind with the models."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npc.catalog import dialogue_shapes, rules, shapes
from npc.catalog.document import Document
from npc.catalog.schemas import KINDS, SchemaKind, schema_for
from npc.catalog.structure import check_shape
from npc.catalog.yaml_reader import read_document
from tests.catalog.cast_folders import CHECKOUT, GOOD

SHAPES: dict[SchemaKind, type[shapes.Shape]] = {
    "world": shapes.WorldFile,
    "character": shapes.CharacterFile,
    "common": shapes.CommonFile,
    "dialogue": dialogue_shapes.DialogueFile,
}
VALIDATORS = {kind: jsonschema.Draft202012Validator(schema_for(kind)) for kind in KINDS}


def kind_of(path: Path) -> SchemaKind:
    """The kind of a file of a cast, from its name and folder."""
    if path.name.endswith(".dialogue.yaml"):
        return "dialogue"
    if path.parent.name == "common":
        return "common"
    return "world" if path.name == "world.yaml" else "character"


GOOD_FILES = [
    *sorted(GOOD.glob("*.yaml")),
    *sorted((CHECKOUT / "catalogs").glob("*/*.yaml")),
    *sorted((CHECKOUT / "seeds").glob("*/*.dialogue.yaml")),
    *sorted((CHECKOUT / "tests/casts").glob("*/*.yaml")),
]
BAD_STRUCTURE = sorted((Path(__file__).parent / "bad").glob("C20*/*.yaml"))
NOT_OF_STRUCTURE = {rules.CODE_NOT_BLOCK.code}
"""Findings of the 200s that are about how the YAML is written, which a schema does not see."""


def read(path: Path) -> Any:
    return read_document(path.read_bytes(), path.name).data


def model_accepts(kind: SchemaKind, data: Any) -> bool:
    document = Document("a.yaml", data=data)
    check_shape(document, SHAPES[kind])
    return not document.diagnostics


@pytest.mark.parametrize("kind", KINDS)
def test_published_schema_is_up_to_date(kind: SchemaKind) -> None:
    """The schema in schemas/ is the one that the models give."""
    text = (CHECKOUT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(schema_for(kind), indent=2, ensure_ascii=False) + "\n", "run: npc schema --out schemas"


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_a_schema(kind: SchemaKind) -> None:
    """It is valid JSON Schema, and every key of the file has a description for an editor to show."""
    schema = schema_for(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["description"]
    assert all("description" in part for part in schema["properties"].values())


@pytest.mark.parametrize("path", GOOD_FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_model_and_schema_accept_good_files(path: Path) -> None:
    """Every file that is shipped is good to both."""
    kind, data = kind_of(path), read(path)
    assert [error.message for error in VALIDATORS[kind].iter_errors(data)] == []
    assert model_accepts(kind, data)


@pytest.mark.parametrize("path", BAD_STRUCTURE, ids=lambda path: path.parent.name)
def test_model_and_schema_refuse_bad_files(path: Path) -> None:
    """Every fixture of bad structure is bad to both."""
    code = path.parent.name.partition("-")[0]
    text = path.read_text(encoding="utf-8").replace("%300%  ", "  " + "He sighs. " * 3000)
    kind, data = kind_of(path), read_document(text.encode(), path.name).data
    assert VALIDATORS[kind].is_valid(data) == (code in NOT_OF_STRUCTURE)
    assert model_accepts(kind, data) == (code in NOT_OF_STRUCTURE)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values inside a value."""
    found = [path]
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inside:
        found += places(child, (*path, key))
    return found


SAMPLES = [(kind_of(path), read(path)) for path in GOOD_FILES]
VALUES = [
    *(None, True, 0, -1, "", " ", "x", "item", "int", [], ["a"], [1], [None], {}, {"type": "int"}, {"type": "item"}),
    *({"one_of": ["a"]}, {"one_of": []}, {"text": "x"}, {"text": ["x", ""]}, {"text": "x", "mood": {}}, {"a": 1}),
    *({"means": "x"}, {"say": "x"}, {"say": "x", "event": "y"}, {"heard": {}}, {"type": "bag", "initial": {"a": 1}}),
]


@given(st.data())
def test_model_and_schema_agree_on_changed_files(data: st.DataObject) -> None:
    """Put any value in any place of a good file: model and schema accept it both, or refuse it both."""
    kind, good = data.draw(st.sampled_from(SAMPLES))
    changed = copy.deepcopy(good)
    path = data.draw(st.sampled_from([path for path in places(changed) if path]))
    inside = changed
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = data.draw(st.sampled_from(VALUES))
    assert VALIDATORS[kind].is_valid(changed) == model_accepts(kind, changed)
