"""Replies kept as files, and the backend that gives them again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from npc.backends.base import Backend, ModelRequest, RawReply, Reply, Usage
from npc.catalog.types import FactValue
from npc.diagnostics import did_you_mean
from npc.errors import BackendError, BackendSpecError, NpcError

FORMAT = 2
REPLAYED_FAILURES = frozenset({"refusal", "truncated", "empty"})
"""What a model did answer, though with nothing usable; failures on the way to it are not kept."""

KEYS = frozenset({"format", "backend", "request", "prompt", "sent", "seconds", "reply", "failure", "usage"})
NEEDED = ("format", "request", "prompt", "sent")

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)
_SECRET = re.compile(r"\b(?:sk|pk|ghp|xox[a-z]|Bearer|AKIA)[-_ ]?[A-Za-z0-9_\-]{12,}")
SHORTEST_SECRET = 8
"""Characters; what is shorter is no secret, and may stand in any text."""


class RecordingError(NpcError):
    """A kept reply cannot be used; the message names the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A kept reply.

    Attributes:
        reply: the raw reply; None for a failure.
        failure: the reason code of an answer that held no reply, one of `REPLAYED_FAILURES`, or None.
        usage: the tokens it cost.
        seconds: how long it took; None where that is not known.
        prompt: digest of the messages and the schema that it answered.
        sent: what of the request can be compared with a later one, as whoever recorded it put it.
    """

    reply: RawReply | None
    failure: str | None
    usage: Usage
    seconds: float | None
    prompt: str
    sent: Mapping[str, Any] = field(default_factory=dict)

    def given(self, path: Path) -> Reply:
        """The reply once more.

        Raises:
            BackendError: the answer held none.
        """
        if self.failure is not None or self.reply is None:
            raise BackendError(self.failure or "empty", f"kept in {path}")
        return Reply(self.reply, self.usage)


def request_key(request: ModelRequest, *, epoch: int = 1, order: int = 0) -> dict[str, Any]:
    """What a reply depends on, as JSON data: not the wording of the prompt, so that recordings outlive its changes.

    Args:
        epoch: which of several replies to the same request.
        order: in which order the catalog's responses and intents were listed; 0: as written.
    """
    facts = request.facts
    shown = facts if request.shown_facts is None else request.shown_facts
    return {
        "character": request.character,
        "utterance": request.utterance,
        "event": request.event,
        "allowed": sorted(request.allowed),
        "intents": sorted(request.intents),
        "last": request.last,
        "transcript": [list(entry) for entry in request.transcript],
        "retry": request.retry,
        "facts": {name: _plain(facts[name]) for name in sorted(shown) if name in facts},
        "epoch": epoch,
        "order": order,
    }


def reply_file(folder: Path, key: Mapping[str, Any]) -> Path:
    """Where the reply to a request is kept. Nothing a player typed becomes part of the path."""
    canonical = json.dumps(key, sort_keys=True, separators=(",", ":"))
    return folder / f"{hashlib.sha256(canonical.encode()).hexdigest()[:32]}.json"


def prompt_digest(request: ModelRequest) -> str:
    """A digest of the words that a request asks in, and of the schema."""
    asked = json.dumps([request.messages, request.schema], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def read_recording(path: Path) -> Recording:
    """A kept reply.

    Raises:
        FileNotFoundError: there is none.
        RecordingError: the file is damaged.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="surrogatepass")
        kept = json.loads(text)
    except json.JSONDecodeError as error:
        raise RecordingError(f"{path}:{error.lineno}:{error.colno}: the recording is no JSON: {error.msg}") from None
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise RecordingError(f"{path}:1:1: the recording cannot be read: {error}") from None
    return _read(kept, path, text)


def _read(kept: Any, path: Path, text: str) -> Recording:
    def wrong(what: str, key: str = "") -> RecordingError:
        lines = text.splitlines()
        line = next((number for number, one in enumerate(lines, 1) if key and f'"{key}"' in one), 1)
        column = lines[line - 1].find(f'"{key}"') + 1 if key and lines else 1
        return RecordingError(f"{path}:{line}:{max(1, column)}: {what}")

    if not isinstance(kept, dict):
        raise wrong("the recording is no JSON object")
    if kept.get("format") != FORMAT:
        raise wrong(f"the recording is of format {kept.get('format')!r}, this version reads {FORMAT}", "format")
    for key in kept:
        if key not in KEYS:
            hint = did_you_mean(key, KEYS)
            raise wrong(f"a recording has no `{key[:40]}`" + (f": {hint}" if hint else ""), key)
    missing = [key for key in NEEDED if key not in kept]
    if missing or ("reply" in kept) is ("failure" in kept):
        raise wrong(f"the recording has no `{missing[0] if missing else 'reply'}`, or it has a failure besides")
    match kept:
        case {"request": dict(), "prompt": str(prompt), "sent": dict(sent), "failure": str(reason)} if (
            reason in REPLAYED_FAILURES
        ):
            return Recording(None, reason, Usage(), None, prompt, sent)
        case {"request": dict(), "prompt": str(prompt), "sent": dict(sent), "reply": str() | dict() as content}:
            seconds = kept.get("seconds")
            taken = float(seconds) if isinstance(seconds, int | float) and not isinstance(seconds, bool) else None
            return Recording(content, None, _usage(kept), taken, prompt, sent)
    raise wrong("the recording is not in the form that recording writes", "failure" if "failure" in kept else "reply")


