"""One playthrough's state, and the two ends of a turn: the snapshot it begins with and the commit it ends with."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from types import MappingProxyType
from weakref import WeakKeyDictionary

from npc.backends.base import Hearing, ModelRequest
from npc.catalog.model import CharacterDeclaration, Intent
from npc.catalog.types import FactValue, own_copy
from npc.engine.asking import Answer
from npc.engine.chance import Dice
from npc.engine.conversation import Conversation, TranscriptEntry, prompt_lines
from npc.engine.corroboration import Losses, lowered
from npc.engine.judge import Judged, ReplyRejected, judge_reply
from npc.engine.record import TurnRecord, request_digest
from npc.engine.turn import Change, Line, Trace, Turn, Verdict
from npc.engine.wording import fill, pick_variant
from npc.engine.world import Facts
from npc.logic.cast import Cast, Character
from npc.logic.compiler import HearingOracle
from npc.logic.program import Context, OutcomeTable, Run, Violation
from npc.prompts import CharacterPrompt, Pseudocode, SchemaMode

UNDO_DEPTH = 100
"""Turns that can be taken back."""

HEARD = "heard"
"""What stands for the backend where a test says what is heard."""

_log = logging.getLogger("npc")
CHOICES_KEPT = 512
"""Combinations of allowed responses and offered intents that are kept ready for a cast."""


@dataclass(frozen=True, slots=True)
class _Choices:
    """What a request lets a backend choose from; read-only, and the same for all turns that offer the same."""

    intents: Mapping[str, Intent]
    other_intents: Mapping[str, Intent]
    responses: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]]


_choices: WeakKeyDictionary[Cast, dict[tuple[str, tuple[str, ...], tuple[str, ...]], _Choices]] = WeakKeyDictionary()
_prompts: WeakKeyDictionary[Cast, dict[tuple[str, Pseudocode], CharacterPrompt]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class BegunTurn:
    """A turn whose snapshot is taken. `request` is None when there is nothing to ask a model."""

    character: Character
    utterance: str | None
    event: str | None
    facts: Mapping[str, FactValue]
    context: Context
    table: OutcomeTable
    allowed: tuple[str, ...]
    request: ModelRequest | None
    started: float

    def judge(self, content: object) -> Judged:
        """Check a raw reply against the snapshot.

        Raises:
            ReplyRejected: it cannot be used.
        """
        assert self.request is not None
        return judge_reply(
            content,
            utterance=self.request.utterance,
            facts=self.facts,
            intents=self.character.declaration.intents,
            offered=self.request.intents,
            responses=self.character.declaration.responses,
            allowed=self.allowed,
        )

    def judge_again(self, judged: Judged, facts: Mapping[str, FactValue]) -> Judged | None:
        """The same reply against a state that changed while it was awaited; None when its slots no longer hold."""
        declaration = self.character.declaration
        try:
            again = judge_reply(
                {"heard": list(judged.hearing), "slots": dict(judged.hearing), "response": judged.response},
                utterance=self.utterance or "",
                facts=facts,
                intents=declaration.intents,
                offered=declaration.intents,
                responses=declaration.responses,
                allowed=declaration.responses,
            )
        except ReplyRejected:
            return None
        return replace(again, not_heard={**judged.not_heard, **again.not_heard})


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What was decided at commit, before it is put into words."""

    run: Run
    verdict: Verdict
    reason: str | None
    hearing: Hearing
    judged: Judged | None
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class _Undo:
    character: str
    last: str | None
    response: str
    variant: int | None
    before: Mapping[str, FactValue]


