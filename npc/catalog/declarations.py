"""From the shapes of files to the catalog's types: facts, slots, arguments, intents; what they mean is checked here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from npc.catalog import rules, shapes
from npc.catalog.document import Document
from npc.catalog.model import Fact, Intent, Item, Slot
from npc.catalog.names import KEYWORDS, check_fact_name, check_name
from npc.catalog.placeholders import Braces, read_braces
from npc.catalog.types import (
    ArgumentType,
    BagType,
    BoolType,
    FactType,
    IntType,
    ItemType,
    OneOfType,
    SetType,
    SlotType,
    Text,
    TextType,
    check_value,
    normal_value,
)
from npc.diagnostics import Position, did_you_mean

Path = tuple[str | int, ...]
NOTHING_RESERVED: frozenset[str] = frozenset()


def unique_names(
    document: Document, names: Iterable[str], what: str, *path: str | int, checked: bool = True
) -> tuple[str, ...]:
    """The names of a list, after reporting those listed twice and, if `checked`, those not in lower_snake_case."""
    found: dict[str, None] = {}
    for index, name in enumerate(names):
        if name in found:
            message = f"`{name}` is listed twice"
            document.report(rules.LISTED_TWICE, message, document.position(*path, index), "remove one")
        elif checked:
            check_name(document, name, what, document.position(*path, index), reserved=NOTHING_RESERVED)
        found[name] = None
    return tuple(found)


def items_of(document: Document, declared: list[str] | Mapping[str, shapes.ItemValue]) -> dict[str, Item]:
    """The items of a world. Their display names are their ids with spaces unless the file says otherwise."""
    if isinstance(declared, list):
        ids = unique_names(document, declared, "item", "items")
        places = {id: document.position("items", index) for index, id in reversed(list(enumerate(declared)))}
        return {id: Item(id, id.replace("_", " "), (), places[id]) for id in ids}
    found = {}
    for id, body in declared.items():
        position = document.key_position("items", id)
        check_name(document, id, "item", position, reserved=NOTHING_RESERVED)
        display_name: str = id.replace("_", " ")
        names: tuple[str, ...] = ()
        if isinstance(body, str):
            display_name = body
        elif isinstance(body, shapes.ItemBody):
            display_name = body.name or display_name
            names = unique_names(document, body.names, "name", "items", id, "names", checked=False)
        found[id] = Item(id, display_name, names, position)
    # Items whose description has an error count as declared, lest every mention of one be a finding too.
    written = (document.data or {}).get("items")
    if isinstance(written, dict):
        for id in written:
            found.setdefault(id, Item(id, id, (), document.key_position("items", id)))
    return found


def int_type(document: Document, low: int | None, high: int | None, path: Path) -> IntType:
    if low is not None and high is not None and low > high:
        message = f"`min` is {low}, more than `max`, {high}"
        document.report(rules.REVERSED_BOUNDS, message, document.position(*path, "min"), "exchange them")
        return IntType(high, low)
    return IntType(low, high)


def item_type(document: Document, items: tuple[str, ...], position: Position) -> ItemType:
    if not items:
        _report_no_items(document, position)
    return ItemType(items)


def _report_no_items(document: Document, position: Position) -> None:
    hint = "add `items: [lantern, rope]` to world.yaml"
    document.report(rules.NO_ITEMS, "this needs items, and the world has none", position, hint)


def facts_of(
    document: Document, declared: Mapping[str, shapes.FactSpec], items: tuple[str, ...], owner: str | None = None
) -> dict[str, Fact]:
    """The facts of a file; `owner` is the character whose file it is."""
    found = {}
    for name, shape in declared.items():
        path: Path = ("facts", name)
        position = document.key_position(*path)
        if check_fact_name(document, name, position) and owner is not None and not name.startswith(f"{owner}."):
            message = f"fact `{name}` is not {owner}'s own"
            hint = f"name it `{owner}.{name.split('.')[1]}`, or declare it in world.yaml"
            document.report(rules.FOREIGN_FACT, message, position, hint)
        type = _fact_type(document, shape, items, path)
        initial = _initial(shape)
        problem = check_value(type, initial)
        if isinstance(shape, shapes.SetFact) and len(set(shape.initial)) < len(shape.initial):
            unique_names(document, shape.initial, "name", *path, "initial", checked=False)
        if problem:
            at = document.position(*path, "initial") if "initial" in shape.model_fields_set else position
            shown = problem if len(problem) <= 150 else problem[:149] + "…"
            message = f"the initial value of `{name}` does not fit: {shown}"
            document.report(rules.BAD_INITIAL, message, at, _hint_for(initial, _names_of(type)))
            initial = _some_value(type)
        value = (
            Text(initial) if isinstance(initial, str) and isinstance(type, TextType) else normal_value(type, initial)
        )
        found[name] = Fact(name, type, value, shape.owner == "game", position, shape.means or "")
    return found


def _initial(shape: shapes.FactSpec) -> object:
    if isinstance(shape, shapes.OneOfFact) and shape.initial is None:
        return shape.one_of[0]
    return shape.initial


def _some_value(type: FactType) -> object:
    """A value that fits, to go on checking with in place of one that does not."""
    match type:
        case BoolType():
            return False
        case IntType(low, high):
            return low if low is not None else min(high or 0, 0)
        case OneOfType(options):
            return options[0]
        case SetType():
            return []
        case BagType():
            return {}
        case _:
            return ""


def _names_of(type: FactType) -> tuple[str, ...]:
    """The names that a value of the type may be made of; none where it is not made of names, or of any."""
    match type:
        case OneOfType(names) | BagType(names):
            return names
        case SetType(names):
            return names or ()
        case _:
            return ()


def _hint_for(value: object, valid: tuple[str, ...]) -> Callable[[], str]:
    """What to do about an initial value: mostly one of its names is misspelt, or it is out of bounds."""

    def hint() -> str:
        names, known = value if isinstance(value, Mapping | list) else [value], set(valid)
        stranger = next((str(name) for name in names if name not in known), "")
        near = did_you_mean(stranger, valid) if stranger and valid else None
        return near or "change it, or the type's bounds"

    return hint


def _fact_type(document: Document, shape: shapes.FactSpec, items: tuple[str, ...], path: Path) -> FactType:
    match shape:
        case shapes.BoolFact():
            return BoolType()
        case shapes.IntFact():
            return int_type(document, shape.min, shape.max, path)
        case shapes.OneOfFact():
            return OneOfType(unique_names(document, shape.one_of, "name", *path, "one_of"))
        case shapes.SetFact():
            return SetType(unique_names(document, shape.of, "name", *path, "of") if shape.of else None)
        case shapes.BagFact():
            if not items:
                _report_no_items(document, document.key_position(*path))
            return BagType(items)
        case _:
            return TextType()


def argument_type(document: Document, shape: shapes.ArgumentSpec, items: tuple[str, ...], path: Path) -> ArgumentType:
    """The type of an effect's argument."""
    match shape:
        case shapes.BoolArgument():
            return BoolType()
        case shapes.IntArgument():
            return int_type(document, shape.min, shape.max, path)
        case shapes.ItemArgument():
            return item_type(document, items, document.key_position(*path))
        case shapes.OneOfArgument():
            return OneOfType(unique_names(document, shape.one_of, "name", *path, "one_of"))
        case _:
            return TextType()


