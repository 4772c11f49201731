"""The small casts of `other_worlds.yaml`: intents made as a writer would declare them, and lines to hear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from npc.catalog.model import Intent, Slot
from npc.catalog.types import IntType, ItemType, SlotType
from npc.diagnostics import Position

FILE = Path(__file__).with_name("other_worlds.yaml")


@dataclass(frozen=True)
class World:
    """A cast of one character: what it can hear, and lines with the intents they express."""

    name: str
    intents: Mapping[str, Intent]
    item_names: Mapping[str, tuple[str, ...]]
    cases: tuple[tuple[str, frozenset[str]], ...]


@cache
def load_worlds() -> Mapping[str, World]:
    """Every world of the file, by name."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: _world(name, found) for name, found in data.items()}


def _world(name: str, data: Mapping[str, Any]) -> World:
    items = {item: tuple(names) for item, names in data["items"].items()}
    cases = [(line, frozenset({intent})) for intent, lines in data["heard"].items() for line in lines]
    cases += [(case["line"], frozenset(case["heard"])) for case in data["several"]]
    cases += [(line, frozenset()) for line in data["nothing"]]
    intents = {key: _intent(key, found, tuple(items)) for key, found in data["intents"].items()}
    return World(name, intents, items, tuple(cases))


def _intent(key: str, data: Mapping[str, Any], items: tuple[str, ...]) -> Intent:
    slots = {}
    for name, declared in data.get("slots", {}).items():
        given = {"type": declared} if isinstance(declared, str) else declared
        kind: SlotType = ItemType(items) if given["type"] == "item" else IntType(given.get("min"), given.get("max"))
        slots[name] = Slot(name, kind, "", optional=given.get("optional", False), grounded=True)
    return Intent(key, data["means"], tuple(data["examples"]), slots, None, Position("worlds.yaml", 1, 1))
