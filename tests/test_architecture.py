"""What holds over the whole source tree: the direction of imports, the size of modules, the names that are public."""

import ast
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
LONGEST_MODULE = 450

FOUNDATION = {"npc.diagnostics", "npc.errors"}
LAYERS: dict[str, set[str]] = {
    # Part → what it may import beside itself. A name stands for the module and all below it, save those in EXACTLY.
    "npc.diagnostics": set(),
    "npc.errors": {"npc.diagnostics"},
    "npc.catalog": FOUNDATION,
    "npc.grounding": {"npc.catalog", *FOUNDATION},
    "npc.logic": {"npc.catalog", *FOUNDATION},
    "npc.backends": {"npc.catalog", "npc.grounding", *FOUNDATION},
    "npc.prompts": {"npc.backends.base", "npc.catalog", "npc.logic", *FOUNDATION},
    "npc.engine": {
        "npc.backends",
        "npc.backends.base",
        "npc.backends.specs",
        "npc.catalog",
        "npc.grounding",
        "npc.logic",
        "npc.prompts",
        *FOUNDATION,
    },
    "npc.exploration": {"npc.catalog", "npc.logic", *FOUNDATION},
    "npc.linting": {"npc.catalog", "npc.logic", *FOUNDATION},
    "npc.drawing": {"npc.catalog", "npc.exploration", "npc.logic", *FOUNDATION},
    "npc.testing": {"npc"},
    "npc.server": {"npc"},
    "npc.cli": {"npc"},
    "npc.__main__": {"npc"},
}
EXACTLY = {("npc.engine", "npc.backends")}
"""(importer, imported): only that very module. The engine knows the protocol and the resolver, no backend."""

NEVER_DOWNWARDS = {"npc.testing", "npc.server", "npc.cli", "npc.__main__"}
"""The top layer: nothing below it imports it."""


