"""`npc graph --states`: the states of a cast, drawn in layers, in every format."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import combinations
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest

import npc as package
from npc.drawing import Edge, Graph, Node, Section
from npc.drawing.layers import laid_out
from npc.drawing.page import page_of
from npc.drawing.state_graph import states_of
from npc.drawing.svg import svg_of
from npc.drawing.text_formats import dot_of, mermaid_of
from npc.exploration.preparing import prepare
from npc.exploration.states import Painter
from tests.browser import BROWSER, needs_browser
from tests.cli.conftest import Npc

CHECKOUT = Path(__file__).resolve().parents[2]
PLANTED = CHECKOUT / "tests" / "exploration" / "planted"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The states of a quest that can be locked out."""
    cast = package.load(PLANTED / "lockable_quest" / "bug")
    painter = Painter(cast, prepare(cast))
    return states_of("The abbey", [painter.states(["relic.holder", "nan.trust", "abbey.saved"])])


def test_a_locked_goal_stands_out(graph: Graph) -> None:
    """The start, states in which a goal holds, and states from which it is out of reach, are of a kind of their own."""
    kinds = {node.kind for node in graph.nodes}
    assert kinds == {"start", "state", "goal", "trouble"}
    [start] = [node for node in graph.nodes if node.kind == "start"]
    assert (start.row, start.lines[0]) == (0, "relic.holder = player")
    assert all("✓ abbey.saved" in node.lines for node in graph.nodes if node.kind == "goal")
    assert all("✗ abbey.saved is out of reach" in node.lines for node in graph.nodes if node.kind == "trouble")


def test_every_format_shows_states_and_turns(graph: Graph) -> None:
    """SVG, Mermaid and DOT hold every state and every arrow, and say what is heard and said along it."""
    root = ElementTree.fromstring(svg_of(graph))
    assert {group.get("id") for group in root.iter(f"{SVG}g")} == {node.id for node in graph.nodes}
    arrows = [path for path in root.iter(f"{SVG}path") if path.get("data-from")]
    assert [(path.get("data-from"), path.get("data-to")) for path in arrows] == [(e.start, e.end) for e in graph.edges]
    labels = [text for text in root.iter(f"{SVG}text") if text.get("class") == "label"]
    assert len(labels) == len(graph.edges)
    assert any("nan: chat → gossip" in "".join(text.itertext()) for text in labels)
    assert mermaid_of(graph).count(" -->") == dot_of(graph).count(" -> ") == len(graph.edges)
    assert "chat → gossip" in mermaid_of(graph)
    assert "chat → gossip" in dot_of(graph)


def random_layers(seed: int) -> Section:
    """Nodes in rows, with arrows down by one row, within rows and up by any number."""
    random = Random(seed)
    nodes = [
        Node(f"n{row}_{column}", "state", ("a fact = some value",) * random.randint(1, 3), row, column)
        for row in range(random.randint(1, 5))
        for column in range(random.randint(1, 5))
    ]
    edges = [
        Edge(one.id, other.id, "said → heard")
        for one in nodes
        for other in nodes
        if one is not other and other.row <= one.row + 1 and random.random() < 0.4
    ]
    return Section("any", tuple(nodes), tuple(edges), "layers")


@pytest.mark.parametrize("seed", range(25))
def test_boxes_and_labels_do_not_cover_one_another(seed: int) -> None:
    """Whatever is joined to what, no two boxes overlap, labels in a row are apart or at different heights, and
    nothing stands left of the margin."""
    section = random_layers(seed)
    sizes = {node.id: (90.0 + 20 * node.column, 20.0 * len(node.lines)) for node in section.nodes}
    layout = laid_out(section, sizes, [(80.0, 14.0)] * len(section.edges), 24, 40, 30)
    slots = [slot for slot in layout.slots.values() if slot.height]
    for one, other in combinations(slots, 2):
        beside = abs(one.x - other.x) >= (one.width + other.width) / 2
        assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
    assert min(slot.x - slot.width / 2 for slot in slots) >= 24 - 1e-6
    assert max(slot.y + slot.height for slot in slots) <= layout.bottom + 1e-6
    ElementTree.fromstring(svg_of(Graph("any", (section,))))


