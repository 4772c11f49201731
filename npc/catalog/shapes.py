"""What the YAML files may hold, as pydantic models: the shape of the files, from which the JSON Schemas come.

A value that may be written in several ways (a response as a text, a list of variants or a mapping) is a union whose
branch is told from the value's kind, so that a mistake is reported against the one branch the writer meant. Branch
tags stand in angle brackets: no key of a file is written so.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

MAX_TEXT = 20_000
"""Characters that one text of a catalog (a response, a persona, a meaning) may have."""
MAX_LOGIC = 400_000
"""Characters that one piece of pseudocode may have."""

Name = Annotated[StrictStr, Field(min_length=1, max_length=100)]
Text = Annotated[StrictStr, Field(pattern=r"\S", max_length=MAX_TEXT)]
Code = Annotated[StrictStr, Field(pattern=r"\S", max_length=MAX_LOGIC)]
Constant = Annotated[
    Annotated[StrictBool, Tag("<bool>")] | Annotated[StrictInt, Tag("<int>")] | Annotated[Text, Tag("<text>")],
    Discriminator(lambda value: f"<{type(value).__name__}>" if type(value) in (bool, int) else "<text>"),
]


def _not_null(value: object) -> object:
    """A key without a value is a key somebody forgot to finish, not a way to leave it out."""
    if value is None:
        raise PydanticCustomError("no_value", "it has no value")
    return value


T = TypeVar("T")
Maybe = Annotated[T | None, BeforeValidator(_not_null)]
"""A key that may be left out, but not stand there without a value."""


class Shape(BaseModel):
    """The base of all: strict types, and no key that is not declared."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _branch(value: object) -> str:
    match value:
        case None:
            return "<null>"
        case dict():
            return "<mapping>"
        case list():
            return "<list>"
        case _:
            return "<text>"


def _branch_or_mapping(value: object) -> str:
    return "<text>" if isinstance(value, str) else "<mapping>"


def _branch_or_list(value: object) -> str:
    return "<mapping>" if isinstance(value, dict) else "<list>"


def _typed(value: object) -> str | None:
    """The branch of a typed declaration: by its `type`, or by its having `one_of`."""
    if isinstance(value, BaseModel):
        return f"<{getattr(value, 'type', 'one_of')}>"
    if isinstance(value, str):
        return f"<{value}>" if value in ("bool", "int", "item", "text") else None
    if isinstance(value, dict):
        if "one_of" in value:
            return "<one_of>"
        declared = value.get("type")
        return f"<{declared}>" if isinstance(declared, str) else None
    return None


Texts = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[list[Text], Tag("<list>"), Field(min_length=1)],
    Discriminator(lambda value: "<list>" if isinstance(value, list) else "<text>"),
]

Means = Annotated[Maybe[Text], Field(description="What it is for, in a few words.")]
Bound = Maybe[StrictInt]
Options = Annotated[list[Name], Field(min_length=1, description="The names it may be one of, in order.")]


class ItemBody(Shape):
    """An item with a name to show, or further names that players may use for it."""

    name: Maybe[Text] = Field(default=None, description="The name shown in lines, such as `a lantern`.")
    names: list[Text] = Field(default=[], description="Other names that players may use for it.")


ItemValue = Annotated[
    Annotated[None, Tag("<null>")] | Annotated[Text, Tag("<text>")] | Annotated[ItemBody, Tag("<mapping>")],
    Discriminator(lambda value: "<mapping>" if isinstance(value, list) else _branch(value)),
]
Items = Annotated[
    Annotated[list[Name], Tag("<list>")] | Annotated[dict[str, ItemValue], Tag("<mapping>")],
    Discriminator(_branch_or_list),
]


class FactShape(Shape):
    means: Means = None
    owner: Maybe[Literal["game"]] = Field(
        default=None, description="`game`: the game itself may change this fact at any time."
    )


class BoolFact(FactShape):
    """A fact that is true or false."""

    type: Literal["bool"]
    initial: StrictBool = Field(default=False, description="The value at the start.")


class IntFact(FactShape):
    """A fact that is a whole number."""

    type: Literal["int"]
    min: Bound = Field(default=None, description="The least value it may have.")
    max: Bound = Field(default=None, description="The greatest value it may have.")
    initial: StrictInt = Field(default=0, description="The value at the start.")


class OneOfFact(FactShape):
    """A fact that is one of a list of names."""

    one_of: Options
    initial: Maybe[Name] = Field(default=None, description="The name at the start; the first when left out.")


class SetFact(FactShape):
    """A fact that is a set of names."""

    type: Literal["set"]
    of: Maybe[list[Name]] = Field(default=None, min_length=1, description="The names it may hold; any when left out.")
    initial: list[Name] = Field(default=[], description="The names it holds at the start.")


class BagFact(FactShape):
    """A fact that counts items."""

    type: Literal["bag"]
    initial: dict[str, StrictInt] = Field(default={}, description="Item and count at the start.")


class TextFact(FactShape):
    """A fact that is shown, never branched on."""

    type: Literal["text"]
    initial: Annotated[StrictStr, Field(max_length=200)] = Field(default="", description="The text at the start.")


FactSpec = Annotated[
    Annotated[BoolFact, Tag("<bool>")]
    | Annotated[IntFact, Tag("<int>")]
    | Annotated[OneOfFact, Tag("<one_of>")]
    | Annotated[SetFact, Tag("<set>")]
    | Annotated[BagFact, Tag("<bag>")]
    | Annotated[TextFact, Tag("<text>")],
    Discriminator(_typed),
]


