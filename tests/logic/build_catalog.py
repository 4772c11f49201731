"""Small catalogs for tests, made without files: one character `warden` in the world `keep`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from npc.catalog.model import (
    Catalog,
    CharacterDeclaration,
    EffectDeclaration,
    Fact,
    Intent,
    Item,
    Response,
    Slot,
    SourceText,
    Table,
)
from npc.catalog.types import (
    BagType,
    BoolType,
    FactType,
    IntType,
    ItemType,
    OneOfType,
    SetType,
    TextType,
    ValueType,
    normal_value,
)
from npc.diagnostics import Position

ITEMS = ("royal_seal", "cell_key", "bread", "lantern")

FACTS: dict[str, Any] = {
    "player.name": {"type": "text", "initial": "traveller"},
    "player.gold": {"type": "int", "min": 0, "max": 999, "initial": 12, "owner": "game"},
    "player.items": {"type": "bag", "initial": {"bread": 1}, "owner": "game"},
    "gate.open": {"type": "bool", "initial": False},
    "warden.has_key": {"type": "bool", "initial": True},
    "warden.trust": {"type": "int", "min": 0, "max": 3, "initial": 1},
}

INTENTS: dict[str, Any] = {
    "ask_key": {},
    "offer_gold": {"slots": {"amount": {"type": "int", "min": 1}}},
    "greet": {},
    "yes": {},
}

EFFECTS: dict[str, Any] = {
    "give": {"args": {"item": "item"}, "do": "player.items[item] += 1"},
    "take": {"args": {"item": "item"}, "do": "player.items[item] -= 1"},
    "pay": {"args": {"amount": {"type": "int", "min": 1}}, "do": "player.gold -= amount"},
    "open_gate": {"do": "gate.open = True"},
    "start_duel": {"args": {"foe": {"one_of": ["bandit", "captain"]}}},
}

TABLES: dict[str, Any] = {"prices": {"bread": 2, "lantern": 15}}

RESPONSES: dict[str, Any] = {
    "greet": ["State your business.", "Halt. What do you want?"],
    "key_gone": "The key is gone.",
    "hand_over": "The seal. Very well.",
    "quote_price": {"text": "No seal, no key. Unless {price} gold makes me forget the rules.", "mood": "sly"},
    "scoff": "Is that all?",
    "take_bribe": "{paid} gold. I saw nothing.",
    "show_me_the_coin": "Show me the coin.",
    "shrug": "Rules are rules.",
}

MORE: dict[str, dict[str, Any]] = {
    "facts": FACTS
    | {
        "warden.mood": {"one_of": ["happy", "sad", "angry"]},
        "warden.seen": {"type": "set", "of": ["cat", "dog"]},
        "warden.nickname": {"type": "text", "max_length": 10},
        "pedlar.stock": {"type": "int", "min": 0},
    },
    "intents": INTENTS
    | {
        "buy": {"slots": {"item": "item", "count": {"type": "int", "min": 1, "max": 9, "optional": True}}},
        "throw_gold": {"slots": {"amount": "int"}},
    },
    "effects": EFFECTS | {"lose": {"args": {"amount": "int"}, "do": "player.gold -= amount"}},
    "responses": RESPONSES
    | {"rumour_1": {"text": "Lost: {what}.", "tag": "rumour"}, "rumour_2": {"text": "{what}?", "tag": "rumour"}}
    | {"go_in": {"text": "In you go.", "when": "gate.open"}},
    "tables": TABLES | {"steps": [1, 2, 3], "likes": {"cat": True, "dog": False}},
}
"""The example with a fact of every type, an optional slot, tagged responses and more tables: `catalog(**MORE)`."""

LOGIC = """\
# The seal is the law. Gold is merely persuasive.
if heard.ask_key:
    if not warden.has_key:
        return say("key_gone")
    if "royal_seal" in player.items:
        give("cell_key")
        warden.has_key = False
        return say("hand_over")
    return say("quote_price", price=30)
if heard.offer_gold and warden.has_key:
    if heard.offer_gold.amount < 30 or player.gold < heard.offer_gold.amount:
        return say("scoff")
    pay(heard.offer_gold.amount)
    give("cell_key")
    warden.has_key = False
    return say("take_bribe", paid=heard.offer_gold.amount)
if heard.yes and last == "quote_price":
    return say("show_me_the_coin")
if heard.greet:
    return say("greet")
