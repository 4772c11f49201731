"""The picture of what a character decides holds all of its logic, and every format shows it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import npc
from npc.drawing import Graph, decisions_of, joined
from npc.drawing.page import page_of
from npc.drawing.svg import svg_of
from npc.drawing.text_formats import dot_of, mermaid_of
from npc.logic import nodes
from npc.logic.footprint import walk
from tests.browser import BROWSER, needs_browser

CHECKOUT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def cast() -> npc.Cast:
    return npc.load(CHECKOUT / "catalogs" / "keep")


@pytest.fixture(scope="module", params=["warden", "pedlar"])
def character(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def graph(cast, character) -> Graph:
    return decisions_of(cast, character)


def test_every_condition_and_every_return_has_its_box(cast, character, graph):
    """Each `if`, `match`, `for` and `return` of the logic and its helpers is drawn, at its line in the file."""
    tree = cast.trees.characters[character].logic
    lines = {node.line for node in walk([*tree.helpers.values(), tree.body]) if is_drawn(node)}
    assert lines <= {node.place for node in graph.nodes}


def is_drawn(node: object) -> bool:
    return isinstance(node, nodes.If | nodes.Match | nodes.For | nodes.Return)


def test_a_condition_goes_two_ways(graph):
    """From every condition that is an `if`, one arrow says yes; and one says no, unless nothing follows a helper."""
    for section in graph.sections:
        ends_open = section.title.startswith("def ")
        for node in section.nodes:
            if node.kind == "condition" and not node.lines[0].startswith(("match ", "for ")):
                labels = sorted(edge.label for edge in section.edges if edge.start == node.id)
                assert labels == ["no", "yes"] or (ends_open and labels == ["yes"]), (node, labels)


def test_arrows_join_boxes_that_are_there_and_all_but_starts_are_reached(graph):
    """Ids are unique, every arrow has both ends, and only the start of a section has none that leads to it."""
    ids = [node.id for node in graph.nodes]
    assert len(ids) == len(set(ids))
    assert all({edge.start, edge.end} <= set(ids) for edge in graph.edges)
    assert {node.id for node in graph.nodes if node.kind != "start"} <= {edge.end for edge in graph.edges}


def test_no_two_boxes_share_a_place(graph):
    """In each section every row and column holds one box at most, so that none covers another."""
    for section in graph.sections:
        places = [(node.row, node.column) for node in section.nodes]
        assert len(places) == len(set(places))


def test_the_svg_is_well_formed_and_shows_every_box(graph):
    """The SVG parses as XML, and has a rectangle with its text for each box."""
    root = ElementTree.fromstring(svg_of(graph))
    drawn = {group.get("id"): "".join(group.itertext()) for group in root.iter(f"{SVG}g")}
    assert set(drawn) == {node.id for node in graph.nodes}
    for node in graph.nodes:
        assert node.lines[0].split()[0] in drawn[node.id]


HOSTILE = '</script><script>alert("x")</script> & "quotes" \\ {braces} [b] |pipe| -->'


def test_a_writers_text_is_text_in_every_format():
    """Markup in a response or a title is shown as it is; it never becomes part of the page, SVG, Mermaid or DOT."""
    from npc.drawing import Edge, Node, Section

    boxes = (Node("a", "condition", (HOSTILE,), 0, 0), Node("b", "response", (HOSTILE,), 1, 0))
    graph = Graph(HOSTILE, (Section(HOSTILE, boxes, (Edge("a", "b", HOSTILE),)),))
    ElementTree.fromstring(svg_of(graph))
    page = page_of(graph)
    assert page.count("<script>") == page.count("</script>") == 1
    for line in mermaid_of(graph).splitlines():
        assert "<script" not in line
        assert line.count('"') in (0, 2)
    assert re.sub(r'"(?:[^"\\]|\\.)*"', "", dot_of(graph)).count('"') == 0


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz to read it: Debian's graphviz")
def test_graphviz_reads_the_dot(graph):
    """Graphviz draws the DOT text without a complaint."""
    done = subprocess.run(["dot", "-Tsvg"], input=dot_of(graph), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.count('class="node"') == len(graph.nodes)


@needs_browser
def test_a_browser_finds_what_is_searched_for(cast, tmp_path):
    """Opened in a real browser, the page marks just the boxes whose text holds the searched words."""
    graph = joined(cast.catalog.title, [decisions_of(cast, name) for name in cast.characters])
    page = tmp_path / "keep.html"
    page.write_text(page_of(graph), encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run(
        [*command, "--dump-dom", f"{page.as_uri()}#royal_seal"], capture_output=True, text=True, timeout=90, check=True
    )
    found = re.findall(r'<g class="node [^"]*\bfound\b[^"]*" id="(\w+)"', done.stdout)
    assert set(found) == {node.id for node in graph.nodes if "royal_seal" in "".join(node.lines)}
    assert f"1 of {len(found)}" in done.stdout
    assert "http://" not in page.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")


def test_the_command_writes_the_format_that_the_name_says(tmp_path):
    """`npc graph --out` writes HTML, SVG, Mermaid or DOT by the file's ending, and refuses another ending."""
    begins = {"html": "<!doctype html>", "svg": "<svg ", "mmd": "flowchart TD", "dot": 'digraph "Warden Brannoc" {'}
    for suffix, start in begins.items():
        done = graph_command("warden", "--out", str(tmp_path / f"warden.{suffix}"))
        assert done.returncode == 0, done.stderr
        assert (tmp_path / f"warden.{suffix}").read_text("utf-8").startswith(start)
    refused = graph_command("warden", "--out", str(tmp_path / "warden.png"))
    assert refused.returncode == 2
    assert "must end in .html, .svg, .mmd or .dot" in refused.stderr
    assert not (tmp_path / "warden.png").exists()


def test_a_misspelt_character_is_named(tmp_path):
    """An unknown character ends with status 2 and the nearest name."""
    done = graph_command("wardne")
    assert done.returncode == 2
    assert "did you mean `warden`?" in done.stderr


def graph_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "npc", "graph", "catalogs/keep", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
