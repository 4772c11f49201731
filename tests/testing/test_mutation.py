"""Mutation testing: mistakes in the logic, and whether a seed notices them."""

import json
from pathlib import Path

import pytest

import npc as package
from npc.testing.mutants import mutants_of
from npc.testing.mutation import MutationResult, mutate
from npc.testing.mutation_report import render, write_guards
from tests.testing.test_coverage import GUARD, ran, write, yard

__all__ = ["yard"]

BID = "  - {name: a, steps: [{heard: {bid: {amount: 3}}, expect: {response: taken, facts: {guard.level: 3}}}]}\n"


def mutated(*files: Path) -> MutationResult:
    results = ran(*files)
    return mutate(results[0].case.cast, results)


def test_the_mistakes_are_those_of_a_writers_hand(yard: Path) -> None:
    """Comparisons turned, conditions dropped, amounts changed, lines swapped, effects and changes removed."""
    cast = package.load(yard / "catalogs" / "yard")
    tree = cast.trees.characters["guard"].logic
    found = list(mutants_of(tree, cast.character("guard").declaration.responses))
    whats = {mutant.what for mutant in found}
    assert {
        "`>` became `>=`",
        "`and` became `or`",
        "a condition was dropped",
        "`9` became `10`",
        "`min` became `max`",
        "`taken` became `deep`",
        "the effect was removed",
        "the change was removed",
        "the two values were swapped",
        "`hum` was dropped",
    } <= whats
    assert all(mutant.tree != tree for mutant in found)
    assert all(10 <= mutant.line <= 25 for mutant in found)


def test_a_seed_notices_what_it_looks_at(yard: Path) -> None:
    """What a seed expects kills the mutants that change it; the others survive with a diff."""
    result = mutated(write(yard, BID))
    survivors = {(survivor.mutant.what, survivor.covered) for survivor in result.survivors}
    assert result.killed > 0
    assert ("`taken` became `deep`", True) not in survivors
    assert ("the effect was removed", True) in survivors
    assert ("`who` became `again`", False) in survivors
    told = "\n".join(render(result))
    line = GUARD.splitlines().index("      ring()") + 1
    assert f"guard.yaml:{line}: the effect was removed: no seed notices" in told
    assert "      -    ring()\n      +    pass" in told


def test_a_failing_seed_notices_nothing(yard: Path) -> None:
    """A conversation that fails already guards no rule."""
    assert mutated(write(yard, BID.replace("response: taken", "response: who"))).killed == 0


def test_drafts_notice_the_survivors(yard: Path) -> None:
    """Seeds drafted for the survivors pass, and notice all but a choice of lines that no step can see."""
    file = write(yard, BID)
    first = mutated(file)
    files, left = write_guards(first, yard / "seeds")
    assert all(one.result.ok for one in ran(*files))
    after = mutated(file, *files)
    assert len(after.survivors) == len(left) < 4 < len(first.survivors)
    assert after.percent > 90


def test_what_does_the_same_is_no_mistake(yard: Path) -> None:
    """A mutant that is proven to do the same in every state is not held against the seeds."""
    guard = yard / "catalogs" / "yard" / "guard.yaml"
    guard.write_text(guard.read_text().replace('if event == "knock"', 'if turn >= 0 and event == "knock"'))
    result = mutated(write(yard, BID))
    assert result.equal >= 1


@pytest.mark.parametrize("wanted", [0, 100])
def test_the_command_tells_the_survivors(npc, tavern, wanted: int) -> None:
    """--mutate prints figures and diffs; --fail-under fails below; --json holds them."""
    done = npc("test", "tavern", "--mutate", "--fail-under", str(wanted))
    assert done.returncode == (1 if wanted else 0)
    assert "mutants of tavern:" in done.stdout
    assert ("less than 100 %" in done.stdout) is bool(wanted)
    [report] = json.loads(npc("test", "tavern", "--mutate", "--json").stdout)["mutants"]
    assert report["survivors"][0]["diff"]
