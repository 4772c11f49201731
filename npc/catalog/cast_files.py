"""World and character files → their declarations, with all that can be checked without reading the logic."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from npc.catalog import rules, shapes
from npc.catalog.declarations import (
    NOTHING_RESERVED,
    Path,
    argument_type,
    check_braces,
    facts_of,
    intents_of,
    items_of,
    unique_names,
)
from npc.catalog.document import Document
from npc.catalog.model import (
    CharacterDeclaration,
    EffectDeclaration,
    Fact,
    Intent,
    Item,
    Response,
    SourceText,
    Table,
    TableValue,
)
from npc.catalog.names import KEYWORDS, RESERVED, check_event, check_name
from npc.catalog.structure import check_shape
from npc.diagnostics import did_you_mean


@dataclass(frozen=True)
class World:
    """What `world.yaml` declares."""

    id: str
    title: str
    items: Mapping[str, Item]
    facts: Mapping[str, Fact]
    effects: Mapping[str, EffectDeclaration]
    invariants: tuple[SourceText, ...]
    goals: tuple[SourceText, ...]
    events: tuple[str, ...]


def read_world(document: Document) -> World | None:
    """The world of a document; None when it has too little of one. Findings go to the document."""
    shape = check_shape(document, shapes.WorldFile)
    if shape is None:
        return None
    check_name(document, shape.world, "world", document.position("world"), reserved=NOTHING_RESERVED)
    items = items_of(document, shape.items)
    facts = facts_of(document, shape.facts, tuple(items))
    effects = {}
    for name, effect in shape.effects.items():
        path = ("effects", name)
        position = document.key_position(*path)
        check_name(document, name, "effect", position, reserved=RESERVED)
        args = {}
        for arg, spec in effect.args.items():
            at = (*path, "args", arg)
            check_name(document, arg, "argument", document.key_position(*at), reserved=RESERVED)
            args[arg] = argument_type(document, spec, tuple(items), at)
        do = None if effect.do is None else document.code(*path, "do")
        effects[name] = EffectDeclaration(name, args, do, effect.means or "", position)
    for index, event in enumerate(unique_names(document, shape.events, "event", "events", checked=False)):
        check_event(document, event, document.position("events", index))
    _check_owners(document, facts, effects)
    return World(
        shape.world,
        shape.title or shape.world.replace("_", " ").title(),
        items,
        facts,
        effects,
        tuple(document.code("invariants", index) for index in range(len(shape.invariants))),
        tuple(document.code("goals", index) for index in range(len(shape.goals))),
        tuple(dict.fromkeys(shape.events)),
    )


def _check_owners(document: Document, facts: Mapping[str, Fact], effects: Mapping[str, EffectDeclaration]) -> None:
    owners = {name.split(".")[0] for name in facts}
    for name, effect in effects.items():
        if name in owners:
            message = f"effect `{name}` is called like the owner of facts `{name}.…`"
            document.report(rules.NAME_CLASH, message, effect.position, "rename the effect")


def read_character(
    document: Document, stem: str, world: World, shared: Mapping[str, Intent], *, shared_whole: bool
) -> CharacterDeclaration | None:
    """The character of a document; None when it has too little of one. Findings go to the document.

    Args:
        stem: the file's name without `.yaml`, which is to be the character's id.
        world: the cast's world.
        shared: the intents that `use` may name, by `common.<id>`.
        shared_whole: whether these are all; else, a name that is not among them is not reported.
    """
    shape = check_shape(document, shapes.CharacterFile)
    if shape is None:
        return None
    position = document.position("character")
    if check_name(document, shape.character, "character", position, reserved=RESERVED) and shape.character != stem:
        message = f"character `{shape.character}` stands in the file `{stem}.yaml`"
        hint = f"rename the file to `{shape.character}.yaml`, or write `character: {stem}`"
        document.report(rules.WRONG_ID, message, position, hint)
    items = tuple(world.items)
    facts = facts_of(document, shape.facts, items, shape.character)
    intents = intents_of(document, shape.intents, items)
    _use(document, shape.use, intents, shared, shared_whole)
    _check_shared_examples(document, intents)
    responses = {id: _response(document, id, value) for id, value in shape.responses.items()}
    _check_otherwise(document, shape.otherwise, responses)
    tables = _tables(document, shape.tables)
    taken = {name.split(".")[0]: "the owner of facts" for name in (*facts, *world.facts)}
    taken |= dict.fromkeys(world.effects, "an effect")
    for name, table in tables.items():
        if name in taken:
            message = f"table `{name}` is called like {taken[name]}"
            document.report(rules.NAME_CLASH, message, table.position, "rename the table")
    return CharacterDeclaration(
        shape.character,
        shape.name or shape.character.replace("_", " ").title(),
        (shape.persona or "").strip(),
        facts,
        intents,
        tables,
        document.code("logic"),
        responses,
        shape.otherwise,
        document.position(),
        document.file,
    )


def _use(
    document: Document, used: list[str], intents: dict[str, Intent], shared: Mapping[str, Intent], shared_whole: bool
) -> None:
    listed: set[str] = set()
    for index, name in enumerate(used):
        position = document.position("use", index)
        if name in listed:
            document.report(rules.LISTED_TWICE, f"`{name}` is listed twice", position, "remove one")
        elif name not in shared:
            if not shared_whole:
                continue
            full = name if name.startswith("common.") else f"common.{name}"
            message = f"there is no shared intent `{name}`"
            document.report(rules.UNKNOWN_USE, message, position, _shared_hint(full, shared))
        elif shared[name].id in intents:
            intent = shared[name]
            message = f"intent `{intent.id}` is defined in this file too"
            hint = f"remove `{name}` here, or rename the file's own"
            document.report(rules.INTENT_TWICE, message, position, hint)
        else:
            intents[shared[name].id] = shared[name]
        listed.add(name)


def _shared_hint(name: str, shared: Iterable[str]) -> Callable[[], str]:
    return lambda: did_you_mean(name, shared) or "shared intents stand in catalogs/common/*.yaml"


_COMPARED = re.compile(r"[\w{}]+")


def _check_shared_examples(document: Document, intents: Mapping[str, Intent]) -> None:
    """Warn of lines that stand as an example of two intents: neither brain nor model can tell which is meant."""
    seen: dict[str, tuple[str, int]] = {}
    for intent in intents.values():
        for index, example in enumerate(intent.examples):
            first, first_index = seen.setdefault(_as_compared(example), (intent.id, index))
            if first == intent.id:
                continue
            # A shared intent's file is not the place to mend it, where the other intent is the character's own.
            is_own = intent.position.file == document.file
            at = (intent.id, "examples", index) if is_own else (first, "examples", first_index)
            message = f"“{example}” is an example of both `{first}` and `{intent.id}`"
            document.report(rules.SHARED_EXAMPLE, message, document.position("intents", *at), "keep it in one of them")


def _as_compared(example: str) -> str:
    """Its words and placeholders alone."""
    return " ".join(_COMPARED.findall(example.casefold()))


def _response(document: Document, id: str, value: str | list[str] | shapes.ResponseBody) -> Response:
    path = ("responses", id)
    position = document.key_position(*path)
    check_name(document, id, "response", position, reserved=NOTHING_RESERVED)
    at: Path = path
    when, tags, presentation = None, frozenset[str](), {}
    answers: tuple[str, ...] = ()
    words: str | list[str]
    if isinstance(value, shapes.ResponseBody):
        at, words = (*path, "text"), value.text
        tags = frozenset([*value.tags, *([value.tag] if value.tag else [])])
        unique_names(document, value.tags, "tag", *path, "tags")
        if value.tag:
            check_name(document, value.tag, "tag", document.position(*path, "tag"), reserved=NOTHING_RESERVED)
        when = None if value.when is None else document.code(*path, "when")
        answers = tuple(value.answers)
        presentation = dict(value.__pydantic_extra__ or {})
        for key in presentation:
            check_name(document, key, "presentation tag", document.key_position(*path, key), reserved=NOTHING_RESERVED)
    else:
        words = value
    texts = (words,) if isinstance(words, str) else tuple(words)
    names: dict[str, None] = {}
    for index, text in enumerate(texts):
        place: Path = at if isinstance(words, str) else (*at, index)
        for name in check_braces(document, text, place).names:
            if name in KEYWORDS or name == "tag":
                message, hint = f"`{name}` is a word of the pseudocode", "choose another name for the placeholder"
                document.report(rules.RESERVED_NAME, message, document.position(*place), hint)
            names[name] = None
    return Response(id, texts, tuple(names), when, tags, answers, presentation, position)


def _check_otherwise(document: Document, otherwise: str, responses: Mapping[str, Response]) -> None:
    position = document.position("otherwise")
    response = responses.get(otherwise)
    if response is None:
        declared = (document.data or {}).get("responses")
        if not isinstance(declared, dict) or otherwise not in declared:
            hint = did_you_mean(otherwise, responses)
            document.report(rules.OTHERWISE_UNKNOWN, f"there is no response `{otherwise}`", position, hint)
        return
    always = "`otherwise` must be sayable in every state"
    if response.when is not None:
        hint = f"remove its `when`, or choose another response: {always}"
        document.report(rules.OTHERWISE_WHEN, f"response `{otherwise}` has a `when`", position, hint)
    if response.placeholders:
        message = f"response `{otherwise}` has the placeholder `{{{response.placeholders[0]}}}`"
        document.report(rules.OTHERWISE_PLACEHOLDER, message, position, f"choose one without: {always}")


def _tables(document: Document, declared: Mapping[str, dict[str, TableValue] | list[TableValue]]) -> dict[str, Table]:
    found = {}
    for name, body in declared.items():
        path = ("tables", name)
        position = document.key_position(*path)
        check_name(document, name, "table", position, reserved=RESERVED)
        rows: list[tuple[str | int, TableValue]] = list(body.items() if isinstance(body, dict) else enumerate(body))
        first = rows[0][1]
        for key, value in rows:
            if type(value) is not type(first):
                message = f"table `{name}` holds values of different types"
                hint = "make them all numbers, all names or all true/false"
                document.report(rules.MIXED_TABLE, message, document.position(*path, key), hint)
                break
        if isinstance(body, dict):
            found[name] = Table(name, dict(body), (), position)
        else:
            found[name] = Table(name, {}, tuple(body), position)
    return found
