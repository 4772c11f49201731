"""What dialogue files may hold, as pydantic models (see `npc.catalog.shapes`)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from npc.catalog.shapes import Constant, Maybe, Name, Shape, Text, Texts

KINDS = ("say", "event", "heard")


class Expectation(Shape):
    """What must come of a step; what is left out is not looked at."""

    response: Maybe[Texts] = Field(default=None, description="The response id, or a list of those that will do.")
    effects: Maybe[list[Text]] = Field(default=None, description='All effects, in order: `give("cell_key")`.')
    values: Maybe[dict[str, Any]] = Field(default=None, description="Values of the line's placeholders.")
    facts: Maybe[dict[str, Any]] = Field(default=None, description="Facts and their values after the step.")
    heard: Maybe[list[Name]] = Field(default=None, description="Exactly the intents that are heard.")
    not_allowed: Maybe[list[Name]] = Field(default=None, description="Responses that must not be allowed here.")
    verdict: Maybe[Literal["accepted", "overruled", "repaired", "fallback"]] = Field(
        default=None, description="What must become of the model's reply."
    )


class Step(Shape):
    """One turn: exactly one of `say`, `event` and `heard`, and what must come of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [kind]} for kind in KINDS],
            "dependentRequired": {"paraphrases": ["say"]},
        }
    )
    say: Maybe[Text] = Field(default=None, description="The player's line.")
    paraphrases: Maybe[list[Text]] = Field(
        default=None, min_length=1, description="Other ways to put the line: each must lead to the same."
    )
    event: Maybe[Name] = Field(default=None, description="An event of the world.")
    heard: Maybe[dict[str, dict[str, Constant]]] = Field(
        default=None, description="What is heard, with slots, in place of words."
    )
    set: Maybe[dict[str, Any]] = Field(default=None, description="Facts that the game changes before the turn.")
    character: Maybe[Name] = Field(default=None, description="Whom it is said to, where not the file's character.")
    expect: Maybe[Expectation] = Field(default=None, description="What must come of it.")
    branches: Maybe[list[Branch]] = Field(
        default=None, min_length=1, description="From here, also: other ways on, each in a playthrough of its own."
    )

    @model_validator(mode="before")
    @classmethod
    def _one_kind(cls, value: Any) -> Any:
        if isinstance(value, dict):
            if sum(value.get(kind) is not None for kind in KINDS) != 1:
                raise PydanticCustomError("step_kind", "a step has exactly one of `say`, `event` and `heard`")
            if "paraphrases" in value and "say" not in value:
                raise PydanticCustomError("step_kind", "only a step with `say` has paraphrases")
        return value


class Branch(Shape):
    """Another way on from a step."""

    name: Text = Field(description="What it shows, in a few words.")
    steps: list[Step] = Field(min_length=1, description="The turns from there, in order.")


class Share(Shape):
    """How many of several attempts must pass."""

    passes: StrictInt = Field(ge=1, le=100, description="How many must pass.")
    of: StrictInt = Field(ge=1, le=100, description="Of how many.")

    @model_validator(mode="after")
    def _possible(self) -> Share:
        if self.passes > self.of:
            raise PydanticCustomError("share", "`passes` is more than `of`")
        return self


class ConversationShape(Shape):
    """One recorded conversation."""

    name: Text = Field(description="What it shows, in a few words.")
    tags: list[Name] = Field(default=[], description="Names to select conversations by.")
    xfail: Maybe[Text] = Field(default=None, description="Why it is known to fail; an error once it passes.")
    at_least: Maybe[Share] = Field(
        default=None, description="With a model: `{passes: 4, of: 5}` where not every attempt must pass."
    )
    parameters: Maybe[list[dict[str, Constant]]] = Field(
        default=None, min_length=1, description="The conversation once for each: `$name` stands for the value."
    )
    start: dict[str, Any] = Field(default={}, description="Facts that differ from their initial values at the start.")
    seed: StrictInt = Field(default=0, description="The seed of the session.")
    steps: list[Step] = Field(min_length=1, description="The turns, in order.")


class DialogueFile(Shape):
    """`seeds/<cast>/*.dialogue.yaml`: conversations that must go on coming out the same."""

    dialogue: Name = Field(description="The id of the cast.")
    character: Maybe[Name] = Field(default=None, description="Whom the steps talk to, where they do not say.")
    tags: list[Name] = Field(default=[], description="Tags of all conversations of the file.")
    conversations: list[ConversationShape] = Field(min_length=1, description="The conversations.")
