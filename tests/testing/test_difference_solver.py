"""Whole numbers under linear conditions, against trying every value."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from npc.testing.difference.solver import feasible, row, solve

NAMES = ("x", "y", "z")
BOUNDS = {"x": (-3, 4), "y": (0, 5), "z": (-2, 2)}

rows = st.lists(
    st.builds(
        lambda factors, constant: row(dict(zip(NAMES, factors, strict=True)), constant),
        st.tuples(*[st.integers(-7, 7)] * 3),
        st.integers(-20, 20),
    ),
    max_size=5,
)


@settings(max_examples=100, deadline=None)
@given(rows)
def test_feasible_agrees_with_trying_every_value(given_rows: list) -> None:
    """Rows are called feasible just where some values meet them all, and then some are found."""
    values = [dict(zip(NAMES, one, strict=True)) for one in product(*(range(a, b + 1) for a, b in BOUNDS.values()))]
    met = [one for one in values if all(each.value(one) <= 0 for each in given_rows)]
    assert feasible(given_rows, BOUNDS) is bool(met)
    found = solve(given_rows, BOUNDS, {"x": 1})
    assert (found in met) if met else found is None


def test_values_are_as_near_to_the_wanted_ones_as_can_be() -> None:
    """A wanted value that meets the conditions is kept, another one moves to the nearest end."""
    gold_is_short = [row({"gold": 1, "amount": -1}, 1)]
    bounds = {"gold": (0, 999), "amount": (1, 10**18)}
    assert solve(gold_is_short, bounds, {"gold": 12}) == {"gold": 12, "amount": 13}


def test_unbounded_numbers_do_not_take_forever() -> None:
    """Two numbers that are each to be less than the other are seen to be impossible at once."""
    bounds = {"x": (0, 10**18), "y": (0, 10**18)}
    assert feasible([row({"x": 1, "y": -1}, 1), row({"x": -1, "y": 1}, 1)], bounds) is False


def test_parity_is_seen() -> None:
    """An even number is never one more than an even number."""
    bounds = {"x": (0, 10**18), "y": (0, 10**18)}
    assert feasible([row({"x": 2, "y": -2}, 1), row({"x": -2, "y": 2}, -1)], bounds) is False
