"""What sessions use is counted, priced, and held to a budget."""

from __future__ import annotations

from pathlib import Path

import pytest

import npc
from npc.catalog.prices import load_prices, shipped_prices
from npc.engine.accounting import TIMES_NEEDED
from npc.engine.turn import Attempt
from tests.engine.replies import reply

PRICES = """\
currency: EUR
prices:
  "dear*": {input: 10, cached: 1, output: 100}
  "cheap": {input: 0, output: 0}
"""


class Priced(npc.Backend):
    """Answers as told, at a cost."""

    def __init__(self, name: str, *answers: object, usage: npc.Usage | None = None) -> None:
        self.name = name
        self.answers = list(answers)
        self.usage = usage or npc.Usage(1_000, 20, 600)
        self.calls = 0

    async def reply(self, request: npc.ModelRequest) -> npc.Reply:
        self.calls += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return npc.Reply(answer, self.usage)  # type: ignore[arg-type]


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.yaml"
    path.write_text(PRICES)
    return path


GREETING = reply("greet", "greet")


async def test_calls_tokens_time_and_money_are_counted(cast: npc.Cast, prices: Path) -> None:
    """By session, character and backend: calls, re-asks, tokens in, out and cached, verdicts, cost."""
    model = Priced("dear", "not json", GREETING)
    session = npc.Session(cast, model, account=npc.Account(prices))
    turn = await session.say("warden", "hello")
    assert turn.verdict == "repaired"
    assert [attempt.again for attempt in turn.trace.attempts] == [False, True]
    total = session.account.total
    assert (total.turns, total.calls, total.reasks) == (1, 2, 1)
    assert (total.input_tokens, total.cached_tokens, total.output_tokens) == (2_000, 1_200, 40)
    assert total.cost == pytest.approx(2 * (400 * 10 + 600 * 1 + 20 * 100) / 1_000_000)
    assert total.verdicts == {"repaired": 1}
    assert total.reasons == {"not-json": 1}
    assert total.unpriced == 0
    assert total.seconds > 0
    assert session.account.backends["dear"].as_json() == total.as_json()
    assert session.account.characters["warden"].as_json() == total.as_json()
    assert session.account.as_json()["currency"] == "EUR"
    shown = session.account.render()
    assert shown.startswith("dear  1 turn, 2 calls (1 asked again), ")
    assert "2,000 tokens in (1,200 cached), 40 out, 0.0132 EUR" in shown
    assert "verdicts: 1 repaired" in shown
    assert "not used: 1 not-json" in shown


async def test_tokens_of_answers_that_are_of_no_use_count(cast: npc.Cast, prices: Path) -> None:
    """What a refused or cut off answer cost is counted as well."""
    refused = npc.BackendError("refusal", usage=npc.Usage(500, 5, 0))
    session = npc.Session(cast, Priced("dear", refused), account=npc.Account(prices))
    turn = await session.say("warden", "hello")
    assert turn.reason == "refusal"
    assert (session.account.total.input_tokens, session.account.total.output_tokens) == (500, 5)


async def test_turns_without_a_call_cost_nothing(cast: npc.Cast) -> None:
    """An event is a turn, and no call."""
    session = npc.Session(cast, npc.scripted())
    await session.event("warden", "approach")
    assert (session.account.total.turns, session.account.total.calls) == (1, 0)
    assert session.account.backends == {}


async def test_a_call_without_a_price_is_told_apart(cast: npc.Cast) -> None:
    """Where the price is not known, no cost is made up; the free ones are known to be free."""
    account = npc.Account()
    for backend in (Priced("nobody-knows", GREETING), npc.scripted(GREETING)):
        await npc.Session(cast, backend, account=account).say("warden", "hello")
    assert account.backends["nobody-knows"].unpriced == 1
    assert account.backends["scripted"].unpriced == 0
    assert "1 call without a known price" in account.render()


