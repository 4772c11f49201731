"""The same cast without a window: choose whom to talk to, type freely, watch what it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.markup import escape

import npc
from games.keep.seeds import Seeds
from games.keep.simulation import (
    GATE,
    GOLD,
    ITEMS,
    Happening,
    Impossible,
    search_crate,
    search_hay,
    search_well,
    use_gate,
)
from games.keep.story import bare_name, describe_changes, victory_lines
from games.keep.why import why_lines

COMMANDS = """\
[bold]talk[/] warden, [bold]talk[/] pedlar   go and talk to somebody, in any words; [bold]leave[/] ends it,
                            [bold]talk[/] with another name goes over to them
[bold]look[/]                        what there is to see
[bold]search[/] well, hay, crates    have a rummage
[bold]show[/] THING                  (while talking) hold out something you carry
[bold]gate[/]                        try the gate
[bold]bag[/], [bold]help[/], [bold]quit[/]
[bold]/seed[/] NAME                  keep what was said so far as a seed, which npc test runs"""
INTRODUCTION = (
    "A courtyard at dusk. A warden on a stool by an iron gate; a pedlar with a painted cart and a mule. "
    "A well, a haystack, some crates. Several cats, officially none. Behind the gate are the cells."
)
SEARCHES = {"well": search_well, "hay": search_hay, "crates": search_crate}
ALIASES = {"haystack": "hay", "crate": "crates"}
ARTICLES = ("the ", "a ", "an ", "my ")
MOOD_COLOURS = {"angry": "red", "glad": "green", "sly": "yellow", "sad": "blue", "startled": "magenta"}


def play(
    session: npc.Session,
    console: Console | None = None,
    read: Callable[[str], str] = input,
    seeds: Seeds | None = None,
) -> bool:
    """Play in the terminal until the player has won or leaves.

    Args:
        session: the game.
        console: where to write.
        read: asks for a line, given the prompt; raises EOFError at the end.
        seeds: where the playthrough is kept when the player asks for it.

    Returns:
        Whether the player went through the gate.
    """
    return _Terminal(session, console or Console(highlight=False), read, seeds or Seeds()).play()


class _Terminal:
    def __init__(self, session: npc.Session, console: Console, read: Callable[[str], str], seeds: Seeds) -> None:
        self._session, self._console, self._read, self._seeds = session, console, read, seeds
        self._partner: str | None = None
        self._last: npc.Turn | None = None
        self._won = False

    def play(self) -> bool:
        self._console.rule(f"[bold yellow]{escape(self._session.cast.catalog.title)}")
        self._console.print(INTRODUCTION)
        self._console.print(COMMANDS)
        with asyncio.Runner() as runner:
            try:
                while not self._won and self._take_line(runner):
                    pass
            except (EOFError, KeyboardInterrupt):
                self._console.print()
            finally:
                runner.run(self._session.aclose())
        return self._won

    def _take_line(self, runner: asyncio.Runner) -> bool:
        """One line of the player's; False when it was the last."""
        line = self._read(f"{self._prompt()}> ").strip()
        word, _, rest = line.partition(" ")
        word, rest = word.lower(), rest.strip().lower()
        if not line:
            return True
        if word in ("quit", "/quit", "exit"):
            return False
        if word == "/seed":
            told = self._seeds.try_to_keep(self._session, line.partition(" ")[2])
            self._console.print(told, markup=False, style="dim")
            return True
        try:
            if self._partner is None:
                self._act(runner, word, rest)
            else:
                self._converse(runner, self._partner, line, word, rest)
        except Impossible as reason:
            self._console.print(f"[italic]{escape(str(reason))}[/]")
        except npc.NpcError as error:
            self._console.print(f"[red]{escape(str(error))}[/]")
        return True

    def _act(self, runner: asyncio.Runner, word: str, rest: str) -> None:
        match word:
            case "talk":
                name = _bare(rest.removeprefix("to "))
                self._begin_talk(runner, self._known_character(name) or name)
            case "search":
                place = ALIASES.get(_bare(rest), _bare(rest))
                if place not in SEARCHES:
                    raise Impossible(f"You can search: {', '.join(SEARCHES)}.")
                self._tell(SEARCHES[place](self._session.facts))
            case "gate":
                self._tell(use_gate(self._session.facts))
                self._won = True
                self._console.rule("[bold yellow]The End")
                for line in victory_lines(self._session):
                    self._console.print(f"[bold green]{escape(line)}[/]")
            case "look":
                self._console.print(INTRODUCTION)
                if self._session.facts[GATE]:
                    self._console.print("The gate stands open.")
            case "bag":
                self._show_bag()
            case "help":
                self._console.print(COMMANDS)
            case _ if word in self._session.cast.characters:
                self._begin_talk(runner, word)
            case _:
                raise Impossible("Nothing comes of that. To talk to somebody: talk warden. For the rest: help.")

    def _begin_talk(self, runner: asyncio.Runner, name: str) -> None:
        character = self._session.cast.character(name)
        self._partner = character.id
        self._console.print("[dim]Type what you say; leave ends it, why explains the last line, cost what it took.[/]")
        self._hear(runner.run(self._session.event(character.id, "approach")))

    def _converse(self, runner: asyncio.Runner, partner: str, line: str, word: str, rest: str) -> None:
        if line.lower() in ("leave", "/leave"):
            self._partner = None
        elif word == "talk" and (other := self._known_character(_bare(rest.removeprefix("to ")))):
            if other == partner:
                raise Impossible("That is who you are talking to.")
            self._begin_talk(runner, other)
        elif line.lower() in ("why", "/why"):
            lines = why_lines(self._last) if self._last else ["Nothing was said yet."]
            self._console.print("\n".join(lines), markup=False, style="dim")
        elif line.lower() in ("cost", "/cost"):
            self._console.print(self._session.account.render(), markup=False, style="dim")
        elif line.lower() in ("bag", "/bag"):
            self._show_bag()
        elif word == "show" and self._carried(rest):
            event = f"shown:{self._carried(rest)}"
            if event not in self._session.cast.catalog.events:
                raise Impossible("That draws a glance and no words.")
            self._hear(runner.run(self._session.event(partner, event)))
        else:
            with self._console.status("…"):
                turn = runner.run(self._session.say(partner, line))
            self._hear(turn)

    def _hear(self, turn: npc.Turn) -> None:
        self._last = turn
        for line in turn.lines:
            colour = MOOD_COLOURS.get(str(line.presentation.get("mood")), "white")
            self._console.print(f"[bold]{escape(line.name)}:[/] [{colour}]{escape(line.text)}[/]")
        for notice in describe_changes(self._session.cast, turn):
            self._console.print(f"  [bold {'green' if notice.kind == 'gain' else 'red'}]{escape(notice.text)}[/]")

    def _tell(self, happening: Happening) -> None:
        self._console.print(f"[bold green]{escape(happening.text)}[/]")

    def _known_character(self, words: str) -> str | None:
        """The id of the character who goes by these words: the id, the name, or a part of the name."""
        for id_, character in self._session.cast.characters.items():
            name = character.name.lower()
            if words in (id_, name, *name.split()):
                return id_
        return None

    def _carried(self, words: str) -> str | None:
        """The item the player carries that goes by these words."""
        words = _bare(words)
        for item in self._bag():
            known = self._session.cast.catalog.items[item]
            if words in (item, known.display_name, *known.names):
                return item
        return None

    def _show_bag(self) -> None:
        things = [f"{count} × {bare_name(self._session.cast, item)}" for item, count in self._bag().items()]
        self._console.print(f"{self._session.facts[GOLD]} gold; " + (", ".join(things) or "an empty bag"))

    def _bag(self) -> Mapping[str, int]:
        bag = self._session.facts[ITEMS]
        assert isinstance(bag, Mapping)
        return bag

    def _prompt(self) -> str:
        return "courtyard" if self._partner is None else f"to {self._session.cast.character(self._partner).name}"


def _bare(words: str) -> str:
    """Without the article in front."""
    return next((words.removeprefix(article).strip() for article in ARTICLES if words.startswith(article)), words)
