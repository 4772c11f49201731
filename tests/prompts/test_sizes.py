"""How much of a prompt is the same in every turn, and how small one with residual pseudocode is."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

import npc
from npc.prompts import schema_digest
from tests.benchmarks.prompts import measure

CATALOGS = Path(__file__).parents[2] / "catalogs"


@pytest.fixture(scope="module")
def keep() -> npc.Cast:
    return npc.load(CATALOGS / "keep")


@pytest.mark.parametrize("character", ["warden", "pedlar"])
def test_residual_prompts_are_small_and_full_ones_the_same(keep: npc.Cast, character: str) -> None:
    """In the median, residual pseudocode leaves at most 40 % of a prompt; of a full one 90 % never changes.

    In characters: BENCHMARKS.md has the tokens.
    """
    full, residual = (measure(keep, character, mode, len) for mode in ("full", "residual"))
    assert statistics.median(residual.prompt) <= 0.4 * statistics.median(full.prompt)
    assert min(full.same) >= 0.9
    assert statistics.median(full.dynamic) < statistics.median(full.static)


def test_residual_prompts_tell_what_is_needed_now(keep: npc.Cast) -> None:
    """The intents that matter now with their meanings and slots, and the texts that the code leaves to choice."""
    session = npc.Session(keep, npc.scripted(), pseudocode="residual")
    request = session.preview_request("warden", "Hm.")
    system, turn = (message["content"] for message in request.messages)
    declared = keep.character("warden").declaration
    for name, intent in declared.intents.items():
        assert (f"- {name}: {' '.join(intent.means.split())}" in turn) is (name in request.intents)
    assert "`amount` (int from 1): gold pieces offered" in turn
    choices = turn.partition("# Responses to choose from")[2].partition("Responses allowed now")[0]
    assert all(f"- {name}: " in choices for name in ("rumour_seal", "rumour_well", "rumour_spoon"))
    assert declared.responses["quote_price"].texts[0] not in system + turn
    assert "quote_price" in turn
    assert "`pay(amount: int from 1)`" in turn
    assert "player.gold =" not in turn, "what the code no longer mentions is not told"


def test_a_schema_that_is_the_same_has_the_same_digest(keep: npc.Cast) -> None:
    """Static schemas repeat over all states, dynamic ones where the same may be said and heard."""
    digests = {}
    for mode in ("static", "dynamic"):
        for gold in (12, 13, 400):
            session = npc.Session(
                npc.load(CATALOGS / "keep"), npc.scripted(), facts={"player.gold": gold}, schema_mode=mode
            )
            digests[mode, gold] = schema_digest(session.preview_request("warden", "Hm.").schema)
    assert len({digests["static", gold] for gold in (12, 13, 400)}) == 1
    assert digests["dynamic", 12] == digests["dynamic", 13] != digests["dynamic", 400] != digests["static", 400]
