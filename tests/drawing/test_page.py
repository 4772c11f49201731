"""The page of a graph, opened in a real browser: searching, going to a part, zooming, and nothing loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import npc as package
from npc.drawing import Graph, decisions_of, joined
from npc.drawing.page import page_of
from tests.browser import Browser, browser, needs_browser

pytestmark = needs_browser

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def graph() -> Graph:
    cast = package.load(CHECKOUT / "catalogs" / "helpdesk")
    return joined(cast.catalog.title, [decisions_of(cast, name) for name in cast.characters])


@pytest.fixture(scope="module")
def opened(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("graph")
    (folder / "desk.html").write_text(page_of(graph), encoding="utf-8")
    with browser(folder / "profile") as one:
        one.open(folder / "desk.html")
        yield one


def scale(page: Browser) -> float:
    return float(re.findall(r"scale\(([\d.]+)\)", page.run("document.querySelector('svg').style.transform"))[0])


def middle_of_hits(page: Browser) -> list[tuple[float, float]]:
    """Where the middles of the boxes that were found are seen."""
    script = """[...document.querySelectorAll('g.node.found')].map(g => g.getBoundingClientRect())
      .map(r => [r.x + r.width / 2, r.y + r.height / 2])"""
    return [(x, y) for x, y in page.run(script)]


def test_what_is_searched_for_comes_to_the_middle(opened: Browser, graph: Graph) -> None:
    """Typing marks the boxes with these words and no others, and brings the first to the middle; `next` the second."""
    wanted = "refund"
    expected = sum(wanted in " ".join(node.lines).lower() for node in graph.nodes)
    assert expected > 2
    opened.type_into("#search", wanted)
    assert opened.run("document.getElementById('count').textContent") == f"1 of {expected}"
    first = middle_of_hits(opened)
    assert len(first) == expected
    canvas = opened.run("(r => [r.x + r.width / 2, r.y + r.height / 2])(canvas.getBoundingClientRect())")
    assert min(abs(x - canvas[0]) + abs(y - canvas[1]) for x, y in first) < 3
    opened.click("#next")
    assert opened.run("document.getElementById('count').textContent") == f"2 of {expected}"
    assert middle_of_hits(opened) != first


def test_it_zooms_and_shows_the_whole(opened: Browser) -> None:
    """The buttons and the wheel make the drawing larger and smaller, and `whole` fits it into the window."""
    opened.click("#fit")
    fitted = opened.run("(r => [r.width, r.height])(document.querySelector('svg').getBoundingClientRect())")
    size = opened.run("[canvas.clientWidth, canvas.clientHeight]")
    assert fitted[0] <= size[0] + 1
    assert fitted[1] <= size[1] + 1
    whole = scale(opened)
    opened.click("#in")
    assert scale(opened) == pytest.approx(whole * 1.25, rel=1e-4)
    opened.click("#out")
    assert scale(opened) == pytest.approx(whole, rel=1e-4)
    wheel = (
        "canvas.dispatchEvent(new WheelEvent('wheel', {deltaY: -400, clientX: 300, clientY: 300, cancelable: true}))"
    )
    opened.run(wheel)
    assert scale(opened) == pytest.approx(whole * 2.71828, rel=1e-3)


def test_a_part_is_gone_to(opened: Browser, graph: Graph) -> None:
    """The list names every part of the drawing, and choosing one brings its heading into the corner."""
    titles = opened.run("[...document.querySelectorAll('#section option')].map(o => o.textContent)")
    assert titles == [section.title for section in graph.sections]
    last = len(titles) - 1
    opened.run(f"(s => {{ s.selectedIndex = {last}; s.onchange(); }})(document.getElementById('section'))")
    seen = opened.run(f"(r => [r.x, r.y])(document.querySelectorAll('text.heading')[{last}].getBoundingClientRect())")
    header = opened.run("canvas.getBoundingClientRect().y")
    assert 0 <= seen[0] < 60
    assert header <= seen[1] < header + 60


def test_nothing_is_hidden_behind_the_head(opened: Browser) -> None:
    """The drawing begins where the head of the page ends, also where a narrow window breaks it into rows."""
    opened.resize(420, 700)
    rows = opened.run(
        "[document.querySelector('header').getBoundingClientRect().bottom, canvas.getBoundingClientRect().y]"
    )
    assert rows[0] == rows[1] > 80
    opened.resize(1280, 900)


def test_it_loads_nothing_and_complains_of_nothing(opened: Browser) -> None:
    """The page asks for itself alone, and no script fails."""
    assert [address for address in opened.asked if not address.startswith("file:")] == []
    assert len(opened.asked) == 1
    assert opened.complaints == []
