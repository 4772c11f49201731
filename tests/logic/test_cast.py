"""Loading a cast: catalog and logic together, all findings at once, compiled characters."""

from __future__ import annotations

from pathlib import Path

import pytest

from npc.errors import CatalogError, UnknownName
from npc.logic.cast import build_cast, load
from npc.logic.program import Context
from tests.logic.build_catalog import EFFECTS, catalog

WORLD = """\
world: yard
title: The Yard
items: [bread]
facts:
  gate.open: {type: bool, initial: false}
effects:
  open_gate: {do: 'gate.open = True'}
invariants: ['gate.open or not gate.open']
goals: ['gate.open']
"""
GUARD = """\
character: guard
name: Guard
persona: A short man with a long list.
intents:
  greet:
    means: The player greets.
    examples: [hello, hi there, good day]
logic: |
  if heard.greet:
      open_gate()
      return say("welcome")
  return say("shrug")
responses:
  welcome: Come in.
  shrug: {text: What?, tags: [plain]}
otherwise: shrug
"""


class AllHeard:
    """An oracle that hears every intent."""

    def heard(self, intent: str) -> bool:
        return True

    def slot(self, intent: str, slot: str) -> None:
        return None

    def chance(self, probability: float) -> bool:
        return True

    def choose(self, candidates: tuple[str, ...]) -> str:
        return candidates[0]


def write(folder: Path, guard: str = GUARD, world: str = WORLD) -> Path:
    cast = folder / "yard"
    cast.mkdir()
    (cast / "world.yaml").write_text(world, encoding="utf-8")
    (cast / "guard.yaml").write_text(guard, encoding="utf-8")
    return cast


def test_cast_is_loaded_and_runs(tmp_path: Path) -> None:
    """A cast loads from its folder, and its characters' programs run."""
    cast = load(write(tmp_path))
    guard = cast.character("guard")
    assert (guard.id, guard.name, cast.diagnostics) == ("guard", "Guard", ())
    assert len(cast.digest) == 64
    run = guard.program.run({"gate.open": False}, AllHeard(), Context())
    assert (run.response, dict(run.changes)) == ("welcome", {"gate.open": True})


def test_unknown_character_names_the_nearest(tmp_path: Path) -> None:
    """Asking for a character that is not there says which one was probably meant."""
    with pytest.raises(UnknownName, match="did you mean `guard`"):
        load(write(tmp_path)).character("gard")


def test_logic_errors_stand_at_their_place_in_the_file(tmp_path: Path) -> None:
    """Findings in logic, in a `do` and in an invariant carry file, line and column of the YAML files."""
    guard = GUARD.replace('say("welcome")', 'say("welcom")')
    world = WORLD.replace("'gate.open = True'", "'gate.opn = True'").replace("['gate.open or", "['gate.oen or")
    with pytest.raises(CatalogError) as caught:
        load(write(tmp_path, guard, world))
    found = {(Path(d.position.file).name, d.position.line, d.position.column, d.code) for d in caught.value.diagnostics}
    assert found == {
        ("guard.yaml", 11, 18, "L205"),
        ("world.yaml", 7, 20, "L201"),
        ("world.yaml", 8, 15, "L201"),
    }
    assert all(d.source_line for d in caught.value.diagnostics)


def test_warnings_do_not_stop_a_cast(tmp_path: Path) -> None:
    """Logic that can end without a line gives a warning, kept with the cast."""
    cast = load(write(tmp_path, GUARD.replace('  return say("shrug")\n', "")))
    assert [d.code for d in cast.diagnostics] == ["L406"]


def test_whens_are_checked() -> None:
    """A response's `when` may look at facts only."""
    responses = {"greet": {"text": "Ah.", "when": "gate.open and heard.yes"}, "shrug": "What?"}
    with pytest.raises(CatalogError) as caught:
        build_cast(catalog(responses=responses, logic='return say("greet")'))
    assert [d.code for d in caught.value.diagnostics] == ["L133"]


def test_effect_may_write_any_fact_but_say_nothing() -> None:
    """A `do` writes facts of others; lines and hearing are not available in it."""
    effects = EFFECTS | {
        "fool": {"args": {"n": "int"}, "do": "warden.trust = n\nif heard.yes:\n    return say('shrug')"}
    }
    with pytest.raises(CatalogError) as caught:
        build_cast(catalog(effects=effects))
    assert [d.code for d in caught.value.diagnostics] == ["L133", "L133"]


def test_mistakes_of_meaning_and_of_logic_are_told_together(tmp_path: Path) -> None:
    """A cast with a wrong fact and a misspelt response gets both findings from one attempt to load it."""
    (tmp_path / "world.yaml").write_text(WORLD, encoding="utf-8")
    guard = GUARD.replace("otherwise: ", "otherwise: no_such_", 1).replace('say("', 'say("no_such_', 1)
    (tmp_path / "guard.yaml").write_text(guard, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load(tmp_path)
    assert {diagnostic.code[0] for diagnostic in caught.value.diagnostics} == {"C", "L"}


def test_a_writer_is_told_of_outcomes_that_cannot_be_told_apart() -> None:
    """More outcomes than the bound are a warning at the logic; below it there is none."""
    many = "".join(f"if heard.i{n}:\n    warden.trust = {n % 4}\n" for n in range(14)) + 'return say("shrug")\n'
    intents = {f"i{n}": {} for n in range(14)}
    (finding,) = build_cast(catalog(logic=many, intents=intents)).diagnostics
    assert (finding.code, finding.severity) == ("X101", "warning")
    assert "`warden`" in finding.message
    few = 'if heard.i0:\n    return say("greet")\nreturn say("shrug")\n'
    assert build_cast(catalog(logic=few, intents=intents)).diagnostics == ()


def test_an_invariant_that_is_broken_from_the_start_is_told() -> None:
    """An invariant that the initial facts do not meet is a warning at its place; one that they meet is none."""
    (finding,) = build_cast(catalog(invariants=["player.gold >= 30", "player.gold >= 0"])).diagnostics
    assert (finding.code, finding.severity) == ("X102", "warning")
    assert "`player.gold >= 30`" in finding.message
