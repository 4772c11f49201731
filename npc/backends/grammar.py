"""From the schema of a reply to a GBNF grammar, for servers that hold a model to one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_COMMON = """space ::= " "?
string ::= "\\"" character* "\\""
character ::= [^"\\\\\\x00-\\x1f] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F])
integer ::= "-"? ("0" | [1-9] [0-9]*)
"""


def grammar_of(schema: Mapping[str, Any]) -> str:
    """The grammar of exactly the JSON texts that fit a schema of `npc.prompts.reply_schema`.

    Bounds of numbers are left to the judge, which looks at every reply anyway.

    >>> print(grammar_of({"type": "string", "enum": ["greet", "shrug"]}).splitlines()[0])
    root ::= ("\\"greet\\"" | "\\"shrug\\"")
    """
    return f"root ::= {_rule(schema)}\n{_COMMON}"


def _rule(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"anyOf": [*choices]}:
            return "(" + " | ".join(map(_rule, choices)) + ")"
        case {"enum": [*values]}:
            return "(" + " | ".join(_literal(json.dumps(value)) for value in values) + ")"
        case {"type": "object", "properties": properties}:
            members = [f"{_literal(json.dumps(name) + ':')} space {_rule(part)}" for name, part in properties.items()]
            return _between("{", '"," space '.join(f"{member} " for member in members), "}")
        case {"type": "array", "maxItems": 0}:
            return _literal("[]")
        case {"type": "array", "items": items}:
            item = _rule(items)
            return _between("[", f'({item} ("," space {item})*)? ', "]")
        case {"type": "null"}:
            return _literal("null")
        case {"type": "integer" | "string" as plain}:
            return str(plain)
    raise ValueError(f"no grammar for {json.dumps(schema)[:200]}")


def _between(opening: str, inside: str, closing: str) -> str:
    return f"{_literal(opening)} {inside}{_literal(closing)}"


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
