"""Loading a cast: what its files come to, and that all findings over all files come at once."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npc.catalog import load_catalog, load_dialogue, read_catalog, yaml_reader
from npc.catalog.cast_files import read_world
from npc.catalog.model import Catalog, Table
from npc.catalog.types import BagType, BoolType, IntType, ItemType, OneOfType, SetType, Text, TextType
from npc.diagnostics import Diagnostic, Severity
from npc.errors import CatalogError
from tests.catalog.cast_folders import CHECKOUT, GOOD, lay_out, write


def warden(body: str) -> str:
    """A warden's file with some keys; what must be there and is not in them is added."""
    rest = {
        "character": "character: warden\n",
        "logic": 'logic: return say("shrug")\n',
        "responses": "responses: {shrug: Hm.}\n",
        "otherwise": "otherwise: shrug\n",
    }
    return "".join(line for key, line in rest.items() if f"\n{key}:" not in f"\n{body}") + body


def load(folder: Path, **files: str) -> Catalog:
    return load_catalog(write(folder, **files))


def findings(folder: Path, **files: str) -> list[str]:
    """Codes and places: `C201 warden.yaml:3`."""
    found = read_catalog(write(folder, **files))[1]
    return [f"{d.code} {Path(d.position.file).name}:{d.position.line}" for d in found]


def test_the_designs_example_loads() -> None:
    """The cast of the design's second section comes to what it says."""
    catalog = load_catalog(CHECKOUT / "tests/casts/design")
    items = ("royal_seal", "cell_key", "bread", "lantern")
    assert catalog.world == "design"
    assert tuple(catalog.items) == items
    assert catalog.items["cell_key"].display_name == "cell key"
    gold = catalog.facts["player.gold"]
    assert (gold.type, gold.initial, gold.game_owned) == (IntType(0, 999), 12, True)
    assert catalog.facts["player.items"].type == BagType(items)
    assert catalog.facts["player.name"].type == TextType()
    assert isinstance(catalog.facts["player.name"].initial, Text)
    assert catalog.facts["warden.has_key"].type == BoolType()
    assert catalog.effects["give"].args == {"item": ItemType(items)}
    assert catalog.effects["pay"].args == {"amount": IntType(1, None)}
    assert catalog.effects["start_duel"].args == {"foe": OneOfType(("bandit", "captain"))}
    assert catalog.effects["start_duel"].do is None
    character = catalog.characters["warden"]
    assert {"ask_key", "offer_gold", "greet", "yes", "no", "thanks"} == set(character.intents)
    amount = character.intents["offer_gold"].slots["amount"]
    assert (amount.type, amount.grounded, amount.optional) == (IntType(1, None), True, False)
    assert character.tables["prices"] == Table(
        "prices", {"bread": 2, "lantern": 15}, (), character.tables["prices"].position
    )
    price = character.responses["quote_price"]
    assert (price.placeholders, price.presentation) == (("price",), {"mood": "sly"})
    assert len(character.responses["greet"].texts) == 2
    assert character.otherwise == "shrug"
    assert catalog.diagnostics == ()
    assert set(catalog.sources) >= {character.file}


def test_items_may_have_names(tmp_path: Path) -> None:
    """An item is an id alone, an id with the name shown, or one with further names that players use."""
    items = load(tmp_path).items
    assert items["lantern"].display_name == "a lantern"
    assert (items["rope"].display_name, items["rope"].names) == ("rope", ("cord",))
    assert items["bread"].display_name == "bread"


def test_facts_have_natural_initial_values(tmp_path: Path) -> None:
    """Without `initial` a fact is false, 0, the first name, or empty."""
    facts = "  warden.{}: {}\n"
    types = {
        "a": "{type: bool}",
        "b": "{type: int}",
        "c": "{one_of: [sad, glad]}",
        "d": "{type: set, of: [x, y]}",
        "e": "{type: bag}",
        "f": "{type: text}",
    }
    body = "facts:\n" + "".join(facts.format(name, type) for name, type in types.items())
    found = load(tmp_path, warden=warden(body)).characters["warden"].facts
    assert [fact.initial for fact in found.values()] == [False, 0, "sad", frozenset(), {}, ""]
    assert found["warden.d"].type == SetType(("x", "y"))


