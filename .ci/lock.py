"""Write requirements.lock anew: ``python3 .ci/lock.py``. Needs python3.11, python3.12 and python3.13, and the network.

Each interpreter's pip resolves the project with all its extras; the versions are merged into one file, with a marker
where a package is not needed, or not at the same version, everywhere. The file holds names and versions only.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
BUILD_PACKAGES = ("hatchling", "editables")
WINDOWS_ONLY = ("colorama",)
HEADER = """\
# The versions that this project is developed and tested with: all extras, Python 3.11 to 3.13.
# bootstrap.py installs with this file as constraints. Written by: python3 .ci/lock.py
"""


def main() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [r for group in (project["dependencies"], *extras) for r in group if not r.startswith("npc[")]
    resolved = {version: resolve(version, [*wanted, *BUILD_PACKAGES, *WINDOWS_ONLY]) for version in PYTHONS}
    lines = []
    for name in sorted(set().union(*resolved.values())):
        by_version: dict[str, list[str]] = {}
        for python, versions in resolved.items():
            if name in versions:
                by_version.setdefault(versions[name], []).append(python)
        for version, pythons in sorted(by_version.items()):
            lines.append(f"{name}=={version}{marker(name, pythons)}")
    (CHECKOUT / "requirements.lock").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    sys.stderr.write(f"requirements.lock: {len(lines)} packages\n")


def marker(name: str, pythons: list[str]) -> str:
    if name in WINDOWS_ONLY:
        return ' ; sys_platform == "win32"'
    if len(pythons) == len(PYTHONS):
        return ""
    return " ; " + " or ".join(f'python_version == "{python}"' for python in pythons)


def resolve(python: str, requirements: list[str]) -> dict[str, str]:
    """Name (normalised) to version of all that these requirements need under one version of Python."""
    command = shutil.which(f"python{python}")
    if command is None:
        sys.exit(f"python{python} is needed to write the lock file; it is not on the PATH")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([command, "-m", "venv", folder], check=True)
        pip = [f"{folder}/bin/python", "-m", "pip", "install", "--quiet", "--dry-run", "--report", "-"]
        done = subprocess.run([*pip, *requirements], check=True, stdout=subprocess.PIPE)
    found = (entry["metadata"] for entry in json.loads(done.stdout)["install"])
    return {entry["name"].lower().replace("_", "-").replace(".", "-"): entry["version"] for entry in found}


if __name__ == "__main__":
    main()
