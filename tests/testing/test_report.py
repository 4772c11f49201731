"""The report: a page that needs nothing else, and the same as JSON; opened in a real browser."""

import json
import re
from pathlib import Path

import pytest

from tests.browser import Browser, browser, needs_browser

SEEDS = """\
dialogue: tavern
character: keeper
conversations:
  - name: a room <script>window.hacked = 1</script>
    steps:
      - event: approach
      - say: Have you got a room?
        expect: {response: offer_room}
      - heard: {yes: {}}
        expect: {response: too_poor, effects: []}
  - name: a stew
    steps: [{say: "A bowl of stew, please", expect: {response: serve_stew}}]
  - name: no stew at all
    xfail: nobody has written it
    steps: [{heard: {ask_food: {}}, expect: {response: pot_empty}}]
  - name: a price
    steps: [{heard: {ask_price: {}}, expect: {response: price_list}}]
"""


@pytest.fixture
def report(npc, tavern: Path, tmp_path: Path) -> Path:
    """The report of a run with one failure, with its mutants."""
    (tavern / "seeds" / "first.dialogue.yaml").write_text(SEEDS)
    done = npc("test", "tavern", "--report", "out.html", "--mutate", "-q")
    assert done.returncode == 1
    assert "wrote out.html and out.json" in done.stdout
    return tmp_path / "out.html"


@pytest.fixture
def page(report: Path, tmp_path: Path):
    """The report, opened."""
    with browser(tmp_path / "profile") as opened:
        opened.open(report)
        yield opened
        assert opened.complaints == []


def test_the_json_holds_all_that_the_page_shows(report: Path) -> None:
    """Results, transcripts of failures, coverage with the pseudocode, and mutants are there for programs."""
    data = json.loads(report.with_suffix(".json").read_text("utf-8"))
    assert (data["passed"], data["failed"], data["known_to_fail"]) == (2, 1, 1)
    [failed] = [one for one in data["files"][0]["conversations"] if one["outcome"] == "failed"]
    turns = failed["failure"]["turns"]
    assert [turn["response"] for turn in turns] == ["welcome", "offer_room", "hand_key"]
    assert turns[1]["utterance"] == "Have you got a room?"
    assert turns[2]["effects"] == ["pay(6)", 'give("room_key")']
    assert 'return say("hand_key")' in turns[2]["trace"]
    [keeper] = data["coverage"][0]["characters"]
    lines = {line["text"].strip(): line for line in keeper["lines"]}
    assert lines["if heard.ask_room:"]["state"] == "partly"  # true in the conversation that fails only
    assert lines['return say("hand_key")']["state"] == "failed"
    assert lines['return say("pot_empty")']["state"] == "missed"
    assert lines['return say("serve_stew", left=player.gold)']["state"] == "taken"
    reached = [way["reached_by"] for way in lines["if keeper.bowls == 0:"]["ways"] if way["way"]]
    assert reached == ["keeper.bowls = 0; keeper hears ask_food"]
    assert data["mutants"][0]["survivors"][0]["diff"]


def test_the_page_loads_nothing(report: Path) -> None:
    """No address stands in it, and its policy forbids to load anything."""
    text = report.read_text("utf-8")
    assert not re.findall(r"""(?:https?:)?//[a-z]|\bsrc=|<link|@import|url\(""", text)
    assert "default-src 'none'" in text


def test_what_people_wrote_is_shown_and_never_run(report: Path) -> None:
    """A name with markup in it is text."""
    text = report.read_text("utf-8")
    assert "<script>window.hacked" not in text
    assert text.count("<script>") == 1


def test_a_run_without_findings_is_a_page_too(npc, tavern, tmp_path) -> None:
    """Nothing failed, nothing mutated."""
    assert npc("test", "tavern", "--report", "fine.html").returncode == 0
    text = (tmp_path / "fine.html").read_text("utf-8")
    assert '<p class="fine">None.</p>' in text
    assert 'id="mutants"' not in text


def test_another_ending_is_wrong_use(npc, tavern) -> None:
    """A report is a page."""
    done = npc("test", "tavern", "--report", "out.pdf")
    assert done.returncode == 2
    assert "name a page, such as out.html" in done.stderr


@needs_browser
def test_the_browser_shows_the_failure_as_a_chat(page: Browser) -> None:
    """The page asks for nothing but itself; what was said stands in bubbles, the wrong step with its problems."""
    assert len(page.asked) == 1
    assert page.asked[0].endswith("/out.html")
    assert page.run("window.hacked") is None
    assert page.run("document.title") == "npc test: 1 failed, 2 passed"
    assert page.run("document.querySelector('.failure h3').innerText") == "a room <script>window.hacked = 1</script>"
    said = "[...document.querySelectorAll('.failure .npc')].map(one => one.lastChild.textContent)"
    assert page.run(said)[2] == "Here is the key. Second door. The bed squeaks, but only when you move."
    assert page.run("[...document.querySelectorAll('.player')].map(one => one.innerText)") == ["Have you got a room?"]
    assert page.run("document.querySelectorAll('.failure .wrong').length") == 1
    problems = page.run("document.querySelector('.wrong .problems').innerText")
    assert "expected response too_poor, got hand_key" in problems
    hidden = "document.querySelector('.wrong details pre').checkVisibility()"
    assert page.run(hidden) is False
    page.click(".wrong details summary")
    assert page.run(hidden) is True
    assert 'return say("hand_key")' in page.run("document.querySelector('.wrong details pre').innerText")


@needs_browser
def test_the_browser_filters_the_matrix(page: Browser) -> None:
    """Typing leaves the conversations with these letters; the box leaves what failed."""
    visible = "[...document.querySelectorAll('.matrix .row')].filter(one => one.checkVisibility()).length"
    assert page.run(visible) == 4
    page.type_into("#filter", "STEW")
    assert page.run(visible) == 2
    assert page.run("document.getElementById('shown').innerText") == "2 of 4"
    page.run("document.getElementById('filter').value = ''")
    page.click("#notable")
    assert page.run(visible) == 1
    cells = "[...document.querySelectorAll('.matrix .row td:not(:first-child)')].map(one => one.className)"
    assert sorted(page.run(cells)) == ["failed", "none", "none", "none", "none", "passed", "passed", "xfailed"]


@needs_browser
def test_the_browser_draws_coverage_and_mutants(page: Browser) -> None:
    """Every line of the pseudocode is there, in the colour of what was taken; survivors are diffs."""
    text = "[...document.querySelectorAll('.code pre')].map(one => one.innerText).join('\\n')"
    assert "def sell_stew():" in page.run(text)
    colour = (
        "line => getComputedStyle([...document.querySelectorAll('.code tr')]"
        ".find(one => one.innerText.includes(line)).lastElementChild).backgroundColor"
    )
    lines = ('say("hand_key")', 'say("pot_empty")', 'say("serve_stew"', "if heard.ask_room")
    colours = [page.run(f"({colour})({json.dumps(line)})") for line in lines]
    assert len(set(colours)) == 4
    assert "reached by: keeper.bowls = 0; keeper hears ask_food" in page.run("document.body.innerText")
    assert page.run("document.querySelectorAll('.mutant .minus').length") > 0


@needs_browser
@pytest.mark.parametrize("width", [390, 768, 1600])
def test_the_page_fits_every_width(page: Browser, report: Path, width: int) -> None:
    """On a telephone as on a wide screen nothing sticks out to the side; wide tables move within themselves."""
    page.open(report, width=width)
    assert page.run("document.documentElement.scrollWidth") <= width
