"""The world a session acts on: who keeps the facts, and how a turn's changes are applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Protocol

from npc.catalog.model import Fact
from npc.catalog.types import FactValue, check_value, normal_value, own_copy
from npc.errors import FactError, UnknownName
from npc.logic.program import Effect


class World(Protocol):
    """A game that keeps facts itself. All calls come on the thread that drives the session."""

    def read(self) -> Mapping[str, FactValue]:
        """The facts the game keeps, as they are now; any it leaves out stay with the session."""
        ...

    def apply(self, effects: Sequence[Effect], changes: Mapping[str, FactValue]) -> None:
        """Take over the new values of the game's facts and carry out the effects: all, or raise having done none.

        `changes` already holds what the effects' `do` did; effects without `do` are the game's to carry out.
        """
        ...


class Facts(MutableMapping[str, FactValue]):
    """The facts of a session by name; reading gives the present value.

    Setting is for the facts that the game owns (`owner: game`), and checked against the declared type.

    Raises:
        UnknownName: no such fact; names the nearest one.
        FactError: the value does not fit, or the fact is not the game's to change.
    """

    def __init__(self, declared: Mapping[str, Fact], start: Mapping[str, object], world: World | None) -> None:
        self._declared = declared
        self._world = world
        self._values: dict[str, FactValue] = {name: fact.initial for name, fact in declared.items()}
        for name, value in start.items():
            self._values[name] = self.checked(name, value)

    def snapshot(self) -> dict[str, FactValue]:
        """All facts as they are now."""
        values = dict(self._values)
        if self._world is not None:
            for name, value in self._world.read().items():
                values[name] = self.checked(name, value)
        return values

    def commit(self, effects: Sequence[Effect], changes: Mapping[str, FactValue]) -> None:
        """Apply a turn's effects and changes, all together; whatever the world raises leaves everything as it was."""
        if self._world is not None:
            kept = self._world.read()
            self._world.apply(effects, {name: own_copy(value) for name, value in changes.items() if name in kept})
        self._values.update(changes)

    def take_back(self, before: Mapping[str, FactValue]) -> None:
        """Put facts back to earlier values, whoever owns them."""
        self.commit((), before)

    def checked(self, name: str, value: object) -> FactValue:
        fact = self._declared.get(name)
        if fact is None:
            raise UnknownName("fact", str(name), self._declared)
        problem = check_value(fact.type, value)
        if problem:
            raise FactError(f"{name}: {problem}")
        return normal_value(fact.type, value)

    def __getitem__(self, name: str) -> FactValue:
        if name not in self._declared:
            raise UnknownName("fact", str(name), self._declared)
        return own_copy(self.snapshot()[name] if self._world is not None else self._values[name])

    def __setitem__(self, name: str, value: object) -> None:
        checked = self.checked(name, value)
        if not self._declared[name].game_owned:
            raise FactError(
                f"{name} is not the game's to change: declare it with `owner: game`, or change it through an effect"
            )
        if self._world is not None and name in self._world.read():
            raise FactError(f"{name} is kept by the game's own World; change it there")
        self._values[name] = checked

    def __delitem__(self, name: str) -> None:
        raise FactError(f"{name}: a fact cannot be deleted")

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)

    def __repr__(self) -> str:
        return f"Facts({self.snapshot()!r})"
