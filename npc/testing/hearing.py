"""Steps that say what is heard instead of how it is put: no backend has to understand anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from npc.backends.base import Hearing
from npc.catalog.model import Intent, Item

WORDLESS = "..."
"""What the player says where nothing is to be heard."""

_PLACE = re.compile(r"\{(\w+)\}")


def words_for(hearing: Hearing, intents: Mapping[str, Intent], items: Mapping[str, Item]) -> str:
    """A player's line that expresses the hearing: an example of each intent, its slots filled in.

    What must stand in the player's own words (a number, an item) does so.
    """
    return ". ".join(_words(intents[name], slots, items) for name, slots in hearing.items()) or WORDLESS


def _words(intent: Intent, slots: Mapping[str, Any], items: Mapping[str, Item]) -> str:
    shown = {name: items[value].display_name if value in items else str(value) for name, value in slots.items()}
    fitting = [example for example in intent.examples if set(_PLACE.findall(example)) == set(shown)]
    if not fitting:
        return " ".join([intent.id.replace("_", " "), *shown.values()])
    return _PLACE.sub(lambda place: shown[place[1]], fitting[0])
