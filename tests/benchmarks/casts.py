"""Casts made to measure: as many responses and outcomes as a figure asks for."""

from __future__ import annotations

from pathlib import Path

import yaml

WORLD = {
    "world": "bench",
    "title": "A bench to measure on",
    "items": ["key", "bread"],
    "facts": {
        "player.gold": {"type": "int", "min": 0, "max": 999, "initial": 12, "owner": "game"},
        "player.items": {"type": "bag", "initial": {"bread": 1}, "owner": "game"},
    },
    "effects": {
        "give": {"args": {"item": "item"}, "do": "player.items[item] += 1"},
        "pay": {"args": {"amount": {"type": "int", "min": 1}}, "do": "player.gold -= amount"},
    },
}


def wide_cast(folder: Path, responses: int) -> Path:
    """A cast whose one character, ``keeper``, has 40 outcomes and the given number of responses."""
    return _write(folder, _keeper(responses, guard=False))


def branching_cast(folder: Path) -> Path:
    """As `wide_cast`, with logic that reads a fact, so that each of its values is a state of its own."""
    return _write(folder, _keeper(100, guard=True))


def _keeper(responses: int, guard: bool) -> dict[str, object]:
    logic = ["if keeper.patience < 0:", '    return say("shrug")'] if guard else []
    for number in range(39):
        logic += [f"if heard.ask_{number}:", f'    return say("answer_{number}")']
    logic += ['return say("shrug")']
    said = {f"answer_{n}": f"Of matter number {n} I know what there is to know." for n in range(39)}
    said["shrug"] = "That is none of your concern."
    said |= {f"spare_{n}": f"Spare line number {n}, kept for another day." for n in range(responses - 40)}
    if responses > 40:
        names = ", ".join(f'"spare_{n}"' for n in range(responses - 40))
        logic = ["if keeper.patience > 900:", f"    return say_any({names})", *logic]
    return {
        "character": "keeper",
        "name": "The Keeper",
        "persona": "Keeps.",
        "facts": {"keeper.patience": {"type": "int", "min": 0, "max": 999, "initial": 3}},
        "intents": {
            f"ask_{n}": {"means": f"The player asks about matter {n}.", "examples": [f"tell me of matter {n}"]}
            for n in range(39)
        },
        "logic": "\n".join(logic) + "\n",
        "responses": said,
        "otherwise": "shrug",
    }


def _write(folder: Path, keeper: dict[str, object]) -> Path:
    folder.mkdir(parents=True)
    (folder / "world.yaml").write_text(yaml.safe_dump(WORLD, sort_keys=False), encoding="utf-8")
    (folder / "keeper.yaml").write_text(yaml.safe_dump(keeper, sort_keys=False), encoding="utf-8")
    return folder
