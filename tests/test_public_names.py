"""The names of the package are handed on lazily; what type checkers see and what programs get must be the same."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import npc


def declared_for_type_checkers() -> dict[str, str]:
    """Public name → module, as imported under ``TYPE_CHECKING``."""
    tree = ast.parse(Path(npc.__file__).read_text(encoding="utf-8"))
    (guarded,) = [node for node in tree.body if isinstance(node, ast.If)]
    return {alias.name: node.module for node in guarded.body for alias in node.names}


def test_every_public_name_is_handed_on_from_where_it_is_declared() -> None:
    """`__all__`, the lazy table and the imports for type checkers name the same things, and each can be had."""
    lazy = {name: home for home, names in npc._HOMES.items() for name in names}
    assert lazy == declared_for_type_checkers()
    assert sorted(lazy) == npc.__all__ == dir(npc)
    for name in npc.__all__:
        assert getattr(npc, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelt name fails as it does in any module."""
    with pytest.raises(AttributeError, match="Sesion"):
        npc.Sesion  # noqa: B018
