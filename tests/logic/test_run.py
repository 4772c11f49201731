"""Running a character's logic: effects, range checks, voids, what a run reports."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pytest

from npc.catalog.model import Catalog
from npc.logic import execution
from npc.logic.checker import check_cast
from npc.logic.compiler import CompiledProgram, HearingOracle, compile_condition, compile_program
from npc.logic.program import Context, Effect, Run
from tests.logic.build_catalog import EFFECTS, FACTS, INTENTS, RESPONSES, catalog


def program_of(cat: Catalog) -> CompiledProgram:
    trees, diagnostics = check_cast(cat)
    assert not [d.render() for d in diagnostics if d.severity == "error"]
    return compile_program(cat, trees, "warden")


def initial(cat: Catalog, changed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {**{name: fact.initial for name, fact in cat.facts.items()}, **(changed or {})}


def run(
    logic: str | None = None,
    hearing: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    facts: Mapping[str, Any] | None = None,
    context: Context | None = None,
    chance: Any = lambda p: True,
    choice: str | None = None,
    **parts: Any,
) -> Run:
    """Run some logic (None: the design's warden) in the catalog of the design."""
    cat = catalog(**parts) if logic is None else catalog(logic=logic, **parts)
    oracle = HearingOracle(hearing or {}, chance, choice)
    return program_of(cat).run(initial(cat, facts), oracle, context or Context())


def test_an_outcome_with_effects() -> None:
    """A path's effects, changed facts, values and lines are all reported."""
    result = run(None, {"offer_gold": {"amount": 30}}, facts={"player.gold": 50})
    assert result.response == "take_bribe"
    assert result.values == {"paid": 30}
    assert result.effects == (Effect("pay", {"amount": 30}), Effect("give", {"item": "cell_key"}))
    assert result.changes == {
        "player.gold": 20,
        "player.items": {"cell_key": 1, "bread": 1},
        "warden.has_key": False,
    }
    assert result.lines == (2, 10, 11, 13, 14, 15, 16)
    assert result.reads == {"warden.has_key", "player.gold", "player.items"}
    assert result.void is None


def test_bags_keep_declared_order() -> None:
    """A bag that gains an item holds its items in the world's declared order."""
    result = run('give("royal_seal")\nreturn say("shrug")', facts={"player.items": {"bread": 2, "lantern": 1}})
    assert list(result.changes["player.items"]) == ["royal_seal", "bread", "lantern"]  # type: ignore[arg-type]


def test_facts_are_never_touched() -> None:
    """A run leaves the facts it was given as they were, bags included."""
    cat = catalog()
    facts = initial(cat, {"player.gold": 50})
    before = repr(facts)
    program_of(cat).run(facts, HearingOracle({"offer_gold": {"amount": 30}}, lambda p: True, None), Context())
    assert repr(facts) == before


def test_a_value_out_of_range_voids_the_turn() -> None:
    """A fact that would leave its range voids the turn: `otherwise`, no effect, no change, and the line that did it."""
    result = run('open_gate()\nwarden.trust += 3\nreturn say("greet")')
    assert (result.response, result.effects, result.changes, result.values) == ("shrug", (), {}, {})
    assert result.void is not None
    assert (result.void.reason, result.void.line) == ("effect-violation", 2)
    assert result.void.message == "warden.trust would be 4, which is not int from 0 to 3"


def test_taking_what_is_not_there_voids_the_turn() -> None:
    """An item taken from a bag that does not hold it voids the turn, at the line of the effect's call."""
    result = run('give("bread")\ntake("lantern")\nreturn say("greet")')
    assert result.void is not None
    assert result.void.line == 2
    assert result.void.message == "player.items has only 0 of lantern"


def test_an_argument_out_of_range_voids_the_turn() -> None:
    """An effect's argument outside its declared range voids the turn."""
    result = run("pay(player.gold - 12)\nreturn say('greet')")
    assert result.void is not None
    assert "pay()'s amount would be 0" in result.void.message


def test_an_effect_without_do_is_recorded_only() -> None:
    """An effect that the game carries out is reported and changes no fact."""
    result = run('start_duel("captain")\nreturn say("greet")')
    assert result.effects == (Effect("start_duel", {"foe": "captain"}),)
    assert result.changes == {}


def test_falling_off_the_end_keeps_effects() -> None:
    """Logic that ends without `return` says `otherwise`, and its effects stand."""
    result = run("open_gate()")
    assert (result.response, result.candidates) == ("shrug", ("shrug",))
    assert result.changes == {"gate.open": True}
    assert result.void is None


def test_changes_name_only_what_differs() -> None:
    """A fact written with the value it had, or changed and changed back, is not among the changes."""
    result = run('warden.has_key = True\nwarden.trust += 1\nwarden.trust -= 1\nreturn say("greet")')
    assert result.changes == {}


RESPONSES_WITH_WHEN = {**RESPONSES, "whisper": {"text": "Psst.", "when": "gate.open"}}


def test_when_sees_the_turns_effects() -> None:
    """A response's `when` is judged on the facts as the turn's effects have left them."""
    result = run('open_gate()\nreturn say("whisper")', responses=RESPONSES_WITH_WHEN)
    assert result.response == "whisper"


def test_a_false_when_voids_the_turn() -> None:
    """A response said while its `when` is false voids the turn with the reason `not-allowed`."""
    result = run('warden.trust += 1\nreturn say("whisper")', responses=RESPONSES_WITH_WHEN)
    assert (result.response, result.changes) == ("shrug", {})
    assert result.void is not None
    assert (result.void.reason, result.void.line) == ("not-allowed", 2)


def test_say_any_leaves_out_what_may_not_be_said() -> None:
    """Candidates whose `when` is false drop out; of the others the model's choice is said, else the first."""
    logic = 'return say_any("greet", "whisper", "scoff")'
    assert run(logic, responses=RESPONSES_WITH_WHEN).candidates == ("greet", "scoff")
    assert run(logic, responses=RESPONSES_WITH_WHEN, choice="scoff").response == "scoff"
    assert run(logic, responses=RESPONSES_WITH_WHEN, choice="whisper").response == "greet"


def test_say_any_without_a_sayable_line_voids_the_turn() -> None:
    """A `say_any` of which no candidate may be said voids the turn with the reason `not-allowed`."""
    result = run('return say_any("whisper")', responses=RESPONSES_WITH_WHEN)
    assert result.void is not None
    assert result.void.reason == "not-allowed"


class CountingOracle:
    """Hears everything; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def heard(self, intent: str) -> bool:
        self.asked.append(intent)
        return True

    def slot(self, intent: str, slot: str) -> Any:
        self.asked.append(f"{intent}.{slot}")
        return 1

    def chance(self, probability: float) -> bool:
        self.asked.append(f"chance({probability})")
        return True

    def choose(self, candidates: tuple[str, ...]) -> str:
        self.asked.append("choice")
        return candidates[-1]


def asked_by(logic: str, context: Context | None = None, **parts: Any) -> list[str]:
    cat = catalog(logic=logic, **parts)
    oracle = CountingOracle()
    program_of(cat).run(initial(cat), oracle, context or Context())
    return oracle.asked


def test_each_question_is_asked_once() -> None:
    """The oracle is asked about an intent and a slot once a run, however often the logic looks."""
    logic = (
        "if heard.offer_gold and heard.offer_gold.amount > 5:\n"
        "    return say('greet')\n"
        "if heard.offer_gold and heard.offer_gold.amount < 2:\n"
        "    return say('scoff')\n"
        "return say('shrug')"
    )
    assert asked_by(logic) == ["offer_gold", "offer_gold.amount"]


def test_events_bring_no_words() -> None:
    """In an event turn nothing is heard and the oracle is not asked."""
    assert asked_by("if heard.greet:\n    return say('greet')\nreturn say('shrug')", Context(event="approach")) == []


def test_certain_chances_are_not_drawn() -> None:
    """`chance(0)` and `chance(1)` are decided without the generator; a choice of one line without the model."""
    logic = (
        "if chance(0) or not chance(1):\n    return say('scoff')\n"
        "if chance(0.25):\n    return say_any('greet')\nreturn say('shrug')"
    )
    assert asked_by(logic) == ["chance(0.25)"]


def test_helpers_have_their_own_locals() -> None:
    """A helper's parameters and locals do not touch the caller's."""
    logic = (
        "def double(x):\n    y = x + x\n    return y\n"
        "x = 3\ny = 5\nz = double(y)\n"
        "return say('quote_price', price=x * 100 + y * 10 + z)"
    )
    assert run(logic).values == {"price": 360}


def test_a_comprehensions_variable_stays_inside() -> None:
    """A list comprehension over a bag goes in declared order and leaves no local behind."""
    logic = "return say('quote_price', price=[item for item in player.items if player.items[item] > 1])"
    held = {"royal_seal": 2, "bread": 1, "lantern": 3}
    assert run(logic, facts={"player.items": held}).values == {"price": ("royal_seal", "lantern")}


def test_set_facts_come_in_declared_order() -> None:
    """Iterating over a set fact goes in the order of its `of`."""
    facts = {**FACTS, "warden.knows": {"type": "set", "of": ["north", "east", "south"], "initial": ["south"]}}
    logic = 'warden.knows += {"east", "north"}\nreturn say("quote_price", price=[name for name in warden.knows])'
    cat = catalog(facts=facts, logic=logic)
    result = program_of(cat).run(initial(cat), HearingOracle({}, lambda p: True, None), Context())
    assert result.values == {"price": ("north", "east", "south")}


def test_a_loop_sees_the_bag_as_it_began() -> None:
    """Effects inside a loop over a bag do not change what the loop goes over."""
    logic = "for item in player.items:\n    take(item)\n    give('lantern')\nreturn say('shrug')"
    result = run(logic, facts={"player.items": {"bread": 1, "lantern": 1}})
    assert result.changes == {"player.items": {"lantern": 2}}


def test_the_step_budget_voids_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that takes more steps than the budget is void, and the message states the limit."""
    monkeypatch.setattr(execution, "STEP_BUDGET", 50)
    loops = "for a in (1, 2, 3, 4, 5):\n    for b in (1, 2, 3, 4, 5):\n        n += a * b\n"
    result = run(f"n = 0\n{loops}return say('quote_price', price=n)")
    assert result.void is not None
    assert "50 steps" in result.void.message


def test_numbers_cannot_exhaust_memory() -> None:
    """A product beyond all use voids the turn instead of growing without end."""
    logic = (
        "n = 10\nfor a in (1, 2, 3, 4, 5, 6, 7, 8, 9):\n"
        "    for b in (1, 2, 3, 4, 5, 6, 7, 8, 9):\n        n = n * n\n"
        "return say('quote_price', price=n)"
    )
    result = run(logic)
    assert result.void is not None
    assert result.void.reason == "effect-violation"


def test_deep_programs_run() -> None:
    """The longest chain of branches that the parser takes runs within Python's recursion limit."""
    branches = "".join(f"elif warden.trust == {n}:\n    return say('scoff')\n" for n in range(1, 99))
    logic = f"if not warden.has_key:\n    return say('scoff')\n{branches}else:\n    return say('greet')\n"
    limit = sys.getrecursionlimit()
    assert run(logic, facts={"warden.trust": 0}).response == "greet"
    assert sys.getrecursionlimit() == limit


def test_match_takes_the_first_case_that_fits() -> None:
    """`match` takes the first case whose literals and guard fit, and none when none fits."""
    facts = {**FACTS, "warden.mood": {"one_of": ["calm", "wary", "angry"], "initial": "wary"}}
    logic = (
        'match warden.mood:\n    case "calm" | "wary" if warden.trust > 2:\n        return say("greet")\n'
        '    case "wary":\n        return say("scoff")\nreturn say("shrug")'
    )
    cat = catalog(facts=facts, logic=logic)
    program, nothing = program_of(cat), HearingOracle({}, lambda p: True, None)
    said = [
        program.run(initial(cat, {"warden.mood": mood, "warden.trust": trust}), nothing, Context()).response
        for mood, trust in [("calm", 3), ("wary", 1), ("calm", 1), ("angry", 3)]
    ]
    assert said == ["greet", "scoff", "shrug", "shrug"]


def test_conditions_hold_or_not() -> None:
    """An invariant or goal compiles to a plain function of the facts."""
    cat = catalog(invariants=["player.gold >= 10 and not gate.open"])
    trees, _ = check_cast(cat)
    holds = compile_condition(cat, trees.invariants[0])
    assert holds(initial(cat)) is True
    assert holds(initial(cat, {"player.gold": 9})) is False


def test_footprint_leaves_out_texts_that_are_only_shown() -> None:
    """The footprint holds facts that bear on the result, through effects and `when` too, not texts merely shown."""
    responses = {**RESPONSES_WITH_WHEN, "greet": "Well, {who}."}
    logic = 'if heard.greet:\n    return say("greet", who=player.name)\npay(1)\nreturn say("whisper")'
    program = program_of(catalog(logic=logic, responses=responses, effects=EFFECTS, intents=INTENTS))
    assert program.footprint == {"player.gold", "gate.open"}
