"""G1 to G6 and G8, attacked with generated casts, states and replies. (G7 is attacked in tests/catalog.)"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import npc
from npc.engine.chance import Dice
from npc.logic.compiler import HearingOracle
from npc.logic.program import Context
from tests.engine.generated_casts import (
    INTENTS,
    ITEMS,
    LEAK,
    casts,
    honest_replies,
    hostile_replies,
    load_keeper,
    states,
    utterances,
)

thorough = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
modest = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))

Step = tuple[str | None, list[Any]]
"""What the player says (None: the event `approach`), and the replies the backend gives."""

steps = st.lists(st.tuples(st.none() | utterances(), st.lists(hostile_replies(), min_size=2, max_size=3)), max_size=4)


class Hostile(npc.Backend):
    """Gives the replies it is told to, raises those that are exceptions, and then only nonsense."""

    name = "hostile"

    def __init__(self) -> None:
        self.replies: list[Any] = []

    async def reply(self, request: npc.ModelRequest) -> Any:
        reply = self.replies.pop(0) if self.replies else LEAK
        if isinstance(reply, Exception):
            raise reply
        return copy.deepcopy(reply)


def play(session: npc.Session, backend: Hostile, taken: list[Step]) -> list[tuple[dict[str, Any], npc.Turn]]:
    """Every turn with the facts before it."""

    async def all_turns() -> list[tuple[dict[str, Any], npc.Turn]]:
        turns = []
        for utterance, replies in taken:
            backend.replies = list(replies)
            before = dict(session.facts)
            if utterance is None:
                turns.append((before, await session.event("keeper", "approach")))
            else:
                turns.append((before, await session.say("keeper", utterance)))
        return turns

    return asyncio.run(all_turns())


def sayable_texts(cast: npc.Cast, facts: Mapping[str, Any]) -> re.Pattern[str]:
    """Every text the catalog can yield when placeholders hold typed values."""
    items = "|".join(re.escape(item.display_name) for item in cast.catalog.items.values())
    name = "".join(char if char.isprintable() else " " for char in facts["player.name"])
    values = {
        "number": r"-?\d+",
        "thing": f"(?:{items}|{re.escape(name)})",
        "things": f"(?:nothing|(?:{items})(?:(?:, | and )(?:{items}))*)",
    }
    variants = []
    for response in cast.character("keeper").declaration.responses.values():
        for text in response.texts:
            parts = re.split(r"\{(\w+)\}", text)
            parts[0::2] = [re.escape(part) for part in parts[0::2]]
            parts[1::2] = [values[part] for part in parts[1::2]]
            variants.append("".join(parts))
    return re.compile("|".join(f"(?:{variant})" for variant in variants))


@thorough
@given(casts(), states(), steps, st.booleans())
def test_g1_every_character_shown_is_catalog_text(
    cast: npc.Cast, start: dict[str, Any], taken: list[Step], hedge: bool
) -> None:
    """Whatever backends answer or raise, alone or hedged, the player sees catalog variants with typed values only."""
    backend = Hostile()
    session = npc.Session(cast, [backend, backend] if hedge else backend, facts=start, hedge=hedge)
    for before, turn in play(session, backend, taken):
        assert sayable_texts(cast, before).fullmatch(turn.text)
        assert LEAK not in turn.text or LEAK in before["player.name"]
        assert "\n".join(line.text for line in turn.lines) == turn.text
        assert turn.response in cast.character("keeper").declaration.responses


@thorough
@given(casts(), states(), steps, st.booleans())
def test_g2_effects_are_those_of_the_logic(
    cast: npc.Cast, start: dict[str, Any], taken: list[Step], hedge: bool
) -> None:
    """The effects and the changed facts are what the logic yields under what counted as heard, and nothing besides."""
    backend = Hostile()
    session = npc.Session(cast, [backend, backend] if hedge else backend, seed=3, facts=start, hedge=hedge)
    program = cast.character("keeper").program
    last: str | None = None
    for number, (before, turn) in enumerate(play(session, backend, taken)):
        after = {**before, **{name: change.after for name, change in turn.changes.items()}}
        assert all(before[name] == change.before for name, change in turn.changes.items())
        if turn.verdict != "fallback":
            oracle = HearingOracle(turn.trace.heard, Dice(3, "keeper", number).happens, turn.response)
            run = program.run(before, oracle, Context(last, number, turn.event))
            assert (turn.response, turn.effects) == (run.response, run.effects)
            assert {name: change.after for name, change in turn.changes.items()} == run.changes
        else:
            assert (turn.effects, turn.changes, turn.response) == ((), {}, "shrug")
            assert after == before
        last = turn.response


@thorough
@given(casts(), states(), honest_replies(), utterances())
def test_g2_what_counts_as_heard_passed_every_check(
    cast: npc.Cast, start: dict[str, Any], reply: dict[str, Any], utterance: str
) -> None:
    """An intent counts as heard only if the reply claims it, its slots in range, its numbers in the player's line."""
    session = npc.Session(cast, npc.scripted(reply, reply), facts=start)
    turn = asyncio.run(session.say("keeper", utterance))
    assert turn.heard <= set(reply["heard"])
    for intent, slots in turn.slots.items():
        for slot, value in slots.items():
            assert reply["slots"][intent][slot] == value
            declared = INTENTS[intent]["slots"][slot]
            if declared["type"] == "int":
                assert declared["min"] <= value <= declared["max"]
                assert npc.grounding.is_grounded(value, turn.utterance, start)
            else:
                assert value in ITEMS


