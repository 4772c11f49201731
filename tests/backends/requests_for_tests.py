"""Model requests made by hand, with the real prompts of a small cast."""

from __future__ import annotations

from typing import Any

from npc.backends import ModelRequest
from npc.catalog.model import Catalog
from npc.catalog.types import FactValue
from npc.logic.program import Context
from npc.prompts import CharacterPrompt, TranscriptLine
from tests.logic.build_catalog import catalog


class FixedProgram:
    """A program as far as prompts look at one: the facts it reads, and what is left of it."""

    footprint = frozenset({"player.gold", "player.items", "player.name", "warden.has_key"})

    def residual(self, facts: Any, context: Context) -> str:
        return 'return say("shrug")'


def prompt_for(cast: Catalog | None = None, **options: Any) -> CharacterPrompt:
    """The warden's prompt."""
    cast = cast or catalog()
    return CharacterPrompt(cast, cast.characters["warden"], FixedProgram(), **options)  # type: ignore[arg-type]


def request(
    utterance: str = "Give me the key!",
    *,
    prompt: CharacterPrompt | None = None,
    cast: Catalog | None = None,
    transcript: tuple[TranscriptLine, ...] = (),
    context: Context | None = None,
    allowed: tuple[str, ...] = ("greet", "quote_price", "scoff", "shrug"),
    mode: Any = "static",
    retry: str | None = None,
    facts: dict[str, FactValue] | None = None,
) -> ModelRequest:
    """A request to the warden; everything but the utterance has a default."""
    cast = cast or catalog()
    prompt = prompt or prompt_for(cast)
    warden = cast.characters["warden"]
    context = context or Context(last="greet", turn=1)
    return ModelRequest(
        character="warden",
        utterance=utterance,
        allowed=allowed,
        intents=warden.intents,
        facts={name: fact.initial for name, fact in cast.facts.items()} | (facts or {}),
        last=context.last,
        retry=retry,
        item_names={id_: item.names for id_, item in cast.items.items()},
        responses={id_: warden.responses[id_].texts for id_ in allowed},
        preview=lambda hearing: ("shrug",),
        make_messages=lambda asked: prompt.messages(asked, transcript=transcript, context=context),
        make_schema=lambda asked: prompt.schema(asked.allowed, tuple(asked.intents), mode),
        event=context.event,
        transcript=(("Good day.", "greet"),),
        shown_facts=prompt.facts,
    )
