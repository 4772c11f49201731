"""A line of text being typed: a cursor, editing keys, and a history of the lines sent before."""

from __future__ import annotations

LIMIT = 300
"""Characters a line may have; more than anybody says in a breath."""


class TextField:
    """One editable line.

    Attributes:
        text: what stands in it.
        cursor: how many characters are before the cursor.
    """

    def __init__(self) -> None:
        self.text = ""
        self.cursor = 0
        self._history: list[str] = []
        self._place = 0
        self._unsent = ""

    def insert(self, text: str) -> None:
        """Type or paste text at the cursor. Line breaks become spaces, other control characters go."""
        clean = "".join(char for char in " ".join(text.split("\n")) if char.isprintable())
        clean = clean[: LIMIT - len(self.text)]
        self.text = self.text[: self.cursor] + clean + self.text[self.cursor :]
        self.cursor += len(clean)

    def replace(self, text: str) -> None:
        """Put other text in its place, cursor at the end."""
        self.text, self.cursor = "", 0
        self.insert(text)

    def key(self, key: str, *, control: bool = False) -> bool:
        """Act on an editing key; False when it is none."""
        match key:
            case "left":
                self.cursor = self._word_left() if control else max(0, self.cursor - 1)
            case "right":
                self.cursor = self._word_right() if control else min(len(self.text), self.cursor + 1)
            case "home":
                self.cursor = 0
            case "end":
                self.cursor = len(self.text)
            case "backspace":
                start = self._word_left() if control else max(0, self.cursor - 1)
                self.text = self.text[:start] + self.text[self.cursor :]
                self.cursor = start
            case "delete":
                self.text = self.text[: self.cursor] + self.text[self.cursor + 1 :]
            case "up":
                self._recall(self._place - 1)
            case "down":
                self._recall(self._place + 1)
            case _:
                return False
        return True

    def send(self) -> str:
        """Take the line, without the spaces around it, and begin an empty one."""
        line = self.text.strip()
        if line and self._history[-1:] != [line]:
            self._history.append(line)
        self.text, self.cursor, self._unsent = "", 0, ""
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
