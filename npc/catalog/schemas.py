"""JSON Schemas of the files a writer edits, for editors that complete and check YAML while it is typed."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from npc.catalog import dialogue_shapes, prices, shapes

SchemaKind = Literal["world", "character", "common", "dialogue", "prices"]
KINDS: tuple[SchemaKind, ...] = get_args(SchemaKind)
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SHAPES: dict[SchemaKind, type[shapes.Shape]] = {
    "world": shapes.WorldFile,
    "character": shapes.CharacterFile,
    "common": shapes.CommonFile,
    "dialogue": dialogue_shapes.DialogueFile,
    "prices": prices.PricesFile,
}


class _Schemas(GenerateJsonSchema):
    """Leaves out generated titles (`Initial`), which editors would show above the descriptions."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        # None stands for a key that is left out; written out, it is an error.
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        result = super().default_schema(schema)
        return {key: value for key, value in result.items() if key != "default" or value not in (None, [], {}, "")}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        # The branches exclude each other by their kind of value; `anyOf` gives editors the shorter messages.
        result = super().tagged_union_schema(schema)
        return {"anyOf": result["oneOf"]} if set(result) == {"oneOf"} else result


def schema_for(kind: SchemaKind) -> dict[str, Any]:
    """The JSON Schema of one kind of file.

    Args:
        kind: ``world``, ``character``, ``common``, ``dialogue`` or ``prices``.
    """
    schema = _SHAPES[kind].model_json_schema(schema_generator=_Schemas)
    return {"$schema": DIALECT, **schema}
