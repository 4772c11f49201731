"""`npc test`: conversations that come out as they must, and what is said when they do not."""

import json
from xml.etree import ElementTree

import pytest


@pytest.fixture
def dialogue(tavern):
    """Write a dialogue of one conversation with these steps, beside the cast."""

    def write(steps: str, start: str = "{}") -> str:
        file = tavern / "seeds" / "first.dialogue.yaml"
        indented = "".join(f"      {line}\n" for line in steps.splitlines())
        head = f"dialogue: tavern\ncharacter: keeper\nconversations:\n  - name: a try\n    start: {start}\n    steps:\n"
        file.write_text(head + indented)
        return str(file)

    return write


def test_conversations_that_come_out_right_pass(npc, tavern):
    """Each conversation is named; the last line counts them."""
    done = npc("test", "tavern")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "ok      tavern/seeds/first.dialogue.yaml: a room is sold once",
        "ok      tavern/seeds/first.dialogue.yaml: nobody eats for nothing",
        "understanding: 1 conversation, 4 steps",
        "logic: 1 conversation, 1 step",
        "2 passed",
    ]


@pytest.mark.parametrize(
    ("expectation", "problem"),
    [
        ("response: offer_room", "expected response offer_room, got serve_stew"),
        ("response: [offer_room, goodbye]", "expected response offer_room or goodbye, got serve_stew"),
        ("effects: []", 'expected effects none, got pay(2), give("stew")'),
        ("effects: ['pay(3)']", 'expected effects pay(3), got pay(2), give("stew")'),
        ("facts: {player.gold: 10}", "expected player.gold to be 10, and it is 8"),
        ("facts: {player.items: {}}", "expected player.items to be nothing, and it is {'stew': 1}"),
        ("heard: [ask_room]", "expected to hear ask_room, heard ask_food"),
        ("not_allowed: [serve_stew, no_room]", "expected not to be allowed here, but is: serve_stew"),
        ("verdict: fallback", "expected verdict fallback, got accepted"),
    ],
)
def test_a_difference_is_told(npc, dialogue, expectation, problem):
    """A step that comes out otherwise shows its place, what it does, the difference, and why it came out so."""
    dialogue(f"- heard: {{ask_food: {{}}}}\n  expect: {{{expectation}}}")
    done = npc("test", "tavern")
    assert done.returncode == 1
    assert "FAILED  tavern/seeds/first.dialogue.yaml: a try" in done.stdout
    assert "first.dialogue.yaml:7:9: step 1: keeper hears ask_food" in done.stdout
    assert problem in done.stdout
    assert 'return say("serve_stew", left=player.gold)' in done.stdout
    assert done.stdout.endswith("0 passed, 1 failed\n")


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("- heard: {ask_food: {}}\n  expect: {not_allowed: [noroom]}", "no response `noroom`: did you mean `no_room`?"),
        ("- heard: {ask_food: {}}\n  expect: {heard: [ask_fod]}", "no intent `ask_fod`: did you mean `ask_food`?"),
        (
            "- heard: {ask_food: {}}\n  expect: {facts: {player.glod: 1}}",
            "no fact `player.glod`: did you mean `player.gold`?",
        ),
        ("- heard: {ask_food: {}}\n  expect: {facts: {player.gold: 5000}}", "player.gold can never be that"),
        ("- heard: {ask_fod: {}}\n  expect: {response: shrug}", "has no intent `ask_fod`: did you mean `ask_food`?"),
        ("- event: aproach\n  expect: {response: welcome}", "no event `aproach`: did you mean `approach`?"),
        ("- say: hello\n  character: kepeer\n  expect: {response: welcome}", "did you mean `keeper`?"),
        ("- say: hello", "nothing is expected of any step"),
    ],
)
def test_a_malformed_test_fails(npc, dialogue, steps, problem):
    """A name that is not there, or a test that tests nothing, is a failure and never a pass."""
    dialogue(steps)
    done = npc("test", "tavern")
    assert done.returncode == 1
    assert problem in done.stdout


def test_a_start_that_cannot_be_fails(npc, dialogue):
    """A start value that does not fit its fact is a failure of the conversation."""
    dialogue("- say: hello\n  expect: {response: welcome}", start="{player.gold: -1}")
    done = npc("test", "tavern")
    assert done.returncode == 1
    assert "it cannot start: player.gold: -1 is not int from 0 to 999" in done.stdout


def test_a_damaged_file_shows_its_findings(npc, dialogue):
    """A file that is not a dialogue is reported like any other file of a writer's."""
    dialogue("- sya: hello")
    done = npc("test", "tavern")
    assert done.returncode == 1
    assert "first.dialogue.yaml:7:" in done.stderr


def test_heard_steps_need_no_backend(npc, dialogue):
    """A file without words to understand runs even where the backend cannot be had."""
    dialogue("- heard: {}\n  expect: {response: shrug}\n- event: approach\n  expect: {response: welcome}")
    assert npc("test", "tavern", "--backend", "scripted:none.json").returncode == 0
    dialogue("- say: hello\n  expect: {response: welcome}")
    assert npc("test", "tavern", "--backend", "scripted:none.json").returncode == 2


