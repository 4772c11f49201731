"""A pytest plugin: dialogue files are collected as tests, so that ``pytest seeds/`` just works.

An item is a conversation, named by file, conversation and, in a failure, step. Only light imports here: pytest loads
this module for every run, with or without dialogue files.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from npc.testing.places import SUFFIX

if TYPE_CHECKING:
    from npc.testing.cases import Case, Casts
    from npc.testing.runs import Runner
    from npc.testing.statistics import Tally

Result = TypeVar("Result")


class DialogueFailed(Exception):
    """A conversation came out otherwise; the message is what a writer reads."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; they are those of ``npc test``."""
    group = parser.getgroup("npc", "dialogue files (*.dialogue.yaml)")
    group.addoption(
        "--npc-backend", metavar="SPEC", help="what understands the words; default: NPC_BACKEND or embedded"
    )
    group.addoption(
        "--npc-record",
        metavar="MODE",
        choices=("none", "once", "all", "live"),
        default="none",
        help="replies of models: from recordings only (none), missing ones recorded (once), all recorded anew (all), "
        "or from the model without keeping any (live)",
    )
    group.addoption("--npc-epochs", type=int, metavar="N", help="with a model: run each conversation N times")
    group.addoption("--npc-at-least", type=int, metavar="K", help="how many of the epochs must pass; default: all")
    for kind in ("cast", "character", "tag", "response"):
        group.addoption(f"--npc-{kind}", action="append", default=[], metavar="NAME", help=f"only with this {kind}")


def pytest_configure(config: pytest.Config) -> None:
    """Keep what all items of a run share."""
    config.stash[_SHARED] = _Shared(config)
    config.addinivalue_line("markers", "npc: a conversation of a dialogue file")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give back the backends."""
    config.stash[_SHARED].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take dialogue files for tests."""
    if file_path.name.endswith(SUFFIX):
        return DialogueFile.from_parent(parent, path=file_path)
    return None


class _Shared:
    """Casts, backends and the event loop of one run, made when first needed."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._casts: Casts | None = None
        self._cases: Runner | None = None
        self._loop: asyncio.Runner | None = None

    @property
    def casts(self) -> Casts:
        from npc.testing.cases import Casts

        self._casts = self._casts or Casts()
        return self._casts

    @property
    def runner(self) -> Runner:
        from npc.backends.specs import default_spec
        from npc.testing.recordings import Mode
        from npc.testing.runs import Plan, Runner

        if self._cases is None:
            option = self._config.getoption
            spec, mode = option("npc_backend") or default_spec(os.environ), Mode(option("npc_record"))
            self._cases = Runner(Plan((spec,), mode, option("npc_epochs"), option("npc_at_least")))
        return self._cases

    def run(self, case: Case) -> Tally:
        """Run a conversation: at once where nothing in it waits, else in the one loop of all items, so that a backend's
        connections outlive it."""
        from npc.testing.runner import Layer, layer_of

        running = self.runner.run(case)
        if layer_of(case.conversation, self.runner.plan.specs[0]) is Layer.LOGIC:
            [tally] = _at_once(running)
        else:
            self._loop = self._loop or asyncio.Runner()
            # Not the runner's own `run`, which takes over Ctrl-C anew each time; that takes longer than a conversation.
            [tally] = self._loop.get_loop().run_until_complete(running)
        return tally

    def close(self) -> None:
        if self._loop is not None:
            if self._cases is not None:
                self._loop.get_loop().run_until_complete(self._cases.aclose())
            self._loop.close()
            self._loop = None

    def wanted(self, case: Case) -> bool:
        from npc.testing.cases import Selection

        asked = [self._config.getoption(f"npc_{kind}") for kind in ("cast", "character", "tag", "response")]
        return Selection(*asked).fits(case)


_SHARED = pytest.StashKey[_Shared]()


class DialogueFile(pytest.File):
    """A dialogue file; its conversations are the items."""

    def collect(self) -> Iterator[DialogueItem]:
        """The conversations of the file."""
        from npc.catalog import load_dialogue
        from npc.testing.cases import Case

        shared = self.config.stash[_SHARED]
        dialogue = load_dialogue(_shown(self.path))
        cast = shared.casts.of(self.path, dialogue.cast)
        for conversation in dialogue.conversations:
            case = Case(self.path, cast, conversation)
            if shared.wanted(case):
                yield DialogueItem.from_parent(self, name=conversation.name, case=case)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """What is wrong with the file, as `npc test` tells it."""
        return _told(excinfo) or super().repr_failure(excinfo, *args)


class DialogueItem(pytest.Item):
    """One conversation."""

    def __init__(self, *, case: Case, **options: Any) -> None:
        super().__init__(**options)
        self.case = case
        self.add_marker("npc")
        for tag in case.conversation.tags:
            self.extra_keyword_matches.add(tag)

    def runtest(self) -> None:
        """Run it.

        Raises:
            DialogueFailed: it came out otherwise than expected.
        """
        shared = self.config.stash[_SHARED]
        tally = shared.run(self.case)
        self.user_properties += [("layer", str(tally.layer)), ("steps", tally.shown.taken)]
        if tally.total > 1:
            self.user_properties.append(("attempts", tally.share))
        if tally.outcome == "xfailed":
            pytest.xfail(tally.shown.xfail or "")
        if not tally.ok:
            raise DialogueFailed(tally.render_problem())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """What came out otherwise, as a writer reads it."""
        return _told(excinfo) or super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the conversation stands."""
        line = self.case.conversation.position.line
        return self.path, line - 1, f"{self.path.name}: {self.name}"


def _at_once(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns in which nothing waits; no event loop is needed for it."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        result: Result = ended.value
        return result
    raise AssertionError("a conversation without words waits for nobody")


def _shown(path: Path) -> Path:
    """The path as people type it, where the file is on the same drive."""
    try:
        return Path(os.path.relpath(path))
    except ValueError:
        return path


def _told(excinfo: pytest.ExceptionInfo[BaseException]) -> str | None:
    from npc.errors import NpcError

    return str(excinfo.value) if isinstance(excinfo.value, DialogueFailed | NpcError) else None
