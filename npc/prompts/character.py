"""The prompt of one character, rendered for each turn."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from npc.catalog.model import Catalog, CharacterDeclaration
from npc.logic.program import Context, Program
from npc.prompts.data import LINE_LIMIT, player_line, quote, shown_value, spoken
from npc.prompts.schema import lists_responses, reply_schema
from npc.prompts.transcript import TranscriptLine

if TYPE_CHECKING:
    from npc.backends.base import Message, ModelRequest
    from npc.prompts.templating import Templates

Pseudocode = Literal["full", "residual", "both"]
SchemaMode = Literal["static", "dynamic"]

TRANSCRIPT_WINDOW = 12
"""Lines of the conversation that a prompt shows, the latest ones."""

DYNAMIC_SCHEMAS_KEPT = 256

EXAMPLES_SHOWN = 3
"""Examples of each intent that a prompt with residual pseudocode shows."""

RETRY_MEANS = {
    "truncated": "It was cut off: answer with the JSON object alone.",
    "empty": "It was empty: answer with the JSON object.",
    "not-json": "It was not JSON: answer with one JSON object and nothing else.",
    "schema": "It did not have the asked form: check the keys and the types.",
    "unknown-response": "The response is not an id of the list: copy one exactly.",
    "not-allowed": "The response is not allowed now: take one of those named above.",
    "slot-out-of-range": "A slot's value is not one that the slot may have.",
    "slot-ungrounded": "A number is not in the player's line: report only what was said.",
}


class CharacterPrompt:
    """Renders what a model is asked on behalf of one character.

    The system message is rendered once and is byte-identical in every turn, so that a provider's prompt cache hits;
    everything that changes stands in the user message, with the player's line last. With residual pseudocode that is
    all that depends on the state: only the intents that matter now are told of, and of the responses only the texts of
    those that the code leaves to choice. Such a prompt is small, and mostly new in every turn.

    Args:
        catalog: the cast; its `templates` may replace ``system.j2`` and ``turn.j2``.
        declaration: the character.
        program: its compiled logic, for the facts it reads and the residual pseudocode.
        pseudocode: show the code as written (``full``), each turn what the facts leave of it (``residual``), or both.

    Attributes:
        facts: names of the facts that it shows, those that the logic reads.

    Raises:
        CatalogError: a template of the cast cannot be used; codes P1xx.
    """

    def __init__(
        self,
        catalog: Catalog,
        declaration: CharacterDeclaration,
        program: Program,
        *,
        pseudocode: Pseudocode = "full",
    ) -> None:
        self._catalog, self._character, self._program = catalog, declaration, program
        self._mode: Pseudocode = pseudocode
        self.facts = tuple(name for name in catalog.facts if name in program.footprint)
        self._static_schema = reply_schema(tuple(declaration.responses), declaration.intents)
        self._dynamic_schemas: OrderedDict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, Any]] = OrderedDict()
        self._prepared: tuple[Message, Templates] | None = None
        self._told: dict[str, Any] = {}
        if catalog.templates:
            self._prepared = self._prepare()

    def messages(
        self, request: ModelRequest, *, transcript: Sequence[TranscriptLine], context: Context
    ) -> list[Message]:
        """The two messages of a turn: the character's system message, and the turn's own.

        Args:
            request: the turn; its utterance is empty when `context.event` is set.
            transcript: the conversation so far, without the present line; the last `TRANSCRIPT_WINDOW` lines count.
            context: `last`, `turn` and `event`.
        """
        if self._prepared is None:
            self._prepared = self._prepare()
        system, templates = self._prepared
        return [system, {"role": "user", "content": templates.turn(self._turn(request, transcript, context))}]

    def schema(self, allowed: Sequence[str], intents: Sequence[str], mode: SchemaMode = "static") -> dict[str, Any]:
        """The JSON Schema of the reply; treat it as read-only, the same object is handed out again.

        Args:
            allowed: response ids allowed in the present state.
            intents: ids of the intents that matter now.
            mode: ``static`` lists all of the character's ids whatever the state, ``dynamic`` the given ones only.
        """
        if mode == "static":
            return self._static_schema
        key = tuple(allowed), tuple(intents)
        kept = self._dynamic_schemas.get(key)
        if kept is None:
            declared = self._character.intents
            kept = self._dynamic_schemas[key] = reply_schema(key[0], {id: declared[id] for id in key[1]})
            if len(self._dynamic_schemas) > DYNAMIC_SCHEMAS_KEPT:
                self._dynamic_schemas.popitem(last=False)
        return kept

    def _prepare(self) -> tuple[Message, Templates]:
        # Here and not at the top: Jinja2 takes a third of the time that `import npc` may take, and a backend that
        # reads no prompt never needs it.
        from npc.prompts.describe import describe_character, sample_turns
        from npc.prompts.templating import Templates

        listed = lists_responses(self._static_schema)
        system = describe_character(self._catalog, self._character, self.facts, code=self._mode, listed=listed)
        self._told = system
        templates = Templates(self._catalog, system, sample_turns(self._character, residual=self._mode != "full"))
        return {"role": "system", "content": templates.system}, templates

    def _turn(self, request: ModelRequest, transcript: Sequence[TranscriptLine], context: Context) -> dict[str, Any]:
        facts = request.facts
        residual = self._program.residual(facts, context) if self._mode != "full" else None
        alone = residual if self._mode == "residual" else None
        return {
            **self._now(request, alone),
            "name": self._character.name,
            "facts": [
                f"{name} = {shown_value(facts[name])}"
                for name in self.facts
                if name in facts and (alone is None or name in alone)
            ],
            "state": [
                f"last = {shown_value(context.last)}",
                f"turn = {context.turn}",
                f"event = {shown_value(context.event)}",
            ],
            "residual": residual,
            "transcript": [spoken(line) for line in transcript[-TRANSCRIPT_WINDOW:]],
            "intents": list(request.intents),
            "allowed": list(request.allowed),
            "retry": request.retry,
            "retry_means": RETRY_MEANS.get(request.retry or "", "Answer again."),
            "event": quote(context.event) if context.event is not None else None,
            "cut": len(request.utterance) > LINE_LIMIT,
            "player_line": player_line(request.utterance) if context.event is None else None,
        }

    def _now(self, request: ModelRequest, residual: str | None) -> dict[str, Any]:
        """What a turn tells of effects, intents and responses where it shows the residual pseudocode alone."""
        if residual is None:
            return {"effects": [], "shown_intents": [], "choices": []}
        left_open = "".join(_CHOICE.findall(residual))
        return {
            "effects": [
                effect
                for effect in self._told["effects"]
                if effect["means"] and f"{effect['call'].partition('(')[0]}(" in residual
            ],
            "shown_intents": [
                {**intent, "examples": _few(intent["examples"])}
                for intent in self._told["intents"]
                if intent["id"] in request.intents
            ],
            "choices": [
                {"id": response["id"], "text": response["texts"][0]}
                for response in self._told["responses"]
                if response["id"] in request.allowed and f'"{response["id"]}"' in left_open
            ],
        }


_CHOICE = re.compile(r"\bsay_any\([^)]*")


def _few(examples: list[str]) -> list[str]:
    """Some of the examples, from all over their list."""
    step = max(1, -(-len(examples) // EXAMPLES_SHOWN))
    return examples[::step]
