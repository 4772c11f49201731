"""What to write instead: hints for Python that the pseudocode does not have, and for Python's own syntax errors."""

from __future__ import annotations

import ast

from npc.diagnostics import Rule
from npc.logic import rules

STATEMENTS: dict[type[ast.AST], tuple[Rule, str, str]] = {
    ast.While: (rules.WHILE_LOOP, "`while` is not in the language", "every turn must end: use `for x in collection:`"),
    ast.Import: (rules.IMPORT, "`import` is not in the language", "what dialogue may do is declared under `effects:`"),
    ast.ImportFrom: (rules.IMPORT, "`import` is not in the language", "what dialogue may do is declared as effects"),
    ast.ClassDef: (rules.CLASS, "`class` is not in the language", "keep state in facts, and share steps with `def`"),
    ast.Try: (rules.EXCEPTIONS, "`try` is not in the language", "test beforehand with `if`"),
    ast.TryStar: (rules.EXCEPTIONS, "`try` is not in the language", "test beforehand with `if`"),
    ast.Raise: (rules.EXCEPTIONS, "`raise` is not in the language", "return a line instead"),
    ast.Assert: (rules.EXCEPTIONS, "`assert` is not in the language", "put what must always hold under `invariants:`"),
    ast.Break: (
        rules.LOOP_JUMP,
        "`break` is not in the language",
        "filter first: `for x in [y for y in c if …]:`",
    ),
    ast.Continue: (rules.LOOP_JUMP, "`continue` is not in the language", "put the rest of the loop under an `if`"),
    ast.Global: (rules.NOT_IN_LANGUAGE, "`global` is not in the language", "facts are known everywhere by themselves"),
    ast.Nonlocal: (rules.NOT_IN_LANGUAGE, "`nonlocal` is not in the language", "pass values as arguments"),
    ast.Delete: (rules.NOT_IN_LANGUAGE, "`del` is not in the language", "write `bag[item] = 0` or `set_fact -= name`"),
    ast.With: (rules.NOT_IN_LANGUAGE, "`with` is not in the language", "write its body alone"),
    ast.AsyncFunctionDef: (rules.NOT_IN_LANGUAGE, "`async` is not in the language", "write `def` alone"),
    ast.AsyncFor: (rules.NOT_IN_LANGUAGE, "`async` is not in the language", "write `for` alone"),
    ast.AsyncWith: (rules.NOT_IN_LANGUAGE, "`async` is not in the language", "write its body alone"),
}
"""Python statements outside the language: the rule, what is wrong, what to write."""

EXPRESSIONS: dict[type[ast.AST], tuple[Rule, str, str]] = {
    ast.Lambda: (rules.NOT_IN_LANGUAGE, "`lambda` is not in the language", "write a helper with `def`"),
    ast.NamedExpr: (
        rules.ASSIGNMENT_FORM,
        "`:=` is not in the language",
        "assign on a line of its own: `name = value`",
    ),
    ast.JoinedStr: (
        rules.FORMATTED_TEXT,
        "f-strings are not in the language",
        'give the response a placeholder: `say("id", name=value)`',
    ),
    ast.Dict: (rules.LITERAL, "`{key: value}` is not in the language", "declare a table under `tables:`"),
    ast.DictComp: (rules.COMPREHENSION_FORM, "dict comprehensions are not in the language", "declare a table"),
    ast.SetComp: (rules.COMPREHENSION_FORM, "set comprehensions are not in the language", "use `[… for … in …]`"),
    ast.GeneratorExp: (
        rules.COMPREHENSION_FORM,
        "a comprehension stands in square brackets",
        "write `[value for name in collection]`",
    ),
    ast.Starred: (rules.CALL_FORM, "`*` is not in the language here", "write the values one by one"),
    ast.Await: (rules.NOT_IN_LANGUAGE, "`await` is not in the language", "leave it out"),
    ast.Yield: (rules.NOT_IN_LANGUAGE, "`yield` is not in the language", "collect values in a list, or return a line"),
    ast.YieldFrom: (rules.NOT_IN_LANGUAGE, "`yield` is not in the language", "collect values in a list"),
}
"""Python expressions outside the language: the rule, what is wrong, what to write."""

OPERATORS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Div: ("/", "use `//`: whole numbers only"),
    ast.Pow: ("**", "multiply: `x * x`"),
    ast.MatMult: ("@", "use `*`"),
    ast.BitAnd: ("&", "use `and`"),
    ast.BitOr: ("|", "use `or`"),
    ast.BitXor: ("^", "use `!=` between two truth values"),
    ast.LShift: ("<<", "multiply instead"),
    ast.RShift: (">>", "divide with `//` instead"),
    ast.Invert: ("~", "use `not`"),
    ast.UAdd: ("+", "leave the `+` out"),
}
"""Operators outside the language: how they are written, what to write."""

