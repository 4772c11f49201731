"""The templates of a character's prompt: the shipped ones, or the cast's own in a sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from npc.catalog.model import Catalog, CharacterDeclaration

SHIPPED_PREFIX = "npc/"


class Templates:
    """The compiled templates of one character."""

    def __init__(self, catalog: Catalog, character: CharacterDeclaration) -> None:
        environment = _environment(catalog.templates)
        self._system = environment.get_template("system.j2")
        self._turn = environment.get_template("turn.j2")

    def system(self, data: Mapping[str, Any]) -> str:
        return self._system.render(data)

    def turn(self, data: Mapping[str, Any]) -> str:
        return self._turn.render(data)


def _environment(own: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    shipped = _shipped()
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader({**shipped, **{SHIPPED_PREFIX + name: text for name, text in shipped.items()}, **own}),
        undefined=StrictUndefined,
        autoescape=False,  # prompts are not markup; what players typed is quoted before it gets here
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=8,
    )
    environment.globals.clear()
    return environment


@cache
def _shipped() -> dict[str, str]:
    folder = resources.files("npc.prompts") / "templates"
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".j2")}
