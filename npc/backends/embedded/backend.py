"""The embedded brain: hears a player's line by its likeness to the writer's own examples, offline and for free."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from npc.backends.base import Backend, ModelRequest, Reply
from npc.backends.embedded.brain import brain_for, calibration, is_learnt
from npc.backends.embedded.choosing import closest_response, learn_answers
from npc.backends.embedded.clauses import Clause, read_clauses
from npc.backends.embedded.framing import is_filler
from npc.backends.embedded.index import Match
from npc.backends.embedded.slots import Said, corrections, fill_slots, option_names
from npc.catalog.model import Intent
from npc.catalog.types import SlotValue

# Chosen on tests/backends/embedded/other_worlds.yaml and on lines of seeds/paraphrases.yaml that are not held out.
THRESHOLD_TALK = 0.4
"""The probability from which a line counts whose hearing is only answered: nothing is lost by a wrong guess."""
THRESHOLD_PART = 0.7
"""The probability from which a clause beside others counts, such as the "warden" in "hello, warden"."""
THRESHOLD_ASIDE = 0.95
"""The same where the line as a whole says something else: "no charge" in "you can have this bread, no charge"."""
CLEAR = 0.6
"""The probability from which a line as a whole says something."""
RIVAL_MARGIN = 0.1
"""How far (in probability) an intent that makes no difference now must be ahead of one that does, for a clause to
express neither."""
BUILT_ON = ("numpy", "onnxruntime", "platformdirs")
"""Packages that are imported only once a line is heard; better to miss them when a session begins."""
NOTED = 16
"""Intents whose scores a reply's notes name, beside those heard."""


_learner = ThreadPoolExecutor(1, "npc-learning")
"""Brains are learnt one after another; were each learnt in another thread, each would keep memory of its own."""


class Leaving(Exception):
    """The program ends, so that nothing more is learnt."""


async def _aside(work: Callable[..., object], *arguments: object) -> None:
    """Do work that would hold other conversations up.

    Raises:
        Leaving: Python takes on no more work, since the program ends.
    """
    try:
        await asyncio.get_running_loop().run_in_executor(_learner, work, *arguments)
    except RuntimeError as error:
        if "shutdown" in str(error):
            raise Leaving from error
        raise


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a line was taken to express.

    Attributes:
        heard: intent → slot → its value and where the line says it.
        scores: intent → the highest probability that some part of the line expresses it.
        nearest: intent → the example nearest to that part.
        taken_back: the clauses that deny something, or tell of others.
    """

    heard: dict[str, dict[str, Said]]
    scores: dict[str, float]
    nearest: dict[str, str]
    taken_back: tuple[str, ...]

    @property
    def hearing(self) -> dict[str, dict[str, SlotValue]]:
        """Intent → slot values."""
        return {name: {slot: said.value for slot, said in slots.items()} for name, slots in self.heard.items()}


class EmbeddedBackend(Backend):
    """Answers from the intents' meanings and examples alone. The same request always gets the same reply."""

    name = "embedded"

    def __init__(self) -> None:
        """Raises: ImportError: something it is built on is not installed for the Python that runs."""
        for module in BUILT_ON:
            if importlib.util.find_spec(module) is None:
                raise ImportError(
                    f"the embedded brain needs `{module}`, which {sys.executable} does not have; "
                    "run the Python that npc was installed into, such as .venv/bin/python",
                    name=module,
                )

    async def prepare(self, request: ModelRequest) -> None:
        """Learn the character's intents, or read what was learnt, and load the encoder, so that the first line is
        heard as quickly as any other."""
        with contextlib.suppress(Leaving):
            await _aside(understand, request)
            await _aside(learn_answers, request.answers)

    async def reply(self, request: ModelRequest) -> Reply:
        """Hear the line, let the logic say what follows, and pick the most fitting of its candidates. Never raises."""
        intents = {**request.other_intents, **request.intents}
        if not is_learnt(intents, request.item_names):
            # Seconds of work, once: other conversations go on meanwhile.
            await _aside(brain_for, intents, request.item_names)
        understood = understand(request)
        hearing = understood.hearing
        candidates = request.preview(hearing) or request.allowed
        ranked = sorted(understood.scores, key=lambda name: (-understood.scores[name], name))
        noted = [name for i, name in enumerate(ranked) if i < NOTED or name in hearing]
        return Reply(
            {
                "heard": list(hearing),
                "slots": {name: slots for name, slots in hearing.items() if slots},
                "response": closest_response(candidates, request),
            },
            notes={
                "scores": {name: round(understood.scores[name], 3) for name in noted},
                "nearest": {name: understood.nearest[name] for name in noted},
                "spans": {
                    f"{name}.{slot}": [said.start, said.end]
                    for name, slots in understood.heard.items()
                    for slot, said in slots.items()
                },
                "threshold": calibration().threshold,
                "talk_threshold": THRESHOLD_TALK,
            },
        )