class Typed(Shape):
    """A typed declaration that may be written as the name of its type alone."""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"type": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        body = handler(schema)
        declared = body.get("properties", {}).get("type", {}).get("const")
        return {"anyOf": [{"const": declared}, body], "title": cls.__name__} if declared else body


class BoolArgument(Typed):
    type: Literal["bool"]


class IntArgument(Typed):
    type: Literal["int"]
    min: Bound = Field(default=None, description="The least value.")
    max: Bound = Field(default=None, description="The greatest value.")


class ItemArgument(Typed):
    type: Literal["item"]


class TextArgument(Typed):
    type: Literal["text"]


class OneOfArgument(Shape):
    one_of: Options


ArgumentSpec = Annotated[
    Annotated[BoolArgument, Tag("<bool>")]
    | Annotated[IntArgument, Tag("<int>")]
    | Annotated[ItemArgument, Tag("<item>")]
    | Annotated[TextArgument, Tag("<text>")]
    | Annotated[OneOfArgument, Tag("<one_of>")],
    Discriminator(_typed),
]


class SlotShape(Typed):
    means: Means = None
    optional: StrictBool = Field(default=False, description="Without a slot that is not optional, nothing is heard.")


class IntSlot(SlotShape):
    """A whole number in the player's line."""

    type: Literal["int"]
    min: Bound = Field(default=None, description="The least value.")
    max: Bound = Field(default=None, description="The greatest value.")
    grounded: StrictBool = Field(default=True, description="Whether the number must stand in the player's own line.")


class ItemSlot(SlotShape):
    """An item named in the player's line."""

    type: Literal["item"]


class OneOfSlot(SlotShape):
    """One of a list of names."""

    one_of: Options


SlotSpec = Annotated[
    Annotated[IntSlot, Tag("<int>")] | Annotated[ItemSlot, Tag("<item>")] | Annotated[OneOfSlot, Tag("<one_of>")],
    Discriminator(_typed),
]


class IntentShape(Shape):
    """Something the player's line may express."""

    means: Text = Field(description="What the player means, as a sentence: `The player asks for the key.`")
    examples: list[Text] = Field(default=[], description="Lines a player might type; `{slot}` stands for a slot.")
    slots: dict[str, SlotSpec] = Field(default={}, description="Typed values that the line carries.")
    corroborate: Maybe[StrictBool] = Field(
        default=None,
        description="Whether the player's own words must bear it out; decided from its effects if left out.",
    )


class EffectShape(Shape):
    """Something dialogue may do to the game."""

    args: dict[str, ArgumentSpec] = Field(default={}, description="Its arguments and their types.")
    do: Maybe[Code] = Field(default=None, description="What it does, in pseudocode; the game does it when left out.")
    means: Means = None


class ResponseBody(BaseModel):
    """A response with more to it than its words; every further key is a presentation tag."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Constant]
    OWN_KEYS: ClassVar[tuple[str, ...]] = ("text", "when", "tags", "tag", "answers")

    text: Texts = Field(description="The words, or a list of variants; `{name}` is a placeholder.")
    when: Maybe[Code] = Field(default=None, description="An expression; the response is never said while it is false.")
    tags: list[Name] = Field(default=[], description="Names that `say_any(tag=…)` selects by.")
    tag: Maybe[Name] = Field(default=None, description="A single such name.")
    answers: list[Text] = Field(
        default=[], description="Lines of players that it answers: by them the built-in brain picks among several."
    )


ResponseValue = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[list[Text], Tag("<list>"), Field(min_length=1)]
    | Annotated[ResponseBody, Tag("<mapping>")],
    Discriminator(lambda value: _branch(value).replace("<null>", "<text>")),
]

TableSpec = Annotated[
    Annotated[dict[str, Constant], Tag("<mapping>"), Field(min_length=1)]
    | Annotated[list[Constant], Tag("<list>"), Field(min_length=1)],
    Discriminator(_branch_or_list),
]


class WorldFile(Shape):
    """`world.yaml`: what all characters of a cast share."""

    world: Name = Field(description="The id of the world.")
    title: Maybe[Text] = Field(default=None, description="Its title, for people.")
    items: Items = Field(default=[], description="The items there are: a list of ids, or id → name.")
    facts: dict[str, FactSpec] = Field(default={}, description="The state of the game: name, type, value at the start.")
    effects: dict[str, EffectShape] = Field(default={}, description="All that dialogue may do.")
    invariants: list[Code] = Field(default=[], description="Expressions that hold in every reachable state.")
    goals: list[Code] = Field(default=[], description="Expressions that can always still become true.")
    events: list[Name] = Field(default=[], description="What may happen to a character without words.")


class CharacterFile(Shape):
    """`<character>.yaml`: one character."""

    character: Name = Field(description="The id of the character: the name of its file.")
    name: Maybe[Text] = Field(default=None, description="The name players see.")
    persona: Maybe[Text] = Field(default=None, description="Who the character is and how they talk, for the prompt.")
    facts: dict[str, FactSpec] = Field(default={}, description="This character's own facts, `<character>.<name>`.")
    intents: dict[str, IntentShape] = Field(default={}, description="What the player's line may express.")
    use: list[Name] = Field(default=[], description="Shared intents: `common.greet`.")
    tables: dict[str, TableSpec] = Field(default={}, description="Constants that the logic may look up.")
    logic: Code = Field(description="The character's pseudocode, as a `|` block.")
    responses: dict[str, ResponseValue] = Field(min_length=1, description="Every line the character may say, by id.")
    otherwise: Name = Field(description="The response for when no valid answer came.")


class CommonFile(Shape):
    """`catalogs/common/*.yaml`: intents that any character may `use`."""

    intents: dict[str, IntentShape] = Field(min_length=1, description="What the player's line may express.")
