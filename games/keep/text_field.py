"""A line of text being typed: a cursor, a selection, editing keys, and a history of the lines sent before."""

from __future__ import annotations

LIMIT = 300
"""Characters a line may have; more than anybody says in a breath."""


class TextField:
    """One editable line.

    Attributes:
        text: what stands in it.
        cursor: how many characters are before the cursor.
        composed: what an input method holds ready at the cursor and has not yet typed.
    """

    def __init__(self) -> None:
        self.text = ""
        self.cursor = 0
        self.composed = ""
        self._anchor: int | None = None
        self._history: list[str] = []
        self._place = 0
        self._unsent = ""

    @property
    def selection(self) -> tuple[int, int]:
        """Where the selected part begins and ends; twice the cursor where nothing is selected."""
        if self._anchor is None:
            return self.cursor, self.cursor
        return min(self._anchor, self.cursor), max(self._anchor, self.cursor)

    @property
    def selected(self) -> str:
        start, end = self.selection
        return self.text[start:end]

    def insert(self, text: str) -> None:
        """Type or paste text in place of what is selected, else at the cursor.

        Line breaks become spaces, other control characters go.
        """
        self.composed = ""
        clean = "".join(char for char in " ".join(text.split("\n")) if char.isprintable())
        if clean:
            self._remove_selected()
        clean = clean[: LIMIT - len(self.text)]
        self.text = self.text[: self.cursor] + clean + self.text[self.cursor :]
        self.cursor += len(clean)

    def compose(self, text: str) -> None:
        """Show what an input method holds ready; empty when it holds nothing."""
        self.composed = text

    def cut(self) -> str:
        """Take out what is selected."""
        taken = self.selected
        self._remove_selected()
        return taken

    def replace(self, text: str) -> None:
        """Put other text in its place, cursor at the end."""
        self.text, self.cursor, self._anchor = "", 0, None
        self.insert(text)

    def key(self, key: str, *, control: bool = False, shift: bool = False) -> bool:
        """Act on an editing key, with Shift on what it moves over; False when it is none."""
        if control and key == "a":
            self._anchor, self.cursor = 0, len(self.text)
            return True
        if key in ("left", "right", "home", "end"):
            self._move(key, control, shift)
            return True
        if key in ("backspace", "delete"):
            self._delete(key, control)
            return True
        if key in ("up", "down"):
            self._recall(self._place + (1 if key == "down" else -1))
            return True
        return False

    def _move(self, key: str, control: bool, shift: bool) -> None:
        start, end = self.selection
        if shift and self._anchor is None:
            self._anchor = self.cursor
        elif not shift:
            self._anchor = None
        if not shift and start != end and not control and key in ("left", "right"):
            self.cursor = start if key == "left" else end
            return
        self.cursor = {
            "left": self._word_left() if control else max(0, self.cursor - 1),
            "right": self._word_right() if control else min(len(self.text), self.cursor + 1),
            "home": 0,
            "end": len(self.text),
        }[key]

    def _delete(self, key: str, control: bool) -> None:
        if self.selected:
            self._remove_selected()
        elif key == "delete":
            self.text = self.text[: self.cursor] + self.text[self.cursor + 1 :]
        else:
            start = self._word_left() if control else max(0, self.cursor - 1)
            self.text = self.text[:start] + self.text[self.cursor :]
            self.cursor = start
        self._anchor = None

    def _remove_selected(self) -> None:
        start, end = self.selection
        self.text = self.text[:start] + self.text[end:]
        self.cursor, self._anchor = start, None

    def send(self) -> str:
        """Take the line, without the spaces around it, and begin an empty one."""
        line = self.text.strip()
        if line and self._history[-1:] != [line]:
            self._history.append(line)
        self.text, self.cursor, self._anchor, self._unsent = "", 0, None, ""
        self._place = len(self._history)
        return line

    def _recall(self, place: int) -> None:
        if not 0 <= place <= len(self._history) or place == self._place:
            return
        if self._place == len(self._history):
            self._unsent = self.text
        self._place = place
        self.replace(self._unsent if place == len(self._history) else self._history[place])

    def _word_left(self) -> int:
        return len(self.text[: self.cursor].rstrip().rpartition(" ")[0]) + (
            1 if " " in self.text[: self.cursor].rstrip() else 0
        )

    def _word_right(self) -> int:
        rest = self.text[self.cursor :]
        return self.cursor + len(rest) - len(rest.lstrip().partition(" ")[2])
