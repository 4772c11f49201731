"""Set up this checkout and run the same command again inside it, so that one command is all a newcomer needs.

`ensure("game")` returns at once where the running interpreter has what is asked for. Otherwise it creates `.venv` in
the checkout, installs the pinned packages there, and re-executes the command with that interpreter. A stamp file makes
every later run quick. Standard library only, and free of newer syntax, so that an old Python can still say it is old.
"""

import sys

OLDEST = (3, 11)
if sys.version_info < OLDEST:
    sys.exit(
        "This needs Python {}.{} or newer, and {} is {}.{}. Install a newer one and run the command with it, "
        "for example: python3.11 {}".format(
            *OLDEST, sys.executable or "python3", *sys.version_info[:2], " ".join(sys.argv)
        )
    )

# After the check above, so that an old Python says what it is instead of failing here (E402). What only setting up
# needs is imported where it is used: a checkout that is set up starts at once.
import hashlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
from pathlib import Path  # noqa: E402

CHECKOUT = Path(__file__).resolve().parent
LOCK = "requirements.lock"
STAMP = "npc-setup.json"
BUILD_PACKAGES = ("hatchling", "editables")
REENTERED = "NPC_BOOTSTRAP_REENTERED"
NO_NETWORK_SIGNS = (
    "newconnectionerror",
    "name resolution",
    "failed to resolve",
    "connection refused",
    "network is unreachable",
    "max retries exceeded",
    "read timed out",
    "proxyerror",
)


class SetupError(Exception):
    """The checkout cannot be set up; the message says what to do."""


def ensure(*extras: str) -> None:
    """Make sure the packages for these extras are at hand; may never return, but replace the process.

    Args:
        extras: names from `[project.optional-dependencies]`, such as ``game`` or ``dev``.

    Raises:
        SystemExit: setting up failed (the message says why), or, on Windows, the re-executed command ended.
    """
    try:
        _ensure(CHECKOUT, frozenset(extras))
    except SetupError as error:
        sys.exit(f"Setting up failed: {error}")


def _ensure(checkout: Path, extras: frozenset[str]) -> None:
    venv = checkout / ".venv"
    fingerprint = _fingerprint(checkout)
    inside = Path(sys.prefix).resolve() == venv.resolve()
    installed = _read_stamp(venv, fingerprint)
    if inside and extras | {""} <= installed:
        os.environ.pop(REENTERED, None)
        return
    project = _read_project(checkout)
    wanted = _with_implied(extras, project) | {""}
    if not inside and _is_installed(checkout) and _has_packages(wanted, project):
        return
    if not wanted <= installed:
        if os.environ.get(REENTERED):
            raise SetupError(f"{venv} was set up just now and still lacks packages; delete it and try again")
        _set_up(checkout, venv, wanted | installed, fingerprint, inside)
    _run_again(_python_of(venv))


def _read_project(checkout: Path) -> dict[str, list[str]]:
    """Requirement strings by extra; those of the project itself under the empty name."""
    import tomllib

    data = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": data.get("dependencies", []), **data.get("optional-dependencies", {})}


def _with_implied(extras: frozenset[str], project: dict[str, list[str]]) -> frozenset[str]:
    """The extras and those they bring in (`dev` asks for ``npc[openai,otel,game]``)."""
    unknown = sorted(extras - project.keys())
    if unknown:
        raise SetupError(f"no extra `{unknown[0]}`; there are: {', '.join(sorted(filter(None, project)))}")
    found = set(extras)
    for extra in extras:
        for requirement in project[extra]:
            own = re.match(r"npc\[([^\]]+)\]", requirement)
            if own:
                found |= _with_implied(frozenset(name.strip() for name in own[1].split(",")), project)
    return frozenset(found)


def _fingerprint(checkout: Path) -> str:
    digest = hashlib.sha256()
    for name in ("pyproject.toml", LOCK):
        digest.update((checkout / name).read_bytes())
    return digest.hexdigest()


