"""Loading a cast: what its files come to, and that all findings over all files come at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from npc.catalog import load_catalog, read_catalog
from npc.catalog.model import Catalog, Table
from npc.catalog.types import BagType, BoolType, IntType, ItemType, OneOfType, SetType, Text, TextType
from npc.diagnostics import Severity
from npc.errors import CatalogError
from tests.catalog.cast_folders import CHECKOUT, GOOD, lay_out, warden, write


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
  asked: {text: Thirty-one years., answers: [how long, since when], mood: sly}
"""
    responses = load(tmp_path, warden=warden(body)).characters["warden"].responses
    assert responses["two"].texts == ("One", "{{Two}} {x}")
    assert responses["two"].placeholders == ("x",)
    full = responses["full"]
    assert full.tags == {"rumour", "news"}
    assert full.presentation == {"mood": "sly", "pause": 3, "loud": True}
    assert (full.answers, responses["asked"].answers) == ((), ("how long", "since when"))
    assert responses["asked"].presentation == {"mood": "sly"}
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


def test_loading_imports_nothing_heavy_before_it_is_asked() -> None:
    """Importing the package's types and entry points imports neither the models nor YAML."""
    code = "import sys, npc.catalog, npc.catalog.model; print({'npc.catalog.shapes', 'yaml'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_good_fixture_is_small() -> None:
    """The good cast stands in two files: what the fixtures change is all there is to see."""
    assert sorted(path.name for path in GOOD.iterdir()) == ["warden.yaml", "world.yaml"]


@pytest.mark.parametrize(
    ("fact", "hint"),
    [
        ("{type: set, of: [ale, fish, lute], initial: [ale, lutes]}", "did you mean `lute`?"),
        ("{one_of: [ale, fish, lute], initial: lutes}", "did you mean `lute`?"),
        ("{type: bag, initial: {rope: 1, lanterns: 1}}", "did you mean `lantern`?"),
        ("{type: bag, initial: {rope: -1}}", "change it, or the type's bounds"),
        ("{type: int, max: 3, initial: 4}", "change it, or the type's bounds"),
    ],
)
def test_a_misspelt_initial_name_is_put_right(fact: str, hint: str, tmp_path: Path) -> None:
    """The first name of an initial value that its type does not know is answered with the nearest one."""
    [found] = read_catalog(write(tmp_path, warden=warden(f"facts: {{warden.sold: {fact}}}\n")))[1]
    assert (found.code, found.hint) == ("C306", hint)


@pytest.mark.parametrize(
    ("responses", "hint"),
    [
        ("{hello: Hi., shrug: Hm., bye: Bye.}", "add `otherwise: shrug`"),
        ("{hello: Hi., bye: Bye., price: '{n} gold', sly: {text: Oh., when: 'True'}}", "add `otherwise: bye`"),
        ("{price: ['{n} gold', n], sly: {text: 'Oh {x}.'}}", "add `otherwise: ID`, with"),
        ("[]", "add `otherwise: ID`, with"),
    ],
)
def test_a_missing_otherwise_is_answered_with_a_response(responses: str, hint: str, tmp_path: Path) -> None:
    """What can be said in every state is proposed: a response named shrug, else the last one that will do."""
    text = f'character: warden\nlogic: return say("hello")\nresponses: {responses}\n'
    found = [one for one in read_catalog(write(tmp_path, warden=text))[1] if one.code == "C202"]
    assert hint in (found[0].hint or "")


def test_code_that_yaml_reads_as_keys_is_told_how_to_become_a_block(tmp_path: Path) -> None:
    """Code without its `|` that happens to be well-formed YAML is answered with the `|`."""
    text = warden('logic:\n  if event == "approach":\n    return say("shrug")\n')
    [found] = read_catalog(write(tmp_path, warden=text))[1]
    assert found.code == "C203"
    assert "write `logic: |`" in (found.hint or "")
