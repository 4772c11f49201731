"""The switch that forbids the network."""

import contextlib

import npc.backends.network as network
from npc.backends import allow_network, forbid_network
from npc.errors import NetworkForbidden


def allowed(host: str) -> bool:
    try:
        network.require_network(host)
    except NetworkForbidden:
        return False
    return True


def test_tests_begin_without_a_network() -> None:
    """In tests the switch is off unless a test says otherwise."""
    assert not allowed("api.openai.com")


def test_hosts_are_allowed_one_by_one() -> None:
    """With hosts given only those are reachable; without, all are."""
    with allow_network("127.0.0.1"):
        assert allowed("127.0.0.1")
        assert not allowed("example.org")
    with allow_network():
        assert allowed("example.org")
    assert not allowed("127.0.0.1")


def test_blocks_nest_and_restore() -> None:
    """Leaving a block, also by an exception, puts the switch back where it was."""
    with allow_network("a"):
        with contextlib.suppress(ZeroDivisionError), forbid_network():
            assert not allowed("a")
            raise ZeroDivisionError
        assert allowed("a")


def test_without_a_block_it_stays() -> None:
    """Called by itself, the switch stays as it was set."""
    with forbid_network():
        allow_network("a")
        assert allowed("a")
        forbid_network()
        assert not allowed("a")