def _slot_type(document: Document, shape: shapes.SlotSpec, items: tuple[str, ...], path: Path) -> SlotType:
    match shape:
        case shapes.IntSlot():
            return int_type(document, shape.min, shape.max, path)
        case shapes.OneOfSlot():
            return OneOfType(unique_names(document, shape.one_of, "name", *path, "one_of"))
        case _:
            return item_type(document, items, document.key_position(*path))


def intents_of(
    document: Document, declared: Mapping[str, shapes.IntentShape], items: tuple[str, ...]
) -> dict[str, Intent]:
    """The intents of a character file or a file of shared intents."""
    found = {}
    for id, shape in declared.items():
        path: Path = ("intents", id)
        position = document.key_position(*path)
        check_name(document, id, "intent", position, reserved=KEYWORDS)
        slots = {}
        for name, slot in shape.slots.items():
            at: Path = (*path, "slots", name)
            check_name(document, name, "slot", document.key_position(*at), reserved=KEYWORDS)
            type = _slot_type(document, slot, items, at)
            grounded = isinstance(slot, shapes.IntSlot) and slot.grounded
            slots[name] = Slot(name, type, slot.means or "", slot.optional, grounded)
        declared_slots = (document.data or {})["intents"][id].get("slots") or {}
        for index, example in enumerate(shape.examples):
            at = (*path, "examples", index)
            for placeholder in check_braces(document, example, at, escapes_hint=False).names:
                if placeholder not in declared_slots:
                    message = f"intent `{id}` has no slot `{placeholder}`"
                    document.report(rules.EXAMPLE_SLOT, message, document.position(*at), _slot_hint(placeholder, slots))
        unique_names(document, shape.examples, "example", *path, "examples", checked=False)
        if not shape.examples:
            hint = "add a few lines that a player might type: the embedded brain hears by their likeness"
            document.report(rules.NO_EXAMPLES, f"intent `{id}` has no examples", position, hint)
        found[id] = Intent(id, shape.means.strip(), tuple(shape.examples), slots, shape.corroborate, position)
    return found


def _slot_hint(placeholder: str, slots: Iterable[str]) -> Callable[[], str]:
    return lambda: did_you_mean(placeholder, slots) or f"declare it: `slots: {{{placeholder}: item}}`"


def check_braces(document: Document, text: str, path: Path, *, escapes_hint: bool = True) -> Braces:
    """Report braces that are no placeholders."""
    braces = read_braces(text)
    if braces.unbalanced:
        hint = "write `{{` or `}}` for a brace that is to be shown" if escapes_hint else "write `{slot}`"
        document.report(rules.UNBALANCED_BRACE, "a brace without its partner", document.position(*path), hint)
    elif braces.bad is not None:
        message = f"`{{{braces.bad}}}` is no placeholder: a plain name in lower_snake_case goes between braces"
        hint = 'let the logic compute the value: `say("id", price=prices[item])` fills `{price}`'
        document.report(rules.BAD_PLACEHOLDER, message, document.position(*path), hint)
    return braces
