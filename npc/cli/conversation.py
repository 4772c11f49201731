"""The conversation of `npc play`: lines and commands in, turns out."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import nullcontext, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import npc
from npc.cli.facts import parse_value
from npc.cli.keeping import Keeper
from npc.cli.screen import show_value
from npc.diagnostics import did_you_mean
from npc.engine.record import as_json_value
from npc.errors import NpcError, SaveError

PATIENCE = 0.25
"""Seconds before an awaited reply is remarked on; a quick backend needs no such remark."""

DECISIVE_LINES = 8
"""Lines of logic that `/why` shows at most."""

COMMANDS = {
    "why": ("", "why the last turn came out as it did"),
    "cost": ("", "what the turns so far took: calls, tokens, time and money"),
    "facts": ("", "the state of the game"),
    "hint": ("", "lines you could say now"),
    "undo": ("", "take back the last turn"),
    "save": ("FILE", "write this playthrough to a file"),
    "seed": ("NAME", "keep the conversation so far as a seed, which npc test runs"),
    "load": ("FILE", "go on from such a file"),
    "talk": ("CHARACTER", "turn to another character"),
    "who": ("", "who is there"),
    "event": ("NAME", "let something happen without words"),
    "set": ("FACT VALUE", "change a fact that the game owns: /set player.gold 50"),
    "help": ("", "this list"),
    "quit": ("", "leave (also Ctrl-D)"),
}


class View(Protocol):
    """Where a conversation is shown."""

    def turn(self, turn: npc.Turn) -> None: ...
    def notice(self, text: str) -> None: ...
    def trouble(self, text: str) -> None: ...
    def echo(self, text: str) -> None: ...
    def table(self, rows: list[tuple[str, str]]) -> None: ...
    def thinking(self, name: str) -> Any: ...


class Talk:
    """One conversation, from the first line to the last.

    Args:
        session: the playthrough.
        character: id of the character spoken to first.
        view: where it is shown.
        keeper: keeps what is to be kept of it.
        interactive: whether a person types the lines at a terminal.
    """

    def __init__(self, session: npc.Session, character: str, view: View, keeper: Keeper, *, interactive: bool) -> None:
        self._session, self._character, self._view, self._keeper = session, character, view, keeper
        self._interactive = interactive
        self._last: npc.Turn | None = None
        self._saved: Path | None = None

    def run(self) -> None:
        """Read and answer lines until they end."""
        catalog = self._session.cast.catalog
        if self._interactive:
            with suppress(ImportError):
                import readline  # noqa: F401  (its presence gives `input` line editing and history)
        self._view.notice(f"{catalog.title}. You are talking to {self._name()}. /help shows the commands.")
        for line in self._session.restore_report:
            self._view.notice(f"  {line}")
        with asyncio.Runner() as runner:
            try:
                while (text := self._read()) is not None:
                    if not self._interactive:
                        self._view.echo(text)
                    if text.strip() and not self._answer(runner, text.strip()):
                        break
                self._tried(lambda: self._tell(self._keeper.keep_rest(self._session)))
            finally:
                runner.run(self._session.aclose())
                runner.run(self._keeper.aclose())

    def _read(self) -> str | None:
        """The next line; None at the end (Ctrl-D, Ctrl-C, end of a pipe)."""
        if not self._interactive:
            line = sys.stdin.readline()
            return line.rstrip("\r\n") if line else None
        try:
            return input("> ")
        except (EOFError, KeyboardInterrupt):
            sys.stdout.write("\n")
            return None

    def _answer(self, runner: asyncio.Runner, text: str) -> bool:
        """Take a line or command; False when it ends the conversation."""
        if text.startswith("/"):
            return self._tried(lambda: self._command(runner, text)) is not False
        self._tried(lambda: self._take(runner, self._session.say(self._character, text)))
        return True

    def _tried(self, step: Callable[[], bool | None]) -> bool | None:
        """What a step returns; what goes wrong in it is told."""
        try:
            return step()
        except NpcError as error:
            self._view.trouble(str(error))
        except OSError as error:
            self._view.trouble(f"{error.filename}: {error.strerror}")
        return None

    def _take(self, runner: asyncio.Runner, step: Coroutine[Any, Any, npc.Turn]) -> None:
        try:
            self._last = runner.run(self._wait(step))
        except KeyboardInterrupt:
            self._view.notice("(cancelled: nothing was said, nothing happened)")
            return
        self._view.turn(self._last)
        guesses = self._session.guesses(self._last)
        if guesses:
            self._view.notice(f"(did you mean: {' | '.join(guesses)})")

    async def _wait(self, step: Coroutine[Any, Any, npc.Turn]) -> npc.Turn:
        task = asyncio.ensure_future(step)
        try:
            done, _ = await asyncio.wait({task}, timeout=PATIENCE)
            if not done:
                with self._view.thinking(self._name()):
                    await asyncio.wait({task})
            return task.result()
        finally:
            task.cancel()

    def _command(self, runner: asyncio.Runner, text: str) -> bool:
        word, _, rest = text[1:].partition(" ")
        word, rest = word.lower(), rest.strip()
        if word == "quit":
            return False
        if word == "event":
            self._event(runner, rest)
            return True
        simple: dict[str, Callable[[], None]] = {
            "why": self._why, "cost": self._cost, "facts": self._facts, "hint": self._hint, "undo": self._undo,
            "who": self._who, "help": self._help,
        }  # fmt: skip
        with_argument: dict[str, Callable[[str], None]] = {
            "save": self._save, "load": self._load, "talk": self._talk, "set": self._set,
            "seed": lambda name: self._tell(self._keeper.keep(self._session, name)),
        }  # fmt: skip
        if word in simple:
            simple[word]()
        elif word in with_argument and rest:
            with_argument[word](rest)
        elif word in with_argument:
            self._view.trouble(f"/{word} needs {COMMANDS[word][0]}: {COMMANDS[word][1]}")
        else:
            self._view.trouble(f"no command /{word[:40]}: {did_you_mean(word, COMMANDS, show=len(COMMANDS))}")
        return True

    def _event(self, runner: asyncio.Runner, name: str) -> None:
        events = self._session.cast.catalog.events
        if not name:
            self._view.trouble("/event needs NAME: " + (", ".join(events) or "this cast declares no events"))
            return
        self._take(runner, self._session.event(self._character, name))

    def _why(self) -> None:
        if self._last is None:
            self._view.notice("nothing was said yet")
            return
        # All lines that ran would push the rest off the screen.
        for line in self._last.trace.render(DECISIVE_LINES).splitlines():
            self._view.notice(f"  {line}")

    def _cost(self) -> None:
        for line in self._session.account.render().splitlines():
            self._view.notice(f"  {line}")

    def _facts(self) -> None:
        declared = self._session.cast.catalog.facts
        rows = []
        for name, value in self._session.facts.snapshot().items():
            rows.append((name, show_value(value) + (" (the game's)" if declared[name].game_owned else "")))
        self._view.table(rows)

    def _hint(self) -> None:
        lines = self._session.suggestions(self._character)
        for line in lines or ("nothing in particular",):
            self._view.notice(f"  {line}")

    def _undo(self) -> None:
        undone = self._session.undo()
        self._last = self._session.records[-1].turn if self._session.records else None
        self._view.notice("taken back" if undone else "there is nothing to take back")

    def _save(self, name: str) -> None:
        path = Path(name)
        if not path.parent.is_dir():
            raise SaveError(f"{path} cannot be written: there is no folder {path.parent}")
        if path.is_dir():
            raise SaveError(f"{path} cannot be written: it is a folder")
        if path.exists() and path != self._saved:
            read_save(path)  # raises unless it is a save: nothing else is ever written over
        draft = path.with_name(path.name + ".part")
        text = json.dumps(self._session.save(), ensure_ascii=False, indent=1) + "\n"
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise SaveError(f"{path} cannot be written: {error.strerror}") from None
        self._saved = path
        self._view.notice(f"saved to {path}")

    def _load(self, name: str) -> None:
        old = self._session
        self._session = npc.Session.restore(
            old.cast,
            read_save(Path(name)),
            backend=old.backends,
            account=old.account,
            hedge=old.hedge,
            shortlist=old.shortlist,
        )
        self._last = None
        for line in (f"loaded {name}", *self._session.restore_report):
            self._view.notice(line)

    def _talk(self, name: str) -> None:
        characters = self._session.cast.characters
        by_name = {character.name.lower(): id for id, character in characters.items()}
        self._character = self._session.cast.character(by_name.get(name.lower(), name.lower())).id
        self._view.notice(f"You are talking to {self._name()}.")

    def _who(self) -> None:
        here = self._character
        self._view.table(
            [(id, one.name + (" ← you are talking to" if id == here else "")) for id, one in
             self._session.cast.characters.items()]
        )  # fmt: skip

    def _set(self, rest: str) -> None:
        name, _, text = rest.partition(" ")
        facts = self._session.facts
        before = facts[name]
        facts[name] = parse_value(self._session.cast.catalog.facts[name].type, text.strip())
        self._view.notice(f"  {name}: {show_value(before)} → {show_value(facts[name])}")

    def _tell(self, notices: tuple[str, ...]) -> None:
        for notice in notices:
            self._view.notice(notice)

    def _help(self) -> None:
        self._view.table([(f"/{word} {argument}".rstrip(), means) for word, (argument, means) in COMMANDS.items()])

    def _name(self) -> str:
        return self._session.cast.character(self._character).name


class JsonLines:
    """The view of `npc play --json`: one JSON object a turn on standard output; the rest goes to standard error."""

    def turn(self, turn: npc.Turn) -> None:
        print(json.dumps(turn_as_json(turn), ensure_ascii=False), flush=True)

    def notice(self, text: str) -> None:
        print(text, file=sys.stderr)

    def trouble(self, text: str) -> None:
        print(text, file=sys.stderr)

    def echo(self, text: str) -> None:
        """Nothing: a program knows what it wrote."""

    def table(self, rows: list[tuple[str, str]]) -> None:
        for left, right in rows:
            self.notice(f"{left}  {right}")

    def thinking(self, name: str) -> Any:
        return nullcontext()


def turn_as_json(turn: npc.Turn) -> dict[str, Any]:
    """A turn as plain JSON data."""
    return {
        "character": turn.character,
        "utterance": turn.utterance,
        "event": turn.event,
        "response": turn.response,
        "text": turn.text,
        "heard": sorted(turn.heard),
        "slots": {intent: dict(slots) for intent, slots in turn.slots.items()},
        "effects": [str(effect) for effect in turn.effects],
        "changes": {name: [as_json_value(c.before), as_json_value(c.after)] for name, c in turn.changes.items()},
        "verdict": str(turn.verdict),
        "reason": turn.reason,
        "calls": [
            {
                "backend": attempt.backend,
                "reason": attempt.reason,
                "milliseconds": round(attempt.seconds * 1000, 1),
                **asdict(attempt.usage),
            }
            for attempt in turn.trace.attempts
        ],
    }


def read_save(path: Path) -> Mapping[str, Any]:
    """The data of a save file.

    Raises:
        SaveError: it is not there, or is no save.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SaveError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise SaveError(f"{path} is no save: it is not JSON") from None
    if not isinstance(data, dict) or "format" not in data:
        raise SaveError(f"{path} is no save")
    return data