def modules(folder: str) -> list[Path]:
    """The Python files below a folder of the checkout, by path."""
    return sorted((CHECKOUT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line number and absolute module name of every import, however deep in the file; ``from a import b`` → ``a.b``
    where that is a module."""
    package = module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            origin = ".".join(filter(None, (base, node.module)))
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                yield node.lineno, inner if is_module(inner) else origin


def is_module(name: str) -> bool:
    path = CHECKOUT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def is_type_checking(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def below(name: str, part: str) -> bool:
    return name == part or name.startswith(part + ".")


def part_of(name: str) -> str | None:
    return next((part for part in LAYERS if below(name, part)), None)


def may_import(importer: str, imported: str) -> bool:
    if below(imported, importer):
        return True
    if importer not in NEVER_DOWNWARDS and any(below(imported, top) for top in NEVER_DOWNWARDS):
        return False
    if importer == "npc.testing" and below(imported, "npc.cli"):
        return False
    return any(
        imported == allowed if (importer, allowed) in EXACTLY else below(imported, allowed)
        for allowed in LAYERS[importer]
    )


def test_imports_run_one_way() -> None:
    """No module of the framework imports from a layer above its own."""
    wrong = []
    for path in modules("npc"):
        importer = part_of(module_name(path))
        if importer is None:
            continue  # npc/__init__.py hands names on from everywhere
        wrong += [
            f"{path.relative_to(CHECKOUT)}:{line}: {importer} must not import {name}"
            for line, name in imports_of(path)
            if below(name, "npc") and not may_import(importer, name)
        ]
    assert not wrong, "\n".join(wrong)


def test_every_part_has_a_layer() -> None:
    """A new package under npc/ must be given its place in LAYERS."""
    parts = {module_name(path) for path in modules("npc")} - {"npc"}
    strangers = sorted(name for name in parts if part_of(name) is None)
    assert not strangers, f"say in LAYERS what these may import: {strangers}"


@pytest.mark.parametrize(
    ("importer", "imported", "fine"),
    [
        ("npc.engine", "npc.backends.base", True),
        ("npc.engine", "npc.backends", True),
        ("npc.engine", "npc.backends.openai", False),
        ("npc.logic", "npc.engine.session", False),
        ("npc.catalog", "npc.logic.nodes", False),
        ("npc.engine", "npc.cli.app", False),
        ("npc.cli", "npc.testing.runner", True),
        ("npc.testing", "npc.cli.app", False),
    ],
)
def test_the_rule_tells_right_from_wrong(importer: str, imported: str, fine: bool) -> None:
    """The import rule itself lets through what is meant to pass, and stops what is not."""
    assert may_import(importer, imported) is fine


def test_the_framework_knows_no_game() -> None:
    """npc imports neither the games nor the window library."""
    wrong = [
        f"{path.relative_to(CHECKOUT)}:{line}: {name}"
        for path in modules("npc")
        for line, name in imports_of(path)
        if name.split(".")[0] in {"games", "pygame"}
    ]
    assert not wrong, "\n".join(wrong)


def test_one_module_owns_the_window_library() -> None:
    """Exactly one module imports pygame, so that everything else can be tested without a window."""
    owners = {
        str(path.relative_to(CHECKOUT))
        for path in [*modules("games"), CHECKOUT / "demo.py"]
        for _, name in imports_of(path)
        if name.split(".")[0] == "pygame"
    }
    assert len(owners) == 1, f"pygame is imported by {sorted(owners)}"


def test_games_use_the_public_api_only() -> None:
    """The games import `npc` itself, and from it only names that it exports."""
    import npc

    wrong = []
    for path in [*modules("games"), CHECKOUT / "demo.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, name in imports_of(path):
            if below(name, "npc") and name != "npc":
                wrong.append(f"{path.relative_to(CHECKOUT)}:{line}: import {name}")
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "npc":
                wrong += [f"{path.name}: npc.{a.name} is not public" for a in node.names if a.name not in npc.__all__]
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "npc":
                wrong += [f"{path.name}: npc.{node.attr} is not public"] if node.attr not in npc.__all__ else []
    assert not wrong, "\n".join(wrong)


def test_modules_stay_readable_in_one_go() -> None:
    """No module outgrows the length at which a seam is due."""
    files = [*modules("npc"), *modules("games"), *modules("tests"), *CHECKOUT.glob("*.py")]
    lengths = {str(path.relative_to(CHECKOUT)): len(path.read_text("utf-8").splitlines()) for path in files}
    too_long = {name: length for name, length in lengths.items() if length > LONGEST_MODULE}
    assert not too_long, f"split these (lines): {too_long}"


def test_no_module_is_named_for_nothing() -> None:
    """A module is named for its one subject."""
    vague = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
    named = [str(p.relative_to(CHECKOUT)) for part in ("npc", "games", "tests") for p in modules(part)]
    assert not [name for name in named if Path(name).stem in vague]


def test_packages_only_hand_names_on() -> None:
    """The `__init__` files of the framework hold imports and `__all__`, and define only the handing on."""
    allowed = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign)
    lazily = {"__getattr__", "__dir__"}
    wrong = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno}"
        for path in modules("npc")
        if path.name == "__init__.py"
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if not isinstance(node, allowed) and getattr(node, "name", None) not in lazily and not is_type_checking(node)
    ]
    assert not wrong, "\n".join(wrong)


def test_public_names_are_pinned() -> None:
    """What `npc` exports is sorted, real, and changes only together with this list."""
    import npc

    assert npc.__all__ == sorted(npc.__all__)
    assert all(hasattr(npc, name) for name in npc.__all__)
    assert npc.__all__ == PUBLIC


PUBLIC = [
    "Account",
    "Backend",
    "BackendError",
    "BackendSpecError",
    "Budget",
    "Cast",
    "CatalogError",
    "Character",
    "Diagnostic",
    "Effect",
    "FactError",
    "HearingError",
    "Line",
    "MissingExtra",
    "ModelRequest",
    "NetworkForbidden",
    "NpcError",
    "OpenTelemetry",
    "Outcome",
    "OutcomeTable",
    "Position",
    "Reply",
    "SaveError",
    "Session",
    "Severity",
    "Ticket",
    "Trace",
    "Turn",
    "TurnCancelled",
    "UnknownName",
    "Usage",
    "Verdict",
    "World",
    "allow_network",
    "forbid_network",
    "load",
    "save_seed",
    "scripted",
]


def test_import_npc_loads_nothing_heavy() -> None:
    """`import npc` leaves the libraries that only some uses need unloaded."""
    heavy = {"jinja2", "jsonschema", "openai", "pygame", "rich", "typer"}
    code = f"import sys, npc; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert done.stdout.split() == []


def test_every_diagnostic_is_documented() -> None:
    """Each declared code stands in docs/diagnostics.md with its name, severity and summary."""
    from npc.diagnostics import RULES

    for part in ("npc.catalog", "npc.logic", "npc.exploration", "npc.linting", "npc.prompts", "npc.testing"):
        for found in pkgutil.walk_packages(importlib.import_module(part).__path__, part + "."):
            importlib.import_module(found.name)
    page = (CHECKOUT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    rows = [f"| {r.code} | {r.name} | {r.severity} | {r.summary} |" for _, r in sorted(RULES.items())]
    missing = [row for row in rows if row not in page]
    assert not missing, "put these rows into docs/diagnostics.md:\n" + "\n".join(missing)
    documented = set(re.findall(r"^\| ([A-Z]\d{3}) \|", page, re.MULTILINE))
    assert documented == set(RULES), f"no longer declared: {sorted(documented - set(RULES))}"


NOT_OURS = {".git", ".venv", "__pycache__", "build", "dist", "saves"}


def written_texts() -> Iterator[tuple[str, str]]:
    """Name and text of every text file of the project."""
    for folder, inner, names in os.walk(CHECKOUT):
        inner[:] = [n for n in inner if n not in NOT_OURS and not n.endswith(("_cache", ".egg-info", ".hypothesis"))]
        for path in (Path(folder, n) for n in names if n not in NOT_OURS and not n.endswith(".save.json")):
            data = path.read_bytes()
            if b"\0" not in data:
                yield path.relative_to(CHECKOUT).as_posix(), data.decode("utf-8", "replace")


def test_no_file_names_one_machine() -> None:
    """No file names a folder of the machine it was written on, or the host of a package registry."""
    folders = [f"/{name}/" for name in ("root", "work", "home", "Users")]
    hosts = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "crates" + ".io", "index" + "-url"]
    pattern = re.compile(
        "|".join(rf"(?<![\w.}}]){re.escape(one)}" for one in folders) + "|" + "|".join(map(re.escape, hosts))
    )
    this_file = Path(__file__).name
    found = [
        f"{name}:{number}: {match[0]}"
        for name, text in written_texts()
        if Path(name).name != this_file
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert not found, "\n".join(found)


def test_the_lock_file_holds_names_and_versions_only() -> None:
    """Every line of the lock file pins one package, without a URL."""
    lines = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    wrong = [line for line in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][\w.]*( ; [\w\s=.\"]+)?", line)]
    assert pins
    assert not wrong
