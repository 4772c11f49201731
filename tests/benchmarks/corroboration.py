"""How well claims are told apart: ``python -m tests.benchmarks.corroboration``.

Every held-out line of tests/backends/embedded/understanding_cases.yaml is claimed to express each intent of its
character. A claim of what it does express is honest, any other is fabricated. Counted is, for several thresholds, which
honest claims are kept and which fabricated ones stopped, by the embedded brain alone: numbers, which are grounded
besides, are not looked at. First for all intents, then for those that are held to it in some state, since they are
marked or cost the player something there.
"""

from __future__ import annotations

import random

import npc
from npc.backends.base import ModelRequest
from npc.backends.embedded.backend import understand
from npc.catalog import load_catalog
from npc.catalog.model import Intent
from npc.catalog.types import IntType, ItemType, OneOfType, SlotValue
from npc.engine.corroboration import PLAUSIBLE
from tests.benchmarks.shipped_casts import ROOT, item_names, load_cases

CONVERSATIONS, TURNS = 30, 25
THRESHOLDS = sorted({0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, PLAUSIBLE})


Claims = list[tuple[str, float]]
"""Of each claim, ``character.intent`` and its score."""


def claims() -> tuple[Claims, Claims]:
    """Honest and fabricated claims."""
    catalog = load_catalog(ROOT / "catalogs/keep")
    names = item_names(catalog)
    honest: Claims = []
    fabricated: Claims = []
    for case in load_cases():
        if not case.held_out:
            continue
        intents = catalog.characters[case.character].intents
        request = ModelRequest(
            character=case.character,
            utterance=case.line,
            allowed=("",),
            intents=intents,
            facts={"player.gold": 12},
            last=None,
            retry=None,
            item_names=names,
            responses={},
            preview=lambda hearing: ("",),
            make_messages=lambda request: [],
            make_schema=lambda request: {},
        )
        scores = understand(request).scores
        for name in intents:
            claim = f"{case.character}.{name}", scores.get(name, 0.0)
            (honest if name in case.heard else fabricated).append(claim)
    return honest, fabricated


def held_to_it() -> set[str]:
    """``character.intent`` of those marked, and of those that cost the player something in states met at random."""
    cast = npc.load(ROOT / "catalogs/keep")
    dice = random.Random(1)
    found = set()
    for character in cast.characters.values():
        intents = character.declaration.intents
        found |= {f"{character.id}.{name}" for name, intent in intents.items() if intent.corroborate}
        for seed in range(CONVERSATIONS):
            carried = {item: 1 for item in cast.catalog.items if dice.random() < 0.5}
            facts = {"player.gold": dice.randint(0, 300), "player.items": carried}
            session = npc.Session(cast, npc.scripted(), seed, facts=facts)
            for _ in range(TURNS):
                begun = session._play.begin(character.id, "Well?", None)
                losses = session._play.losses(begun)
                hearings = [{name: _slots(intents[name], dice)} for name in begun.table.intents]
                found |= {f"{character.id}.{next(iter(hearing))}" for hearing in hearings if losses(hearing)}
                session.hear(character.id, dice.choice(hearings) if hearings else {})
    return found


def _slots(intent: Intent, dice: random.Random) -> dict[str, SlotValue]:
    values: dict[str, SlotValue] = {}
    for name, slot in intent.slots.items():
        match slot.type:
            case IntType(low, _):
                values[name] = dice.randint(low or 1, 60)
            case OneOfType(options) | ItemType(options):
                values[name] = dice.choice(options)
    return values


def report(honest: Claims, fabricated: Claims) -> None:
    print(f"{len(honest)} honest claims, {len(fabricated)} fabricated ones")
    for threshold in THRESHOLDS:
        kept = sum(score >= threshold for _, score in honest) / len(honest)
        stopped = sum(score < threshold for _, score in fabricated) / len(fabricated)
        used = "  ← PLAUSIBLE" if threshold == PLAUSIBLE else ""
        print(f"threshold {threshold:.2f}: {kept:.1%} of honest kept, {stopped:.1%} of fabricated stopped{used}")


def main() -> None:
    honest, fabricated = claims()
    report(honest, fabricated)
    held = held_to_it()
    print("of the intents that are held to it: " + ", ".join(sorted(held)))
    report([claim for claim in honest if claim[0] in held], [claim for claim in fabricated if claim[0] in held])


if __name__ == "__main__":
    main()
