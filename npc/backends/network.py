"""One switch for the network: while it is off, no backend of this package opens a connection."""

from __future__ import annotations

from types import TracebackType

from npc.errors import NetworkForbidden

_ANYWHERE: frozenset[str] | None = None
_reachable: frozenset[str] | None = _ANYWHERE


class NetworkSwitch:
    """The switch having been set; as a context manager it is set back at the end of the block."""

    def __init__(self, hosts: frozenset[str] | None) -> None:
        global _reachable
        self._before = _reachable
        _reachable = hosts

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _reachable
        _reachable = self._before


def forbid_network() -> NetworkSwitch:
    """From now on, in the whole process, backends raise `NetworkForbidden` instead of opening a connection.

    >>> with forbid_network():
    ...     require_network("api.openai.com")
    Traceback (most recent call last):
        ...
    npc.errors.NetworkForbidden: a backend wanted to reach api.openai.com while npc.forbid_network() is in force
    """
    return NetworkSwitch(frozenset())


def allow_network(*hosts: str) -> NetworkSwitch:
    """Allow connections again: to the given hosts only, or to any when none is given."""
    return NetworkSwitch(frozenset(hosts) or _ANYWHERE)


def require_network(host: str) -> None:
    """Called by a backend before it connects to `host`.

    Raises:
        NetworkForbidden: the network is forbidden, or `host` is not among the hosts allowed.
    """
    if _reachable is not None and host not in _reachable:
        raise NetworkForbidden(f"a backend wanted to reach {host} while npc.forbid_network() is in force")
