"""An exploration is kept where only words have changed, and is then what exploring anew would find."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import npc
from npc.exploration import Exploration, Kept, explore

PLANTED = Path(__file__).parent / "planted"

WORDS = [
    ("nan.yaml", "name: Nan", "name: Old Nan\n\n# She is new here."),
    ("nan.yaml", "Washes by the river and lies about it.", "Washes by the lake."),
    ("nan.yaml", "means: The player chats.", "means: The player makes small talk."),
    ("nan.yaml", "lovely day, how is", "a fine day, nice weather, how is"),
    ("nan.yaml", "examples: [look at this relic", "corroborate: false\n    examples: [look at this relic"),
    ("nan.yaml", '"They say the abbot eats turnips raw."', '["They say he snores.", "They say he sings."]'),
    ("nan.yaml", 'scrubs: "Scrub, scrub."', 'scrubs: {text: "Scrub.", mood: busy}'),
    ("world.yaml", "title: The Abbey", "# Where it all happens.\ntitle: The Priory"),
    ("world.yaml", "lamp]", "lamp]\n# The relic begins with the player."),
    ("world.yaml", "'relic.holder = \"river\"'}", "'relic.holder = \"river\"', means: It is gone.}"),
]
"""Changes of what is shown, of what is heard by, and of where things stand: file, text, text in its place."""

RULES = [
    ("nan.yaml", "max: 2, initial: 0", "max: 3, initial: 0"),
    ("nan.yaml", "initial: 0}", "initial: 1}"),
    ("nan.yaml", "initial: 0}", "initial: 0, owner: game}"),
    ("nan.yaml", "nan.trust == 2", "nan.trust == 1"),
    (
        "nan.yaml",
        "    examples: [look",
        "    slots: {price: {type: int, min: 1, max: 9}}\n    examples: ['{price}', look",
    ),
    ("nan.yaml", 'scrubs: "Scrub, scrub."', 'scrubs: "Scrub, scrub."\n  hums: "La, la."'),
    ("nan.yaml", "otherwise: scrubs", "otherwise: gossip"),
    ("nan.yaml", '"Let me see. Oops. It floats! No, it does not."', '{text: "Oops.", when: not abbey.saved}'),
    ("nan.yaml", "logic: |", "tables: {prices: {lamp: 2}}\nlogic: |"),
    ("nan.yaml", "character: nan", "character: nan\nuse: [common.greet]"),
    ("world.yaml", "ring, lamp]", "ring]"),
    ("world.yaml", 'relic.holder = "river"\'', 'relic.holder = "abbot"\''),
    ("world.yaml", "goals: ['abbey.saved']", "goals: ['abbey.saved', 'nan.trust == 2']"),
    ("world.yaml", "goals: ['abbey.saved']", "goals: ['not abbey.saved']"),
    ("world.yaml", "goals:", "invariants: ['not abbey.saved or relic.holder == \"abbot\"']\ngoals:"),
    ("world.yaml", "goals: ['abbey.saved']", "invariants: ['abbey.saved']"),
    ("world.yaml", "goals:", "events: [approach]\ngoals:"),
]
"""Changes of what can be said and done."""


@pytest.fixture
def abbey(tmp_path: Path) -> Path:
    """A cast whose goal can be locked out, with shared intents beside it."""
    common = tmp_path / "common"
    common.mkdir()
    greet = "greet: {means: The player says hello., examples: [hello there, good day]}"
    (common / "manners.yaml").write_text(f"intents:\n  {greet}\n", encoding="utf-8")
    return shutil.copytree(PLANTED / "lockable_quest" / "bug", tmp_path / "abbey")


def change(cast: Path, file: str, text: str, other: str) -> None:
    """Put a text in the place of another in one of a cast's files."""
    before = (cast / file).read_text(encoding="utf-8")
    assert text in before
    (cast / file).write_text(before.replace(text, other, 1), encoding="utf-8")


def kept(cast: npc.Cast) -> Kept:
    return Kept.of(cast, explore(cast))


def plain(found: Exploration) -> Exploration:
    """An exploration without how it came about."""
    return replace(found, seconds=0.0, kept=False)


@pytest.mark.parametrize("words", WORDS, ids=[text for _, text, _ in WORDS])
def test_what_only_words_changed_in_is_kept(words: tuple[str, str, str], abbey: Path) -> None:
    """After a change of words, findings, their places, conversations and figures are those of exploring anew."""
    before = kept(npc.load(abbey))
    change(abbey, *words)
    cast = npc.load(abbey)
    found = before.for_cast(cast)
    assert found is not None
    assert (found.kept, found.seconds) == (True, 0.0)
    assert plain(found) == plain(explore(cast))


@pytest.mark.parametrize("rules", RULES, ids=[f"{text} → {other}" for _, text, other in RULES])
def test_what_else_changed_in_is_explored_anew(rules: tuple[str, str, str], abbey: Path) -> None:
    """A change of facts, logic, effects, intents, lines, goals, invariants, events or items is not taken for words."""
    before = kept(npc.load(abbey))
    change(abbey, *rules)
    assert before.for_cast(npc.load(abbey)) is None


@pytest.mark.parametrize("name", sorted(path.name for path in PLANTED.iterdir()))
def test_findings_move_with_what_they_are_about(name: str, tmp_path: Path) -> None:
    """Whatever is found in a cast, it is told where it stands after lines were written above it and texts anew."""
    folder = shutil.copytree(PLANTED / name / "bug", tmp_path / name)
    before = kept(npc.load(folder))
    for file in folder.glob("*.yaml"):
        text = re.sub(
            r"(?m)^(logic|responses|goals|effects):", r"# What follows\n# is new.\n\1:", file.read_text("utf-8")
        )
        file.write_text("# A remark.\n" + text, encoding="utf-8")
    cast = npc.load(folder)
    found, anew = before.for_cast(cast), explore(cast)
    assert found is not None
    assert plain(found) == plain(anew)
    assert [d.render() for d in found.diagnostics] == [d.render() for d in anew.diagnostics]
    assert found.findings


def test_what_was_cut_short_is_kept_while_nothing_moves(abbey: Path) -> None:
    """What was not covered names lines, so that a cut-short exploration is kept only while the logic stays in place."""
    cast = npc.load(abbey)
    before = Kept.of(cast, explore(cast, max_states=1))
    change(abbey, "nan.yaml", "Scrub, scrub.", "Scrub.")
    found = before.for_cast(npc.load(abbey))
    assert found is not None
    assert found.undecided == before.exploration.undecided
    change(abbey, "nan.yaml", "logic: |", "# Her days.\nlogic: |")
    assert before.for_cast(npc.load(abbey)) is None
