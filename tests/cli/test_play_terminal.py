"""`npc play` at a terminal: a pseudo-terminal stands in for the person's."""

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0

SLOW = """
import asyncio, sys
import npc
from npc.cli.conversation import Talk
from npc.cli.keeping import Keeper
from npc.cli.screen import Screen

async def never(request):
    await asyncio.Event().wait()

session = npc.Session(npc.load("tavern"), backend=never, deadline=600)
Talk(session, "keeper", Screen(["keeper"]), Keeper(session.cast, "embedded", None), interactive=True).run()
"""


class Terminal:
    """A process whose input and output are a terminal."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._master, slave = pty.openpty()
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
        environment.pop("NO_COLOR", None)
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment, start_new_session=True
        )
        os.close(slave)
        self.seen = ""
        self._waited = 0

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait_for(self, text: str) -> str:
        """Everything shown so far, once `text` is in what follows the text that was waited for last."""
        start = self._waited
        while text not in self.seen[start:]:
            ready, _, _ = select.select([self._master], [], [], PATIENCE)
            assert ready, f"{text!r} was never shown, but: {self.seen[start:]!r}"
            try:
                self.seen += os.read(self._master, 65536).decode("utf-8", "replace")
            except OSError:
                break
        assert text in self.seen[start:], self.seen[start:]
        self._waited = self.seen.index(text, start) + len(text)
        return self.seen

    def end(self) -> int:
        return self.process.wait(PATIENCE)

    def interrupt_until_it_ends(self) -> int:
        # A signal that comes after the prompt is written and before the reading begins is taken note of only when the
        # reading ends; a person would press again.
        for _ in range(int(PATIENCE)):
            os.killpg(self.process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self.process.wait(1)
        raise AssertionError("Ctrl-C did not end it")

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)


@pytest.fixture
def terminals(tavern: Path) -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


@pytest.fixture
def play(tavern: Path, terminals: list[Terminal]) -> Terminal:
    terminals.append(Terminal([sys.executable, "-m", "npc", "play", "tavern"], tavern.parent))
    return terminals[0]


@pytest.fixture
def slow(tavern: Path, terminals: list[Terminal]) -> Terminal:
    terminals.append(Terminal([sys.executable, "-c", SLOW], tavern.parent))
    return terminals[0]


def test_a_person_sees_colours_and_leaves_with_ctrl_d(play: Terminal) -> None:
    """At a terminal the speaker's name is coloured, the typed line is not repeated, and Ctrl-D ends it."""
    play.wait_for("> ")
    play.type("have you got a room?\n")
    shown = play.wait_for("One room left.")
    assert "\x1b[1;96mOld Marl:" in shown
    assert shown.count("have you got a room?") == 1
    play.wait_for("> ")
    play.type("\x04")
    assert play.end() == 0


def test_ctrl_c_at_the_prompt_leaves(play: Terminal) -> None:
    """Ctrl-C while nothing is awaited ends the conversation, without a traceback."""
    play.wait_for("> ")
    assert play.interrupt_until_it_ends() == 0
    assert "Traceback" not in play.seen


def test_a_slow_backend_is_remarked_on_and_cancelled(slow: Terminal) -> None:
    """While a reply is awaited that is shown; Ctrl-C takes the turn back, and the conversation goes on."""
    slow.wait_for("> ")
    slow.type("hello\n")
    slow.wait_for("Old Marl is thinking")
    os.killpg(slow.process.pid, signal.SIGINT)
    slow.wait_for("cancelled: nothing was said, nothing happened")
    slow.type("/why\n")
    slow.wait_for("nothing was said yet")
    slow.type("/quit\n")
    assert slow.end() == 0