def understand(request: ModelRequest) -> Understanding:
    """What the player's line expresses of the intents offered: none, one or several, with their slots.

    Each clause is heard as the intent it fits best, if it fits well enough, and so is the line as a whole. An intent
    whose required slot was not said is passed over for the next best. Intents that make no difference now compete: what
    expresses one of them clearly better than any that is offered expresses nothing.
    """
    intents = {**request.other_intents, **request.intents}
    line = read_clauses(
        request.utterance,
        facts=request.facts,
        item_names=request.item_names,
        options=option_names(list(intents.values())),
    )
    brain = brain_for(intents, request.item_names)
    best: dict[str, Match] = {}
    heard: dict[str, dict[str, Said]] = {}
    taken_back = corrections(line)
    parts = [part for part in line_parts(line) if part[0] not in taken_back]
    matched = brain.match(parts, request.intents.keys())
    gist = _gist(parts, matched)
    for part, matches in zip(parts, matched, strict=True):
        for name, match in matches.items():
            if name not in best or match.score > best[name].score:
                best[name] = match
        if len(part) > 1 and heard:
            continue  # the clauses speak for themselves
        found = _heard(request, intents, part, line, matches, gist)
        if found is not None:
            heard.setdefault(*found)
    return Understanding(
        {name: heard[name] for name in request.intents if name in heard},
        {name: match.score for name, match in best.items()},
        {name: match.example for name, match in best.items()},
        tuple(" ".join(clause.words) for clause in line if clause.negated or clause.reported),
    )


def _heard(
    request: ModelRequest,
    intents: Mapping[str, Intent],
    part: Sequence[Clause],
    line: Sequence[Clause],
    matches: Mapping[str, Match],
    gist: str | None,
) -> tuple[str, dict[str, Said]] | None:
    """The intent that a part of the line expresses, with its slots."""
    sure = calibration().threshold
    rivalled = 0.0
    beside = len(line) > 1 and len(part) == 1
    for name in sorted(matches, key=lambda name: (-matches[name].score, name)):
        score = matches[name].score
        needed = THRESHOLD_TALK
        if beside:
            needed = THRESHOLD_PART if gist in (None, name) else THRESHOLD_ASIDE
        if score < max(needed, rivalled):
            return None
        slots = fill_slots(intents[name], part, line)
        if slots is None:
            continue
        if name not in request.intents:
            rivalled = max(rivalled, score - RIVAL_MARGIN)
        elif score >= sure or not request.changes({name: {slot: said.value for slot, said in slots.items()}}):
            return name, slots
        else:
            return None
    return None


def _gist(parts: Sequence[Sequence[Clause]], matched: Sequence[Mapping[str, Match]]) -> str | None:
    """The intent that a line of several clauses clearly expresses as a whole."""
    if not parts or len(parts[-1]) == 1 or not matched[-1]:
        return None
    name = max(matched[-1], key=lambda name: matched[-1][name].score)
    return name if matched[-1][name].score >= CLEAR else None


def line_parts(line: Sequence[Clause]) -> list[tuple[Clause, ...]]:
    """What is compared: every clause that says something, and the whole line where it is short enough to be one
    thought."""
    parts: list[tuple[Clause, ...]] = [(clause,) for clause in line if not is_filler(clause.words)]
    parts = parts or [(clause,) for clause in line[:1]]
    if 1 < len(line) <= 4:
        parts.append(tuple(line))
    return parts