@modest
@given(casts(), states(), st.integers(0, 6))
def test_g3_a_cancelled_turn_changes_nothing(cast: npc.Cast, start: dict[str, Any], ticks: int) -> None:
    """A turn cancelled at any point before its commit leaves facts, transcript and later turns as if it never was."""

    async def answer_after(request: npc.ModelRequest) -> dict[str, Any]:
        for _ in range(3):
            await asyncio.sleep(0)
        return {"heard": [], "slots": {}, "response": "shrug"}

    async def cancelled_then_asked_again() -> None:
        session = npc.Session(cast, answer_after, facts=start)
        before, saved = dict(session.facts), session.save()
        task = asyncio.ensure_future(session.say("keeper", "hello there"))
        for _ in range(ticks):
            await asyncio.sleep(0)
        if task.cancel():
            with pytest.raises(asyncio.CancelledError):
                await task
        if task.cancelled():
            assert dict(session.facts) == before
            assert session.save() == saved
            undisturbed = npc.Session(cast, answer_after, facts=start)
            assert (await session.say("keeper", "well?")).text == (await undisturbed.say("keeper", "well?")).text

    asyncio.run(cancelled_then_asked_again())


@modest
@given(casts(), states(), honest_replies())
def test_g3_a_world_that_refuses_leaves_line_and_effects_out(
    cast: npc.Cast, start: dict[str, Any], reply: dict[str, Any]
) -> None:
    """When the game refuses the effects, none is applied and the `otherwise` line is said."""

    class Refusing:
        def read(self) -> dict[str, Any]:
            return {"player.gold": start["player.gold"]}

        def apply(self, effects: Any, changes: Any) -> None:
            raise RuntimeError(LEAK)

    session = npc.Session(cast, npc.scripted(reply, reply), facts=start, world=Refusing())
    before = dict(session.facts)
    turn = asyncio.run(session.say("keeper", "I want bread for 5 gold"))
    assert dict(session.facts) == before
    assert (turn.response, turn.effects, turn.verdict) == ("shrug", (), "fallback")
    assert LEAK not in turn.text


@modest
@given(casts(), states(), utterances())
def test_g4_a_turn_ends_within_its_deadline(cast: npc.Cast, start: dict[str, Any], utterance: str) -> None:
    """A backend that never answers and ignores cancellation cannot keep a turn past its deadline."""

    async def timed() -> npc.Turn:
        release = asyncio.Event()

        async def stubborn(request: npc.ModelRequest) -> str:
            while not release.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await release.wait()
            return LEAK

        session = npc.Session(cast, stubborn, facts=start, deadline=0.01)
        try:
            return await asyncio.wait_for(session.say("keeper", utterance), timeout=5)
        finally:
            release.set()

    turn = asyncio.run(timed())
    assert turn.response in turn.trace.allowed
    assert turn.utterance == "" or turn.reason in ("timeout", None) or turn.trace.void


