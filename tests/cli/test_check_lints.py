"""`npc check` and its lints: choosing, allowing, mending, watching, marking lines for a CI."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ENVIRONMENT, read_until


@pytest.fixture
def untidy(tavern: Path) -> Path:
    """A cast with a response that nothing says (W101) and one with two spaces (W201)."""
    file = tavern / "keeper.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("responses:\n", 'responses:\n  unsaid: "Never  said."\n', 1), encoding="utf-8")
    return file


def test_lints_are_warnings(npc, untidy):
    """Lints are shown with code and place, and end with status 0 unless --strict counts them."""
    done = npc("check", "tavern")
    assert done.returncode == 0
    assert "warning[W101] no logic says `unsaid`" in done.stdout
    assert "warning[W201] two spaces in a row" in done.stdout
    assert "tavern: 2 warnings" in done.stdout
    assert npc("check", "tavern", "--strict").returncode == 1


def test_findings_are_chosen_by_code(npc, untidy):
    """--select and --ignore take beginnings of codes; an unknown one is wrong use."""
    assert "W101" not in npc("check", "tavern", "--select", "W2,L").stdout
    assert "W201" in npc("check", "tavern", "--select", "W2,L").stdout
    assert "fine" in npc("check", "tavern", "--ignore", "W1,W201").stdout
    done = npc("check", "tavern", "--ignore", "Q7")
    assert done.returncode == 2
    assert "no diagnostic code begins so" in done.stderr


def test_errors_cannot_be_ignored(npc, tavern):
    """An error is shown and counted whatever is chosen."""
    file = tavern / "keeper.yaml"
    file.write_text(file.read_text().replace('say("no_room")', 'say("noroom")'))
    done = npc("check", "tavern", "--ignore", "L", "--select", "W")
    assert done.returncode == 1
    assert "error[L205]" in done.stdout


def test_an_allowed_finding_is_counted_and_not_shown(npc, untidy):
    """A comment with a reason allows a finding; the summary counts it."""
    text = untidy.read_text(encoding="utf-8")
    untidy.write_text(text.replace('"Never  said."', '"Never  said."  # npc: allow W101, W201 a test of pauses'))
    done = npc("check", "tavern", "--strict")
    assert done.returncode == 0
    assert "2 findings allowed" in done.stdout


def test_fix_mends_the_file_and_keeps_its_line_ends(npc, untidy):
    """--fix mends double spaces in place, keeps comments and Windows line ends, and says what it did."""
    before = untidy.read_text(encoding="utf-8").replace("\n", "\r\n")
    untidy.write_bytes(before.encode())
    done = npc("check", "tavern", "--fix")
    assert untidy.read_bytes().decode() == before.replace("Never  said", "Never said")
    assert "mended 1 text" in done.stderr
    assert "W201" not in done.stdout
    assert "W101" in done.stdout


def test_a_speech_box_may_be_smaller(npc, tavern):
    """--longest-line sets how long a text may be."""
    assert "W205" in npc("check", "tavern", "--longest-line", "30").stdout


def test_annotations_for_a_hosted_ci(npc, untidy):
    """--format github prints one workflow command for each finding, with file, line and column."""
    lines = npc("check", "tavern", "--format", "github").stdout.splitlines()
    assert len(lines) == 2
    for line in lines:
        assert line.startswith("::warning file=tavern/keeper.yaml,line=")
        assert ",title=W" in line


def test_watch_checks_again_when_a_file_is_saved(untidy):
    """--watch reports at once, and again after a file has changed, until it is interrupted."""
    command = [sys.executable, "-u", "-m", "npc", "check", "tavern", "--watch"]
    watching = subprocess.Popen(
        command, cwd=untidy.parent.parent, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert watching.stdout
    try:
        first = read_until(watching.stdout, "waiting for a change")
        assert "W201" in first
        untidy.write_text(
            untidy.read_text(encoding="utf-8").replace("Never  said", "Never once said"), encoding="utf-8"
        )
        second = read_until(watching.stdout, "waiting for a change")
        assert "W101" in second
        assert "W201" not in second
    finally:
        watching.terminate()
        watching.wait(timeout=30)