return say("shrug")
"""


def catalog(
    *,
    facts: Mapping[str, Any] | None = None,
    intents: Mapping[str, Any] | None = None,
    responses: Mapping[str, Any] | None = None,
    logic: str = LOGIC,
    effects: Mapping[str, Any] | None = None,
    tables: Mapping[str, Any] | None = None,
    items: Iterable[str] = ITEMS,
    events: Iterable[str] = ("approach", "attacked"),
    invariants: Iterable[str] = (),
    goals: Iterable[str] = (),
    otherwise: str = "shrug",
) -> Catalog:
    """A catalog written as the YAML files would be; None takes the example of the design.

    `facts`, `intents`, `responses`, `effects` and `tables` replace the example's wholly. Facts whose name starts with
    ``warden.`` are the character's own. Bags and `item` types hold `items`.
    """
    names = tuple(items)
    all_facts = {name: _fact(name, data, names) for name, data in (FACTS if facts is None else facts).items()}
    all_responses = {id_: _response(id_, data) for id_, data in (RESPONSES if responses is None else responses).items()}
    all_responses.setdefault(otherwise, _response(otherwise, "Rules are rules."))
    warden = CharacterDeclaration(
        id="warden",
        name="Warden Brannoc",
        persona="Tired jailer of the east keep.",
        facts={name: fact for name, fact in all_facts.items() if name.startswith("warden.")},
        intents={id_: _intent(id_, data, names) for id_, data in (INTENTS if intents is None else intents).items()},
        tables={name: _table(name, data) for name, data in (TABLES if tables is None else tables).items()},
        logic=SourceText(logic, Position("warden.yaml", 1, 1)),
        responses=all_responses,
        otherwise=otherwise,
        position=Position("warden.yaml", 1, 1),
        file="warden.yaml",
    )
    return Catalog(
        world="keep",
        title="The Keep of Three Locks",
        folder="keep",
        items={name: Item(name, name.replace("_", " "), (name.replace("_", " "),), _HERE) for name in names},
        facts=all_facts,
        effects={n: _effect(n, data, names) for n, data in (EFFECTS if effects is None else effects).items()},
        invariants=tuple(SourceText(text, Position("world.yaml", 1, 1)) for text in invariants),
        goals=tuple(SourceText(text, Position("world.yaml", 1, 1)) for text in goals),
        events=tuple(events),
        characters={"warden": warden},
        digest="0" * 64,
        diagnostics=(),
        templates={},
        sources={"warden.yaml": logic},
    )


_HERE = Position("world.yaml", 1, 1)
_DEFAULTS: dict[type, Any] = {BoolType: False, SetType: [], BagType: {}, TextType: ""}


def _type(data: Any, items: tuple[str, ...]) -> ValueType:
    """A type as YAML writes it: ``item``, ``{type: int, min: 0}``, ``{one_of: [...]}``, ``{type: set, of: [...]}``."""
    data = {"type": data} if isinstance(data, str) else data
    if "one_of" in data:
        return OneOfType(tuple(data["one_of"]))
    match data["type"]:
        case "bool":
            return BoolType()
        case "int":
            return IntType(data.get("min"), data.get("max"))
        case "item":
            return ItemType(items)
        case "set":
            return SetType(tuple(data["of"]) if "of" in data else None)
        case "bag":
            return BagType(items)
        case "text":
            return TextType(data.get("max_length", 200))
    raise ValueError(f"no such type: {data!r}")


def _fact(name: str, data: Any, items: tuple[str, ...]) -> Fact:
    declared: FactType = _type(data, items)  # type: ignore[assignment]
    data = {} if isinstance(data, str) else data
    if isinstance(declared, OneOfType):
        default: Any = declared.options[0]
    elif isinstance(declared, IntType):
        default = declared.min or 0
    else:
        default = _DEFAULTS[type(declared)]
    initial = normal_value(declared, data.get("initial", default))
    return Fact(name, declared, initial, data.get("owner") == "game", _HERE)


def _intent(id_: str, data: Any, items: tuple[str, ...]) -> Intent:
    slots = {}
    for name, slot in (data.get("slots") or {}).items():
        slot = {"type": slot} if isinstance(slot, str) else slot
        declared: Any = _type(slot, items)
        grounded = slot.get("grounded", isinstance(declared, IntType))
        slots[name] = Slot(name, declared, slot.get("means", name), slot.get("optional", False), grounded)
    examples = tuple(data.get("examples", (id_.replace("_", " "),)))
    return Intent(id_, data.get("means", f"The player: {id_}."), examples, slots, data.get("corroborate"), _HERE)


def _effect(name: str, data: Any, items: tuple[str, ...]) -> EffectDeclaration:
    args: dict[str, Any] = {arg: _type(declared, items) for arg, declared in (data.get("args") or {}).items()}
    do = SourceText(data["do"], Position("world.yaml", 1, 1)) if data.get("do") else None
    return EffectDeclaration(name, args, do, data.get("means", name), _HERE)


def _table(name: str, data: Any) -> Table:
    if isinstance(data, Mapping):
        return Table(name, dict(data), (), _HERE)
    return Table(name, {}, tuple(data), _HERE)


def _response(id_: str, data: Any) -> Response:
    data = data if isinstance(data, Mapping) else {"text": data}
    texts = (data["text"],) if isinstance(data["text"], str) else tuple(data["text"])
    found = dict.fromkeys(name for text in texts for name in re.findall(r"\{(\w+)\}", text))
    when = SourceText(data["when"], Position("warden.yaml", 1, 1)) if "when" in data else None
    tags = data.get("tags", [data["tag"]] if "tag" in data else [])
    rest = {key: value for key, value in data.items() if key not in {"text", "when", "tags", "tag"}}
    return Response(id_, texts, tuple(found), when, frozenset(tags), (), rest, _HERE)
