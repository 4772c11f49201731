"""A graph as one HTML page that needs nothing else: search, zoom with wheel or keys, move by dragging."""

from __future__ import annotations

from html import escape

from npc.drawing.graph import Graph
from npc.drawing.svg import svg_of

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>@TITLE@</title>
<style>
  html, body { margin: 0; height: 100%; overflow: hidden; background: #fbfaf7; color: #22201c;
    font: 14px system-ui, sans-serif; }
  body { display: flex; flex-direction: column; }
  header { z-index: 1; display: flex; flex-wrap: wrap; gap: 10px; align-items: center; padding: 8px 12px;
    background: #33302a; color: #fbfaf7; }
  header h1 { font-size: 16px; margin: 0; } header input { font: inherit; padding: 3px 8px; width: 16em; }
  header button, header select { font: inherit; padding: 3px 9px; max-width: 20em; }
  header small { opacity: .8; } #canvas { flex: 1; min-height: 0; cursor: grab; touch-action: none; }
  #canvas svg { transform-origin: 0 0; }
  .focus .edge, .focus .label { opacity: .12; } .focus .edge.hot, .focus .label.hot { opacity: 1; }
</style></head><body>
<header><h1>@TITLE@</h1>
<input id="search" type="search" placeholder="search: a fact, a line, a word" aria-label="search" autofocus>
<button id="next">next</button><output id="count"></output>
<select id="section" aria-label="go to"></select>
<button id="in" aria-label="larger">+</button><button id="out" aria-label="smaller">−</button>
<button id="fit">whole</button>
<small>@LEGEND@</small></header>
<div id="canvas">@SVG@</div>
<script>
(() => {
  const canvas = document.getElementById("canvas"), svg = canvas.querySelector("svg");
  const full = { width: svg.width.baseVal.value, height: svg.height.baseVal.value };
  let scale = 1, x = 0, y = 0, hits = [], at = -1;
  const show = () => { svg.style.transform = `translate(${x}px, ${y}px) scale(${scale})`; };
  const zoom = (factor, cx, cy) => {
    const next = Math.min(4, Math.max(0.02, scale * factor));
    x = cx - (cx - x) * next / scale; y = cy - (cy - y) * next / scale; scale = next; show();
  };
  const middle = () => [canvas.clientWidth / 2, canvas.clientHeight / 2];
  const centre = (box) => {
    scale = Math.max(scale, 0.8);
    x = canvas.clientWidth / 2 - (box.x + box.width / 2) * scale;
    y = canvas.clientHeight / 2 - (box.y + box.height / 2) * scale; show();
  };
  const fit = () => {
    scale = Math.min(1, canvas.clientWidth / full.width, canvas.clientHeight / full.height); x = y = 0; show();
  };
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault(); zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
  }, { passive: false });
  let from = null;
  canvas.addEventListener("pointerdown", (e) => {
    from = [e.clientX - x, e.clientY - y]; canvas.setPointerCapture(e.pointerId);
  });
  canvas.addEventListener("pointermove", (e) => {
    if (from) { x = e.clientX - from[0]; y = e.clientY - from[1]; show(); }
  });
  canvas.addEventListener("pointerup", () => { from = null; });
  const search = document.getElementById("search"), count = document.getElementById("count");
  const nodes = [...svg.querySelectorAll("g.node, text.label[data-from]")];
  const step = () => {
    if (hits.length) { at = (at + 1) % hits.length; centre(hits[at].getBBox()); }
    count.textContent = search.value ? `${hits.length ? at + 1 : 0} of ${hits.length}` : "";
  };
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    hits = wanted ? nodes.filter((node) => node.textContent.toLowerCase().includes(wanted)) : [];
    nodes.forEach((node) => node.classList.toggle("found", hits.includes(node)));
    at = -1; step();
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") step(); });
  document.getElementById("next").onclick = step;
  document.getElementById("in").onclick = () => zoom(1.25, ...middle());
  document.getElementById("out").onclick = () => zoom(0.8, ...middle());
  document.getElementById("fit").onclick = fit;
  // Where the pointer rests on a state, the arrows to and from it stand out.
  for (const node of svg.querySelectorAll("g.node")) {
    const own = [...svg.querySelectorAll(`[data-from="${node.id}"], [data-to="${node.id}"]`)];
    const mark = (hot) => {
      svg.classList.toggle("focus", hot); own.forEach((part) => part.classList.toggle("hot", hot));
    };
    if (own.length) { node.onpointerenter = () => mark(true); node.onpointerleave = () => mark(false); }
  }
  const sections = document.getElementById("section");
  for (const heading of svg.querySelectorAll("text.heading")) {
    const option = new Option(heading.textContent); option.heading = heading; sections.add(option);
  }
  sections.onchange = () => {
    const box = sections.selectedOptions[0].heading.getBBox();
    scale = 1; x = 10 - box.x; y = 10 - box.y; show();
  };
  show();
  // A link may say what to look for: graph.html#royal_seal
  search.value = decodeURIComponent(location.hash.slice(1));
  search.dispatchEvent(new Event("input"));
})();
</script></body></html>
"""
_LEGEND = "wheel: zoom · drag: move · Enter: next match"
_LEGEND_MARKS = " · green: taken by the tests; orange: not every way; violet: only where they fail; red: never"


def page_of(graph: Graph) -> str:
    """The graph as one self-contained HTML page. It loads nothing, from the network or beside it."""
    legend = _LEGEND + (_LEGEND_MARKS if any(node.mark for node in graph.nodes) else "")
    filled = {"@TITLE@": escape(graph.title), "@LEGEND@": legend, "@SVG@": svg_of(graph)}
    page = _PAGE
    for place, text in filled.items():
        page = page.replace(place, text)
    return page
