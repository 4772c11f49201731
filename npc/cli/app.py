"""The `npc` command: its sub-commands, and how a mistake becomes one clear message and an exit status.

Exit status, everywhere: 0 fine, 1 findings (in a cast, a dialogue, a save), 2 wrong use.
"""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from npc.cli import check, diff, graph, hear, new, play, probe, prompt, schema, table, test
from npc.cli.places import WrongUse
from npc.errors import CatalogError, NpcError, SaveError

FINDINGS = 1
WRONG_USE = 2
INTERRUPTED = 130

app = typer.Typer(
    name="npc",
    help="Characters that say only what their writer wrote, and do only what their rules allow.",
    epilog="Start with: npc new tavern, then: npc play tavern",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    # Help in plain text: laying it out with rich would cost more than everything else `npc --help` does.
    rich_markup_mode=None,
)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"npc {version('npc')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


for module in (play, check, test, diff, prompt, hear, probe, graph, table, new, schema):
    app.command(name=module.__name__.rpartition(".")[2], epilog=f"Example: {module.EXAMPLE}")(module.command)


def main() -> None:
    """Run the command line given in `sys.argv`.

    Raises:
        SystemExit: always.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A byte that is no text, or a sign that the terminal cannot show, is shown as a mark, and ends nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="npc")
    except (CatalogError, SaveError) as error:
        _fail(str(error), FINDINGS)
    except (NpcError, WrongUse) as error:
        _fail(f"npc: {error}", WRONG_USE)
    except OSError as error:
        _fail(f"npc: {error.filename or 'file'}: {error.strerror or error}", WRONG_USE)
    except KeyboardInterrupt:
        _fail("", INTERRUPTED)


def _fail(message: str, status: int) -> None:
    sys.stdout.flush()
    print(message, file=sys.stderr)
    sys.exit(status)