def test_responses_in_every_form(tmp_path: Path) -> None:
    """A response is a text, a list of variants, or a mapping with condition, tags and presentation tags."""
    body = """responses:
  shrug: Hm.
  two: [One, "{{Two}} {x}"]
  full: {text: [Aye, Nay], when: player.gold > 3, tags: [rumour], tag: news, mood: sly, pause: 3, loud: true}
"""
    responses = load(tmp_path, warden=warden(body)).characters["warden"].responses
    assert responses["two"].texts == ("One", "{{Two}} {x}")
    assert responses["two"].placeholders == ("x",)
    full = responses["full"]
    assert full.tags == {"rumour", "news"}
    assert full.presentation == {"mood": "sly", "pause": 3, "loud": True}
    assert full.when is not None
    assert (full.when.text, full.when.start.line, full.when.start.column) == ("player.gold > 3", 7, 34)


def test_slots_and_arguments_in_short(tmp_path: Path) -> None:
    """`item` alone is `{type: item}`, and an int slot may do without grounding."""
    body = """intents:
  buy:
    means: The player buys something.
    examples: ["{count} {thing}"]
    slots: {thing: item, count: {type: int, max: 9, optional: true, grounded: false}, how: {one_of: [now, later]}}
"""
    slots = load(tmp_path, warden=warden(body)).characters["warden"].intents["buy"].slots
    assert slots["thing"].type == ItemType(("lantern", "rope", "bread"))
    assert (slots["count"].optional, slots["count"].grounded) == (True, False)
    assert slots["how"].type == OneOfType(("now", "later"))


def test_logic_keeps_its_place(tmp_path: Path) -> None:
    """The pseudocode's lines are found in the file where they stand."""
    body = 'logic: |\n\n    # The law.\n    return say("shrug")\n'
    text = warden(body)
    logic = load(tmp_path, warden=text).characters["warden"].logic
    line = text.split("\n").index('    return say("shrug")') + 1
    place = logic.position(3, 8)
    assert (place.line, place.column) == (line, 12)


def test_all_findings_of_all_files_come_at_once(tmp_path: Path) -> None:
    """Errors of YAML, structure and meaning, in every file, are reported together, in the order of the files."""
    found = findings(
        tmp_path,
        world="world: yard\nitems: [bread]\nfacts:\n  gold: {type: int}\n  player.gold: {type: integer}\ngaols: []\n",
        pedlar="character: pedlar\nname: [\n",
        warden=warden("use: [common.grete]\nfacts:\n  warden.x: {type: int, initial: yes}\n  player.y: {type: bool}\n"),
    )
    assert found == [
        *("C303 world.yaml:4", "C206 world.yaml:5", "C201 world.yaml:6", "C105 pedlar.yaml:2"),
        *("C314 warden.yaml:5", "C203 warden.yaml:7", "C305 warden.yaml:8"),
    ]


def test_an_error_in_the_world_hides_no_structure_of_characters(tmp_path: Path) -> None:
    """Where the world cannot be read, the characters' structure is checked all the same, and nothing is invented."""
    assert findings(tmp_path, world="world: [\n", warden=warden("personna: x\nuse: [common.greet]\n")) == [
        "C105 world.yaml:1",
        "C201 warden.yaml:5",
    ]


def test_malformed_names_count_as_declared(tmp_path: Path) -> None:
    """What is declared wrongly is reported once, not again at each mention."""
    assert findings(tmp_path, warden=warden("responses: {shrug: []}\n")) == ["C205 warden.yaml:4"]
    assert findings(
        tmp_path / "b", world="world: yard\nitems: {bread: 5}\nfacts: {p.items: {type: bag, initial: {bread: 1}}}\n"
    ) == ["C204 world.yaml:2"]


def test_errors_of_meaning_leave_a_catalog_to_check_on(tmp_path: Path) -> None:
    """With errors of meaning only, `read_catalog` gives the catalog too, so that logic can be checked with it."""
    catalog, found = read_catalog(write(tmp_path, warden=warden("otherwise: shrugs\n")))
    assert [d.code for d in found] == ["C311"]
    assert catalog is not None
    broken, found = read_catalog(write(tmp_path / "b", warden=warden("otherwise: []\n")))
    assert [d.code for d in found] == ["C203"]
    assert broken is None


