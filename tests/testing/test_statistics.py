"""Several attempts and several backends: pass rates, intervals, rules of enough, bias of place; with a real server."""

import json
from collections.abc import Iterator
from math import comb
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import npc as framework
from npc.testing.runs import shuffled
from npc.testing.statistics import wilson
from tests.backends.hostile_server import hostile_server

ROOM = """\
dialogue: tavern
character: keeper
conversations:
  - name: a room
    AT_LEAST
    steps:
      - say: Have you got a room?
        expect: {response: offer_room}
  - name: a price
    steps: [{heard: {ask_price: {}}, expect: {response: price_list}}]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with hostile_server() as url:
        yield url


@pytest.fixture
def live(npc, tavern: Path, server):
    """Run the seeds against models of the server, in so many words; `rule` stands in the conversation."""

    def run(*models: str, options: str = "", rule: str = ""):
        file = tavern / "seeds" / "first.dialogue.yaml"
        file.write_text(ROOM.replace("    AT_LEAST\n", f"    {rule}\n" if rule else ""))
        backends = [part for model in models for part in ("--backend", model.replace("@", f"@{server}"))]
        return npc("test", "tavern", *backends, "--live", *options.split())

    return run


@pytest.mark.parametrize(
    ("passed", "total", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962), (0, 0, 0, 1)],
)
def test_the_interval_is_wilsons(passed: int, total: int, low: float, high: float) -> None:
    """Known values of the Wilson score interval at 95 %; all of it where nothing was tried."""
    assert wilson(passed, total) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 200), st.data())
def test_the_interval_holds_what_was_seen(total: int, data: st.DataObject) -> None:
    """The share seen lies in the interval, the interval in 0 to 1, and more of the same makes it narrower."""
    passed = data.draw(st.integers(0, total))
    low, high = wilson(passed, total)
    assert 0 <= low <= passed / total <= high <= 1
    four = wilson(4 * passed, 4 * total)
    assert four[1] - four[0] < high - low


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
def test_the_interval_covers_the_truth_as_often_as_it_says(share: float) -> None:
    """Over all that could be seen of 40 attempts at a known rate, it holds that rate in about 95 of 100 cases."""
    chances = [comb(40, k) * share**k * (1 - share) ** (40 - k) for k in range(41)]
    covered = sum(chance for k, chance in enumerate(chances) if wilson(k, 40)[0] <= share <= wilson(k, 40)[1])
    assert 0.92 < covered < 0.98


def test_epochs_tell_the_rate(live) -> None:
    """A model that fails every third time is told with its rate and interval; without a rule, all must pass."""
    done = live("openai:wavers@", options="--epochs 9")
    assert done.returncode == 1
    line = next(line for line in done.stdout.splitlines() if line.startswith("FAILED"))
    assert line.endswith(": 6 of 9 passed; 35 % to 88 % with 95 % confidence")
    assert "expected response offer_room" in done.stdout
    assert "1 passed, 1 failed" in done.stdout
    assert "logic: 1 conversation, 1 step" in done.stdout  # where the result is exact, once is enough


@pytest.mark.parametrize(
    ("options", "rule", "status"),
    [
        ("--epochs 9 --at-least 6", "", 0),
        ("--epochs 9 --at-least 7", "", 1),
        ("", "at_least: {passes: 6, of: 9}", 0),
        ("", "at_least: {passes: 7, of: 9}", 1),
        ("--epochs 3", "at_least: {passes: 6, of: 9}", 0),
        ("--epochs 3", "at_least: {passes: 7, of: 9}", 1),
        ("--epochs 9 --at-least 9", "at_least: {passes: 6, of: 9}", 0),
    ],
)
def test_enough_is_a_rule(live, options: str, rule: str, status: int) -> None:
    """`--at-least K` of the epochs, or the conversation's own `at_least`, in proportion to the epochs that are run."""
    done = live("openai:wavers@", options=options, rule=rule)
    assert done.returncode == status, done.stdout


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("at_least: {passes: 6, of: 5}", "`passes` is more than `of`"),
        ("at_least: 4 of 5", "`at_least` is the text '4 of 5', where a mapping is expected"),
        ("at_least: {passes: 0, of: 5}", "greater than or equal to 1"),
    ],
)
def test_a_rule_that_cannot_be_is_told(live, rule: str, told: str) -> None:
    """With its place in the file."""
    done = live("openai:wavers@", rule=rule)
    assert done.returncode == 1
    assert told in done.stderr
    assert "first.dialogue.yaml:5:" in done.stderr


