"""The pytest plugin, in a pytest of its own: `pytest seeds/` just works."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
HEAD = "dialogue: keep\ncharacter: warden\nconversations:\n"
GOOD = "  - {name: a scoff, tags: [gold], steps: [{heard: {offer_gold: {amount: 2}}, expect: {response: scoff}}]}\n"
BAD = "  - {name: a gift, steps: [{heard: {offer_gold: {amount: 2}}, expect: {response: take_bribe}}]}\n"
WORDS = "  - {name: words, steps: [{say: Give me the key!, expect: {response: quote_price}}]}\n"


@pytest.fixture
def run(tmp_path: Path):
    """Write `seeds/a.dialogue.yaml` beside the keep cast and run pytest on it."""
    (tmp_path / "catalogs").symlink_to(CHECKOUT / "catalogs", target_is_directory=True)
    (tmp_path / "seeds").mkdir()

    def pytest_on(text: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        (tmp_path / "seeds" / "a.dialogue.yaml").write_text(text)
        kept = {name: value for name, value in os.environ.items() if name not in {"NPC_BACKEND", "PYTEST_ADDOPTS"}}
        environment = {**kept, "PYTHONPATH": str(CHECKOUT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        plugins = ["-p", "npc.testing.pytest_plugin", "-p", "xdist", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *plugins, "--rootdir", ".", "seeds", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert "INTERNALERROR" not in done.stdout + done.stderr
        return done

    return pytest_on


def test_the_plugin_is_registered() -> None:
    """An installed project hands its plugin to pytest by itself."""
    import tomllib

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"npc": "npc.testing.pytest_plugin"}


def test_steps_are_items(run) -> None:
    """Items are named by file, conversation and step; their tags serve `-k`."""
    done = run(HEAD + GOOD + WORDS, "-v")
    assert done.returncode == 0, done.stdout
    assert "seeds/a.dialogue.yaml::a scoff::step 1 PASSED" in done.stdout
    assert "2 passed" in done.stdout
    assert "1 passed, 1 deselected" in run(HEAD + GOOD + WORDS, "-k", "gold").stdout


def test_a_failure_is_told_for_writers(run) -> None:
    """A failure shows place, expected, got, why, the line of the logic and the next command; no traceback."""
    done = run(HEAD + BAD)
    assert done.returncode == 1
    for told in (
        "seeds/a.dialogue.yaml:4:28: step 1: warden hears offer_gold(amount=2)",
        "expected response take_bribe, got scoff",
        'return say("scoff", amount=offered)',
        "next: npc test seeds/a.dialogue.yaml --name 'a gift'",
        "1 failed",
    ):
        assert told in done.stdout
    assert "Traceback" not in done.stdout
    assert ".py:" not in done.stdout


LONG = (
    "  - name: four steps\n"
    "    steps:\n"
    "      - {heard: {offer_gold: {amount: 2}}, expect: {response: scoff}}\n"
    "      - {heard: {offer_gold: {amount: 2}}}\n"
    "      - {heard: {offer_gold: {amount: 2}}, expect: {response: take_bribe}}\n"
    "      - {heard: {offer_gold: {amount: 2}}, expect: {response: scoff}}\n"
)


def test_each_step_comes_out_by_itself(run) -> None:
    """The steps before the failed one pass, those after it were not taken; one step can be asked for alone."""
    done = run(HEAD + LONG, "-v", "-rs")
    for told in ("step 1 PASSED", "step 2 PASSED", "step 3 FAILED", "step 4 SKIPPED", "not taken: step 3 failed"):
        assert told in done.stdout
    assert "1 failed, 2 passed, 1 skipped" in done.stdout
    alone = "seeds/a.dialogue.yaml::four steps::step "
    assert (
        "1 passed"
        in run(HEAD + LONG, "--deselect", alone + "1", "--deselect", alone + "3", "--deselect", alone + "4").stdout
    )
    spread = run(HEAD + LONG, "-n", "2")
    assert "1 failed, 2 passed, 1 skipped" in spread.stdout


def test_steps_of_a_known_failure(run) -> None:
    """A known failure is its failed step's; one that passes although it must fail is the last step's."""
    known = LONG.replace("four steps", "four steps\n    xfail: not yet")
    assert "2 passed, 1 skipped, 1 xfailed" in run(HEAD + known).stdout
    done = run(HEAD + known.replace("take_bribe", "scoff"), "-v")
    assert "step 4 FAILED" in done.stdout
    assert "take `xfail` out of the file" in done.stdout
    assert "1 failed, 3 passed" in done.stdout


def test_a_wrong_start_is_the_first_steps(run) -> None:
    """A conversation that cannot be run at all fails at its first step."""
    done = run(HEAD + LONG.replace("four steps", "four steps\n    start: {player.gld: 3}"), "-v")
    assert "step 1 FAILED" in done.stdout
    assert "did you mean `player.gold`" in done.stdout
    assert "1 failed, 3 skipped" in done.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a.dialogue.yaml:1:1: error[C114]"),
        (HEAD, "C205"),
        (HEAD + GOOD.replace("expect", "expct"), "did you mean `expect`?"),
        (HEAD.replace("keep", "kep") + GOOD, "no cast `kep`"),
    ],
)
def test_a_malformed_file_fails(run, text: str, told: str) -> None:
    """A file with errors or with nothing in it is an error of the run, with its place."""
    done = run(text)
    assert done.returncode == 2
    assert told in done.stdout
    assert "Traceback" not in done.stdout


def test_known_failures_and_junit(run, tmp_path: Path) -> None:
    """`xfail` counts as pytest's; the JUnit file names the layer."""
    known = BAD.replace("{name: a gift", "{name: a gift, xfail: not yet")
    done = run(HEAD + known + GOOD, "--junitxml", "out.xml", "-rx")
    assert done.returncode == 0
    assert "1 passed, 1 xfailed" in done.stdout
    assert "not yet" in done.stdout
    properties = ElementTree.parse(tmp_path / "out.xml").iter("property")
    assert ("layer", "logic") in {(p.get("name"), p.get("value")) for p in properties}


def test_it_works_with_xdist(run) -> None:
    """Conversations spread over processes come out the same."""
    done = run(HEAD + GOOD + BAD + WORDS, "-n", "2")
    assert done.returncode == 1
    assert "1 failed, 2 passed" in done.stdout


def test_options_choose(run) -> None:
    """`--npc-response`, `--npc-tag` choose conversations; `--npc-backend` is what understands the words."""
    assert "1 passed" in run(HEAD + GOOD + BAD + WORDS, "--npc-response", "scoff").stdout
    done = run(HEAD + GOOD + WORDS, "--npc-backend", "scripted:none.yaml")
    assert "1 failed, 1 passed" in done.stdout
    assert "none.yaml" in done.stdout
