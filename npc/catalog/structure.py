"""Checks a document's data against the shape of its kind of file; pydantic's errors become findings with positions."""

from __future__ import annotations

import types
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from npc.catalog import rules
from npc.catalog.document import Data, Document, describe
from npc.diagnostics import did_you_mean

ShapeT = TypeVar("ShapeT", bound=BaseModel)

_EXPECTED = {
    "string_type": "a text",
    "bool_type": "`true` or `false`",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def check_shape(document: Document, shape: type[ShapeT]) -> ShapeT | None:
    """The document's data as its model, after reporting everything that does not fit.

    Entries that do not fit are left out of the model, so that the rest can be checked further; None when what is left
    still does not make a file of this kind.
    """
    data = document.data
    if data is None:
        return None
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True, include_input=False)
    for details in found:
        if document.is_full:
            break
        _report(document, shape, details)
    without = _without(data, [_path(details["loc"]) for details in found])
    try:
        return shape.model_validate(without)
    except ValidationError:
        return None


def _path(location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path in the file: without the names of union branches."""
    return tuple(step for step in location if not _is_branch(step))


def _is_branch(step: str | int) -> bool:
    return isinstance(step, str) and (step.startswith("<") or step == "[key]")


def _without(data: dict[str, Data], paths: list[tuple[str | int, ...]]) -> dict[str, Data]:
    """A copy of a file's data without the entries that have errors: `responses.greet`, else the whole key."""
    copy, bad_entries = dict(data), dict[str, set[str | int]]()
    for path in paths:
        if len(path) >= 2 and isinstance(data.get(str(path[0])), dict):
            bad_entries.setdefault(str(path[0]), set()).add(path[1])
        elif path:
            copy.pop(str(path[0]), None)
    for section, bad in bad_entries.items():
        if section in copy:
            copy[section] = {key: value for key, value in copy[section].items() if key not in bad}
    return copy


def _report(document: Document, shape: type[BaseModel], details: ErrorDetails) -> None:
    kind, location = details["type"], details["loc"]
    path = _path(location)
    value = _value(document.data, path)
    position = document.position(*path)
    what = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this entry"
    context: dict[str, Any] = details.get("ctx", {})
    if kind == "extra_forbidden":
        model = _model_at(shape, location[:-1])
        valid = list(model.model_fields) if model else []
        hint = did_you_mean(str(path[-1]), valid)
        if path[-1] in ("type", "options") and "one_of" in valid:
            hint = "write `one_of: [name, name]`, without `type`"
        document.report(rules.UNKNOWN_KEY, f"{what} means nothing here", document.key_position(*path), hint)
    elif kind == "missing":
        position = document.key_position(*path[:-1]) if len(path) > 1 else document.position()
        hint = _otherwise_hint(document.data) if path == ("otherwise",) else f"add `{path[-1]}:`"
        document.report(rules.MISSING_KEY, f"{what} is missing", position, hint)
    elif value is None and kind != "step_kind":
        document.report(rules.EMPTY, f"{what} has no value", document.key_position(*path), "give it one, or remove it")
    elif kind in ("string_pattern_mismatch", "string_too_short", "too_short"):
        document.report(rules.EMPTY, f"{what} is empty", position, "put something in, or remove it")
    elif kind == "string_too_long":
        limit = context["max_length"]
        document.report(rules.TEXT_TOO_LONG, f"{what} has more than {limit} characters", position, "make it shorter")
    elif kind == "literal_error":
        valid = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        message, hint = f"{what} is {describe(value)}", did_you_mean(str(value), valid)
        document.report(rules.UNKNOWN_CHOICE, message, position, hint)
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        _report_type(document, path, value, str(context.get("expected_tags", "")))
    elif kind == "step_kind":
        hint = "give the step a `say`" if "paraphrases" in details["msg"] else "write one step for each of them"
        document.report(rules.STEP_KIND, details["msg"], position, hint)
    elif kind == "string_type" and isinstance(value, bool | int | float):
        message = f"{what} is {describe(value)} to YAML, where a text is expected"
        document.report(rules.NEEDS_QUOTES, message, position, "put quotes round it")
    else:
        expected = _EXPECTED.get(kind)
        message = f"{what} is {describe(value)}, where {expected} is expected" if expected else details["msg"]
        is_code = path[-1:] in (("logic",), ("do",)) and isinstance(value, dict | list)
        hint = f"write `{path[-1]}: |`, and the code indented in the lines below" if is_code else None
        document.report(rules.WRONG_TYPE, message, position, hint)


def _otherwise_hint(data: Data) -> str:
    """What to add for `otherwise`: a response that can be said in every state, by the look of it."""
    responses = data.get("responses") if isinstance(data, dict) else None
    plain = [
        id
        for id, value in (responses.items() if isinstance(responses, dict) else ())
        if isinstance(value, str | list) and "{" not in str(value)
    ]
    if not plain:
        return "add `otherwise: ID`, with a response that has no placeholder and no `when`"
    return f"add `otherwise: {'shrug' if 'shrug' in plain else plain[-1]}`"


_TYPES = ("bool", "int", "one_of", "set", "bag", "text", "item")


def _report_type(document: Document, path: tuple[str | int, ...], value: Data, expected: str) -> None:
    """Report a declaration (of a fact, slot or argument) whose type is missing or unknown."""
    valid = [word.strip(" '<>") for word in expected.split(",") if word.strip()] or list(_TYPES)
    if isinstance(value, dict) and "type" not in value:
        hint = "add `type: int` (or another type), or `one_of: [name, name]`"
        document.report(rules.MISSING_KEY, "`type` is missing", document.key_position(*path), hint)
        return
    declared = value["type"] if isinstance(value, dict) else value
    position = document.position(*path, "type") if isinstance(value, dict) else document.position(*path)
    if isinstance(declared, str):
        document.report(
            rules.UNKNOWN_CHOICE, f"there is no type `{declared}` here", position, did_you_mean(declared, valid)
        )
    else:
        message = f"{describe(declared)} stands where a type is expected"
        document.report(rules.WRONG_TYPE, message, position, "write `{type: int}` or `{one_of: [name, name]}`")


def _value(data: Data, path: tuple[str | int, ...]) -> Data:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _model_at(annotation: Any, location: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The model that describes the value at a location of a pydantic error."""
    for step in location:
        annotation = _step_into(annotation, step)
    annotation = _bare(annotation)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return _bare(members[0])
    return annotation


def _step_into(annotation: Any, step: str | int) -> Any:
    bare = _bare(annotation)
    origin, arguments = get_origin(bare), get_args(bare)
    if _is_branch(step):
        for member in arguments:
            if get_origin(member) is Annotated and any(isinstance(m, Tag) and m.tag == step for m in get_args(member)):
                return member
        return bare
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        found = bare.model_fields.get(str(step))
        return found.annotation if found else Any
    if origin in (dict, list):
        return arguments[-1]
    return bare
