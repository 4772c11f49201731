"""The embedded brain: hears a player's line by likeness to the writer's own examples, offline and without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from npc.backends.base import Backend, ModelRequest, Reply
from npc.backends.embedded.clauses import Clause, read_clauses
from npc.backends.embedded.features import features
from npc.backends.embedded.index import Index, Match, index_for
from npc.backends.embedded.slots import fill_slots, option_names
from npc.backends.embedded.words import STOP_WORDS, split_words
from npc.catalog.types import SlotValue

THRESHOLD = 0.45
"""The score from which an intent counts as heard: the lowest at which fewer than 0.05 of the lines that express nothing
were heard as something, in the tuning half of `tests/benchmarks/understanding_embedded`."""
THRESHOLD_ASIDE = 0.6
"""The same for a clause of one telling word beside others, such as the "warden" in "hello, warden"."""
RIVAL_MARGIN = 0.08
"""How far an intent that makes no difference now must be ahead of one that does, for a clause to express neither: the
widest at which about 0.04 of the lines whose intent is not offered are heard as another, in the tuning half."""
SHARE_MASKED = 0.83
"""How far a reading that takes any item for as good as another counts where some intent knows this very item."""
NOTED = 5
"""Intents whose scores a reply's notes name, beside those heard."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a line was taken to express.

    Attributes:
        hearing: intent → slot values.
        scores: intent → its best score over the line's clauses, from 0 to 1.
        nearest: intent → the example that score came from.
    """

    hearing: dict[str, dict[str, SlotValue]]
    scores: dict[str, float]
    nearest: dict[str, str]


class EmbeddedBackend(Backend):
    """Answers from the intents' meanings and examples alone. The same request always gets the same reply."""

    name = "embedded"

    async def reply(self, request: ModelRequest) -> Reply:
        """Hear the line, let the logic say what follows, and pick the most fitting of its candidates. Never raises."""
        understood = understand(request)
        candidates = request.preview(understood.hearing) or request.allowed
        ranked = sorted(understood.scores, key=lambda name: (-understood.scores[name], name))
        noted = [name for i, name in enumerate(ranked) if i < NOTED or name in understood.hearing]
        return Reply(
            {
                "heard": list(understood.hearing),
                "slots": {name: slots for name, slots in understood.hearing.items() if slots},
                "response": _closest(candidates, request),
            },
            notes={
                "scores": {name: round(understood.scores[name], 3) for name in noted},
                "nearest": {name: understood.nearest[name] for name in noted},
                "threshold": THRESHOLD,
            },
        )


def understand(request: ModelRequest) -> Understanding:
    """What the player's line expresses of the intents offered: none, one or several, with their slots.

    Each clause is heard as the intent it fits best, if it fits well enough, and so is the line as a whole. An intent
    whose required slot was not said is passed over for the next best. Intents that make no difference now compete: what
    expresses one of them clearly better than any that is offered expresses nothing.
    """
    intents = {**request.other_intents, **request.intents}
    index = index_for(intents, request.item_names)
    line = read_clauses(
        request.utterance,
        facts=request.facts,
        item_names=request.item_names,
        options=option_names(list(intents.values())),
    )
    best: dict[str, Match] = {}
    hearing: dict[str, dict[str, SlotValue]] = {}
    for part in _parts(line):
        matches = _match(index, part)
        for name, match in matches.items():
            if name not in best or match.score > best[name].score:
                best[name] = match
        threshold = THRESHOLD_ASIDE if len(line) > 1 and _is_aside(part) else THRESHOLD
        for name in sorted(matches, key=lambda name: (-matches[name].score, name)):
            if matches[name].score < threshold:
                break
            slots = fill_slots(intents[name], part, line)
            if slots is None:
                continue
            if name in request.intents:
                hearing.setdefault(name, slots)
                break
            threshold = max(threshold, matches[name].score - RIVAL_MARGIN)
    return Understanding(
        {name: hearing[name] for name in request.intents if name in hearing},
        {name: match.score for name, match in best.items()},
        {name: match.example for name, match in best.items()},
    )


def _is_aside(part: Sequence[Clause]) -> bool:
    return len(part) == 1 and sum(word not in STOP_WORDS for word in part[0].words) <= 1 and not part[0].numbers


def _parts(line: Sequence[Clause]) -> list[tuple[Clause, ...]]:
    """What is compared: every clause, and the whole line where it is short enough to be one thought."""
    parts: list[tuple[Clause, ...]] = [(clause,) for clause in line]
    if 1 < len(line) <= 4:
        parts.append(tuple(line))
    return parts


def _match(index: Index, part: Sequence[Clause]) -> dict[str, Match]:
    """The better of two readings: with the items' own names, and with any item as good as another."""
    negated = any(clause.negated for clause in part)
    reported = any(clause.reported for clause in part)
    literal = tuple(word for clause in part for word in clause.words)
    masked = tuple(word for clause in part for word in clause.masked)
    best: dict[str, Match] = {}
    # "Key" in a line says more than "some item" where an intent is about that very key.
    share_masked = SHARE_MASKED if any(index.knows(word) for word in set(literal) - set(masked)) else 1.0
    for words, share in {masked: share_masked, literal: 1.0}.items():
        for name, match in index.match(index.mend(words), negated=negated, reported=reported).items():
            score = match.score * share
            if name not in best or score > best[name].score:
                best[name] = Match(score, match.example)
    return best


def _closest(candidates: Sequence[str], request: ModelRequest) -> str:
    """The candidate whose text shares most with the line, the previous response only if there is no other."""
    fresh = [name for name in candidates if name != request.last] or list(candidates)
    if len(fresh) == 1:
        return fresh[0]
    said = features(tuple(split_words(request.utterance[:1_000])))

    def likeness(name: str) -> float:
        best = 0.0
        for text in request.responses.get(name, ()):
            own = features(tuple(split_words(text)))
            shared = sum(min(weight, said[feature]) for feature, weight in own.items() if feature in said)
            best = max(best, shared / (1 + sum(own.values())) ** 0.5)
        return best

    return max(fresh, key=likeness)
