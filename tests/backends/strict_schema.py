"""The rules of strict structured output, as a server that takes them seriously applies them."""

from __future__ import annotations

from typing import Any

from npc.prompts.schema import ENUM_VALUES, LONG_ENUM, LONG_ENUM_CHARACTERS


def strict_problems(schema: dict[str, Any]) -> list[str]:
    """What strict structured output would refuse in a schema."""
    problems: list[str] = []
    enum_values = 0
    known = {"type", "properties", "required", "additionalProperties", "items", "anyOf", "enum"}
    known |= {"minimum", "maximum", "maxItems"}

    def walk(node: dict[str, Any], path: str) -> None:
        nonlocal enum_values
        problems.extend(f"{path}: keyword {key}" for key in node.keys() - known)
        if node.get("type") == "object":
            if node.get("additionalProperties") is not False:
                problems.append(f"{path}: additionalProperties")
            if node.get("required") != list(node["properties"]):
                problems.append(f"{path}: not every property is required")
            for name, child in node["properties"].items():
                walk(child, f"{path}.{name}")
        if "items" in node:
            walk(node["items"], f"{path}[]")
        for child in node.get("anyOf", ()):
            walk(child, path)
        if "enum" in node:
            values = node["enum"]
            enum_values += len(values)
            if not values or len(set(values)) != len(values):
                problems.append(f"{path}: an empty or repeating enum")
            if len(values) > LONG_ENUM and sum(map(len, values)) > LONG_ENUM_CHARACTERS:
                problems.append(f"{path}: a long enum of long names")

    walk(schema, "reply")
    if schema.get("type") != "object":
        problems.append("the root is not an object")
    if enum_values > ENUM_VALUES:
        problems.append(f"{enum_values} enum values")
    return problems
