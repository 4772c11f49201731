"""How long checking takes: ``python -m tests.benchmarks.checking``; figures of "Checking a cast" in BENCHMARKS.md."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import yaml

import npc
from npc.exploration import Kept, explore
from npc.linting import lint_cast
from tests.benchmarks.casts import wide_cast

ROOT = Path(__file__).resolve().parents[2]
WORLD = {
    "world": "village",
    "title": "A village to measure on",
    "facts": {"player.gold": {"type": "int", "min": 0, "max": 999, "initial": 12, "owner": "game"}},
    "effects": {"pay": {"args": {"amount": {"type": "int", "min": 1}}, "do": "player.gold -= amount"}},
}


def village(folder: Path, characters: int) -> Path:
    """A cast in which everybody has 10 facts of their own; one in five also looks at a fact of the neighbour's."""
    folder.mkdir(parents=True)
    goals = [f"v{number}.quest == 3" for number in range(0, characters, 10)]
    (folder / "world.yaml").write_text(yaml.safe_dump({**WORLD, "goals": goals}), encoding="utf-8")
    for number in range(characters):
        (folder / f"v{number}.yaml").write_text(yaml.safe_dump(_villager(number), sort_keys=False), encoding="utf-8")
    return folder


def _villager(number: int) -> dict[str, object]:
    me = f"v{number}"
    flags = [f"{me}.told{n}" for n in range(6)]
    friend = f" and v{number - 1}.met" if number % 5 == 1 else ""
    logic = [
        "if heard.greet:",
        f"    {me}.met = True",
        f"    {me}.mood = min(5, {me}.mood + 1)",
        '    return say("hello")',
    ]
    logic += ["if heard.insult:", f"    {me}.mood = max(0, {me}.mood - 2)", '    return say("hurt")']
    for n, flag in enumerate(flags):
        logic += [
            f"if heard.ask{n} and {me}.mood > {n % 4} and not {flag}:",
            f"    {flag} = True",
            f'    return say("tell{n}")',
        ]
    logic += [
        f"if heard.buy and player.gold >= 5 and {me}.stock > 0{friend}:",
        "    pay(5)",
        f"    {me}.stock -= 1",
        f"    {me}.quest = min(3, {me}.quest + 1)",
        '    return say("sold")',
        'return say("shrug")',
    ]
    intents = ["greet", "insult", "buy", *(f"ask{n}" for n in range(6))]
    responses = ["hello", "hurt", "sold", "shrug", *(f"tell{n}" for n in range(6))]
    return {
        "character": me,
        "name": f"Villager {number}",
        "persona": "Lives here.",
        "facts": {
            **{flag: {"type": "bool", "initial": False} for flag in (*flags, f"{me}.met")},
            f"{me}.mood": {"type": "int", "min": 0, "max": 5, "initial": 2},
            f"{me}.stock": {"type": "int", "min": 0, "max": 9, "initial": 9},
            f"{me}.quest": {"type": "int", "min": 0, "max": 3, "initial": 0},
        },
        "intents": {name: {"means": f"The player does {name}.", "examples": [f"{name} {me}"]} for name in intents},
        "logic": "\n".join(logic) + "\n",
        "responses": {name: f"{name.title()}." for name in responses},
        "otherwise": "shrug",
    }


