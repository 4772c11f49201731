"""`npc hear`: what the embedded brain makes of a line, and which intents it confuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from npc.cli.places import WrongUse, find_cast

if TYPE_CHECKING:
    from collections.abc import Sized

    from npc.backends.embedded.backend import Understanding
    from npc.logic.cast import Cast, Character
    from npc.testing.confusions import Confusions

EXAMPLE = 'npc hear keep pedlar "I\'ll give you ten gold for the lantern"'
SHOWN = 8
"""Intents that are listed, the likeliest first."""
SHOWN_PAIRS, SHOWN_EXAMPLES, SHOWN_MISSED = 10, 3, 12
"""Pairs of intents that are listed, examples of each pair, and examples that were not heard."""


def command(
    cast: Annotated[str, typer.Argument(metavar="CAST", help="The cast's folder, or its name under catalogs/.")],
    character: Annotated[str, typer.Argument(metavar="CHARACTER", help="The id of the character spoken to.")],
    words: Annotated[
        str | None, typer.Argument(metavar="WORDS", help="What the player says; left out with --confusions.")
    ] = None,
    after: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="What the player said before, in order; may be repeated."),
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A fact's value, instead of its initial one; may be repeated."),
    ] = None,
    confusions: Annotated[
        bool, typer.Option("--confusions", help="List which intents are confused, and which examples to mend.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print what the embedded brain hears in a line: intents with their probability, slots, the nearest examples."""
    import npc

    loaded = npc.load(find_cast(cast))
    if words is None and not confusions and character not in loaded.characters:
        someone = next(iter(loaded.characters))
        raise WrongUse(f"no character `{character}`: name one before the words: npc hear {cast} {someone} WORDS")
    spoken_to = loaded.character(character)
    if confusions:
        if words is not None:
            raise WrongUse("--confusions looks at all examples: leave the words out")
        found = _find_confusions(loaded, character)
        typer.echo(_dumped(_confusions_as_json(found)) if as_json else _confusions_as_text(found, spoken_to.name))
        return
    if words is None:
        raise WrongUse('say what is to be heard, such as: npc hear keep warden "the key, please"')
    _hear(loaded, spoken_to, words, after or [], fact or [], as_json)


def _hear(cast: Cast, spoken_to: Character, words: str, before: list[str], given: list[str], as_json: bool) -> None:
    import npc
    from npc.backends.embedded.backend import THRESHOLD_TALK, understand
    from npc.backends.embedded.brain import calibration
    from npc.cli.facts import facts_from

    session = npc.Session(cast, facts=facts_from(cast, given))
    name = spoken_to.declaration.id

    async def converse() -> None:
        for line in before:
            await session.say(name, line)

    import asyncio

    asyncio.run(converse())
    request = session.preview_request(name, words)
    understood = understand(request)
    threshold = calibration().threshold
    if as_json:
        typer.echo(_dumped(_as_json(request.utterance, understood, request.intents.keys(), threshold)))
        return
    said = f" after {request.last}" if request.last else ""
    typer.echo(f"To {spoken_to.name}{said}: “{request.utterance}”")
    typer.echo(f"heard: {_heard(request.utterance, understood) or 'nothing'}\n")
    ranked = sorted(understood.scores, key=lambda intent: (-understood.scores[intent], intent))
    shown = [i for n, i in enumerate(ranked) if n < SHOWN or i in understood.heard]
    width = max(map(len, shown), default=0)
    for intent in shown:
        sign = "→" if intent in understood.heard else " "
        aside = "" if intent in request.intents else "   (makes no difference now)"
        nearest = understood.nearest[intent]
        typer.echo(f"{sign} {intent:<{width}}  {understood.scores[intent]:.2f}  “{nearest}”{aside}")
    typer.echo(
        f"\nAn intent counts as heard from {threshold:.2f} on, or {THRESHOLD_TALK:.2f} where only an answer follows, if"
        " no other fits the same clause better."
    )
    for clause in understood.taken_back:
        typer.echo(f"Taken as denied or as told of others: “{clause}”")


def _heard(utterance: str, understood: Understanding) -> str:
    found = []
    for intent, slots in understood.heard.items():
        values = [f"{slot}={said.value} (“{utterance[said.start : said.end]}”)" for slot, said in slots.items()]
        found.append(f"{intent}({', '.join(values)})" if values else intent)
    return ", ".join(found)


def _as_json(utterance: str, understood: Understanding, offered: Any, threshold: float) -> dict[str, Any]:
    return {
        "words": utterance,
        "heard": {
            intent: {slot: {"value": said.value, "start": said.start, "end": said.end} for slot, said in slots.items()}
            for intent, slots in understood.heard.items()
        },
        "scores": dict(sorted(understood.scores.items(), key=lambda pair: (-pair[1], pair[0]))),
        "nearest": understood.nearest,
        "matters": sorted(offered),
        "threshold": threshold,
        "taken_back": list(understood.taken_back),
    }


def _find_confusions(cast: Cast, character: str) -> Confusions:
    from npc.testing.confusions import FOLDS, find_confusions

    found = None
    with typer.progressbar(length=FOLDS, label="teaching", file=typer.get_text_stream("stderr")) as bar:
        for step in find_confusions(cast, character):
            if isinstance(step, int):
                bar.update(1)
            else:
                found = step
    assert found is not None
    return found


def _confusions_as_text(found: Confusions, name: str) -> str:
    right = sum(one.right for one in found.heard)
    lines = [f"{name}: {right} of {len(found.heard)} examples are heard as what they are by what the others teach."]
    if found.pairs:
        lines.append("\nTaken for each other (move an example, add more like it, or join intents that mean the same):")
    for (first, second), examples in list(found.pairs.items())[:SHOWN_PAIRS]:
        lines.append(f"  {first}, {second}")
        lines += [
            f"    “{one.example}” of {one.intent}: {one.score:.2f} for {one.taken_for}, near “{one.nearest}”"
            for one in examples[:SHOWN_EXAMPLES]
        ]
        lines += _rest(examples, SHOWN_EXAMPLES, "    ")
    lines += _rest(found.pairs, SHOWN_PAIRS, "  ")
    if found.missed:
        lines.append("\nHeard by nobody (a player who words it alike is not understood; add one or two like it):")
        lines += [f"  “{one.example}” of {one.intent}: {one.score:.2f}" for one in found.missed[:SHOWN_MISSED]]
        lines += _rest(found.missed, SHOWN_MISSED, "  ")
    if found.scarce:
        named = ", ".join(f"{intent} ({count})" for intent, count in found.scarce.items())
        lines.append(f"\nToo few examples to learn from: {named}")
    return "\n".join(lines)


def _rest(listed: Sized, shown: int, indent: str) -> list[str]:
    return [f"{indent}and {len(listed) - shown} more (--json lists all)"] if len(listed) > shown else []


def _confusions_as_json(found: Confusions) -> dict[str, Any]:
    return {
        "examples": [
            {
                "intent": one.intent,
                "example": one.example,
                "taken_for": one.taken_for,
                "nearest": one.nearest,
                "score": one.score,
            }
            for one in found.heard
        ],
        "scarce": dict(found.scarce),
    }


def _dumped(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