@pytest.mark.parametrize("budget", [npc.Budget(cost=0.006), npc.Budget(tokens=1_000), npc.Budget(calls=1)])
async def test_a_budget_that_is_used_up_degrades_to_the_next_backend(
    cast: npc.Cast, prices: Path, budget: npc.Budget
) -> None:
    """Once it is used up, what is not free is not called; the free one answers."""
    dear, cheap = Priced("dear", GREETING), Priced("cheap", GREETING)
    account = npc.Account(prices, budget)
    session = npc.Session(cast, [dear, cheap], account=account)
    first, second = [await session.say("warden", "hello") for _ in range(2)]
    assert (first.backend, second.backend) == ("dear", "cheap")
    assert [attempt.reason for attempt in second.trace.attempts] == ["over-budget", None]
    assert "is used up" in second.trace.attempts[0].detail
    assert dear.calls == 1
    other = npc.Session(cast, dear, account=account)
    turn = await other.say("warden", "hello")
    assert (turn.verdict, turn.reason, dear.calls) == ("fallback", "over-budget", 1)


async def test_tickets_count_too(cast: npc.Cast) -> None:
    """A submitted turn is counted like any other."""
    session = npc.Session(cast, npc.scripted(GREETING))
    session.submit("warden", "hello").result()
    session.close()
    assert (session.account.total.turns, session.account.total.calls) == (1, 1)


def test_a_budget_of_money_needs_prices(cast: npc.Cast) -> None:
    """A backend whose price is not known cannot be held to a budget of money; the message says what to add."""
    with pytest.raises(npc.BackendSpecError, match=r'needs the price of \'unheard-of\'.*"unheard-of": \{input'):
        npc.Session(cast, Priced("unheard-of", GREETING), account=npc.Account(budget=npc.Budget(cost=1.0)))
    with pytest.raises(ValueError, match="at least 0"):
        npc.Budget(tokens=-1)


def test_mistakes_in_a_price_table_are_told_with_their_place(tmp_path: Path) -> None:
    """Line, column, what, and the nearest name."""
    path = tmp_path / "prices.yaml"
    path.write_text('currency: USD\nprices:\n  "a": {input: 1, outputs: 2}\n  "b": {input: -1, output: many}\n')
    with pytest.raises(npc.CatalogError) as caught:
        npc.Account(path)
    shown = str(caught.value)
    assert f"{path.as_posix()}:3:" in shown
    assert "did you mean `output`" in shown
    assert f"{path.as_posix()}:4:" in shown
    with pytest.raises(npc.CatalogError, match="there is no file"):
        npc.Account(tmp_path / "price.yaml")


def test_the_shipped_table_prices_what_the_docs_name() -> None:
    """The models of the documents have prices; local servers and what runs in the process cost nothing."""
    prices = shipped_prices()
    for free in ("embedded", "scripted:x.yaml", "replay:d", "openai:llama3.2@http://localhost:11434/v1"):
        found = prices.of(free)
        assert found is not None
        assert found.free
    mini = prices.of("openai:gpt-4.1-mini")
    assert mini is not None
    assert 0 < (mini.cached or 0) < mini.input < mini.output
    assert prices.of("openai:gpt-4.1-mini@https://elsewhere/v1") is None


def test_the_first_pattern_that_fits_counts(prices: Path) -> None:
    """Patterns are tried in the file's order; cached tokens without a price of their own cost as others do."""
    table = load_prices(prices)
    found = table.of("dearest")
    assert found is not None
    assert found.cost(1_000_000, 0, 1_000_000) == 1
    assert found.cost(10, 0, 10_000) == pytest.approx(10 / 1_000_000)
    plain = load_prices(prices).by_pattern["cheap"]
    assert plain.cost(10, 10, 10) == 0
    assert table.of("unknown") is None


def test_the_p95_of_a_backend_needs_calls_to_mean_something() -> None:
    """None before twenty calls; then what 95 of 100 of the latest stay within."""
    account = npc.Account()
    for number in range(100):
        assert (account.slow("m") is None) is (number < TIMES_NEEDED)
        account.add_call("warden", Attempt("m", None, None, "", number / 100))
    assert account.slow("m") == pytest.approx(0.95)
