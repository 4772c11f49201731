"""A gamepad plays with the keys of the keyboard: all but typing can be done with it."""

from __future__ import annotations

from games.keep.window import Input, KeyDown, KeyUp

BUTTONS = {
    "a": "return",
    "b": "escape",
    "x": "tab",
    "y": "f4",
    "back": "f1",
    "start": "escape",
    "leftshoulder": "pageup",
    "rightshoulder": "pagedown",
    "dpup": "up",
    "dpdown": "down",
    "dpleft": "left",
    "dpright": "right",
}
"""Buttons, as SDL names those of an Xbox pad, and the keys that they are."""

STICKS = {"leftx": ("left", "right"), "lefty": ("up", "down")}
"""Directions of the left stick and the keys at its two ends."""

PUSHED, RELEASED = 0.55, 0.4
"""How far, of 1, a stick must be out for its key to go down, and how far in for it to come up again."""


class Gamepad:
    """Remembers which keys its stick holds down."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}

    def button(self, name: str, *, down: bool) -> list[Input]:
        """A button went down or came up."""
        key = BUTTONS.get(name)
        if key is None:
            return []
        return [KeyDown(key) if down else KeyUp(key)]

    def stick(self, direction: str, out: float) -> list[Input]:
        """A stick was moved; `out` from -1 (left, up) to 1 (right, down)."""
        if direction not in STICKS:
            return []
        low, high = STICKS[direction]
        end, held = (low if out < 0 else high), self._held.get(direction)
        now = end if abs(out) >= (RELEASED if held == end else PUSHED) else None
        if now == held:
            return []
        inputs: list[Input] = []
        if held is not None:
            inputs.append(KeyUp(self._held.pop(direction)))
        if now is not None:
            self._held[direction] = now
            inputs.append(KeyDown(now))
        return inputs

    def gone(self) -> list[Input]:
        """It was unplugged: nothing is held any more."""
        held, self._held = self._held, {}
        return [KeyUp(key) for key in held.values()]
