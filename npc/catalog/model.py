"""A loaded catalog: what `world.yaml` and the character files declare, with where each thing was declared.

Everything here is immutable and already checked against the file formats; logic is still text (`SourceText`), which
`npc.logic` compiles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from npc.catalog.types import ArgumentType, FactType, FactValue, SlotType
from npc.diagnostics import Diagnostic, Position

Scalar = bool | int | str


@dataclass(frozen=True, slots=True)
class SourceText:
    """Pseudocode embedded in a YAML file.

    Attributes:
        text: the pseudocode.
        start: the place in the file of the text's first character.
        indent: columns that the YAML block indents every later line by.
        columns: for quoted text with escapes, all on one line of the file: the column of each of its characters (and
            of the place behind the last); else empty.
    """

    text: str
    start: Position
    indent: int = 0
    columns: tuple[int, ...] = ()

    def position(self, line: int, column: int) -> Position:
        """The place in the file of a place in the text; both count from 1, columns in characters."""
        if self.columns:
            before = sum(len(text) + 1 for text in self.text.split("\n")[: line - 1])
            index = min(before + column - 1, len(self.columns) - 1)
            return Position(self.start.file, self.start.line, self.columns[index])
        offset = self.start.column - 1 if line == 1 else self.indent
        return Position(self.start.file, self.start.line + line - 1, column + offset)


@dataclass(frozen=True, slots=True)
class Fact:
    """A named, typed value of the game state. `game_owned` facts may be changed by the game at any time."""

    name: str
    type: FactType
    initial: FactValue
    game_owned: bool
    position: Position
    means: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the world: its id, the name shown in lines, and other names players may use for it."""

    id: str
    display_name: str
    names: tuple[str, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class Slot:
    """A typed value an intent carries. `grounded` int slots must stand in the player's own line."""

    name: str
    type: SlotType
    means: str
    optional: bool
    grounded: bool


@dataclass(frozen=True, slots=True)
class Intent:
    """Something the player's line may express. `corroborate` None means: decide from the outcomes."""

    id: str
    means: str
    examples: tuple[str, ...]
    slots: Mapping[str, Slot]
    corroborate: bool | None
    position: Position


@dataclass(frozen=True, slots=True)
class EffectDeclaration:
    """Something dialogue may do. Without `do`, the game carries it out."""

    name: str
    args: Mapping[str, ArgumentType]
    do: SourceText | None
    means: str
    position: Position


@dataclass(frozen=True, slots=True)
class Response:
    """One catalog entry.

    Attributes:
        id: the stable id.
        texts: the variants, at least one.
        placeholders: the names in braces, over all variants, in order of appearance.
        when: an expression; the response is never said while it is false.
        tags: names that `say_any(tag=…)` selects by.
        answers: lines of players that it answers, by which one of several is picked.
        presentation: further tags for whoever shows the line, such as ``{"mood": "sly"}``.
    """

    id: str
    texts: tuple[str, ...]
    placeholders: tuple[str, ...]
    when: SourceText | None
    tags: frozenset[str]
    answers: tuple[str, ...]
    presentation: Mapping[str, Scalar]
    position: Position


TableValue = int | bool | str


@dataclass(frozen=True, slots=True)
class Table:
    """Constants the logic may look up: name → value, or a plain list of values (then `keys` is empty)."""

    name: str
    entries: Mapping[str, TableValue]
    values: tuple[TableValue, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class CharacterDeclaration:
    """One character file. `intents` include those taken by `use`; `facts` are this character's own."""

    id: str
    name: str
    persona: str
    facts: Mapping[str, Fact]
    intents: Mapping[str, Intent]
    tables: Mapping[str, Table]
    logic: SourceText
    responses: Mapping[str, Response]
    otherwise: str
    position: Position
    file: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """A cast as its files declare it.

    Attributes:
        world: the id of the world.
        title: its title.
        folder: where it was loaded from.
        items, effects, events: what `world.yaml` declares.
        facts: every fact of the cast, the world's and the characters'.
        invariants, goals: expressions that must hold always / stay reachable.
        characters: by id, in file-name order.
        digest: SHA-256 over the files' contents, in hexadecimal.
        diagnostics: the findings that did not stop it from loading.
        templates: the cast's own prompt templates (`templates/*.j2`), name → text.
        sources: the text of every file read, by the name diagnostics give it.
    """

    world: str
    title: str
    folder: str
    items: Mapping[str, Item]
    facts: Mapping[str, Fact]
    effects: Mapping[str, EffectDeclaration]
    invariants: tuple[SourceText, ...]
    goals: tuple[SourceText, ...]
    events: tuple[str, ...]
    characters: Mapping[str, CharacterDeclaration]
    digest: str
    diagnostics: tuple[Diagnostic, ...]
    templates: Mapping[str, str]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must come of a step; None is: not looked at.

    Attributes:
        response: the ids of which one must be said.
        effects: all effects, in order, as text: ``give("cell_key")``.
        facts: values after the step; sets as lists.
        values: what placeholders of the line are filled with; lists as lists.
        heard: exactly the intents heard.
        not_allowed: responses that must not be allowed in the state before the step.
        verdict: ``accepted``, ``overruled``, ``repaired`` or ``fallback``.
    """

    response: tuple[str, ...] | None
    effects: tuple[str, ...] | None
    facts: Mapping[str, Any] | None
    heard: tuple[str, ...] | None
    not_allowed: tuple[str, ...] | None
    verdict: str | None
    values: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class DialogueStep:
    """One turn of a recorded conversation: exactly one of `say`, `event` and `heard` is not None.

    Attributes:
        character: id of the character it concerns.
        say: the player's line.
        event: an event's name.
        heard: intent → slot → value, in place of words.
        expect: what must come of it, or None.
        sets: facts that the game changes before the turn.
        path: where it stands in the file: keys and indices.
        paraphrase: whether the line is one of the step's paraphrases.
    """

    character: str
    say: str | None
    event: str | None
    heard: Mapping[str, Mapping[str, Scalar]] | None
    expect: Expectation | None
    position: Position
    sets: Mapping[str, Any] = field(default_factory=dict)
    path: tuple[str | int, ...] = ()
    paraphrase: bool = False


@dataclass(frozen=True, slots=True)
class DialogueConversation:
    """One conversation as it is run.

    Attributes:
        name: its own, with the parameters, the branch or the paraphrase that it is made with.
        start: facts that differ from their initial values.
        seed: the seed of its session.
        steps: its turns, at least one.
        position: where it stands.
        origin: the name in the file of the conversation that it comes from.
        tags: the file's and its own.
        xfail: why it is known to fail, or None.
        at_least: of how many attempts with a model how many must pass: (4, 5) for four of five; None: all.
        path: where the conversation in the file stands: keys and indices.
        locate: the position of a key or value at such a path.
    """

    name: str
    start: Mapping[str, Any]
    seed: int
    steps: tuple[DialogueStep, ...]
    position: Position
    origin: str
    tags: frozenset[str]
    xfail: str | None
    path: tuple[str | int, ...]
    locate: Callable[..., Position] = field(repr=False)
    at_least: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A dialogue file: conversations with the cast of that name."""

    cast: str
    conversations: tuple[DialogueConversation, ...]
    file: str