@thorough
@given(casts(), states(), steps)
def test_g4_every_line_is_allowed_in_its_state(cast: npc.Cast, start: dict[str, Any], taken: list[Step]) -> None:
    """The line of every turn is among the responses allowed when it was asked for."""
    backend = Hostile()
    for _, turn in play(npc.Session(cast, backend, facts=start), backend, taken):
        assert turn.response in turn.trace.allowed


@thorough
@given(st.text(max_size=200), utterances())
def test_g5_the_players_text_is_data(name: str, utterance: str) -> None:
    """Whatever the player types, instructions and schema stay the same, and the line itself changes no fact or path."""
    cast = load_keeper('if heard.greet:\n    return say("named", thing=player.name)\nreturn say("shrug")\n')
    session = npc.Session(cast, npc.scripted(), facts={"player.name": name})
    asked, plain = session.preview_request("keeper", utterance), session.preview_request("keeper", "hello")
    assert asked.messages[0] == plain.messages[0]
    assert asked.schema == plain.schema
    assert asked.messages[0]["role"] == "system"
    backend = npc.scripted({"heard": ["greet"], "slots": {}, "response": "named"})
    turn = asyncio.run(npc.Session(cast, backend, facts={"player.name": name}).say("keeper", utterance or "hi"))
    shown = "".join(char if char.isprintable() else " " for char in name)
    assert turn.text in (f"Take {shown}, then.", *cast.character("keeper").declaration.responses["shrug"].texts)


@modest
@given(casts(), states(), steps, st.integers(0, 99))
def test_g6_the_same_inputs_give_the_same_transcript(
    cast: npc.Cast, start: dict[str, Any], taken: list[Step], seed: int
) -> None:
    """Two sessions with the same catalog, seed, facts and replies agree to the byte, timings aside."""

    def transcript() -> str:
        backend = Hostile()
        session = npc.Session(cast, backend, seed, facts=start)
        play(session, backend, taken)
        records = [{**record.as_json(), "seconds": None} for record in session.records]
        return json.dumps([session.save(), records])

    assert transcript() == transcript()


def test_g6_processes_agree_whatever_their_hash_seed() -> None:
    """Two processes that hash differently write the same records and saves, chance and variants included."""
    script = """
import asyncio, json, npc
from tests.engine.generated_casts import load_keeper
cast = load_keeper('if chance(0.5):\\n    return say_any(tag="rumour")\\nreturn say("plain")\\n')
session = npc.Session(cast, "embedded", seed=11, facts={"player.items": {"rope": 1, "bread": 2}})
for number in range(12):
    asyncio.run(session.say("keeper", f"hello, I offer {number} gold for the rope"))
print(json.dumps([session.save(), [{**record.as_json(), "seconds": None} for record in session.records]]))
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
    assert len({entry["text"] for entry in json.loads(outputs.pop())[0]["transcript"]}) > 3


@modest
@given(casts(), states(), steps, steps)
def test_g8_a_restored_session_goes_on_alike(
    cast: npc.Cast, start: dict[str, Any], taken: list[Step], later: list[Step]
) -> None:
    """A session restored from JSON plays on exactly as the one that was saved."""
    backend = Hostile()
    session = npc.Session(cast, backend, 5, facts=start)
    play(session, backend, taken)
    again = Hostile()
    restored = npc.Session.restore(cast, json.loads(json.dumps(session.save())), again)
    assert restored.restore_report == ()
    assert [turn.text for _, turn in play(session, backend, later)] == [
        turn.text for _, turn in play(restored, again, later)
    ]
    assert session.save() == restored.save()


@modest
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    ),
    st.sampled_from(["facts", "conversations", "transcript", "version", "seed", "format", "world", "catalog"]),
)
def test_g8_a_damaged_save_is_refused_or_reported(junk: Any, field: str) -> None:
    """Save data damaged in any field is either a clear SaveError or loads with a report; never another exception."""
    cast = load_keeper('return say("shrug")\n')
    data = {**npc.Session(cast, npc.scripted()).save(), field: junk}
    try:
        restored = npc.Session.restore(cast, data, npc.scripted())
    except npc.SaveError:
        return
    assert restored.restore_report or restored.save() == data
