"""Catalogs made to hurt: code in them, sheer size, and changes at random. Diagnostics come of them, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npc import diagnostics
from npc.catalog import load_catalog, read_catalog, yaml_reader
from npc.catalog.cast_files import read_world
from npc.catalog.document import MAX_FINDINGS
from npc.diagnostics import Diagnostic, Severity
from tests.catalog.cast_folders import CHECKOUT, warden, write


def test_a_hundred_thousand_responses_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalog of 100,000 responses loads, working on each value of the file once."""
    events = 0
    take = yaml_reader._Composer.take

    def counted(self: yaml_reader._Composer, event: object) -> bool:
        nonlocal events
        events += 1
        return take(self, event)

    monkeypatch.setattr(yaml_reader._Composer, "take", counted)
    lines = "".join(f'  r{n}: ["line {n}", "{{name}} again"]\n' for n in range(100_000))
    catalog = load_catalog(write(tmp_path, warden=warden("responses:\n  shrug: Hm.\n" + lines)))
    assert len(catalog.characters["warden"].responses) == 100_001
    assert events < 501_000


def test_loading_runs_no_code_of_the_catalog(tmp_path: Path) -> None:
    """Tags that would have Python build objects, and code in pseudocode and placeholders, do nothing."""
    marker = tmp_path / "marker"
    write(
        tmp_path,
        warden=warden(
            f"name: !!python/object/apply:os.system ['touch {marker}']\n"
            f"logic: __import__('os').system('touch {marker}')\n"
            'responses: {shrug: "{0.__class__.__init__.__globals__}"}\n'
        ),
    )
    assert read_catalog(tmp_path / "yard")[1]
    assert not marker.exists()


def check_findings(found: list[Diagnostic], texts: dict[str, str]) -> None:
    for one in found:
        name = Path(one.position.file).name
        lines = texts[name].count("\n") + 1 if name in texts else 10**9
        assert 1 <= one.position.line <= lines
        one.render()


WARDEN = (CHECKOUT / "tests/casts/design/warden.yaml").read_text(encoding="utf-8")
WORLD = (CHECKOUT / "tests/casts/design/world.yaml").read_text(encoding="utf-8")
PIECES = [
    "",
    "\t",
    ":",
    "- ",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "#",
    "&a ",
    "*a",
    "!x ",
    "|",
    "null",
    "{x}",
    "0",
    "\n",
    "  ",
    "é",
]


@given(data=st.data())
def test_changed_files_never_crash(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Cut a piece out of good files and put anything there: a catalog or errors come of it, never an exception."""
    texts = {"world.yaml": WORLD, "warden.yaml": WARDEN}
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(texts)))
        text = texts[name]
        start = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        texts[name] = text[:start] + data.draw(st.sampled_from(PIECES)) + text[start + cut :]
    folder = tmp_path_factory.mktemp("cast")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    catalog, found = read_catalog(folder)
    assert catalog is not None or any(d.severity is Severity.ERROR for d in found)
    check_findings(found, texts)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["item", "int", "a", "a.b", "{x}", "bag"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "facts",
                        "items",
                        "effects",
                        "args",
                        "type",
                        "one_of",
                        "initial",
                        "min",
                        "max",
                        "events",
                        "a",
                        "a.b",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_any_structure_is_a_world_or_findings(data: object) -> None:
    """Whatever values a file holds where, a world or findings come of it."""
    document = yaml_reader.read_document(b"world: yard\n", "world.yaml")
    document.data = {"world": "yard", **data} if isinstance(data, dict) else {"world": "yard", "facts": data}
    world = read_world(document)
    assert world is not None or document.diagnostics


NAMES = st.sampled_from(["ale", "fish", "lutes", "rope", "", "a b", "ale, fish"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | NAMES | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from(
        [
            {"type": "bool"},
            {"type": "int"},
            {"type": "int", "min": 2, "max": 1},
            {"one_of": ["ale", "fish"]},
            {"type": "set"},
            {"type": "set", "of": ["ale", "fish"]},
            {"type": "bag"},
            {"type": "text"},
        ]
    ),
    VALUES | st.lists(NAMES, max_size=4) | st.dictionaries(NAMES, st.integers(-2, 3), max_size=4),
)
def test_any_initial_value_fits_or_is_a_finding(declared: dict[str, object], initial: object) -> None:
    """Whatever a fact of any type is to start with, it is taken or reported, never an exception."""
    document = yaml_reader.read_document(b"world: yard\n", "world.yaml")
    document.data = {
        "world": "yard",
        "items": ["ale", "rope"],
        "facts": {"host.sold": {**declared, "initial": initial}},
    }
    world = read_world(document)
    assert document.diagnostics or (world is not None and "host.sold" in world.facts)


@pytest.mark.parametrize(
    "body",
    [
        "use: [" + "common.grete, " * 50_000 + "]\n",
        "use: [" + ", ".join(f"common.x{n}" for n in range(50_000)) + "]\n",
        "responses:\n  shrug: Hm.\n" + "".join(f"  r{n}: []\n" for n in range(50_000)),
        "responses:\n" + "".join(f"  r{n}: Hm.\n" for n in range(50_000)) + "otherwise: shrug\n",
        "intents:\n  a: {means: x, examples: [" + '"{no} x",' * 50_000 + "]}\n",
        "facts:\n" + "".join(f"  warden.f{n}: {{type: bag, initial: {{x{n}: 1}}}}\n" for n in range(1_000)),
        "".join(f"a{n}: 1\n" for n in range(50_000)),
        "".join("name: x\n" for n in range(50_000)),
        "tables:\n  t: [" + "'x'," * 50_000 + "1]\n",
        "facts:\n  warden.s: {type: set, initial: [" + "x," * 50_000 + "]}\n",
    ],
)
def test_many_mistakes_take_no_longer_than_few(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many mistakes a file has, names are compared for those that are listed only."""
    compared = 0
    compare = diagnostics.difflib.get_close_matches

    def counted(name: str, names: list[str], n: int, cutoff: float) -> list[str]:
        nonlocal compared
        compared += len(names)
        return compare(name, names, n, cutoff)

    monkeypatch.setattr(diagnostics.difflib, "get_close_matches", counted)
    world = "world: yard\nitems: [" + ", ".join(f"item{n}" for n in range(5_000)) + "]\n"
    found = read_catalog(write(tmp_path, world=world, warden=warden(body)))[1]
    assert 1 <= len(found) <= MAX_FINDINGS + 2
    assert compared <= (MAX_FINDINGS + 1) * diagnostics.MANY_NAMES
