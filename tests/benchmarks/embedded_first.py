"""What the embedded brain can spare a model: ``python -m tests.benchmarks.embedded_first``.

Over the held-out lines of tests/backends/embedded/understanding_cases.yaml, every intent of the character offered: how
many lines ``embedded:certain`` answers, and how many of these it hears amiss, by threshold; and in how many lines all
that they express is in the shortlist, by its length.
"""

from __future__ import annotations

import asyncio

from npc.backends.base import ModelRequest, Reply
from npc.backends.certain import CERTAIN, is_certain
from npc.backends.embedded.backend import EmbeddedBackend, understand
from npc.catalog import load_catalog
from tests.benchmarks.shipped_casts import ROOT, item_names, load_cases

THRESHOLDS = sorted({0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, CERTAIN})
LENGTHS = (1, 2, 4, 8, 12, 16)


async def main() -> None:
    catalog = load_catalog(ROOT / "catalogs/keep")
    names, brain = item_names(catalog), EmbeddedBackend()
    replies: list[tuple[frozenset[str], Reply]] = []
    places: list[int] = []
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
        replies.append((frozenset(case.heard), await brain.reply(request)))
        scores = understand(request).scores
        ranked = sorted(intents, key=lambda name: -scores.get(name, 0.0))
        if case.heard:
            places.append(max(ranked.index(name) for name in case.heard))
    print(f"{len(replies)} lines")
    for threshold in THRESHOLDS:
        certain = [(expressed, reply) for expressed, reply in replies if is_certain(reply, threshold)]
        amiss = sum(frozenset(reply.content["heard"]) != expressed for expressed, reply in certain)
        used = "  ← CERTAIN" if threshold == CERTAIN else ""
        print(
            f"certain from {threshold:.2f}: {len(certain) / len(replies):.1%} of lines need no model; "
            f"of these {amiss / max(1, len(certain)):.1%} are heard amiss{used}"
        )
    for most in LENGTHS:
        print(f"shortlist of {most}: holds all of {sum(place < most for place in places) / len(places):.1%} of lines")


if __name__ == "__main__":
    asyncio.run(main())
