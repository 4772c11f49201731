"""From a backend spec, as people type it, to backends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from urllib.parse import urlsplit

from npc.backends.base import Backend, BackendFunction
from npc.backends.scripted import FunctionBackend
from npc.diagnostics import did_you_mean, nearest
from npc.errors import BackendSpecError

BackendLike = str | Backend | BackendFunction
ENVIRONMENT_VARIABLE = "NPC_BACKEND"
DEFAULT = "embedded"

EXAMPLES = {
    "embedded": "embedded",
    "openai": "openai:gpt-4.1-mini, or openai:llama3.2@http://localhost:11434/v1",
    "scripted": "scripted:replies.yaml",
    "replay": "replay:recordings",
    "python": "python:answers.py:reply",
}

NAMES_NO = {
    "openai": "names no model",
    "scripted": "names no file",
    "replay": "names no folder",
    "python": "names no function",
}


def default_spec(environ: Mapping[str, str]) -> str:
    """The spec that an environment asks for in ``NPC_BACKEND``; ``embedded`` when it does not.

    >>> default_spec({"NPC_BACKEND": "replay:recordings"})
    'replay:recordings'
    """
    return environ.get(ENVIRONMENT_VARIABLE, "").strip() or DEFAULT


def resolve(spec: BackendLike | Sequence[BackendLike]) -> tuple[Backend, ...]:
    """The backends that a spec names, in the order they are to be tried.

    Args:
        spec: ``embedded``, ``embedded:certain``, ``openai:MODEL``, ``openai:MODEL@URL``, ``scripted:FILE``,
            ``replay:DIR``, ``python:FILE:NAME``, or of a kind that an installed package adds; several joined with
            ``|``; a `Backend`; an async function `ModelRequest` -> reply; or a sequence of these.

    Raises:
        BackendSpecError: the spec cannot be understood, its file not read, or a key is missing.
        MissingExtra: the backend needs a package that is not installed.

    >>> [backend.name for backend in resolve("openai:llama3.2@http://localhost:11434/v1 | embedded")]
    ['openai:llama3.2@http://localhost:11434/v1', 'embedded']
    """
    if isinstance(spec, str):
        return tuple(_named(part, spec) for part in parts_of(spec))
    if isinstance(spec, Backend):
        return (spec,)
    if isinstance(spec, Sequence):
        if not spec:
            raise BackendSpecError(f"no backend is given; an example: {DEFAULT}")
        return tuple(backend for part in spec for backend in resolve(part))
    if callable(spec):
        return (FunctionBackend(spec),)
    raise BackendSpecError(
        f"a backend is a spec string, a Backend or an async function, not {type(spec).__name__}; an example: {DEFAULT}"
    )


def parts_of(spec: str) -> list[str]:
    """The backends that a spec string names, each as a spec of its own."""
    return [part.strip() for part in spec.split("|")]


def is_model(part: str) -> bool:
    """Whether a spec of one backend names a model that has to be reached, so that tests rather use recordings."""
    return part.partition(":")[0].strip() == "openai"


def _named(part: str, whole: str) -> Backend:
    kind, colon, rest = part.partition(":")
    kind, rest = kind.strip(), rest.strip()
    if not part:
        raise BackendSpecError(
            f"backend spec {_shown(whole)} has an empty part; an example: openai:gpt-4.1-mini|embedded"
        )
    if kind not in EXAMPLES:
        from npc.backends.plugins import from_package, installed

        added = installed()
        if kind in added:
            return from_package(added[kind], part, rest)
        hint = did_you_mean(kind[:40].lower(), [*EXAMPLES, *added])
        example = EXAMPLES[nearest(kind[:40].lower(), EXAMPLES) or DEFAULT]
        raise BackendSpecError(f"no backend {_shown(kind)}: {hint}; an example: {example}")
    if kind == "embedded":
        if colon and rest != "certain":
            raise _wrong(part, "`embedded` takes nothing after it but `:certain`", kind)
        return _certain() if colon else _embedded()
    if not rest:
        raise _wrong(part, NAMES_NO[kind], kind)
    if kind == "openai":
        return _openai(part, rest)
    if kind == "python":
        from npc.backends.plugins import from_python

        return from_python(part, rest)
    if kind == "scripted":
        from npc.backends.scripts import load_script

        return load_script(rest)
    from npc.backends.replay import ReplayBackend

    return ReplayBackend(rest)


@cache
def _embedded() -> Backend:
    # One for the whole process: what it learns of a catalog is shared by every session.
    from npc.backends.embedded import EmbeddedBackend

    return EmbeddedBackend()


@cache
def _certain() -> Backend:
    from npc.backends.certain import CertainBackend

    return CertainBackend(_embedded())


def _openai(part: str, rest: str) -> Backend:
    model, at, url = (text.strip() for text in rest.partition("@"))
    if not model:
        raise _wrong(part, "names no model", "openai")
    if at:
        _check_url(part, url)
    from npc.backends.openai import OpenAIBackend

    return OpenAIBackend(model, base_url=url or None)


def _check_url(part: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
        parts = None
    if not usable or parts is None:
        raise _wrong(part, "has no URL beginning with http:// or https:// after the @", "openai")
    if parts.username or parts.password or parts.query or parts.fragment:
        # Not quoted in the message: it may hold a password.
        raise BackendSpecError(
            "the URL of an openai backend may hold no user, password, query or fragment; "
            f"set OPENAI_API_KEY instead. An example: {EXAMPLES['openai']}"
        )


def _wrong(part: str, what: str, kind: str) -> BackendSpecError:
    return BackendSpecError(f"backend spec {_shown(part)}: {what}; an example: {EXAMPLES[kind]}")


def _shown(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) <= 80 else shown[:77] + "…"
