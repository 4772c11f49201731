"""How well claims are told apart: ``python -m tests.benchmarks.corroboration``.

Every held-out line of tests/backends/embedded/understanding_cases.yaml is claimed to express each intent of its
character. A claim of what it does express is honest, any other is fabricated. Counted is, for several thresholds, which
honest claims are kept and which fabricated ones stopped, by the embedded brain alone: numbers, which are grounded
besides, are not looked at.
"""

from __future__ import annotations

from npc.backends.base import ModelRequest
from npc.backends.embedded.backend import understand
from npc.catalog import load_catalog
from npc.engine.corroboration import PLAUSIBLE
from tests.benchmarks.understanding_embedded import ROOT, item_names, load_cases

THRESHOLDS = sorted({0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, PLAUSIBLE})


def claims() -> tuple[list[float], list[float]]:
    """The scores of honest and of fabricated claims."""
    catalog = load_catalog(ROOT / "catalogs/keep")
    names = item_names(catalog)
    honest: list[float] = []
    fabricated: list[float] = []
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
            (honest if name in case.heard else fabricated).append(scores.get(name, 0.0))
    return honest, fabricated


def main() -> None:
    honest, fabricated = claims()
    print(f"{len(honest)} honest claims, {len(fabricated)} fabricated ones")
    for threshold in THRESHOLDS:
        kept = sum(score >= threshold for score in honest) / len(honest)
        stopped = sum(score < threshold for score in fabricated) / len(fabricated)
        used = "  ← PLAUSIBLE" if threshold == PLAUSIBLE else ""
        print(
            f"threshold {threshold:.2f}: {kept:.1%} of the honest kept, {stopped:.1%} of the fabricated stopped{used}"
        )


if __name__ == "__main__":
    main()
