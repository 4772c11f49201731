"""A pytest plugin: dialogue files are collected as tests, so that ``pytest seeds/`` just works.

An item is a step, named by file, conversation and step. A conversation is run as a whole when the first of its items
is, so a step stands for what the conversation came to there. Only light imports here: pytest loads this module for
every run, with or without dialogue files.
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
    """A step came out otherwise; the message is what a writer reads."""


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
    config.addinivalue_line("markers", "npc: a step of a dialogue file")


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
    """A dialogue file; it holds conversations."""

    def collect(self) -> Iterator[DialogueConversation]:
        """The conversations of the file."""
        from npc.catalog import load_dialogue
        from npc.testing.cases import Case

        shared = self.config.stash[_SHARED]
        dialogue = load_dialogue(_shown(self.path))
        cast = shared.casts.of(self.path, dialogue.cast)
        for conversation in dialogue.conversations:
            case = Case(self.path, cast, conversation)
            if shared.wanted(case):
                yield DialogueConversation.from_parent(self, name=conversation.name, case=case)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """What is wrong with the file, as `npc test` tells it."""
        return _told(excinfo) or super().repr_failure(excinfo, *args)


class DialogueConversation(pytest.Collector):
    """One conversation; its steps are the items."""

    def __init__(self, *, case: Case, **options: Any) -> None:
        super().__init__(**options)
        self.case = case
        self.add_marker("npc")
        self.extra_keyword_matches.update(case.conversation.tags)
        self._tally: Tally | None = None

    def collect(self) -> Iterator[DialogueStep]:
        """The steps of the conversation."""
        for number in range(1, len(self.case.conversation.steps) + 1):
            yield DialogueStep.from_parent(self, name=f"step {number}", number=number)

    @property
    def tally(self) -> Tally:
        """What the conversation came to; it is run when this is first asked for."""
        self._tally = self._tally or self.config.stash[_SHARED].run(self.case)
        return self._tally


class DialogueStep(pytest.Item):
    """One step of a conversation."""

    parent: DialogueConversation

    def __init__(self, *, number: int, **options: Any) -> None:
        super().__init__(**options)
        self.number = number

    def runtest(self) -> None:
        """Tell what the step came to.

        Raises:
            DialogueFailed: it came out otherwise than expected; or it is the last of a conversation that is known to
                fail, and nothing failed.
        """
        tally = self.parent.tally
        self.user_properties.append(("layer", str(tally.layer)))
        if tally.total > 1:
            self.user_properties.append(("attempts", tally.share))
        if tally.outcome == "passed":
            return
        failure, steps = tally.shown.failure, len(self.parent.case.conversation.steps)
        decided = max(1, failure.step) if failure else steps
        if self.number > decided:
            pytest.skip(f"not taken: step {decided} failed")
        if self.number == decided:
            if tally.ok:
                pytest.xfail(tally.shown.xfail or "")
            raise DialogueFailed(tally.render_problem())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """What came out otherwise, as a writer reads it."""
        return _told(excinfo) or super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the step stands."""
        conversation = self.parent.case.conversation
        line = conversation.steps[self.number - 1].position.line
        return self.path, line - 1, f"{self.path.name}: {conversation.name}: {self.name}"


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