class ReplayBackend(Backend):
    """Gives the replies kept in a folder.

    Args:
        folder: the folder that a `RecordingBackend` wrote.

    Raises:
        BackendSpecError: there is no such folder.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self.name = f"replay:{folder}"
        if not self._folder.is_dir():
            raise BackendSpecError(
                f"backend spec '{self.name}': there is no such folder; an example: replay:recordings"
            )

    async def reply(self, request: ModelRequest) -> Reply | RawReply:
        key = request_key(request)
        path = reply_file(self._folder, key)
        try:
            kept = read_recording(path)
        except FileNotFoundError:
            shown = json.dumps(key, ensure_ascii=True)
            raise BackendError("transport", f"no reply is kept in {path} for {shown[:1000]}") from None
        except RecordingError as error:
            raise BackendError("transport", f"{error}; record it again") from None
        return kept.given(path)


class RecordingBackend(Backend):
    """Passes requests on and keeps every reply in a folder, for `ReplayBackend`.

    A file holds what the request came down to (`request_key`), the raw reply, and what can be compared later: no key,
    no header, no prompt. What looks like a secret is not written down.

    Args:
        inner: the backend that answers.
        folder: where to keep the replies; made when missing.
        epoch, order: as in `request_key`.
        sent: what of a request is kept to be compared with later ones, as JSON data.
    """

    def __init__(
        self,
        inner: Backend,
        folder: str | Path,
        *,
        epoch: int = 1,
        order: int = 0,
        sent: Callable[[ModelRequest], Mapping[str, Any]] = lambda request: {},
    ) -> None:
        self.name = inner.name
        self._inner = inner
        self._folder = Path(folder)
        self._epoch, self._order = epoch, order
        self._sent = sent

    async def reply(self, request: ModelRequest) -> Reply | RawReply:
        started = perf_counter()
        try:
            answer = await self._inner.reply(request)
        except BackendError as error:
            if error.reason in REPLAYED_FAILURES:
                self._keep(request, {"failure": error.reason})
            raise
        seconds = round(perf_counter() - started, 3)
        reply = answer if isinstance(answer, Reply) else Reply(answer)
        self._keep(request, {"seconds": seconds, "reply": reply.content, "usage": asdict(reply.usage)})
        return answer

    async def prepare(self, request: ModelRequest) -> None:
        await self._inner.prepare(request)

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _keep(self, request: ModelRequest, answer: dict[str, Any]) -> None:
        key = request_key(request, epoch=self._epoch, order=self._order)
        # Without its address, which may be a private one: the model is what matters.
        whole = {"format": FORMAT, "backend": self.name.partition("@")[0], "request": key}
        whole |= {"prompt": prompt_digest(request), "sent": self._sent(request), **answer}
        try:
            text = without_secrets(json.dumps(whole, indent=2), os.environ)
        except (TypeError, ValueError, RecursionError) as error:
            raise BackendError("schema", f"the reply of {self.name} is not JSON and cannot be kept: {error}") from error
        self._folder.mkdir(parents=True, exist_ok=True)
        # Written aside and moved into place: a reader, or a crash, never meets half a file.
        handle, aside = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text + "\n")
            os.replace(aside, reply_file(self._folder, key))
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise


def without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """A text without the values of environment variables that hold secrets, and without what has the form of a key."""
    for name, value in environ.items():
        value = value.strip()
        if _SECRET_NAME.search(name) and len(value) >= SHORTEST_SECRET:
            text = text.replace(json.dumps(value)[1:-1], "[secret]")
    return _SECRET.sub("[secret]", text)


def _usage(kept: Mapping[str, Any]) -> Usage:
    counts = kept.get("usage")
    if not isinstance(counts, dict):
        return Usage()
    names = ("input_tokens", "output_tokens", "cached_tokens")
    return Usage(*(count if isinstance(count := counts.get(name), int) else None for name in names))


def _plain(value: FactValue) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return dict(sorted(value.items())) if isinstance(value, Mapping) else value
