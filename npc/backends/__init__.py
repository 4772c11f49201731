"""Backends: what answers a `ModelRequest`."""

from npc.backends.base import (
    Backend,
    BackendFunction,
    Hearing,
    Message,
    ModelRequest,
    RawReply,
    Reply,
    Usage,
)
from npc.backends.network import allow_network, forbid_network
from npc.backends.replay import RecordingBackend, ReplayBackend
from npc.backends.scripted import FunctionBackend, ScriptedBackend, scripted
from npc.backends.specs import default_spec, resolve

__all__ = [
    "Backend",
    "BackendFunction",
    "FunctionBackend",
    "Hearing",
    "Message",
    "ModelRequest",
    "RawReply",
    "RecordingBackend",
    "ReplayBackend",
    "Reply",
    "ScriptedBackend",
    "Usage",
    "allow_network",
    "default_spec",
    "forbid_network",
    "resolve",
    "scripted",
]
