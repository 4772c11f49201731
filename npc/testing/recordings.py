"""Models in tests: their replies kept as files beside the seeds, and given again."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path

from npc.backends import resolve
from npc.backends.base import Backend, ModelRequest, RawReply, Reply
from npc.backends.replay import (
    REPLAYED_FAILURES,
    RecordingBackend,
    RecordingError,
    prompt_digest,
    read_recording,
    reply_file,
    request_key,
)
from npc.backends.specs import is_model, parts_of
from npc.errors import BackendError, NpcError
from npc.logic.cast import Cast
from npc.testing.outgoing import lost, sent_by

FOLDER = "recordings"


class Mode(StrEnum):
    """Where a model's replies come from.

    ``none``: from recordings only. ``once``: those that are missing are recorded. ``all``: all are recorded anew.
    ``live``: from the model, and nothing is kept.
    """

    NONE = "none"
    ONCE = "once"
    ALL = "all"
    LIVE = "live"


@dataclass(slots=True)
class Log:
    """What happened to recordings in a conversation.

    Attributes:
        problems: what makes it fail whatever it comes to, since the last time somebody asked.
        missing: whether one is that a reply is not recorded.
        recorded, replayed: how many replies.
        changed: how many of those replayed were made for a prompt that has since changed.
    """

    problems: list[str] = field(default_factory=list)
    missing: bool = False
    recorded: int = 0
    replayed: int = 0
    changed: int = 0

    def take_problems(self) -> tuple[str, ...]:
        """The problems since this was last asked."""
        found, self.problems = tuple(self.problems), []
        return found


def folder_for(file: Path, part: str) -> Path:
    """Where the replies of a model to the conversations of a dialogue file are kept; `part` is its backend spec."""
    model = part.partition("@")[0].strip()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", model.replace(":", "-", 1))
    if plain != model.replace(":", "-", 1) or plain.strip(".") != plain:
        # Two models never share a folder, on file systems that fold case neither.
        plain = f"{plain.strip('.')}-{hashlib.sha256(model.encode()).hexdigest()[:6]}"
    return file.parent / FOLDER / plain[:120]


class RecordedBackend(Backend):
    """A model whose replies come from recordings, or go there.

    Args:
        part: its backend spec.
        open_model: opens the model itself, when it has to be asked.
        folder: where its recordings are.
        cast: the cast that is talked to.
        mode: where the replies come from.
        log: told of what happens.
        epoch, order: as in `npc.backends.replay.request_key`.
    """

    def __init__(
        self,
        part: str,
        open_model: Callable[[], Backend],
        folder: Path,
        cast: Cast,
        mode: Mode,
        log: Log,
        *,
        epoch: int = 1,
        order: int = 0,
    ) -> None:
        self.name = part.partition("@")[0]
        self._open, self._folder, self._cast, self._mode, self._log = open_model, folder, cast, mode, log
        self._epoch, self._order = epoch, order

    async def reply(self, request: ModelRequest) -> Reply | RawReply:
        path = reply_file(self._folder, request_key(request, epoch=self._epoch, order=self._order))
        if self._mode is Mode.ALL or (self._mode is Mode.ONCE and not path.exists()):
            return await self._recorded(request)
        return self._replayed(request, path)

    def _replayed(self, request: ModelRequest, path: Path) -> Reply:
        try:
            kept = read_recording(path)
        except FileNotFoundError:
            self._log.missing = True
            said = f"{request.utterance[:80]!r}" if request.event is None else f"the event {request.event}"
            raise self._problem(f"no reply of {self.name} to {said} is recorded for this state") from None
        except RecordingError as error:
            raise self._problem(f"{error}: record it again with --record all") from None
        for problem in lost(kept.sent, request, self._cast):
            self._log.problems.append(f"{problem}; the reply in {path} was recorded for a request that had it so")
        self._log.replayed += 1
        self._log.changed += kept.prompt != prompt_digest(request)
        reply = kept.given(path)
        return Reply(reply.content, reply.usage, {} if kept.seconds is None else {"seconds": kept.seconds})

    async def _recorded(self, request: ModelRequest) -> Reply | RawReply:
        try:
            model = self._open()
        except NpcError as error:
            raise self._problem(f"nothing can be recorded: {error}") from None
        recording = RecordingBackend(
            model,
            self._folder,
            epoch=self._epoch,
            order=self._order,
            sent=lambda asked: sent_by(asked, self._cast, model.manner),
        )
        try:
            answer = await recording.reply(request)
        except BackendError as error:
            if error.reason not in REPLAYED_FAILURES:
                raise self._problem(f"{self.name} did not answer, so that nothing is recorded: {error}") from None
            self._log.recorded += 1
            raise
        except asyncio.CancelledError:
            self._log.problems.append(f"{self.name} did not answer in time, so that nothing is recorded")
            raise
        self._log.recorded += 1
        return answer

    def _problem(self, told: str) -> BackendError:
        self._log.problems.append(told)
        return BackendError("transport", told)


class Backends:
    """The backends of a spec, each opened when it is first needed, and shared by all conversations.

    Args:
        spec: what understands the words.
        mode: where the replies of models come from.
    """

    def __init__(self, spec: str, mode: Mode = Mode.NONE) -> None:
        self.spec, self.mode = spec, mode
        self._opened: dict[str, Backend] = {}

    def of(self, file: Path, cast: Cast, log: Log, *, epoch: int = 1, order: int = 0) -> list[Backend]:
        """The backends for a conversation of a file; those that are models go by its recordings.

        Raises:
            BackendSpecError, MissingExtra: as `npc.backends.resolve`.
        """
        found: list[Backend] = []
        for part in parts_of(self.spec):
            if is_model(part) and self.mode is not Mode.LIVE:
                folder, opened = folder_for(file, part), partial(self._open, part)
                found.append(RecordedBackend(part, opened, folder, cast, self.mode, log, epoch=epoch, order=order))
            else:
                found.append(self._open(part))
        return found

    def _open(self, part: str) -> Backend:
        if part not in self._opened:
            self._opened[part] = resolve(part)[0]
        return self._opened[part]

    async def aclose(self) -> None:
        """Give back what was opened."""
        opened, self._opened = self._opened, {}
        for backend in opened.values():
            await backend.aclose()
