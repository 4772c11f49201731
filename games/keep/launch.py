"""Starts the game as `demo.py` is told to, and turns what goes wrong into a line of text and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import npc
from games.keep.casting import CAST, open_session
from games.keep.memory import give_back_large_blocks
from games.keep.saves import Saves
from games.keep.seeds import Seeds
from games.keep.settings import Settings, load_settings
from games.keep.window import Window

FINE, FINDINGS, WRONG_USE = 0, 1, 2
PICTURE_FRAMES = 90


@dataclass(frozen=True)
class Options:
    """What the command line asks for; see `demo.py --help`."""

    backend: str | None = None
    seed: int = 0
    terminal: bool = False
    headless: bool = False
    script: Path | None = None
    screenshot: Path | None = None
    frames: int = PICTURE_FRAMES
    record: Path | None = None
    home: Path | None = None


def launch(options: Options) -> int:
    """Play as asked; returns the process's exit status."""
    give_back_large_blocks()
    settings, told = Settings(), ""
    if (home := _home(options)) is not None:
        settings, told = load_settings(home / "settings.json")
    if told:
        print(told, file=sys.stderr)
    try:
        session, settings = _open(options, settings)
    except npc.NpcError as error:
        print(f"demo.py: {error}", file=sys.stderr)
        return WRONG_USE
    seeds = Seeds(options.record)
    try:
        return _play(session, seeds, options, settings)
    finally:
        session.close()


def _open(options: Options, settings: Settings) -> tuple[npc.Session, Settings]:
    """A session with the backend asked for, and the settings as they are then.

    A backend that was chosen once and cannot be used today does not keep the player out.
    """
    spec = options.backend or settings.backend
    try:
        return open_session(spec, options.seed), replace(settings, backend=spec)
    except npc.NpcError as error:
        if options.backend is not None or spec == Settings.backend:
            raise
        print(f"{error}\nPlaying with the embedded brain instead; see Settings.", file=sys.stderr)
        return open_session(Settings.backend, options.seed), replace(settings, backend=Settings.backend)


def _play(session: npc.Session, seeds: Seeds, options: Options, settings: Settings) -> int:
    if options.terminal:
        return _play_in_terminal(session, seeds)
    try:
        window = _open_window(options, session.cast.catalog.title)
    except NoWindow as reason:
        if options.script is not None or options.screenshot is not None:
            print(f"demo.py: no window can be opened here ({reason}); try --headless --script", file=sys.stderr)
            return WRONG_USE
        print(f"No window can be opened here ({reason}); playing in the terminal instead.", file=sys.stderr)
        return _play_in_terminal(session, seeds)
    return _play_in_window(session, window, seeds, options, settings)


class NoWindow(Exception):
    """A window cannot be opened; the text says why."""


def _open_window(options: Options, title: str) -> Window:
    if options.headless:
        from games.keep.window_null import NullWindow

        return NullWindow()
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    ):
        raise NoWindow("no display")
    return open_window(title)


def open_window(title: str) -> Window:
    """A window on the screen.

    Raises:
        NoWindow: none can be opened; the text says why.
    """
    try:
        with _without("pkg_resources"):  # pygame finds its files without, sooner and in 7 MB less
            from games.keep.window_pygame import NoDisplay, PygameWindow
    except ImportError as error:
        raise NoWindow(f"pygame does not load: {error}") from error
    try:
        return PygameWindow(title)
    except NoDisplay as error:
        raise NoWindow(str(error)) from error


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Within it a module that is not loaded yet cannot be imported, though it be installed."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


def _play_in_window(session: npc.Session, window: Window, seeds: Seeds, options: Options, settings: Settings) -> int:
    from games.keep.game import Game
    from games.keep.script import ScriptError, ScriptMismatch, play_script

    home = _home(options)
    game = Game(
        session,
        window,
        with_title=options.script is None,
        seeds=seeds,
        saves=Saves(home),
        opener=lambda backend, data: open_session(backend, options.seed, data),
        settings=settings,
        settings_file=home / "settings.json" if home else None,
        catalogs=None if options.headless else CAST.parent,
    )
    try:
        if options.script is not None:
            played = play_script(game, options.script.read_text(encoding="utf-8"), options.script.name)
        elif options.screenshot is not None:
            game.run(options.frames)
        else:
            game.run()
        if options.screenshot is not None:
            window.save_picture(options.screenshot)
        if options.script is not None:
            print(f"{options.script.name}: {played}")
    except ScriptMismatch as error:
        print(error, file=sys.stderr)
        return FINDINGS
    except (ScriptError, OSError, UnicodeDecodeError, RuntimeError) as error:
        print(f"demo.py: {error}", file=sys.stderr)
        return WRONG_USE
    finally:
        window.close()
        for problem in game.close():
            print(f"demo.py: {problem}", file=sys.stderr)
    return _keep_rest(game.session, seeds)


def _home(options: Options) -> Path | None:
    """Where games and settings are kept; for scripts, which are no games of the player's, only where it is told to."""
    if options.home is not None:
        return options.home
    if options.script is not None or options.screenshot is not None:
        return None
    from platformdirs import user_data_path

    return user_data_path("keep-of-three-locks", appauthor=False)


def _play_in_terminal(session: npc.Session, seeds: Seeds) -> int:
    from games.keep.terminal import play

    play(session, seeds=seeds)
    return _keep_rest(session, seeds)


def _keep_rest(session: npc.Session, seeds: Seeds) -> int:
    """Keep what is to be kept and is not yet."""
    if not seeds.misses(session):
        return FINE
    try:
        print(f"{seeds.keep(session)}; next: npc test {seeds.file}")
    except (npc.NpcError, OSError) as error:
        print(f"demo.py: {error}", file=sys.stderr)
        return FINDINGS
    return FINE
