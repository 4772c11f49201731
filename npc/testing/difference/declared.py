"""What two versions of a cast declare differently: lines reworded, intents, facts, effects, what must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from npc.catalog.model import (
    Catalog,
    CharacterDeclaration,
    EffectDeclaration,
    Fact,
    Intent,
    Item,
    Response,
    Slot,
    Table,
)
from npc.catalog.types import describe_type

Declared = TypeVar("Declared")
Parts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeclaredChange:
    """One declaration that differs.

    Attributes:
        kind: ``line``, ``intent``, ``fact``, ``effect``, ``item``, ``event``, ``invariant``, ``goal``, ``table``,
            ``character``.
        character: whose, None for the world's.
        name: the id; the text of an invariant or goal.
        part: what of it differs (``texts``, ``examples``, ``initial`` …); ``added`` or ``removed`` for all of it.
        old, new: how it was and is, None where it was or is not there.
    """

    kind: str
    character: str | None
    name: str
    part: str
    old: Any
    new: Any


def declared_changes(old: Catalog, new: Catalog) -> list[DeclaredChange]:
    """What two catalogs declare differently, logic left out: `compare_behaviour` compares that by running it."""
    found = [
        *_mapping("item", None, old.items, new.items, _item),
        *_mapping("fact", None, old.facts, new.facts, _fact),
        *_mapping("effect", None, old.effects, new.effects, _effect),
        *_listing("event", old.events, new.events),
        *_listing(
            "invariant", [one.text.strip() for one in old.invariants], [one.text.strip() for one in new.invariants]
        ),
        *_listing("goal", [one.text.strip() for one in old.goals], [one.text.strip() for one in new.goals]),
        *_mapping("character", None, old.characters, new.characters, _character),
    ]
    for character in (name for name in new.characters if name in old.characters):
        before, after = old.characters[character], new.characters[character]
        found += _mapping("line", character, before.responses, after.responses, _line)
        found += _mapping("intent", character, before.intents, after.intents, _intent)
        found += _mapping("table", character, before.tables, after.tables, _table)
    return found


def _mapping(
    kind: str,
    character: str | None,
    old: Mapping[str, Declared],
    new: Mapping[str, Declared],
    parts: Callable[[Declared], Parts],
) -> Iterator[DeclaredChange]:
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield DeclaredChange(kind, character, name, "removed", parts(old[name]), None)
        elif name not in old:
            yield DeclaredChange(kind, character, name, "added", None, parts(new[name]))
        else:
            before, after = parts(old[name]), parts(new[name])
            for part in before:
                if before[part] != after[part]:
                    yield DeclaredChange(kind, character, name, part, before[part], after[part])


def _listing(kind: str, old: Any, new: Any) -> Iterator[DeclaredChange]:
    yield from (DeclaredChange(kind, None, name, "removed", name, None) for name in old if name not in new)
    yield from (DeclaredChange(kind, None, name, "added", None, name) for name in new if name not in old)


def _item(item: Item) -> Parts:
    return {"name": item.display_name, "names": list(item.names)}


def _fact(fact: Fact) -> Parts:
    return {
        "type": describe_type(fact.type),
        "initial": plain(fact.initial),
        "owner": "game" if fact.game_owned else "dialogue",
        "means": fact.means,
    }


def _effect(effect: EffectDeclaration) -> Parts:
    return {
        "args": {name: describe_type(declared) for name, declared in effect.args.items()},
        "do": None if effect.do is None else effect.do.text.strip(),
        "means": effect.means,
    }


def _character(character: CharacterDeclaration) -> Parts:
    return {"name": character.name, "persona": character.persona, "otherwise": character.otherwise}


def _line(response: Response) -> Parts:
    return {
        "texts": list(response.texts),
        "when": None if response.when is None else response.when.text.strip(),
        "tags": sorted(response.tags),
        "presentation": dict(response.presentation),
    }


def _intent(intent: Intent) -> Parts:
    return {
        "means": intent.means,
        "examples": list(intent.examples),
        "slots": {name: _slot(slot) for name, slot in intent.slots.items()},
        "corroborate": intent.corroborate,
    }


def _slot(slot: Slot) -> str:
    marks = [describe_type(slot.type)]
    marks += ["optional"] if slot.optional else []
    marks += [] if slot.grounded else ["not grounded"]
    return ", ".join([*marks, *([slot.means] if slot.means else [])])


def _table(table: Table) -> Parts:
    return {"values": dict(table.entries) if table.entries else list(table.values)}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