def tangle(folder: Path) -> Path:
    """A cast of one character with five numbers, each of which may only change when two others say so."""
    folder.mkdir(parents=True)
    world = {"world": "tangle", "title": "All in one", "goals": ["k.n0 + k.n1 + k.n2 + k.n3 + k.n4 == 45"]}
    (folder / "world.yaml").write_text(yaml.safe_dump(world), encoding="utf-8")
    logic: list[str] = []
    for n in range(5):
        one, two = (n + 1) % 5, (n + 2) % 5
        logic += [f"if heard.up{n} and k.n{one} != {n}:", f"    k.n{n} = min(9, k.n{n} + 1)", '    return say("up")']
        logic += [
            f"if heard.down{n} and k.n{two} != {n + 3}:",
            f"    k.n{n} = max(0, k.n{n} - 1)",
            '    return say("down")',
        ]
    keeper = {
        "character": "k",
        "name": "K",
        "persona": "Turns knobs.",
        "facts": {f"k.n{n}": {"type": "int", "min": 0, "max": 9, "initial": 0} for n in range(5)},
        "intents": {
            f"{way}{n}": {"means": f"Knob {n} {way}.", "examples": [f"{way} {n}"]}
            for n in range(5)
            for way in ("up", "down")
        },
        "logic": "\n".join([*logic, 'return say("shrug")']) + "\n",
        "responses": {"up": "Up.", "down": "Down.", "shrug": "Hm."},
        "otherwise": "shrug",
    }
    (folder / "k.yaml").write_text(yaml.safe_dump(keeper, sort_keys=False), encoding="utf-8")
    return folder


def seconds(call: Callable[[], object], repeats: int = 3) -> float:
    """The shortest of some times."""
    times = []
    for _ in range(repeats):
        started = perf_counter()
        call()
        times.append(perf_counter() - started)
    return min(times)


def measure() -> list[tuple[str, str, str]]:
    """Rows of what, target and measured."""
    rows: list[tuple[str, str, str]] = []
    for name in ("keep", "helpdesk"):
        found = explore(npc.load(ROOT / "catalogs" / name))
        assert found.complete
        what = f"explore the {name} completely, one core"
        rows.append((what, "< 20 s", f"{found.seconds:.2f} s, {len(found.answers)} questions"))
    with tempfile.TemporaryDirectory() as scratch:
        knot = explore(npc.load(tangle(Path(scratch) / "tangle")))
        assert knot.complete
        rate = knot.transitions / knot.seconds
        text = f"{rate:,.0f} ({knot.transitions:,} turns, {knot.states:,} states)"
        rows.append(("turns explored a second, one core", "≥ 30,000", text))
        for characters in (10, 20, 40):
            many = explore(npc.load(village(Path(scratch) / f"village{characters}", characters)))
            assert many.complete, many.undecided
            what = f"explore {characters} characters, {10 * characters} facts"
            rows.append((what, "grows linearly", f"{many.seconds:.2f} s"))
        large = npc.load(wide_cast(Path(scratch) / "large", responses=5_000))
        rows.append(("lints, 5,000 responses", "< 2 s", f"{seconds(lambda: lint_cast(large)):.2f} s"))
    keep = npc.load(ROOT / "catalogs" / "keep")
    again = seconds(lambda: lint_cast(npc.load(ROOT / "catalogs" / "keep")))
    rows.append(("check the keep again on save (`--watch`)", "< 200 ms", f"{1000 * again:.0f} ms"))
    kept = Kept.of(keep, explore(keep))
    again = seconds(lambda: explored_again(kept))
    rows.append(("the same with `--explore`, words having changed", "< 200 ms", f"{1000 * again:.0f} ms"))
    rows.append(("planted bugs found / false alarms on the mended twins", "all / none", planted()))
    return rows


def explored_again(kept: Kept) -> None:
    """Check the keep as `--watch --explore` does where nothing has changed that exploring looks at."""
    cast = npc.load(ROOT / "catalogs" / "keep")
    lint_cast(cast)
    assert kept.for_cast(cast) is not None


def planted() -> str:
    """How many of the planted bugs are found, and how much is found in their mended twins."""
    casts = sorted((ROOT / "tests" / "exploration" / "planted").iterdir())
    found = sum(bool(explore(npc.load(cast / "bug")).findings) for cast in casts)
    alarms = sum(len(explore(npc.load(cast / "mended")).findings) for cast in casts)
    return f"{found} of {len(casts)} / {alarms}"


def main() -> None:
    print(f"{platform.machine()}, one core, Python {platform.python_version()}\n")
    print("| what | target | measured |\n|---|---|---|")
    for row in measure():
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
