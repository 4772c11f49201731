"""Lints of things that are declared and that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from npc.catalog.model import CharacterDeclaration
from npc.diagnostics import Position
from npc.linting import rules
from npc.linting.places import Findings
from npc.logic import nodes
from npc.logic.cast import Cast
from npc.logic.footprint import walk

_TAG = re.compile(r"""\btag\s*=\s*(["'])(.*?)\1""")


@dataclass
class _Uses:
    """The names that pseudocode mentions."""

    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    effects: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    intents: set[str] = field(default_factory=set)
    responses: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)

    def add(self, tree: object) -> None:
        for node in walk(tree):
            match node:
                case nodes.FactRef(name):
                    self.read.add(name)
                case nodes.AssignFact(fact) | nodes.AssignCount(fact):
                    self.written.add(fact)
                case nodes.EffectCall(effect):
                    self.effects.add(effect)
                case nodes.HeardRef(intent) | nodes.SlotRef(intent):
                    self.intents.add(intent)
                case nodes.Say(response):
                    self.responses.add(response)
                case nodes.SayAny(responses):
                    self.responses.update(responses)
                case nodes.TableRef(name):
                    self.tables.add(name)
                case nodes.Literal(str() as text):
                    self.events.add(text)


def check_usage(cast: Cast, findings: Findings) -> None:
    """W101 to W109."""
    whole = _Uses()
    for condition in (*cast.trees.invariants, *cast.trees.goals):
        whole.add(condition)
    for do in cast.trees.effects.values():
        whole.add([do.body])
    for id_, character in cast.characters.items():
        uses = _Uses()
        trees = cast.trees.characters[id_]
        uses.add([trees.logic.body, *(helper.body for helper in trees.logic.helpers.values())])
        uses.add(list(trees.whens.values()))
        _check_character(character.declaration, uses, findings)
        for name in ("read", "written", "effects", "events"):
            getattr(whole, name).update(getattr(uses, name))
    _check_world(cast, whole, findings)


def _check_character(declaration: CharacterDeclaration, uses: _Uses, findings: Findings) -> None:
    for id_, response in declaration.responses.items():
        if id_ not in uses.responses and id_ != declaration.otherwise:
            message = f"no logic says `{id_}`"
            findings.add(rules.UNUSED_RESPONSE, message, response.position, f'`return say("{id_}")`, or delete it')
    for id_, intent in declaration.intents.items():
        if id_ not in uses.intents:
            own = intent.position.file == declaration.position.file
            place = intent.position if own else findings.used_place(declaration.position.file, id_)
            message = f"no logic asks for `heard.{id_}`, so hearing it changes nothing"
            findings.add(rules.UNUSED_INTENT, message, place, "test it in the logic, or take it out")
    for name, table in declaration.tables.items():
        if name not in uses.tables:
            findings.add(rules.UNUSED_TABLE, f"nothing looks anything up in `{name}`", table.position, "delete it")
    chosen = {match[2] for match in _TAG.finditer(declaration.logic.text)}
    for tag, place in _tags(declaration):
        if tag not in chosen:
            message = f'no `say_any` has `tag="{tag}"`'
            findings.add(rules.UNUSED_TAG, message, place, f'write `say_any(tag="{tag}")`, or take the tag away')


def _tags(declaration: CharacterDeclaration) -> Iterator[tuple[str, Position]]:
    """Each tag, at the first response that has it."""
    met: set[str] = set()
    for response in declaration.responses.values():
        for tag in sorted(response.tags - met):
            yield tag, response.position
        met |= response.tags


def _check_world(cast: Cast, uses: _Uses, findings: Findings) -> None:
    for name, fact in cast.catalog.facts.items():
        read, written = name in uses.read, name in uses.written
        if fact.game_owned:
            # The game itself may both read and write it.
            continue
        if not read and not written:
            findings.add(rules.UNUSED_FACT, f"nothing reads or writes `{name}`", fact.position, "use it, or delete it")
        elif not read:
            message = f"`{name}` is written and never read, so it changes nothing"
            findings.add(rules.NEVER_READ, message, fact.position, "read it in a condition, or delete it")
        elif not written:
            message = f"`{name}` is read and never written: it stays what it is at the start"
            findings.add(rules.NEVER_WRITTEN, message, fact.position, "write it, or say `owner: game` if the game does")
    for name, effect in cast.catalog.effects.items():
        if name not in uses.effects:
            findings.add(rules.UNUSED_EFFECT, f"no logic calls `{name}`", effect.position, "call it, or delete it")
    document = None
    for index, event in enumerate(cast.catalog.events):
        if event not in uses.events:
            document = document or findings.document(_world_file(cast))
            place = document.position("events", index)
            findings.add(
                rules.UNUSED_EVENT, f"no logic looks for the event `{event}`", place, "test `event`, or delete it"
            )


def _world_file(cast: Cast) -> str:
    return next(file for file in cast.catalog.sources if file.endswith("world.yaml"))