def test_the_error_carries_everything(tmp_path: Path) -> None:
    """`CatalogError` shows file, line, column, code, the source line and what to do."""
    with pytest.raises(CatalogError) as caught:
        load(tmp_path, warden=warden("use: [common.grete]\n"))
    shown = str(caught.value)
    assert "warden.yaml:5:7: error[C314] there is no shared intent `common.grete`" in shown
    assert "    use: [common.grete]\n          ^" in shown
    assert "hint: did you mean `common.greet`?" in shown
    assert shown.endswith("1 error")


def test_warnings_do_not_stop_a_cast(tmp_path: Path) -> None:
    """A catalog with warnings loads, and has them."""
    catalog = load(tmp_path, warden=warden("intents: {ask: {means: The player asks.}}\n"))
    assert [(d.code, d.severity) for d in catalog.diagnostics] == [("C351", Severity.WARNING)]


def test_a_missing_folder_names_its_neighbour(tmp_path: Path) -> None:
    """Loading from a folder that is not there names the nearest cast."""
    lay_out(tmp_path)
    with pytest.raises(CatalogError, match="did you mean `yard`"):
        load_catalog(tmp_path / "yrad")
    with pytest.raises(CatalogError, match="there is no folder"):
        load_catalog(tmp_path / "yard" / "world.yaml")


def test_shared_intents_come_from_beside_the_cast(tmp_path: Path) -> None:
    """A folder `common` beside the cast supplies `use`; without one, the package's own."""
    common = tmp_path / "common"
    common.mkdir()
    (common / "own.yaml").write_text("intents: {hum: {means: The player hums., examples: [mmm]}}\n")
    assert "hum" in load(tmp_path, warden=warden("use: [common.hum]\n")).characters["warden"].intents
    assert "greet" in load(tmp_path / "b", warden=warden("use: [common.greet]\n")).characters["warden"].intents
    (common / "more.yaml").write_text("intents: {hum: {means: The player hums on., examples: [mm-hm]}}\n")
    assert [d.code for d in read_catalog(tmp_path / "yard")[1]] == ["C315"]
    (common / "more.yaml").write_text("intents: {sing: {meens: The player sings., examples: [la]}}\n")
    (tmp_path / "yard" / "warden.yaml").write_text(warden("use: [common.hum, common.sing]\n"))
    assert {d.code for d in read_catalog(tmp_path / "yard")[1]} == {"C201", "C202"}


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    """The digest changes with names and contents of what a turn depends on, and with nothing else."""
    text = warden("use: [common.hum]\n")
    common = tmp_path / "common"
    common.mkdir()
    (common / "a.yaml").write_text("intents: {hum: {means: The player hums., examples: [mmm]}}\n")
    cast = write(tmp_path, warden=text)
    first = load_catalog(cast).digest
    assert len(first) == 64
    (common / "b.yaml").write_text("intents: {sing: {means: The player sings., examples: [la]}}\n")
    (cast / "notes.txt").write_text("nothing")
    (cast / "warden.yaml").write_bytes(text.replace("\n", "\r\n").encode())
    assert load_catalog(cast).digest == first
    (common / "a.yaml").write_text("intents: {hum: {means: The player hums., examples: [hmm]}}\n")
    second = load_catalog(cast).digest
    assert second != first
    (cast / "templates").mkdir()
    (cast / "templates" / "turn.j2").write_text("{{ player_line }}")
    assert load_catalog(cast).digest not in (first, second)
    assert load_catalog(cast).templates == {"turn.j2": "{{ player_line }}"}


