"""The parts of the picture that are not the world: panels, wrapped text, purse and bag, notices."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, pi, sin

import npc
from games.keep.art.items import COIN, HEART, NO_HEART, item_picture
from games.keep.art.palette import (
    BONE,
    DEEP_STONE,
    FLAME,
    GOLD,
    GREEN,
    INK,
    LIGHT_STONE,
    NIGHT,
    PAPER,
    ROSE,
    SKY,
    STONE,
    STRAW,
)
from games.keep.story import NOTICE_STEPS, Story
from games.keep.using import FULL_HEALTH
from games.keep.window import HEIGHT, WIDTH, Colour, Window

BAR_TOP = 480
SLOT = 46
SLOTS_LEFT = 150
FLIGHT_STEPS = 42
FLIGHT_HEIGHT = 90
"""How high above the straight way something flies that was gained or lost, in pixels."""


def panel(window: Window, x: int, y: int, width: int, height: int, alpha: int = 244) -> None:
    """A dark panel with a stone frame."""
    window.fill(x, y, width, height, INK, alpha)
    window.fill(x + 2, y + 2, width - 4, height - 4, NIGHT, alpha)
    for left, top, across, along in ((4, 4, width - 8, 2), (4, height - 6, width - 8, 2)):
        window.fill(x + left, y + top, across, along, DEEP_STONE)
    for left, top, across, along in ((4, 4, 2, height - 8), (width - 6, 4, 2, height - 8)):
        window.fill(x + left, y + top, across, along, DEEP_STONE)
    for left in (2, width - 8):
        for top in (2, height - 8):
            window.fill(x + left, y + top, 6, 6, STRAW)
            window.fill(x + left + 2, y + top + 2, 2, 2, INK)


def wrap(window: Window, text: str, size: int, width: int) -> list[str]:
    """Break text into lines no wider than `width` pixels; a word that is wider by itself is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if window.text_width(longer, size) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while window.text_width(word, size) > width and len(word) > 1:
                fits = max(1, len(word) * width // window.text_width(word, size))
                lines.append(word[:fits])
                word = word[fits:]
            line = word
        lines.append(line)
    return lines


def shadowed(window: Window, x: int, y: int, text: str, size: int, colour: Colour) -> None:
    """Text that stays legible on whatever is behind it."""
    window.text(x + 1, y + 2, text, size, INK)
    window.text(x, y, text, size, colour)


def centred(window: Window, y: int, text: str, size: int, colour: Colour) -> None:
    """One line of text in the middle of the picture's width."""
    shadowed(window, (WIDTH - window.text_width(text, size)) // 2, y, text, size, colour)


def key_hints(window: Window, right: int, y: int, hints: Iterable[tuple[str, str]]) -> None:
    """Keys and what they do, in a row that ends at `right`."""
    for key, meaning in reversed(list(hints)):
        right -= window.text_width(meaning, 14)
        window.text(right, y + 4, meaning, 14, LIGHT_STONE)
        width = window.text_width(key, 13) + 10
        right -= width + 5
        window.fill(right, y, width, 20, STONE)
        window.fill(right, y, width, 17, DEEP_STONE)
        window.text(right + 5, y + 4, key, 13, PAPER)
        right -= 14


def status_bar(window: Window, story: Story) -> None:
    """The purse and the bag, along the bottom."""
    window.fill(0, BAR_TOP, WIDTH, HEIGHT - BAR_TOP, INK)
    window.fill(0, BAR_TOP + 2, WIDTH, 2, DEEP_STONE)
    window.sprite(COIN, 18, BAR_TOP + 14, 3)
    window.text(62, BAR_TOP + 21, str(story.gold), 26, GOLD)
    if story.health < FULL_HEALTH:
        for heart in range(FULL_HEALTH):
            window.sprite(HEART if heart < story.health else NO_HEART, 62 + heart * 18, BAR_TOP + 6, 2)
    for place, (item, count) in enumerate(story.items.items()):
        left = SLOTS_LEFT + place * (SLOT + 4)
        window.fill(left, BAR_TOP + 9, SLOT, SLOT, DEEP_STONE)
        window.fill(left + 2, BAR_TOP + 11, SLOT - 4, SLOT - 4, NIGHT)
        window.sprite(item_picture(item), left + 5, BAR_TOP + 14, 3)
        if count > 1:
            shadowed(window, left + SLOT - 13, BAR_TOP + 36, str(count), 16, PAPER)


def item_at(story: Story, x: int, y: int) -> str | None:
    """The item whose picture in the status bar is at that place."""
    if y < BAR_TOP or x < SLOTS_LEFT:
        return None
    place, rest = divmod(x - SLOTS_LEFT, SLOT + 4)
    items = list(story.items)
    return items[place] if place < len(items) and rest < SLOT else None


def notices(window: Window, story: Story, middle: int, bottom: int) -> None:
    """What has just happened, newest lowest, rising a little as it goes."""
    y = bottom
    for notice in reversed(story.notices):
        safe = story.settings.symbols
        colours = {"gain": SKY, "loss": FLAME} if safe else {"gain": GREEN, "loss": ROSE}
        colour = colours.get(notice.kind, BONE)
        mark = {"gain": 1, "loss": -1}.get(notice.kind, 0) if safe else 0
        size = 18 if notice.kind == "told" else 22
        icon = 30 if notice.item else 0
        width = window.text_width(notice.text, size) + 28 + icon + 18 * abs(mark)
        left = middle - width // 2
        fading = min(1.0, (NOTICE_STEPS - notice.age) / 30)
        rising = min(12, notice.age)
        y -= 36
        window.fill(left, y + 12 - rising, width, 32, INK, int(225 * fading))
        if fading < 0.4:
            continue
        if icon:
            window.sprite(item_picture(notice.item), left + 8, y + 16 - rising, 2)
        if mark:
            _arrow(window, left + width - 24, y + 20 - rising, mark, colour)
        window.text(left + 14 + icon, y + 20 - rising - (size - 18) // 2, notice.text, size, colour)


def flights(window: Window, story: Story, x: int, y: int) -> None:
    """What was just gained flies from (x, y) to its place in the bar, what was lost comes from there."""
    for notice in story.notices:
        if not notice.item or notice.age >= FLIGHT_STEPS:
            continue
        part = (1 - cos(pi * notice.age / FLIGHT_STEPS)) / 2
        part = part if notice.kind == "gain" else 1 - part
        to_x, to_y = _place_in_bar(story, notice.item)
        left = x + (to_x - x) * part
        top = y + (to_y - y) * part - FLIGHT_HEIGHT * sin(pi * part)
        window.sprite(item_picture(notice.item), round(left) - 18, round(top) - 18, 3)


def _place_in_bar(story: Story, item: str) -> tuple[int, int]:
    if item == "gold":
        return 36, BAR_TOP + 32
    items = list(story.items)
    place = items.index(item) if item in items else len(items)
    return SLOTS_LEFT + place * (SLOT + 4) + SLOT // 2, BAR_TOP + 32


def _arrow(window: Window, x: int, y: int, direction: int, colour: Colour) -> None:
    """A wedge that points up (1) or down (-1)."""
    for row in range(7):
        wide = 2 * (row if direction > 0 else 6 - row) + 2
        window.fill(x + 7 - wide // 2, y + 2 * row, wide, 2, colour)


def backend_badge(window: Window, turn: npc.Turn) -> None:
    """Which backend answered, and what became of its reply, at the top right."""
    who = turn.backend or "no backend needed"
    reason = f" ({turn.reason})" if turn.reason else ""
    words = f"{who}: {turn.verdict}{reason}" if turn.backend or turn.reason else who
    width = window.text_width(words, 15) + 40
    left = WIDTH - width - 10
    window.fill(left, 8, width, 26, INK, 230)
    # Filled where the reply was taken as it was, a frame where it was not: not told by colour alone.
    window.fill(left + 10, 15, 12, 12, SKY if turn.verdict == "accepted" else FLAME)
    if turn.verdict != "accepted":
        window.fill(left + 13, 18, 6, 6, INK)
    window.text(left + 30, 14, words, 15, BONE)
