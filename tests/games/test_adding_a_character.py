"""The page that shows how to add a character to the demo: what it has one write, works."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

import pytest

import npc
from games.keep.art.people import LOOKS, Look, person
from games.keep.art.portraits import portrait
from games.keep.casting import CAST
from games.keep.layout import _thing
from games.keep.sounds import VOICES, blip_of

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = (CHECKOUT / "docs" / "adding-a-character.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def cast(tmp_path: Path) -> npc.Cast:
    """The keep's cast with the page's character."""
    for folder in ("common", "keep"):
        shutil.copytree(CAST.parent / folder, tmp_path / folder)
    [cook] = blocks("yaml")
    (tmp_path / "keep" / "cook.yaml").write_text(cook, encoding="utf-8")
    return npc.load(tmp_path / "keep")


def test_the_pages_character_joins_the_cast(cast):
    """The file of the page loads without a warning, and its character does what the page says, with words."""
    assert cast.diagnostics == ()

    async def talk() -> list[str]:
        facts = {"player.items": {"silver_spoon": 1}}
        session = npc.Session(cast, "embedded", facts=facts)
        turns = [await session.event("cook", "approach")]
        for line in ("where's your silver spoon?", "here is the silver spoon", "asdf"):
            turns.append(await session.say("cook", line))
        assert session.facts["player.gold"] == 24
        await session.aclose()
        return [turn.response for turn in turns]

    assert asyncio.run(talk()) == ["approach", "spoon_lost", "spoon_back", "shrug"]


def test_the_pages_lines_are_lines_of_the_game(monkeypatch):
    """Spawn point, look and voice are written as the page shows them."""
    spawn, look, voice = blocks("python")
    thing = eval(spawn, {"_thing": _thing})  # noqa: S307
    assert (thing.id, thing.is_character, thing.x, thing.y) == ("cook", True, 420, 300)
    monkeypatch.setitem(LOOKS, "cook", eval(look, {"Look": Look}))  # noqa: S307
    assert person("cook").width == person("player").width
    monkeypatch.setitem(VOICES, "cook", 1.0)
    exec(voice, {"VOICES": VOICES})  # noqa: S102
    assert blip_of("cook").pitch == 0.8


def test_who_has_no_face_yet_is_drawn_all_the_same():
    """Somebody nobody drew is a stranger with a hood, so that each step leaves a game that runs."""
    assert person("nobody-yet").width == person("player").width
    assert portrait("nobody-yet", "glad").width == portrait("warden", "glad").width
