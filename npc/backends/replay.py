"""Replies kept as files, and the backend that gives them again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from npc.backends.base import Backend, ModelRequest, RawReply, Reply, Usage
from npc.catalog.types import FactValue
from npc.errors import BackendError, BackendSpecError

FORMAT = 1
REPLAYED_FAILURES = frozenset({"refusal", "truncated", "empty"})
"""What a model did answer, though with nothing usable; failures on the way to it are not kept."""


def request_key(request: ModelRequest) -> dict[str, Any]:
    """What a reply depends on, as JSON data: not the wording of the prompt, so that recordings outlive its changes."""
    return {
        "character": request.character,
        "utterance": request.utterance,
        "allowed": sorted(request.allowed),
        "intents": sorted(request.intents),
        "last": request.last,
        "retry": request.retry,
        "facts": {name: _plain(value) for name, value in sorted(request.facts.items())},
    }


def reply_file(folder: Path, key: Mapping[str, Any]) -> Path:
    """Where the reply to a request is kept. Nothing a player typed becomes part of the path."""
    canonical = json.dumps(key, sort_keys=True, separators=(",", ":"))
    return folder / f"{hashlib.sha256(canonical.encode()).hexdigest()[:32]}.json"


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
            kept = json.loads(path.read_bytes())
        except FileNotFoundError:
            shown = json.dumps(key, ensure_ascii=True)
            raise BackendError("transport", f"no reply is kept in {path} for {shown[:1000]}") from None
        except (OSError, ValueError, RecursionError) as error:
            raise BackendError("transport", f"the kept reply {path} cannot be read: {error}") from None
        return _kept_reply(kept, path)


class RecordingBackend(Backend):
    """Passes requests on and keeps every reply in a folder, for `ReplayBackend`.

    A file holds what the request came down to (`request_key`) and the raw reply: no key, no header, no prompt.

    Args:
        inner: the backend that answers.
        folder: where to keep the replies; made when missing.
    """

    def __init__(self, inner: Backend, folder: str | Path) -> None:
        self.name = inner.name
        self._inner = inner
        self._folder = Path(folder)

    async def reply(self, request: ModelRequest) -> Reply | RawReply:
        try:
            answer = await self._inner.reply(request)
        except BackendError as error:
            if error.reason in REPLAYED_FAILURES:
                self._keep(request, {"failure": error.reason})
            raise
        reply = answer if isinstance(answer, Reply) else Reply(answer)
        self._keep(request, {"reply": reply.content, "usage": asdict(reply.usage)})
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _keep(self, request: ModelRequest, answer: dict[str, Any]) -> None:
        key = request_key(request)
        try:
            text = json.dumps({"format": FORMAT, "backend": self.name, "request": key, **answer}, indent=2)
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


def _kept_reply(kept: Any, path: Path) -> Reply:
    match kept:
        case {"format": int(version)} if version != FORMAT:
            raise BackendError(
                "transport", f"the kept reply {path} is of format {version}, this version reads {FORMAT}"
            )
        case {"failure": str(reason)} if reason in REPLAYED_FAILURES:
            raise BackendError(reason, f"kept in {path}")
        case {"reply": str() | dict() as content}:
            return Reply(content, _usage(kept))
    raise BackendError("transport", f"the kept reply {path} is not in the form that recording writes; record it again")


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