BUILTINS: dict[str, str] = {
    "print": 'a character speaks with `return say("id")`',
    "input": "what the player said is in `heard`",
    "range": "loop over a literal such as `(1, 2, 3)`, a bag, a set or a table",
    "any": "write `x or y`, or `len([… for … in … if …]) > 0`",
    "all": "write `x and y`, or `len([… for … in … if not …]) == 0`",
    "sorted": "collections are in their declared order already",
    "reversed": "collections are in their declared order",
    "enumerate": "loop over the collection itself",
    "zip": "look the second value up in a table",
    "map": "write `[… for … in …]`",
    "filter": "write `[… for … in … if …]`",
    "str": "a response shows numbers and names by itself: pass the value as it is",
    "int": "numbers are whole already",
    "float": "numbers are whole; divide with `//`",
    "bool": "compare instead, as in `x > 0`",
    "list": "write `[x for x in collection]`",
    "tuple": "write `[x for x in collection]`",
    "dict": "declare a table under `tables:`",
    "round": "numbers are whole already",
    "divmod": "use `//` and `%`",
    "pow": "multiply: `x * x`",
    "random": "use `chance(0.5)`",
    "randint": "use `chance(0.5)`",
    "format": 'give the response a placeholder: `say("id", name=value)`',
    "isinstance": "types are fixed by the declarations",
    "type": "types are fixed by the declarations",
    "eval": "write the expression itself",
    "exec": "write the statements themselves",
    "open": "what dialogue may do is declared under `effects:`",
    "getattr": "write the fact's name",
    "setattr": "write `fact = value`",
    "iter": "loop with `for`",
    "next": "loop with `for`",
}
"""Python functions a writer may reach for: what to write instead."""

METHODS: dict[str, str] = {
    "add": 'write `set_fact += "name"` or `bag_fact["item"] += 1`',
    "append": 'write `set_fact += "name"` or `bag_fact["item"] += 1`',
    "update": "add names one by one with `+=`",
    "remove": 'write `set_fact -= "name"` or `bag_fact["item"] -= 1`',
    "discard": 'write `set_fact -= "name"` or `bag_fact["item"] -= 1`',
    "pop": 'write `set_fact -= "name"` or `bag_fact["item"] -= 1`',
    "clear": "write `set_fact = set()`",
    "get": 'write `bag_fact["item"]` (0 when absent), or test `if key in table:` and write `table[key]`',
    "count": 'write `bag_fact["item"]`',
    "keys": "loop over the table or bag itself",
    "items": "loop over the table or bag itself and look the value up with `[…]`",
    "values": "write `[table[key] for key in table]`",
    "format": 'give the response a placeholder: `say("id", name=value)`',
    "lower": "names are compared as they are declared",
    "upper": "names are compared as they are declared",
}
"""Method names a writer may reach for: what to write instead."""

_SYNTAX = (
    ("expected ':'", "put a `:` at the end of the line"),
    ("maybe you meant '=='", "compare with `==`; a single `=` assigns"),
    ("expected an indented block", "indent the lines that belong under the line before, by four spaces"),
    ("unexpected indent", "this line is indented deeper than the one before, without a `:` there"),
    ("unindent does not match", "align the line with one of the blocks above it"),
    ("was never closed", "close the bracket"),
    ("unmatched", "remove the bracket, or open it before"),
    ("unterminated", "close the quotation mark on the same line"),
    ("inconsistent use of tabs", "indent with spaces only"),
    ("too many levels of indentation", "move the inner part into a helper with `def`"),
    ("too many nested parentheses", "split the expression into steps with locals"),
    ("leading zeros", "write the number without leading zeros"),
    ("perhaps you forgot a comma", "a comma or an operator is missing, or a quotation mark too many"),
    ("invalid character", "use the plain characters of the keyboard, such as straight quotes and `-`"),
    ("integer string conversion", "use a smaller number"),
    ("cannot assign", "the left side of `=` is a fact or a local; compare with `==`"),
    ("cannot mix", "write one kind of text literal"),
)


def syntax_hint(message: str, line: str) -> str | None:
    """What to do about a syntax error, from Python's message and the line it stands in."""
    words = line.split()
    if words[:2] == ["else", "if"]:
        return "write `elif`"
    if words[:1] in (["elseif"], ["elsif"]):
        return "write `elif`"
    if "&&" in line or "||" in line:
        return "use `and`, `or` and `not`"
    if words[:1] in (["switch"], ["goto"], ["then"]):
        return "the pseudocode is Python: use `if … :` or `match … :`"
    return next((hint for part, hint in _SYNTAX if part in message.lower()), None)
