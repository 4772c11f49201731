"""How big prompts are: ``python -m tests.benchmarks.prompts``. Needs a tokenizer: ``pip install tiktoken``.

Medians over the turns of conversations in which something is heard each time, of every character of the shipped casts.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import npc
from npc.catalog.types import IntType, SlotValue
from npc.prompts import Pseudocode

ROOT = Path(__file__).resolve().parents[2]
CASTS = ("keep", "helpdesk")
MODES: tuple[Pseudocode, ...] = ("full", "residual", "both")
CONVERSATIONS, TURNS, SHORTLIST = 5, 12, 8


@dataclass
class Sizes:
    """Of one character in one mode, a number for each turn."""

    prompt: list[int] = field(default_factory=list)
    same: list[float] = field(default_factory=list)
    static: list[int] = field(default_factory=list)
    dynamic: list[int] = field(default_factory=list)


def said(request: npc.ModelRequest, dice: random.Random) -> dict[str, dict[str, SlotValue]]:
    """Something that can be heard now, with values that the line of `measure` grounds."""
    if not request.intents:
        return {}
    intent = dice.choice(list(request.intents.values()))
    slots: dict[str, SlotValue] = {}
    for slot in intent.slots.values():
        names = getattr(slot.type, "options", None) or getattr(slot.type, "items", None)
        slots[slot.name] = NUMBER if isinstance(slot.type, IntType) else dice.choice(list(names or ("",)))
    return {intent.id: slots}


NUMBER = 7


def measure(
    cast: npc.Cast, character: str, mode: Pseudocode, count: Callable[[str], int], shortlist: int | None = None
) -> Sizes:
    """Sizes over `CONVERSATIONS` × `TURNS` turns; the same ones for every mode, but for shortlists."""
    sizes = Sizes()
    dice = random.Random(0)

    async def backend(request: npc.ModelRequest) -> dict[str, object]:
        first, second = (message["content"] for message in request.messages)
        sizes.prompt.append(count(first) + count(second))
        sizes.same.append(len(first.encode()) / len((first + second).encode()))
        hearing = said(request, dice)
        response = (request.preview(hearing) or request.allowed)[0]
        return {"heard": list(hearing), "slots": hearing, "response": response}

    async def talk(seed: int) -> None:
        session = npc.Session(cast, backend, seed=seed, pseudocode=mode, shortlist=shortlist)
        for _ in range(TURNS):
            request = session.preview_request(character, "Well?")
            prompt = session._play._prompt(cast.character(character))
            for kept, way in ((sizes.static, "static"), (sizes.dynamic, "dynamic")):
                schema = prompt.schema(request.allowed, tuple(request.intents), way)
                kept.append(count(json.dumps(schema, separators=(",", ":"))))
            await session.say(character, f"Well, I have {NUMBER} reasons, and I would like to hear what you think.")

    for seed in range(CONVERSATIONS):
        asyncio.run(talk(seed))
    return sizes


def main() -> None:
    try:
        import tiktoken
    except ImportError:
        sys.exit("this needs a tokenizer: pip install tiktoken")
    encoding = tiktoken.get_encoding("o200k_base")

    def count(text: str) -> int:
        return len(encoding.encode(text))

    columns = ["character", "full", "residual", "of full", f"of {SHORTLIST} intents", "both", "schema, static"]
    columns += ["dynamic", "same bytes"]
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    for folder in CASTS:
        cast = npc.load(ROOT / "catalogs" / folder)
        for character in cast.characters:
            found = {mode: measure(cast, character, mode, count) for mode in MODES}
            full, residual, both = (statistics.median(found[mode].prompt) for mode in MODES)
            schemas = (
                f"{statistics.median(found['full'].static):,.0f} | {statistics.median(found['full'].dynamic):,.0f}"
            )
            short = statistics.median(measure(cast, character, "residual", count, SHORTLIST).prompt)
            same = f"{min(found['full'].same):.1%}"
            print(
                f"| {folder}, {character} | {full:,.0f} | {residual:,.0f} | {residual / full:.1%} | {short:,.0f} "
                f"| {both:,.0f} | {schemas} | {same} |"
            )


if __name__ == "__main__":
    main()