def test_json_holds_every_result(npc, dialogue):
    """--json prints one object with what passed and what failed, and why."""
    dialogue("- heard: {ask_food: {}}\n  expect: {effects: []}")
    done = npc("test", "tavern", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["passed"], report["failed"]) == (0, 1)
    [conversation] = report["files"][0]["conversations"]
    assert conversation["failure"]["problems"] == ['expected effects none, got pay(2), give("stew")']
    assert conversation["failure"]["line"] == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tavern/world.yaml"], "tavern/world.yaml is not a dialogue"),
        (["nowhere"], "there is no file or folder nowhere; name dialogue files"),
        (["empty"], "empty holds no dialogue"),
    ],
)
def test_nothing_to_run_is_wrong_use(npc, tavern, tmp_path, arguments, said):
    """Finding no dialogue is wrong use, never a pass."""
    (tmp_path / "empty").mkdir()
    done = npc("test", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("parent", [".", "catalogs"])
def test_the_dialogues_of_all_casts_here_are_found(npc, tavern, tmp_path, parent):
    """Without arguments, `seeds/` and the seeds folder of each cast here or under catalogs/ are run."""
    (tmp_path / "seeds" / "inn").mkdir(parents=True)
    (tmp_path / parent).mkdir(exist_ok=True)
    tavern.rename(tmp_path / parent / "inn")
    first = tmp_path / parent / "inn" / "seeds" / "first.dialogue.yaml"
    first.write_text(first.read_text().replace("dialogue: tavern", "dialogue: inn"))
    (tmp_path / "seeds" / "inn" / "second.dialogue.yaml").write_text(first.read_text())
    done = npc("test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_no_dialogue_anywhere_is_wrong_use(npc):
    """Without arguments and without dialogues, it is said where they were looked for."""
    done = npc("test")
    assert done.returncode == 2
    assert done.stderr == (
        "npc: no dialogue was found: *.dialogue.yaml files are looked for in seeds/ and in each cast's own seeds/; "
        "name files or folders to look elsewhere\n"
    )


def test_a_dialogue_without_its_cast_is_wrong_use(npc, tmp_path):
    """A dialogue whose cast is nowhere above it says where it was looked for."""
    (tmp_path / "lost.dialogue.yaml").write_text(
        "dialogue: atlantis\nconversations:\n  - name: lost\n    steps:\n      - {say: hello, character: nobody}\n"
    )
    done = npc("test", ".")
    assert done.returncode == 2
    assert "no cast `atlantis`" in done.stderr


def test_a_selection_runs_only_what_it_names(npc, tavern):
    """--response, --character, --cast, --tag and --name choose; what nothing has is wrong use with the nearest name."""
    for chosen in (["--response", "too_poor"], ["--name", "nobody eats"]):
        assert "1 passed" in npc("test", "tavern", *chosen).stdout
    assert "2 passed" in npc("test", "tavern", "--character", "keeper", "--cast", "tavern").stdout
    done = npc("test", "tavern", "--response", "too_por")
    assert done.returncode == 2
    assert "no conversation has the response `too_por`: did you mean `too_poor`?" in done.stderr
    assert npc("test", "tavern", "--tag", "gold").returncode == 2


def test_quiet_prints_only_what_matters(npc, tavern):
    """--quiet leaves out what passed."""
    assert "ok " not in npc("test", "tavern", "--quiet").stdout


def test_results_as_junit_xml_and_annotations(npc, dialogue, tmp_path):
    """--junit writes a file every CI reads; --format github prints an annotation at the step."""
    dialogue("- heard: {ask_food: {}}\n  expect: {effects: []}")
    done = npc("test", "tavern", "--junit", "out.xml", "--format", "github")
    assert done.returncode == 1
    place = "file=tavern/seeds/first.dialogue.yaml,line=7,col=9"
    assert f'::error {place}::a try: expected effects none, got pay(2), give("stew")\n' in done.stdout
    root = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (root.get("tests"), root.get("failures")) == ("1", "1")
    [failure] = root.iter("failure")
    assert "first.dialogue.yaml:7:9" in failure.text
    assert npc("test", "tavern", "--format", "html").returncode == 2


def test_all_broken_files_are_told_at_once(npc, tavern):
    """Files with errors are reported together, and nothing passes."""
    for name in ("a", "b"):
        (tavern / "seeds" / f"{name}.dialogue.yaml").write_text("")
    done = npc("test", "tavern")
    assert done.returncode == 1
    assert "a.dialogue.yaml:1:1" in done.stderr
    assert "b.dialogue.yaml:1:1" in done.stderr


def test_all_wrong_names_of_a_conversation_are_told_at_once(npc, tavern):
    """The start, the hearing and the expectation: each wrong name with its place and the nearest there is."""
    (tavern / "seeds" / "first.dialogue.yaml").write_text(
        "dialogue: tavern\ncharacter: keeper\nconversations:\n  - name: a\n    start: {player.glod: 3}\n    steps:\n"
        "      - {heard: {ask_fod: {}}, expect: {response: no_rom}}\n"
    )
    done = npc("test", "tavern")
    assert done.returncode == 1
    assert "first.dialogue.yaml:5:13: the start\n" in done.stdout
    for told in (
        "it cannot start: there is no fact `player.glod`: did you mean `player.gold`?",
        "first.dialogue.yaml:7:18: keeper has no intent `ask_fod`: did you mean `ask_food`?",
        "first.dialogue.yaml:7:51: there is no response `no_rom`: did you mean `no_room`?",
    ):
        assert told in done.stdout


def test_files_with_errors_are_annotated(npc, tavern):
    """--format github also tells beside their lines what is wrong with files that cannot be run at all."""
    (tavern / "seeds" / "first.dialogue.yaml").write_text("dialogue: tavern\nconversations: []\n")
    done = npc("test", "tavern", "--format", "github")
    assert done.returncode == 1
    assert "first.dialogue.yaml,line=2,col=16::C" in done.stdout.replace("\\", "/")
    assert done.stdout.startswith("::error file=tavern")
