"""The oracle that answers every question in every way, and the paths that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from npc.catalog.model import Intent
from npc.catalog.types import FactValue, IntType, OneOfType
from npc.logic.execution import Execution
from npc.logic.expressions import Spoken
from npc.logic.program import Violation
from npc.logic.symbols import Deferred, Name, Number, Variable


class Path:
    """One way through the logic, and all that it comes to.

    Attributes:
        conditions: as in `Outcome`.
        spoken: the line returned, None where there is none.
        effects: as in `Outcome`.
        void: as in `Outcome`.
        result: all of it, placeholder values and changed facts too, in a form that can be compared.
    """

    __slots__ = ("conditions", "effects", "result", "spoken", "void")

    def __init__(self, explorer: Explorer, run: Execution, spoken: Spoken | None, void: Violation | None) -> None:
        self.conditions = explorer.rendered_conditions()
        self.spoken, self.void = spoken, void
        self.effects: tuple[str, ...] = ()
        self.result: Any = void
        if void is None and not run.effects and not run.overlay and (spoken is None or not spoken.values):
            self.result = None if spoken is None else spoken.candidates
        elif void is None:
            self.effects = tuple([_shown_effect(name, args) for name, args in run.effects])
            self.result = (
                None if spoken is None else (spoken.candidates, _identity(spoken.values)),
                [(name, [_identity(value) for _, value in args]) for name, args in run.effects],
                _changes(run.overlay, run.facts),
            )


def _changes(overlay: Mapping[str, Any], facts: Mapping[str, FactValue]) -> Any:
    written = {name: _identity(value) for name, value in overlay.items()}
    return {name: value for name, value in written.items() if value != _identity(facts[name])}


def _identity(value: Any) -> Any:
    """A value in a form whose comparison never forks: what it is, or which unknown it comes from."""
    match value:
        case Number():
            variable = value.variable
            return (variable.name or variable, value.scale, value.offset, str(value))
        case Name():
            return (value.name, str(value))
        case Deferred():
            return (value.key.name, str(value.key), tuple(value.table[option] for option in value.key.options))
        case bool():
            return (bool, value)
        case tuple():
            return [_identity(element) for element in value]
        case dict():
            return {name: _identity(element) for name, element in value.items()}
    return value


def _shown_effect(name: str, args: tuple[tuple[str, Any], ...]) -> str:
    return f"{name}({', '.join([_quoted(value) if isinstance(value, str) else str(value) for _, value in args])})"


class Explorer:
    """An oracle that answers every question in every way, one path after the other, depth first.

    A path is the list of ways taken at its forks. After each run the last fork with a way left is sent that way, and
    the program runs again, from the last statement of its body that begins before that fork. Where hearing an intent
    and not hearing it come to the same, the fork is taken out again: that intent does not matter there.
    """

    def __init__(self, intents: Mapping[str, Intent]) -> None:
        self._intents = intents
        self.exact = True
        self.mattering: set[str] = set()
        self.paths: list[Path] = []
        self._conditions: list[str | _Slot] = []
        self._has_slots = False
        self._texts: dict[str, tuple[str, str]] = {}
        self._taken: list[int] = []
        self._ways: list[int] = []
        self._asked: list[str | None] = []
        self._done: list[list[list[Path]]] = []
        self._position = 0
        self._resting: list[_Rest] = []

    def fork(self, ways: int) -> int:
        """See `npc.logic.symbols.Forks`."""
        return self._fork(ways, None)

    def _fork(self, ways: int, intent: str | None) -> int:
        position = self._position
        self._position = position + 1
        if position < len(self._taken):
            return self._taken[position]
        self._taken.append(0)
        self._ways.append(ways)
        self._asked.append(intent)
        self._done.append([])
        return 0

    def approximate(self) -> None:
        """See `npc.logic.symbols.Forks`."""
        self.exact = False

    def finish(self, path: Path) -> bool:
        """End the path and turn to the next one; False when all have been taken and `paths` holds them."""
        found = [path]
        while self._taken:
            self._done[-1].append(found)
            if self._taken[-1] + 1 < self._ways[-1]:
                self._taken[-1] += 1
                return True
            self._taken.pop()
            self._ways.pop()
            found = self._joined(self._done.pop(), self._asked.pop())
        self.paths = found
        return False

    def before_step(self, number: int, run: Execution) -> None:
        """Keep the run as it stands before a statement of the body, for later paths to resume from."""
        # A symbolic slot is narrowed in place as the path goes on, so there is no coming back to it.
        if self._has_slots:
            return
        resting = self._resting
        if resting and resting[-1].position == self._position:
            if resting[-1].number == number:
                return
            resting.pop()
        resting.append(_Rest(number, self._position, run, list(self._conditions)))

    def resume(self, run: Execution) -> int:
        """Bring a fresh run to where the next path leaves those before it; the statement to begin with."""
        resting = self._resting
        self._has_slots = False
        while resting and resting[-1].position >= len(self._taken):
            resting.pop()
        if not resting:
            self._position = 0
            self._conditions = []
            return 0
        rest = resting[-1]
        self._position = rest.position
        self._conditions = list(rest.conditions)
        rest.restore(run)
        return rest.number

    def _joined(self, ways: list[list[Path]], intent: str | None) -> list[Path]:
        if intent is not None:
            heard, not_heard = ways
            if _come_to_the_same(heard, not_heard, f"heard.{intent}", f"not heard.{intent}"):
                return not_heard
            self.mattering.add(intent)
        return [path for paths in ways for path in paths]

    def rendered_conditions(self) -> tuple[str, ...]:
        """The conditions of the path so far, as people read them."""
        if not self._has_slots:
            return tuple(self._conditions)  # type: ignore[arg-type]
        found: list[str] = []
        for condition in self._conditions:
            if isinstance(condition, str):
                found.append(condition)
            else:
                found.extend(condition.conditions())
        return tuple(found)

    def heard(self, intent: str) -> bool:
        way = self._fork(2, intent)
        texts = self._texts.get(intent)
        if texts is None:
            texts = self._texts[intent] = (f"heard.{intent}", f"not heard.{intent}")
        self._conditions.append(texts[way])
        return way == 0

    def slot(self, intent: str, slot: str) -> Any:
        declared = self._intents[intent].slots[slot]
        name = f"heard.{intent}.{slot}"
        if declared.optional and self.fork(2) == 1:
            self._conditions.append(f"{name} is None")
            return None
        value: Number | Name
        if isinstance(declared.type, IntType):
            value = Number(Variable(self, name, declared.type.min, declared.type.max))
        else:
            names = declared.type.options if isinstance(declared.type, OneOfType) else declared.type.items
            value = Name(self, name, names)
        self._conditions.append(_Slot(name, value))
        self._has_slots = True
        return value

    def chance(self, probability: float) -> bool:
        happens = self.fork(2) == 0
        self._conditions.append(f"{'' if happens else 'not '}chance({probability:g})")
        return happens

    def choose(self, candidates: tuple[str, ...]) -> str:
        # The choice decides nothing but the line itself; every candidate becomes an outcome afterwards.
        return candidates[0]


class _Rest:
    """A run as it stands before a statement."""

    __slots__ = ("conditions", "effects", "hearing", "locals", "number", "overlay", "position", "slots", "trail")

    def __init__(self, number: int, position: int, run: Execution, conditions: list[str | _Slot]) -> None:
        self.number, self.position, self.conditions = number, position, conditions
        self.overlay, self.hearing, self.slots = run.overlay.copy(), run.hearing.copy(), run.slots.copy()
        self.locals, self.effects, self.trail = run.locals.copy(), run.effects.copy(), run.trail.copy()

    def restore(self, run: Execution) -> None:
        run.overlay, run.hearing, run.slots = self.overlay.copy(), self.hearing.copy(), self.slots.copy()
        run.locals, run.effects, run.trail = self.locals.copy(), self.effects.copy(), self.trail.copy()


def _come_to_the_same(heard: list[Path], not_heard: list[Path], yes: str, no: str) -> bool:
    """Whether two lists of paths differ in nothing but the condition itself, which then goes from the second one."""
    if len(heard) != len(not_heard) or any(a.result != b.result for a, b in zip(heard, not_heard, strict=True)):
        return False
    without = [tuple([c for c in path.conditions if c != no]) for path in not_heard]
    for path, conditions in zip(heard, without, strict=True):
        if tuple([c for c in path.conditions if c != yes]) != conditions:
            return False
    for path, conditions in zip(not_heard, without, strict=True):
        path.conditions = conditions
    return True


class _Slot:
    """What a path has come to demand of a slot."""

    __slots__ = ("declared", "name", "value")

    def __init__(self, name: str, value: Number | Name) -> None:
        self.name, self.value = name, value
        self.declared: Any = (value.variable.low, value.variable.high) if isinstance(value, Number) else value.options

    def conditions(self) -> list[str]:
        if isinstance(self.value, Number):
            return self._of_number(self.value.variable.low, self.value.variable.high)
        left, declared = self.value.options, self.declared
        if len(left) == len(declared):
            return []
        if len(left) == 1:
            return [f'{self.name} == "{left[0]}"']
        gone = tuple(name for name in declared if name not in left)
        if len(gone) == 1:
            return [f'{self.name} != "{gone[0]}"']
        few, word = (left, "in") if len(left) <= len(gone) else (gone, "not in")
        return [f"{self.name} {word} ({', '.join(_quoted(name) for name in few)})"]

    def _of_number(self, low: int | None, high: int | None) -> list[str]:
        if (low, high) == self.declared:
            return []
        if low == high:
            return [f"{self.name} == {low}"]
        lower = [] if low == self.declared[0] else [f"{self.name} >= {low}"]
        return lower if high == self.declared[1] else [*lower, f"{self.name} <= {high}"]


def _quoted(name: str) -> str:
    return f'"{name}"'
