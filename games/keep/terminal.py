"""The same cast without a window: choose whom to talk to, type freely, watch what it does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future

from rich.console import Console
from rich.markup import escape

import npc
from games.keep.casting import Preparation
from games.keep.ending import victory_lines
from games.keep.layout import PLACES, Impossible, Place, place_of, way_to
from games.keep.prompt import Read, line_reader
from games.keep.seeds import Seeds
from games.keep.simulation import Keep
from games.keep.story import bare_name, describe_changes
from games.keep.using import CELL, FULL_HEALTH, GATE, GOLD, HEALTH, ITEMS, USES, Happening
from games.keep.why import why_lines

COMMANDS = """\
[bold]talk[/] warden, [bold]talk[/] Maud     go and talk to somebody, in any words; [bold]leave[/] ends it,
                            [bold]talk[/] with another name goes over to them
[bold]look[/]                        what there is to see, and who is here
[bold]go[/] tavern, gatehouse, wall  go to another part of the keep; also courtyard, cells
[bold]search[/] well, hay, crates    have a rummage
[bold]show[/] THING                  (while talking) hold out something you carry
[bold]open[/] gate, cell             try a lock
[bold]bag[/], [bold]help[/], [bold]quit[/]
[bold]/seed[/] NAME                  keep what was said so far as a seed, which npc test runs"""
INTRODUCTION = (
    "A singer named Pip Larkspur sits below this keep for a joke about the regent's nose. Three locks hold him: the "
    "warden's gate, the clerk's writ and the captain's key. You have twelve gold, a loaf of bread, and your tongue."
)
SEARCHES = {"well": "well", "hay": "hay", "haystack": "hay", "crates": "crate", "crate": "crate"}
LOCKS = {"gate": "gate", "cell": "cell_door", "cell door": "cell_door", "door": "cell_door"}
PLACE_NAMES = {place.name.removeprefix("the "): place.id for place in PLACES.values()} | {
    "wall": "wall_walk",
    "yard": "courtyard",
    "rat": "tavern",
    "drowned rat": "tavern",
    "cell": "cells",
    "office": "gatehouse",
}
ARTICLES = ("the ", "a ", "an ", "my ")
MOOD_COLOURS = {"angry": "red", "glad": "green", "sly": "yellow", "sad": "blue", "startled": "magenta"}


def play(
    session: npc.Session,
    console: Console | None = None,
    read: Read | None = None,
    seeds: Seeds | None = None,
) -> bool:
    """Play in the terminal until the player has won or leaves.

    Args:
        session: the game.
        console: where to write.
        read: asks for a line, given the prompt; raises EOFError at the end. None: the terminal, with completion.
        seeds: where the playthrough is kept when the player asks for it.

    Returns:
        Whether the player has won.
    """
    return _Terminal(session, console or Console(highlight=False), read, seeds or Seeds()).play()


class _Terminal:
    def __init__(self, session: npc.Session, console: Console, read: Read | None, seeds: Seeds) -> None:
        self._session, self._console, self._seeds = session, console, seeds
        self._read = read or line_reader(self.completions, self.status)
        self._keep = Keep(session.facts)
        self._preparation = Preparation()
        self._partner: str | None = None
        self._prepared: Future[None] | None = None
        self._last: npc.Turn | None = None

    def play(self) -> bool:
        self._console.rule(f"[bold yellow]{escape(self._session.cast.catalog.title)}")
        self._console.print(INTRODUCTION)
        self._console.print()
        self._look()
        self._console.print(COMMANDS)
        with asyncio.Runner() as runner:
            try:
                while not self._keep.won and self._take_line(runner):
                    pass
            except (EOFError, KeyboardInterrupt):
                self._console.print()
            finally:
                runner.run(self._session.aclose())
        return self._keep.won

    def completions(self) -> list[str]:
        """Whole lines that make sense now: commands, or what could be said to whom one talks to."""
        if self._partner is not None:
            shown = [f"show {bare_name(self._session.cast, item)}" for item in self._bag()]
            return ["leave", "why", *shown, *self._session.suggestions(self._partner)]
        talks = [f"talk {self._session.cast.character(id_).name}" for id_ in self._keep.place.characters]
        places = [f"go {place.name.removeprefix('the ')}" for place in PLACES.values() if place is not self._keep.place]
        things = [f"search {thing}" for thing in dict.fromkeys(SEARCHES.values())]
        return [*talks, *places, *things, "open gate", "open cell", "look", "bag", "help", "quit"]

    def status(self) -> str:
        """Where one is, and what one has, in a line."""
        facts = self._session.facts
        hurt = f" | {facts[HEALTH]} of {FULL_HEALTH} hearts" if facts[HEALTH] != FULL_HEALTH else ""
        things = [bare_name(self._session.cast, item) for item in self._bag()]
        bag = ", ".join(things) or "an empty bag"
        # What may be cut off at the edge of a narrow terminal comes last.
        return f" {self._keep.place.name} | {facts[GOLD]} gold{hurt} | Tab completes | {bag}"

    def _take_line(self, runner: asyncio.Runner) -> bool:
        """One line of the player's; False when it was the last."""
        self._preparation.go_on(self._session)
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
                character = self._known_character(_bare(rest.removeprefix("to ")))
                if character is None:
                    everybody = (known.name for known in self._session.cast.characters.values())
                    unknown = f"There is no “{rest}”. " if rest else ""
                    raise Impossible(f"{unknown}You can talk to: {', '.join(everybody)}.")
                self._begin_talk(runner, character)
            case "search":
                thing = SEARCHES.get(_bare(rest))
                if thing is None:
                    raise Impossible(f"You can search: {', '.join(dict.fromkeys(SEARCHES.values()))}.")
                self._use(thing)
            case "open" | "use" | "unlock":
                lock = LOCKS.get(_bare(rest))
                if lock is None:
                    raise Impossible("You can open: gate, cell.")
                self._use(lock)
            case "gate":
                self._use("gate")
            case "go" | "enter" | "climb":
                self._go(_bare(rest.removeprefix("to ").removeprefix("into ")))
            case "look":
                self._look()
            case "bag":
                self._show_bag()
            case "help":
                self._console.print(COMMANDS)
            case _ if word in self._session.cast.characters:
                self._begin_talk(runner, word)
            case _:
                raise Impossible("Nothing comes of that. To talk to somebody: talk warden. For the rest: help.")

    def _go(self, name: str) -> None:
        place = PLACE_NAMES.get(name)
        if place is None:
            raise Impossible(f"You can go to: {', '.join(place.name for place in PLACES.values())}.")
        if PLACES[place] is self._keep.place:
            raise Impossible("That is where you are.")
        self._walk_to(PLACES[place])
        self._look()

    def _walk_to(self, place: Place) -> None:
        """Go there by the ways there are; stay where the shut gate is in the way."""
        while self._keep.place is not place:
            way = way_to(self._keep.place.id, place.id)
            assert way is not None
            if way.kind == "gate" and not self._session.facts[GATE]:
                raise Impossible("The gate to the cells is locked: open gate.")
            self._keep.enter(PLACES[way.leads_to or "cells"])
            self._console.print(f"[dim]You come to {self._keep.place.name}.[/]")

    def _use(self, thing: str) -> None:
        self._walk_to(place_of(thing))
        self._tell(USES[thing](self._session.facts))
        if self._session.facts[CELL]:
            self._console.rule("[bold yellow]The End")
            for line in victory_lines(self._session):
                self._console.print(f"[bold green]{escape(line)}[/]")

    def _look(self) -> None:
        self._console.print(self._keep.place.told)
        people = [self._session.cast.character(id_).name for id_ in self._keep.place.characters]
        self._console.print(f"Here: {', '.join(people)}.", style="bold")
        if self._keep.place.gate is not None and self._session.facts[GATE]:
            self._console.print("The gate stands open.")

    def _begin_talk(self, runner: asyncio.Runner, name: str) -> None:
        character = self._session.cast.character(name)
        self._walk_to(place_of(character.id))
        told = self._keep.pass_time(len(self._session.transcript))
        if told:
            self._console.print(f"[dim]{told}[/]")
        self._partner = character.id
        self._prepared = self._session.prepare(character.id)
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
                self._wait_until_prepared(partner)
                turn = runner.run(self._session.say(partner, line))
            self._hear(turn)

    def _wait_until_prepared(self, partner: str) -> None:
        """Somebody who is being learnt for the first time would use up the time that an answer may take."""
        if self._prepared is not None and not self._prepared.done():
            self._console.print(f"[dim]{self._session.cast.character(partner).name} takes a good look at you.[/]")
            self._prepared.result()

    def _hear(self, turn: npc.Turn) -> None:
        self._last = turn
        for line in turn.lines:
            colour = MOOD_COLOURS.get(str(line.presentation.get("mood")), "white")
            self._console.print(f"[bold]{escape(line.name)}:[/] [{colour}]{escape(line.text)}[/]")
        for notice in describe_changes(self._session.cast, turn):
            self._console.print(f"  [bold {'green' if notice.kind == 'gain' else 'red'}]{escape(notice.text)}[/]")
        guesses = self._session.guesses(turn)
        if guesses:
            self._console.print(f"  [dim]Did you mean: {escape(' | '.join(guesses))}[/]")

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
        here = self._keep.place.name.removeprefix("the ")
        return here if self._partner is None else f"to {self._session.cast.character(self._partner).name}"


def _bare(words: str) -> str:
    """Without the article in front."""
    return next((words.removeprefix(article).strip() for article in ARTICLES if words.startswith(article)), words)
