"""Characters that say only what their writer wrote and do only what their rules allow, whatever the model answers.

Load a cast, begin a session, take turns::

    cast = npc.load("catalogs/keep")
    session = npc.Session(cast, backend="embedded", seed=7)
    turn = await session.say("warden", "Give me the key!")
    turn.text, turn.effects, turn.verdict
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from npc.backends import allow_network, forbid_network, scripted
    from npc.backends.base import Backend, ModelRequest, Reply, Usage
    from npc.diagnostics import Diagnostic, Position, Severity
    from npc.engine.accounting import Account, Budget
    from npc.engine.session import Session
    from npc.engine.telemetry import OpenTelemetry
    from npc.engine.tickets import Ticket
    from npc.engine.turn import Line, Trace, Turn, Verdict
    from npc.engine.world import World
    from npc.errors import (
        BackendError,
        BackendSpecError,
        CatalogError,
        FactError,
        HearingError,
        MissingExtra,
        NetworkForbidden,
        NpcError,
        SaveError,
        TurnCancelled,
        UnknownName,
    )
    from npc.logic.cast import Cast, Character, load
    from npc.logic.program import Effect, Outcome, OutcomeTable
    from npc.testing.from_play import save_seed

__all__ = [
    "Account",
    "Backend",
    "BackendError",
    "BackendSpecError",
    "Budget",
    "Cast",
    "CatalogError",
    "Character",
    "Diagnostic",
    "Effect",
    "FactError",
    "HearingError",
    "Line",
    "MissingExtra",
    "ModelRequest",
    "NetworkForbidden",
    "NpcError",
    "OpenTelemetry",
    "Outcome",
    "OutcomeTable",
    "Position",
    "Reply",
    "SaveError",
    "Session",
    "Severity",
    "Ticket",
    "Trace",
    "Turn",
    "TurnCancelled",
    "UnknownName",
    "Usage",
    "Verdict",
    "World",
    "allow_network",
    "forbid_network",
    "load",
    "save_seed",
    "scripted",
]

_HOMES = {
    "npc.backends": (
        "allow_network",
        "forbid_network",
        "scripted",
    ),
    "npc.backends.base": (
        "Backend",
        "ModelRequest",
        "Reply",
        "Usage",
    ),
    "npc.diagnostics": (
        "Diagnostic",
        "Position",
        "Severity",
    ),
    "npc.engine.accounting": (
        "Account",
        "Budget",
    ),
    "npc.engine.session": ("Session",),
    "npc.engine.telemetry": ("OpenTelemetry",),
    "npc.engine.tickets": ("Ticket",),
    "npc.engine.turn": (
        "Line",
        "Trace",
        "Turn",
        "Verdict",
    ),
    "npc.engine.world": ("World",),
    "npc.errors": (
        "BackendError",
        "BackendSpecError",
        "CatalogError",
        "FactError",
        "HearingError",
        "MissingExtra",
        "NetworkForbidden",
        "NpcError",
        "SaveError",
        "TurnCancelled",
        "UnknownName",
    ),
    "npc.logic.cast": (
        "Cast",
        "Character",
        "load",
    ),
    "npc.logic.program": (
        "Effect",
        "Outcome",
        "OutcomeTable",
    ),
    "npc.testing.from_play": ("save_seed",),
}


def __getattr__(name: str) -> Any:
    # Handed on when first asked for, so that `import npc` costs a program nothing that it does not use yet.
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            value = globals()[name] = getattr(import_module(home), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