def test_at_least_needs_as_many_epochs(live) -> None:
    """Asking for more passes than there are attempts is wrong use."""
    done = live("openai:wavers@", options="--epochs 3 --at-least 4")
    assert done.returncode == 2
    assert "--at-least 4 can never be of --epochs 3" in done.stderr


def test_backends_are_compared(live, tmp_path: Path) -> None:
    """A matrix of conversations and backends, with each one's verdicts, tokens and latency."""
    options = "--epochs 3 --junit out.xml --at-least 2"
    done = live("openai:listens@", "openai:wavers@", "embedded", options=options)
    assert done.returncode == 0, done.stdout
    assert "the backends differ in 1 of 1 conversation:" in done.stdout
    assert "/v1 3/3, openai:wavers@" in done.stdout
    assert "/v1 2/3, embedded 1/1" in done.stdout
    assert "300 tokens in, 30 out; a call took " in done.stdout
    report = json.loads(live("openai:listens@", "openai:wavers@", "embedded", options=options + " --json").stdout)
    listens, wavers, embedded = report["backends"]
    assert (listens["passed"], listens["runs"], listens["calls"]) == (3, 3, 3)
    assert listens["tokens"] == {"input": 300, "output": 30, "cached": 0}
    assert 0 < listens["seconds"]["p50"] <= listens["seconds"]["p95"]
    assert sum(listens["verdicts"].values()) == 3
    assert set(listens["verdicts"]) <= {"accepted", "overruled", "repaired", "fallback"}
    assert (wavers["passed"], wavers["runs"]) == (2, 3)
    assert (embedded["passed"], embedded["runs"], embedded["layer"]) == (1, 1, "understanding")
    attempts = {one["backend"]: one["attempts"] for one in report["files"][0]["conversations"]}
    [name] = [name for name in attempts if name and "wavers" in name]
    assert (attempts[name]["passed"], attempts[name]["total"], attempts[name]["needed"]) == (2, 3, 2)
    cases = [case.get("classname") for case in ElementTree.parse(tmp_path / "out.xml").iter("testcase")]
    assert len(cases) == len(set(cases)) == 4


def test_the_verdict_mix_tells_what_became_of_replies(live) -> None:
    """Replies that could not be used count as fallbacks, with their reason."""
    done = live("openai:invents@", options="--epochs 2")
    assert "verdicts: fallback 100 % (2 × unknown-response)" in done.stdout


def test_a_bias_of_place_shows_when_the_order_changes(live) -> None:
    """A model that always picks the first line of the list is found out; one that goes by the line itself is not."""
    done = live("openai:picks-first@", "openai:listens@", options="--orders 30 --json")
    assert done.returncode == 0
    first, listens = json.loads(done.stdout)["orders"]
    assert (first["picks"], first["found"]["first"], first["leaning"]) == (30, 30, ["first"])
    assert first["expected"] == pytest.approx({"first": 30 * 3 / 7, "middle": 30 * 2 / 7, "last": 30 * 2 / 7})
    assert (listens["runs"], listens["leaning"]) == (30, [])
    assert "it leans to the first" in live("openai:picks-first@", options="--orders 30").stdout


def test_another_order_is_the_same_cast(tavern: Path) -> None:
    """Listed in another order, a cast allows the same and comes out the same; the same number gives the same order."""
    cast = framework.load(tavern)
    other = shuffled(cast, 1)
    asked, turned = (
        framework.Session(one, framework.scripted()).preview_request("keeper", "A room?") for one in (cast, other)
    )
    assert set(asked.allowed) == set(turned.allowed)
    assert asked.allowed != turned.allowed
    assert list(asked.intents) != list(turned.intents)
    assert list(shuffled(cast, 1).character("keeper").declaration.responses) == list(
        other.character("keeper").declaration.responses
    )


def test_epochs_are_recorded_apart(npc, tavern: Path, server) -> None:
    """Each epoch has its own recording, and comes again as it was."""
    file = tavern / "seeds" / "first.dialogue.yaml"
    file.write_text(ROOM.replace("    AT_LEAST\n", ""))
    spec = ("--backend", f"openai:wavers@{server}", "--epochs", "3", "--at-least", "2")
    assert npc("test", "tavern", *spec, "--record", "once").returncode == 0
    assert len(list((tavern / "seeds" / "recordings" / "openai-wavers").iterdir())) == 3
    done = npc("test", "tavern", "--backend", "openai:wavers", "--epochs", "3", "--at-least", "2")
    assert done.returncode == 0, done.stdout
    assert "2 of 3 passed" in done.stdout
    assert npc("test", "tavern", "--backend", "openai:wavers", "--epochs", "4").returncode == 1