class Playthrough:
    """Facts, conversations, transcript and records of one playthrough; everything in it happens on one thread."""

    def __init__(self, cast: Cast, seed: int, facts: Facts, schema_mode: SchemaMode, pseudocode: Pseudocode) -> None:
        self.cast = cast
        self.seed = seed
        self.facts = facts
        self.conversations: dict[str, Conversation] = {}
        self.transcript: list[TranscriptEntry] = []
        self.records: list[TurnRecord] = []
        self._schema_mode: SchemaMode = schema_mode
        self._pseudocode: Pseudocode = pseudocode
        self._undo: deque[_Undo] = deque(maxlen=UNDO_DEPTH)
        self._item_names = {item.id: (item.display_name, *item.names) for item in cast.catalog.items.values()}
        if cast.catalog.templates:
            # A mistake in a writer's template is told at once, not in the middle of a conversation.
            for character in cast.characters.values():
                self._prompt(character)

    def conversation(self, character: str) -> Conversation:
        """The character's conversation, begun if need be.

        Raises:
            UnknownName: no such character.
        """
        found = self.conversations.get(character)
        if found is None:
            found = self.conversations[self.cast.character(character).id] = Conversation()
        return found

    def begin(
        self, character_id: str, utterance: str | None, event: str | None, *, always_ask: bool = False
    ) -> BegunTurn:
        started = perf_counter()
        character, conversation = self.cast.character(character_id), self.conversation(character_id)
        facts = self.facts.snapshot()
        context = Context(conversation.last, conversation.turn, event)
        table = character.program.outcomes(facts, context)
        allowed, offered = table.allowed, table.intents
        needs_model = bool(utterance and offered)  # where no hearing matters, there is nothing to understand
        if not needs_model:
            run = self._run(character, facts, context, {}, None)
            needs_model = len(run.candidates) > 1
            allowed, offered = self._in_catalog_order(character, run.candidates), ()
        request = None
        if needs_model or always_ask:
            request = self._request(character, utterance or "", facts, context, allowed, offered)
        return BegunTurn(character, utterance, event, facts, context, table, allowed, request, started)

    def losses(self, begun: BegunTurn) -> Losses:
        """What the player would lose in the state a turn began in, or could not take back, by hearing."""

        def lost(hearing: Hearing) -> frozenset[str]:
            run = self._run(begun.character, begun.facts, begun.context, hearing, None)
            declared = self.cast.catalog.effects
            for_good = {str(effect) for effect in run.effects if declared[effect.name].do is None}
            return lowered(begun.facts, run.changes) | for_good

        return lost

    def _in_catalog_order(self, character: Character, candidates: tuple[str, ...]) -> tuple[str, ...]:
        sayable = {*candidates, character.declaration.otherwise}
        return tuple(name for name in character.declaration.responses if name in sayable)

    def _request(
        self,
        character: Character,
        utterance: str,
        facts: Mapping[str, FactValue],
        context: Context,
        allowed: tuple[str, ...],
        offered: tuple[str, ...],
    ) -> ModelRequest:
        declaration, prompt, mode = character.declaration, self._prompt(character), self._schema_mode
        window = self.conversation(character.id).window()
        choices = self._choices_of(declaration, allowed, offered)

        def preview(hearing: Hearing) -> tuple[str, ...]:
            return self._run(character, facts, context, hearing, None).candidates

        def changes(hearing: Hearing) -> bool:
            return self._run(character, facts, context, hearing, None).changes_something

        return ModelRequest(
            character=character.id,
            utterance=utterance,
            allowed=allowed,
            intents=choices.intents,
            other_intents=choices.other_intents,
            facts={name: own_copy(value) for name, value in facts.items()},
            last=context.last,
            retry=None,
            item_names=self._item_names,
            responses=choices.responses,
            preview=preview,
            make_messages=lambda request: prompt.messages(
                request, transcript=prompt_lines(window, declaration.name), context=context
            ),
            make_schema=lambda request: prompt.schema(request.allowed, tuple(request.intents), mode),
            event=context.event,
            transcript=tuple((entry.utterance, entry.response) for entry in window),
            shown_facts=prompt.facts,
            changes=changes,
            answers=choices.answers,
        )

    def _run(
        self,
        character: Character,
        facts: Mapping[str, FactValue],
        context: Context,
        hearing: Hearing,
        choice: str | None,
    ) -> Run:
        dice = Dice(self.seed, character.id, context.turn)
        return character.program.run(facts, HearingOracle(hearing, dice.happens, choice), context)

    def _choices_of(
        self, declaration: CharacterDeclaration, allowed: tuple[str, ...], offered: tuple[str, ...]
    ) -> _Choices:
        kept = _choices.setdefault(self.cast, {})
        key = (declaration.id, allowed, offered)
        found = kept.get(key)
        if found is None:
            if len(kept) >= CHOICES_KEPT:
                kept.clear()
            others = declaration.intents.keys() - set(offered)
            found = kept[key] = _Choices(
                MappingProxyType({name: declaration.intents[name] for name in offered}),
                MappingProxyType({name: intent for name, intent in declaration.intents.items() if name in others}),
                MappingProxyType({name: declaration.responses[name].texts for name in allowed}),
                MappingProxyType(
                    {name: answers for name in allowed if (answers := declaration.responses[name].answers)}
                ),
            )
        return found

    def _prompt(self, character: Character) -> CharacterPrompt:
        prompts = _prompts.setdefault(self.cast, {})
        key = (character.id, self._pseudocode)
        if key not in prompts:
            prompts[key] = CharacterPrompt(
                self.cast.catalog, character.declaration, character.program, pseudocode=self._pseudocode
            )
        return prompts[key]

    def finish(self, begun: BegunTurn, answer: Answer | None) -> Turn:
        """Judge the answer against the present state and commit. Nothing here waits, so nothing can come between."""
        facts = self.facts.snapshot()
        decided = self._decide(begun, answer, facts)
        turn = self._spoken(begun, facts, decided)
        self._remember(begun, turn, facts)
        return turn

    def hear(self, character: str, hearing: Hearing, words: str, event: str | None, prefer: Collection[str]) -> Turn:
        """The work of `Session.hear`."""
        begun = self.begin(character, words if event is None else None, event)
        heard = hearing if event is None else {}
        sayable = self._run(begun.character, begun.facts, begun.context, heard, None).candidates
        response = next((line for line in sayable if line in prefer), sayable[0])
        return self.finish(begun, Answer(Judged(heard, response, {}), HEARD, (), None))

    def _decide(self, begun: BegunTurn, answer: Answer | None, facts: Mapping[str, FactValue]) -> _Verdict:
        """The verdict, with the effects already applied: all of them or none."""
        character, conversation = begun.character, self.conversation(begun.character.id)
        context = Context(conversation.last, conversation.turn, begun.event)
        stale = facts != begun.facts or context != begun.context
        judged = answer.judged if answer else None
        reason = answer.reason if answer else None
        if stale and judged is not None:
            judged = begun.judge_again(judged, facts)
            reason = reason if judged else "stale-state"
        if answer is not None and judged is None:
            return _Verdict(_otherwise(character), Verdict.FALLBACK, reason, {}, None, answer)
        hearing: Hearing = judged.hearing if judged and begun.utterance else {}
        run = self._run(character, facts, context, hearing, judged.response if judged else None)
        try:
            self.facts.commit(run.effects, run.changes)
        except Exception as error:
            _log.exception("the game's world refused the effects of a turn of %s", character.id)
            run = _otherwise(character, Violation("effect-violation", f"the game refused: {error!r}"[:400], 0))
        verdict = Verdict.REPAIRED if reason else Verdict.ACCEPTED
        if run.void:
            verdict, reason = Verdict.FALLBACK, run.void.reason
        elif judged and judged.response not in run.candidates:
            verdict, reason = Verdict.OVERRULED, "stale-state" if stale else reason
        return _Verdict(run, verdict, reason, hearing, judged, answer)

    def _spoken(self, begun: BegunTurn, facts: Mapping[str, FactValue], decided: _Verdict) -> Turn:
        character, run, answer = begun.character, decided.run, decided.answer
        conversation, declaration = self.conversation(character.id), character.declaration
        response = declaration.responses[run.response]
        draw = Dice(self.seed, f"{character.id}:variant", conversation.turn).fraction()
        variant = pick_variant(response, conversation.variants.get(response.id), draw)
        before = {name: facts[name] for name in run.changes}
        self._undo.append(
            _Undo(character.id, conversation.last, response.id, conversation.variants.get(response.id), before)
        )
        conversation.variants[response.id] = variant
        text = fill(response.texts[variant], run.values, self.cast.catalog.items)
        lines = tuple(
            Line(character.id, declaration.name, response.id, part, response.tags, response.presentation)
            for part in text.split("\n")
            if part.strip()
        )
        trace = Trace(
            facts_read={name: own_copy(facts[name]) for name in facts if name in run.reads},
            intents=begun.table.intents,
            heard=decided.hearing,
            not_heard=decided.judged.not_heard if decided.judged else {},
            ran=run.lines,
            allowed=begun.allowed,
            candidates=run.candidates,
            why=_why(decided),
            attempts=answer.attempts if answer else (),
            void=run.void,
            seconds=perf_counter() - begun.started,
            file=declaration.file,
            source=self.cast.catalog.sources.get(declaration.file, ""),
        )
        return Turn(
            character=character.id,
            utterance=begun.utterance,
            event=begun.event,
            text=text,
            response=response.id,
            lines=lines,
            effects=run.effects,
            changes={name: Change(own_copy(before[name]), own_copy(after)) for name, after in run.changes.items()},
            heard=frozenset(decided.hearing),
            slots={name: dict(slots) for name, slots in decided.hearing.items() if slots},
            verdict=decided.verdict,
            reason=decided.reason,
            backend=answer.backend if answer and decided.judged else None,
            trace=trace,
            values=dict(run.values),
        )

    def _remember(self, begun: BegunTurn, turn: Turn, facts: Mapping[str, FactValue]) -> None:
        conversation = self.conversation(turn.character)
        asked = None
        if begun.request is not None:
            said = [(entry.utterance, entry.text) for entry in conversation.entries[-1:]]
            asked = request_digest(begun.request, self.cast.digest, [begun.context.turn, said])
        conversation.last = turn.response
        conversation.turn += 1
        entry = TranscriptEntry(
            turn.character, turn.utterance, turn.event, turn.response, turn.text, tuple(map(str, turn.effects))
        )
        conversation.entries.append(entry)
        self.transcript.append(entry)
        self.records.append(TurnRecord(self.cast.digest, asked, turn, facts))

    def undo(self) -> bool:
        """Take back the last turn; False when there is none left."""
        if not self._undo:
            return False
        undo = self._undo[-1]
        self.facts.take_back(undo.before)
        self._undo.pop()
        conversation = self.conversation(undo.character)
        conversation.last = undo.last
        conversation.turn -= 1
        conversation.entries.pop()
        if undo.variant is None:
            conversation.variants.pop(undo.response, None)
        else:
            conversation.variants[undo.response] = undo.variant
        self.transcript.pop()
        self.records.pop()
        return True


def _otherwise(character: Character, void: Violation | None = None) -> Run:
    response = character.declaration.otherwise
    return Run(response, (response,), {}, (), {}, (), frozenset(), void)


def _why(decided: _Verdict) -> str:
    run, verdict, judged = decided.run, decided.verdict, decided.judged
    if run.void:
        return f"`{run.response}`, since the turn was void: {run.void.message}"
    if verdict is Verdict.FALLBACK:
        return f"`{run.response}`, since no reply could be used ({decided.reason})"
    if verdict is Verdict.OVERRULED and judged:
        return f"`{run.response}`, as the logic says under what was heard; the reply had picked `{judged.response}`"
    if len(run.candidates) > 1:
        return f"`{run.response}`, chosen from {len(run.candidates)} lines that the logic leaves open"
    return f"`{run.response}`, as the logic says under what was heard"
