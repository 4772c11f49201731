"""Backends from elsewhere: a Python function or class named in a spec, and those that installed packages add."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from npc.backends.base import Backend
from npc.backends.scripted import FunctionBackend
from npc.diagnostics import did_you_mean
from npc.errors import BackendSpecError, NpcError

GROUP = "npc.backends"
"""The entry point group: kind → a function of what follows the colon in a spec, giving a backend or a function."""

EXAMPLE = "python:answers.py:reply"

SHOWN = 80
"""Characters of a spec that a message repeats."""


def installed() -> Mapping[str, EntryPoint]:
    """The kinds of backends that installed packages add, by name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def from_package(point: EntryPoint, part: str, rest: str) -> Backend:
    """The backend of a kind that a package adds.

    Raises:
        BackendSpecError: the package's code does not load, or makes no backend of it.
    """
    part = part[:SHOWN]
    try:
        made = point.load()(rest)
    except NpcError:
        raise
    except Exception as error:
        raise BackendSpecError(f"backend spec {part!r}: {point.value} failed: {_told(error)}") from error
    return _as_backend(made, part, named=False)


def from_python(part: str, rest: str) -> Backend:
    """The backend that ``MODULE:NAME`` or ``FILE.py:NAME`` names: a function, a `Backend`, or a class of one.

    Raises:
        BackendSpecError: there is no such module or name, its code fails, or it is none of these.
    """
    part = part[:SHOWN]
    where, colon, name = rest.rpartition(":")
    if not colon or not where or not name.isidentifier():
        raise BackendSpecError(f"backend spec {part!r} names no function; an example: {EXAMPLE}")
    module = _module(part, where)
    found = getattr(module, name, None)
    if found is None:
        public = [known for known, value in vars(module).items() if callable(value) and not known.startswith("_")]
        raise BackendSpecError(f"backend spec {part!r}: no `{name}` in {where}: {did_you_mean(name, public)}")
    if isinstance(found, type) and issubclass(found, Backend):
        try:
            found = found()
        except Exception as error:
            raise BackendSpecError(f"backend spec {part!r}: {name}() failed: {_told(error)}") from error
    return _as_backend(found, part, named=True)


def _module(part: str, where: str) -> Any:
    if not where.endswith(".py"):
        try:
            return import_module(where)
        except Exception as error:
            hint = f"; a file is named with its ending, such as {EXAMPLE}" if isinstance(error, ImportError) else ""
            raise BackendSpecError(
                f"backend spec {part!r}: {where} cannot be imported: {_told(error)}{hint}"
            ) from error
    path = Path(where).resolve()
    if not path.is_file():
        near = did_you_mean(path.name, [other.name for other in path.parent.glob("*.py")])
        raise BackendSpecError(f"backend spec {part!r}: there is no file {where}" + (f": {near}" if near else ""))
    name = f"npc_backend_{path.stem}"
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise BackendSpecError(f"backend spec {part!r}: {where} fails: {_told(error)}") from error
    return module


def _as_backend(made: object, part: str, *, named: bool) -> Backend:
    if isinstance(made, Backend):
        return made
    if callable(made) and not isinstance(made, type):
        function: Callable[..., Any] = made
        backend = FunctionBackend(function)
        backend.name = part if named else backend.name
        return backend
    kind = made.__name__ if isinstance(made, type) else type(made).__name__
    raise BackendSpecError(f"backend spec {part!r}: {kind} is neither a function nor an npc.Backend")


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]
