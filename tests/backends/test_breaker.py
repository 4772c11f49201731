"""The circuit breaker, with a clock of its own."""

from __future__ import annotations

import pytest

from npc.backends.breaker import FAILURES_TO_OPEN, LONGEST_PAUSE_SECONDS, OPEN_SECONDS, Breaker
from npc.errors import BackendError


class Clock:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def refusal(breaker: Breaker) -> str | None:
    """The reason a call is not admitted for, or None."""
    try:
        breaker.admit()
    except BackendError as error:
        return error.reason
    return None


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES_TO_OPEN):
        assert refusal(breaker) is None
        breaker.failed()
    return breaker


def test_a_success_in_between_keeps_it_closed() -> None:
    """Only failures in a row open the circuit."""
    breaker = Breaker(Clock())
    for _ in range(3):
        for _ in range(FAILURES_TO_OPEN - 1):
            assert refusal(breaker) is None
            breaker.failed()
        breaker.succeeded()
    assert refusal(breaker) is None


def test_one_call_tries_again() -> None:
    """After its time one call, and no second, is let through; its success closes the circuit."""
    clock = Clock()
    breaker = opened(clock)
    assert refusal(breaker) == "circuit-open"
    clock.now += OPEN_SECONDS
    assert refusal(breaker) is None
    assert refusal(breaker) == "circuit-open"
    breaker.succeeded()
    assert refusal(breaker) is None


def test_a_failed_try_waits_longer() -> None:
    """A try that fails opens the circuit for twice as long; one that was given up decides nothing."""
    clock = Clock()
    breaker = opened(clock)
    clock.now += OPEN_SECONDS
    assert refusal(breaker) is None
    breaker.abandoned()
    assert refusal(breaker) is None
    breaker.failed()
    clock.now += OPEN_SECONDS
    assert refusal(breaker) == "circuit-open"
    clock.now += OPEN_SECONDS
    assert refusal(breaker) is None


@pytest.mark.parametrize(("asked", "rests"), [(None, 1.0), (7.0, 7.0), (1e9, LONGEST_PAUSE_SECONDS), (0.0, 0.0)])
def test_a_pause_ends(asked: float | None, rests: float) -> None:
    """A server gets the rest it asks for, within reason, and is asked again after it."""
    clock = Clock()
    breaker = Breaker(clock)
    breaker.pause(asked)
    if rests:
        clock.now += rests * 0.99
        assert refusal(breaker) == "rate-limited"
    clock.now += rests
    assert refusal(breaker) is None
