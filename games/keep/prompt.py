"""The terminal game's line: history, Tab, a status line below; a plain line where there is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

Read = Callable[[str], str]


def line_reader(completions: Callable[[], Iterable[str]], status: Callable[[], str], **streams: Any) -> Read:
    """What reads a line of the player's, given the prompt; it raises EOFError at the end of input.

    Args:
        completions: whole lines that could be meant, asked for at each press of Tab.
        status: what stands below the line.
        streams: `input` and `output` of prompt_toolkit in place of the terminal.
    """
    if not streams and not (sys.stdin.isatty() and sys.stdout.isatty()):
        return input
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory
    from prompt_toolkit.styles import Style

    asking: PromptSession[str] = PromptSession(
        history=InMemoryHistory(),
        completer=_completer(completions),
        complete_while_typing=False,
        bottom_toolbar=status,
        style=Style.from_dict({"bottom-toolbar": "noreverse bg:#292436 #d9ac5d", "prompt": "bold #f7d880"}),
        **streams,
    )
    return lambda prompt: asking.prompt([("class:prompt", prompt)])


def _completer(completions: Callable[[], Iterable[str]]) -> Completer:
    from prompt_toolkit.completion import Completer, Completion

    class WholeLines(Completer):
        def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
            begun = document.text_before_cursor
            for line in completions():
                if line.lower().startswith(begun.lower()):
                    yield Completion(line, start_position=-len(begun))

    return WholeLines()