@needs_browser
def test_a_browser_shows_the_arrows_of_a_state(graph: Graph, tmp_path: Path) -> None:
    """Opened in a real browser, words at arrows are found, too; and where the pointer comes to a state, its arrows
    and no others stand out."""
    [start] = [node for node in graph.nodes if node.kind == "start"]
    pointer = f"document.getElementById('{start.id}').dispatchEvent(new PointerEvent('pointerenter'))"
    page = tmp_path / "abbey.html"
    page.write_text(page_of(graph).replace("</body>", f"<script>{pointer}</script></body>"), encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run(
        [*command, "--dump-dom", f"{page.as_uri()}#gossip"], capture_output=True, text=True, timeout=90, check=True
    )
    found = [edge for edge in graph.edges if "gossip" in edge.detail]
    assert f"1 of {len(found)}" in done.stdout
    hot = re.findall(r'<path class="[^"]*\bhot\b[^"]*" data-from="(\w+)" data-to="(\w+)"', done.stdout)
    assert sorted(hot) == sorted((e.start, e.end) for e in graph.edges if start.id in (e.start, e.end))
    assert 0 < len(hot) < len(graph.edges)


@pytest.fixture
def abbey(tmp_path: Path) -> Path:
    shutil.copytree(PLANTED / "lockable_quest" / "bug", tmp_path / "abbey")
    return tmp_path


@pytest.mark.parametrize(("suffix", "begins"), [("html", "<!doctype"), ("svg", "<svg"), ("mmd", "flow"), ("dot", "di")])
def test_the_command_draws_states(abbey: Path, npc: Npc, suffix: str, begins: str) -> None:
    """`npc graph --states` writes a picture of the states in the format that the name says."""
    done = npc("graph", "abbey", "--states", "--out", f"abbey.{suffix}")
    assert done.returncode == 0, done.stderr
    drawn = (abbey / f"abbey.{suffix}").read_text("utf-8")
    assert drawn.startswith(begins)
    assert "nan.trust = 0" in drawn.replace("#61;", "=")


def test_facts_are_chosen_by_name_or_owner(abbey: Path, npc: Npc) -> None:
    """`--facts` shows the states of these facts alone; the beginning of names stands for all of them."""
    alone = npc("graph", "abbey", "--facts", "nan")
    assert 'subgraph s0["nan.trust"]' in alone.stdout
    both = npc("graph", "abbey", "--facts", "nan.trust,relic.holder")
    assert 'subgraph s0["nan.trust, relic.holder"]' in both.stdout


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("nan.turst", "no fact of the cast is named so; did you mean `nan.trust`?"),
        ("player.gold", "it belongs to the game, which may change it at any time"),
        ("player.met", "no turn that changes it is followed by one that depends on it; choose among relic.holder"),
    ],
)
def test_facts_that_make_no_states_are_refused(abbey: Path, npc: Npc, facts: str, message: str) -> None:
    """A misspelt fact, one of the game's and one that decides nothing end with status 2, and say what can be chosen."""
    world = (abbey / "abbey" / "world.yaml").read_text("utf-8")
    more = "  player.gold: {type: int, min: 0, max: 9, initial: 1, owner: game}\n"
    more += "  player.met: {type: bool, initial: false}\n"
    (abbey / "abbey" / "world.yaml").write_text(world.replace("facts:\n", f"facts:\n{more}"), encoding="utf-8")
    done = npc("graph", "abbey", "--facts", facts)
    assert done.returncode == 2
    assert message in done.stderr


def test_too_many_states_are_refused_with_what_to_do(tmp_path: Path, npc: Npc) -> None:
    """A picture that nobody could read is not drawn: the message says how large it would be."""
    shutil.copytree(CHECKOUT / "catalogs", tmp_path / "catalogs")
    done = npc("graph", "keep", "--facts", "pedlar.rapport,warden.trust,warden.cats_fed,pedlar.told_bell")
    assert done.returncode == 2
    assert "and 150 states and 600 turns can be drawn at most; choose fewer" in done.stderr


def test_coverage_and_states_do_not_go_together(abbey: Path, npc: Npc) -> None:
    """`--coverage` colours decisions; asked for with states it is wrong use."""
    done = npc("graph", "abbey", "--states", "--coverage", "run.json")
    assert done.returncode == 2
    assert "--coverage colours decisions" in done.stderr
