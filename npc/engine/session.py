"""A session: one playthrough of a cast."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from functools import cached_property
from itertools import islice
from time import perf_counter
from typing import Any

from npc.backends import resolve
from npc.backends.base import Backend, BackendFunction, Hearing, ModelRequest
from npc.engine.accounting import Account
from npc.engine.asking import Answer, ask
from npc.engine.conversation import TranscriptEntry
from npc.engine.corroboration import corroborate
from npc.engine.judge import Judged, check_hearing
from npc.engine.playthrough import BegunTurn, Playthrough
from npc.engine.record import TurnRecord
from npc.engine.shortlisting import shortlisted
from npc.engine.suggestions import MOST_GUESSES, TELLING, nearly_heard, suggest
from npc.engine.tickets import Ticket, begin_in_background, run_in_background
from npc.engine.turn import Turn
from npc.engine.utterance import clean_utterance
from npc.engine.world import Facts, World
from npc.errors import UnknownName
from npc.logic.cast import Cast
from npc.logic.program import Context, OutcomeTable
from npc.prompts import Pseudocode, SchemaMode

_log = logging.getLogger("npc")

DEADLINE = 8.0
"""Seconds a turn may take by default."""

BackendChoice = str | Backend | BackendFunction | Sequence[str | Backend | BackendFunction]


class Session:
    """One playthrough: facts, conversations, transcript.

    Args:
        cast: what `npc.load` returned; shared freely between sessions.
        backend: a spec string such as ``"openai:gpt-5-mini|embedded"``, a `Backend`, an async function
            ``ModelRequest -> str | dict``, or a sequence of these, tried in order.
        seed: decides chance and which variant of a line is said.
        facts: start values that differ from the declared initial ones, any fact.
        world: a game that keeps facts itself.
        deadline: seconds a turn may take, from its snapshot to its line.
        schema_mode: ``static`` (the whole catalog's ids; cacheable) or ``dynamic`` (this turn's ids only).
        pseudocode: what the prompt shows: ``full``, ``residual`` or ``both``.
        account: counts calls, tokens and cost, and holds them to a budget; None: one of this session's own.
        hedge: begin with the next backend as well where one is slower than 95 of 100 of its calls, and take the reply
            that comes first. It costs up to one call more in such a turn.
        shortlist: the most intents that a model is offered in a turn, those that the line most likely expresses by the
            embedded brain, with the responses that can follow; None: all that matter.
        observers: called with every turn that a player took, once it has ended; what they raise is logged.

    Raises:
        BackendSpecError: the spec cannot be understood, or the account's budget cannot be kept with it.
        CatalogError: a prompt template of the cast cannot be used.
        FactError, UnknownName: a start value does not fit.

    Example:
        >>> session = npc.Session(npc.load("catalogs/keep"), seed=7)
        >>> turn = await session.say("warden", "Give me the key!")
    """

    restore_report: tuple[str, ...] = ()

    def __init__(
        self,
        cast: Cast,
        backend: BackendChoice = "embedded",
        seed: int = 0,
        *,
        facts: Mapping[str, object] | None = None,
        world: World | None = None,
        deadline: float = DEADLINE,
        schema_mode: SchemaMode = "static",
        pseudocode: Pseudocode = "full",
        account: Account | None = None,
        hedge: bool = False,
        shortlist: int | None = None,
        observers: Sequence[Callable[[Turn], None]] = (),
    ) -> None:
        if not deadline > 0:
            raise ValueError(f"deadline must be above 0 seconds, not {deadline}")
        self.cast = cast
        self.seed = seed
        self.deadline = deadline
        if shortlist is not None and shortlist < 1:
            raise ValueError(f"shortlist must be at least 1 intent, not {shortlist}")
        self.hedge, self.shortlist = hedge, shortlist
        self.observers = list(observers)
        self.backends = resolve(backend)
        self.account = account or Account()
        self.account.check(self.backends)
        self.facts = Facts(cast.catalog.facts, facts or {}, world)
        self._play = Playthrough(cast, seed, self.facts, schema_mode, pseudocode)
        self._tickets: dict[str, deque[Ticket]] = {}

    @property
    def transcript(self) -> list[TranscriptEntry]:
        """The turns so far, in order."""
        return self._play.transcript

    @property
    def records(self) -> list[TurnRecord]:
        """The turn records so far, in order; those of turns before a `restore` are not kept."""
        return self._play.records

    async def say(self, character: str, text: str) -> Turn:
        """The player says something to a character.

        Args:
            text: the player's line; data, whatever it holds. Only its first 4,000 characters are read.

        Raises:
            UnknownName: no such character.
        """
        return await self._take(character, clean_utterance(text), None)

    async def event(self, character: str, event: str) -> Turn:
        """Something happens that no words are needed for: a name that the cast declares under `events`.

        Raises:
            UnknownName: no such character or event.
        """
        return await self._take(character, None, self._known_event(event))

    def hear(
        self,
        character: str,
        hearing: Hearing,
        *,
        words: str = "...",
        event: str | None = None,
        prefer: Collection[str] = (),
    ) -> Turn:
        """Take a turn as though `hearing` had been understood: no backend is asked. For tests of the logic itself.

        Args:
            hearing: intent → slot → value, all of which counts.
            words: the player's line for the transcript.
            event: what happens in place of words; then nothing is heard.
            prefer: where the logic leaves the line open, the responses to choose before others.

        Raises:
            UnknownName: no such character, event, intent or slot.
            HearingError: a slot is missing, or has a value that it can never have.
        """
        happened = None if event is None else self._known_event(event)
        check_hearing(self.cast.character(character).declaration.intents, hearing)
        return self._play.hear(character, hearing, words, happened, prefer)

    def submit(self, character: str, text: str | None = None, *, event: str | None = None) -> Ticket:
        """Begin a turn without waiting for it; for frame loops. Give either the player's `text` or an `event`.

        Raises:
            UnknownName: no such character or event.
            ValueError: neither or both of `text` and `event` were given.
        """
        if (text is None) == (event is None):
            raise ValueError("submit takes either the player's text or event=…, one of them")
        known = self.cast.character(character)
        utterance = None if text is None else clean_utterance(text)
        spoken = (known.id, utterance, None if event is None else self._known_event(event))
        steps = _Steps(self._play, self._ask, self._ended, spoken)
        return Ticket(steps, self.deadline, self._tickets.setdefault(known.id, deque()))

    def outcomes(self, character: str) -> OutcomeTable:
        """Every outcome of the present state, should the player speak to the character now."""
        known, conversation = self.cast.character(character), self._play.conversation(character)
        return known.program.outcomes(self.facts.snapshot(), Context(conversation.last, conversation.turn, None))

    def suggestions(self, character: str) -> tuple[str, ...]:
        """An example line for each intent that matters now, for players who would rather pick than type."""
        return tuple(self._suggested(character, {}).values())

    def guesses(self, turn: Turn) -> tuple[str, ...]:
        """What the player may have meant by a line in which nothing was heard: up to three examples near to it.

        Fit for "did you mean …?". None where something was heard, and from a backend that tells no scores.
        """
        near = nearly_heard(turn, self.cast.character(turn.character).declaration.intents)
        lines = self._suggested(turn.character, near)
        telling = (lines[name] for name in near if len(lines.get(name, "")) >= TELLING)
        return tuple(islice(telling, MOST_GUESSES))

    def _suggested(self, character: str, near: Mapping[str, str]) -> dict[str, str]:
        request, turn = self.preview_request(character, "?"), self._play.conversation(character).turn
        return suggest(request.intents, self.cast.catalog.items, turn, request.changes, near)

    def preview_request(self, character: str, text: str) -> ModelRequest:
        """What a backend would be asked for this line in the present state; nothing is sent."""
        begun = self._play.begin(character, clean_utterance(text), None, always_ask=True)
        assert begun.request is not None
        return begun.request

    def prepare(self, character: str) -> Future[None]:
        """Have the backends get ready for lines to a character, in the background; call it when the player comes near.

        The embedded brain takes up to some seconds to learn a character that it has never seen, and a tenth of a second
        to read what it learnt before; after this the first line is answered as quickly as any other. What goes wrong is
        logged.

        Returns:
            What is done once they are ready; nobody needs to wait for it.

        Raises:
            UnknownName: no such character.
        """
        request = self.preview_request(character, "hello")
        return begin_in_background(self._prepare(request))

    async def _prepare(self, request: ModelRequest) -> None:
        for backend in [*self.backends, *([] if self.shortlist is None else [self._brain])]:
            try:
                await backend.prepare(request)
            except Exception:
                _log.exception("a backend could not get ready")

    def undo(self) -> bool:
        """Take back the last turn: its changes to the facts and its place in the conversation.

        The facts it changed get back the values they had before it; other facts stay as they are. Effects without `do`
        are the game's own to take back. False when there is no turn left to take back.
        """
        return self._play.undo()

    def save(self) -> dict[str, Any]:
        """The playthrough as versioned JSON data, for `restore`."""
        from npc.engine.saving import save_session

        return save_session(self)

    @classmethod
    def restore(
        cls, cast: Cast, data: Mapping[str, Any], backend: BackendChoice = "embedded", **options: Any
    ) -> Session:
        """A session that goes on where `save` left off; `restore_report` tells what no longer fits the cast.

        Args:
            options: as for `Session`: world, deadline, schema_mode, pseudocode, account, hedge, shortlist,
                observers.

        Raises:
            SaveError: this is no save of this framework, or of a later version.
        """
        from npc.engine.saving import restore_session

        return restore_session(cast, data, backend, **options)

    async def aclose(self) -> None:
        """Cancel what is under way and give back the backends' connections."""
        self._cancel_tickets()
        for backend in self.backends:
            await backend.aclose()

    def close(self) -> None:
        """As `aclose`, for programs with a frame loop."""
        self._cancel_tickets()
        for backend in self.backends:
            run_in_background(backend.aclose(), seconds=1.0)

    @cached_property
    def _brain(self) -> Backend:
        return resolve("embedded")[0]

    def _cancel_tickets(self) -> None:
        for line in self._tickets.values():
            for ticket in list(line):
                ticket.cancel()

    def _known_event(self, event: str) -> str:
        if event not in self.cast.catalog.events:
            raise UnknownName("event", str(event), self.cast.catalog.events)
        return event

    async def _take(self, character: str, utterance: str | None, event: str | None) -> Turn:
        async with self._play.conversation(character).lock:
            begun = self._play.begin(character, utterance, event)
            answer = None if begun.request is None else await self._ask(begun)
            return self._ended(self._play.finish(begun, answer))

    def _ended(self, turn: Turn) -> Turn:
        self.account.add_turn(turn)
        for observer in self.observers:
            try:
                observer(turn)
            except Exception:
                _log.exception("an observer of turns failed")
        return turn

    async def _ask(self, begun: BegunTurn) -> Answer:
        started, request = perf_counter(), begun.request
        assert request is not None

        async def borne_out(judged: Judged, request: ModelRequest) -> Judged:
            if self.backends == (self._brain,):
                return judged  # it has borne itself out
            intents = begun.character.declaration.intents
            return await corroborate(judged, request, intents, self._play.losses(begun), self._brain)

        if self.shortlist is not None and self.backends != (self._brain,):
            otherwise = begun.character.declaration.otherwise
            request = await shortlisted(request, begun.table, self.shortlist, otherwise, self._brain, self.deadline)
        left = self.deadline - (perf_counter() - started)
        return await ask(request, self.backends, begun.judge, borne_out, left, self.account, hedge=self.hedge)


class _Steps:
    """The steps of a submitted turn (see `TurnSteps`)."""

    def __init__(
        self,
        play: Playthrough,
        ask: Callable[[BegunTurn], Coroutine[None, None, Answer]],
        ended: Callable[[Turn], Turn],
        spoken: tuple[str, str | None, str | None],
    ) -> None:
        self._play, self._ask, self._ended, self._spoken = play, ask, ended, spoken
        self._begun: BegunTurn | None = None

    def begin(self) -> Coroutine[None, None, Answer] | None:
        self._begun = self._play.begin(*self._spoken)
        return None if self._begun.request is None else self._ask(self._begun)

    def finish(self, answer: Answer | None) -> Turn:
        assert self._begun is not None
        return self._ended(self._play.finish(self._begun, answer))