def test_files_are_named_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Diagnostics name files by the path the cast was loaded with."""
    write(tmp_path, warden=warden("otherwise: shrugs\n"))
    monkeypatch.chdir(tmp_path)
    assert read_catalog("yard")[1][0].position.file == "yard/warden.yaml"


def test_a_folder_where_a_file_should_be(tmp_path: Path) -> None:
    """A folder called world.yaml is a finding, not a crash."""
    cast = lay_out(tmp_path)
    (cast / "world.yaml").unlink()
    (cast / "world.yaml").mkdir()
    assert [d.code for d in read_catalog(cast)[1]] == ["C101"]


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
    catalog = load(tmp_path, warden=warden("responses:\n  shrug: Hm.\n" + lines))
    assert len(catalog.characters["warden"].responses) == 100_001
    assert events < 501_000


def test_loading_imports_nothing_heavy_before_it_is_asked() -> None:
    """Importing the package's types and entry points imports neither the models nor YAML."""
    code = "import sys, npc.catalog, npc.catalog.model; print({'npc.catalog.shapes', 'yaml'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


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


DIALOGUE = """dialogue: yard
character: warden
conversations:
  - name: a key
    start: {player.gold: 3, player.items: {bread: 2}}
    seed: 7
    steps:
      - say: hello
        expect:
          {response: greet, effects: [], facts: {player.gold: 3}, heard: [greet], not_allowed: [a], verdict: accepted}
      - event: approach
        character: pedlar
      - heard: {offer_gold: {amount: 3}, greet: {}}
        expect: {response: [a, b], effects: ['give("cell_key")']}
"""


def test_dialogue_files_load(tmp_path: Path) -> None:
    """A recorded conversation has its start, seed, steps and expectations, with places."""
    file = tmp_path / "a.dialogue.yaml"
    file.write_text(DIALOGUE)
    dialogue = load_dialogue(file)
    [conversation] = dialogue.conversations
    assert (dialogue.cast, conversation.name, conversation.seed) == ("yard", "a key", 7)
    assert conversation.start == {"player.gold": 3, "player.items": {"bread": 2}}
    said, event, heard = conversation.steps
    assert (said.character, said.say, event.character, event.event) == ("warden", "hello", "pedlar", "approach")
    assert said.expect is not None
    assert (said.expect.response, said.expect.effects, said.expect.heard) == (("greet",), (), ("greet",))
    assert heard.heard == {"offer_gold": {"amount": 3}, "greet": {}}
    assert heard.expect is not None
    assert (heard.expect.response, heard.expect.facts) == (("a", "b"), None)
    assert (heard.position.line, heard.position.column) == (13, 9)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (DIALOGUE, "", "C114"),
        ("conversations:", "conversation:", "C201"),
        ("response: greet", "respones: greet", "C201"),
        ("verdict: accepted", "verdict: acepted", "C206"),
        ("say: hello", "say: ", "C209"),
        ("say: hello", "say: 12", "C204"),
        ("character: warden\n", "", "C320"),
        (DIALOGUE[DIALOGUE.index("  - name") :], "", "C205"),
        ("seed: 7", "seed: seven", "C203"),
    ],
)
def test_malformed_dialogue_files_fail(old: str, new: str, code: str, tmp_path: Path) -> None:
    """A dialogue file with an error, or nothing in it, never passes."""
    file = tmp_path / "a.dialogue.yaml"
    file.write_text(DIALOGUE.replace(old, new))
    with pytest.raises(CatalogError) as caught:
        load_dialogue(file)
    assert code in [d.code for d in caught.value.diagnostics]


def test_a_missing_dialogue_file_is_a_finding(tmp_path: Path) -> None:
    """A dialogue file that is not there is named, with the nearest there is."""
    (tmp_path / "warden.dialogue.yaml").write_text(DIALOGUE)
    with pytest.raises(CatalogError, match=r"did you mean `warden\.dialogue\.yaml`"):
        load_dialogue(tmp_path / "wardn.dialogue.yaml")


def check_findings(found: list[Diagnostic], texts: dict[str, str]) -> None:
    for one in found:
        name = Path(one.position.file).name
        lines = texts[name].count("\n") + 1 if name in texts else 10**9
        assert 1 <= one.position.line <= lines
        one.render()
        assert dataclasses.is_dataclass(one)


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


def test_good_fixture_is_small() -> None:
    """The good cast stands in two files: what the fixtures change is all there is to see."""
    assert sorted(path.name for path in GOOD.iterdir()) == ["warden.yaml", "world.yaml"]