def _read_stamp(venv: Path, fingerprint: str) -> frozenset[str]:
    """The extras that `.venv` holds for exactly this project and lock file, "" (no extra) among them; none if stale."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        current = stamp["fingerprint"] == fingerprint and _python_of(venv).exists()
        return frozenset(stamp["extras"]) if current else frozenset()
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def _is_installed(checkout: Path) -> bool:
    """Whether the running interpreter, which is not this checkout's own, has this checkout installed in it."""
    import importlib.metadata

    try:
        origin = importlib.metadata.distribution("npc").read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return False
    return origin is not None and json.loads(origin).get("url") == checkout.as_uri()


def _has_packages(wanted: frozenset[str], project: dict[str, list[str]]) -> bool:
    """Whether the running interpreter has what these extras ask for, in versions that will do."""
    requirements = [text for extra in wanted for text in project[extra] if not text.startswith("npc[")]
    return all(map(_is_met, requirements))


def _is_met(requirement: str) -> bool:
    import importlib.metadata

    matched = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?([^;]*)", requirement)
    assert matched is not None
    try:
        have = _numbers(importlib.metadata.version(matched[1]))
    except importlib.metadata.PackageNotFoundError:
        return False
    bounds = re.findall(r"(>=|<)\s*([0-9.]+)", matched[2])
    return all(have >= _numbers(version) if sign == ">=" else have < _numbers(version) for sign, version in bounds)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version.split("+")[0])[:3])


def _python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _set_up(checkout: Path, venv: Path, extras: frozenset[str], fingerprint: str, inside: bool) -> None:
    _say(f"Setting up {venv} (once; later runs start at once)")
    (venv / STAMP).unlink(missing_ok=True)
    if not inside:
        _create(venv)
    python = _python_of(venv)
    names = ",".join(sorted(filter(None, extras)))
    own = f"{checkout}[{names}]" if names else str(checkout)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    pip += ["--constraint", str(checkout / LOCK)]
    _say("  installing the build tools")
    _call([*pip, *BUILD_PACKAGES], "installing the build tools")
    _say(f"  installing npc{f'[{names}]' if names else ''} and the packages it needs, at the versions in {LOCK}")
    # The build tools are pinned like everything else, hence no isolated (and unpinned) build environment.
    _call([*pip, "--no-build-isolation", "--editable", own], "installing the packages")
    stamp = {"fingerprint": fingerprint, "extras": sorted(extras)}
    (venv / STAMP).write_text(json.dumps(stamp) + "\n", encoding="utf-8")
    _say("  done")


def _create(venv: Path) -> None:
    if (venv / "pyvenv.cfg").exists() and _works(_python_of(venv)):
        return
    if venv.exists() and not (venv / "pyvenv.cfg").exists() and any(venv.iterdir()):
        raise SetupError(f"{venv} exists and is not a virtual environment; move it out of the way")
    import importlib.util

    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            version = f"{sys.version_info[0]}.{sys.version_info[1]}"
            raise SetupError(
                f"this Python has no `{module}` module. On Debian and Ubuntu: sudo apt-get install python{version}-venv"
            )
    _say("  creating the virtual environment")
    _call([sys.executable, "-m", "venv", "--clear", str(venv)], "creating the virtual environment")


def _works(python: Path) -> bool:
    """Whether a virtual environment's interpreter still runs, is new enough and has pip."""
    import subprocess

    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([str(python), "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _call(command: list[str], doing: str) -> None:
    import subprocess

    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode == 0:
        return
    output = done.stdout.decode("utf-8", "replace").strip()
    tail = "\n".join(f"    {line}" for line in output.splitlines()[-12:])
    if any(sign in output.lower() for sign in NO_NETWORK_SIGNS):
        raise SetupError(
            f"{doing} needs the network once, and the package index could not be reached. "
            f"Check the connection (or pip's settings) and run the command again.\n{tail}"
        )
    raise SetupError(f"{doing} ended with status {done.returncode}:\n{tail}")


def _run_again(python: Path) -> None:
    """Replace this process by the same command under the other interpreter."""
    command = [str(python), *sys.orig_argv[1:]]
    environment = {**os.environ, REENTERED: "1"}
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        import subprocess

        # Windows' exec ends the parent at once, and the shell's prompt comes back before the command is through.
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    os.execve(str(python), command, environment)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
