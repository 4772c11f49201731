"""x"""

from npc.backends import allow_network, forbid_network, scripted
from npc.backends.base import Backend, ModelRequest, Reply, Usage
from npc.diagnostics import Diagnostic, Position, Severity
from npc.engine.session import Session
from npc.engine.tickets import Ticket
from npc.engine.turn import Line, Trace, Turn, Verdict
from npc.engine.world import World
from npc.errors import (
    BackendError,
    BackendSpecError,
    CatalogError,
    FactError,
    MissingExtra,
    NetworkForbidden,
    NpcError,
    SaveError,
    TurnCancelled,
    UnknownName,
)
from npc.logic.cast import Cast, Character, load
from npc.logic.program import Effect, Outcome, OutcomeTable

__all__ = ["Backend","BackendError","BackendSpecError","Cast","CatalogError","Character","Diagnostic","Effect","FactError","Line","MissingExtra","ModelRequest","NetworkForbidden","NpcError","Outcome","OutcomeTable","Position","Reply","SaveError","Session","Severity","Ticket","Trace","Turn","TurnCancelled","UnknownName","Usage","Verdict","World","allow_network","forbid_network","load","scripted"]
