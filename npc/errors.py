"""The exceptions of this package.

::

    NpcError
    ├── CatalogError        a cast has errors; `.diagnostics` holds all of them
    ├── UnknownName         no such character, event, fact, …; names the nearest valid one (also a KeyError)
    ├── FactError           a value does not fit its fact, or the fact is not the game's to change (also a ValueError)
    ├── HearingError        what is said to be heard lacks a slot, or has a value that it never can (also a ValueError)
    ├── SaveError           save data cannot be read (also a ValueError)
    ├── TurnCancelled       the turn was cancelled before it was committed
    ├── BackendSpecError    a backend spec string cannot be understood (also a ValueError)
    ├── MissingExtra        an optional dependency is not installed; states the install command (also an ImportError)
    ├── NetworkForbidden    a backend tried to reach the network while `npc.forbid_network()` is in force
    └── BackendError        a backend gave no usable reply; `.reason` is a reason code of the design
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from npc.diagnostics import Diagnostic, Severity, did_you_mean


class NpcError(Exception):
    """The base of every exception this package raises on purpose."""


class CatalogError(NpcError):
    """A cast does not load. `diagnostics` holds every finding, errors and warnings, in file order."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        errors = sum(d.severity is Severity.ERROR for d in self.diagnostics)
        return "\n".join([*(d.render() for d in self.diagnostics), f"{errors} error{'' if errors == 1 else 's'}"])


class UnknownName(NpcError, KeyError):
    """A name that nothing has.

    Args:
        kind: what was looked for, such as ``character``.
        name: the name that was given.
        valid: the names there are.
    """

    def __init__(self, kind: str, name: str, valid: Iterable[str]) -> None:
        self.kind, self.name = kind, name
        self.hint = did_you_mean(name, valid)
        super().__init__(name)

    def __str__(self) -> str:
        return f"no {self.kind} `{self.name}`" + (f": {self.hint}" if self.hint else "")


class FactError(NpcError, ValueError):
    """A value does not fit its fact, or the fact is not the game's to change."""


class HearingError(NpcError, ValueError):
    """What is said to be heard lacks a slot, or has a value for one that no line of a player can give it."""


class SaveError(NpcError, ValueError):
    """Save data cannot be read."""


class TurnCancelled(NpcError):
    """The turn was cancelled before it was committed; nothing changed."""


class BackendSpecError(NpcError, ValueError):
    """A backend spec string cannot be understood."""


class MissingExtra(NpcError, ImportError):
    """An optional dependency is not installed.

    Args:
        what: what needs it, as the start of a sentence.
        extra: the extra of this package that brings it.
    """

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f'{what} needs an optional dependency; install it with: pip install "npc[{extra}]"')


class NetworkForbidden(NpcError):
    """A backend tried to reach the network while `npc.forbid_network()` is in force."""


class BackendError(NpcError):
    """A backend gave no usable reply.

    Args:
        reason: a reason code: ``refusal``, ``truncated``, ``empty``, ``not-json``, ``schema``, ``timeout``,
            ``transport``, ``rate-limited`` or ``circuit-open``.
        message: what happened, for the trace; never shown to the player.
        status: the HTTP status of the answer, where there was one that tells.
        usage: the `Usage` of an answer that came, and counts, though it is of no use.
    """

    def __init__(
        self, reason: str, message: str = "", *, status: int | None = None, usage: object | None = None
    ) -> None:
        self.reason = reason
        self.status = status
        self.usage = usage
        super().__init__(message or reason)
