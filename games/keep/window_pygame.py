"""The window on a screen. The one module that knows pygame."""

from __future__ import annotations

import os
import sys
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame
from pygame._sdl2 import controller

from games.keep.art import font
from games.keep.art.palette import CLEAR, INK, PALETTE
from games.keep.art.sprite import Sprite
from games.keep.gamepad import Gamepad
from games.keep.sounds import AMBIENCE, RATE, Sound, samples
from games.keep.window import (
    HEIGHT,
    WIDTH,
    Click,
    Close,
    Colour,
    Composed,
    Input,
    KeyDown,
    KeyUp,
    Scroll,
    Typed,
)

Drawing = tuple[Callable[..., None], tuple[Any, ...]]
"""One thing drawn: the method that draws it and what it is given."""

DISTURBING = frozenset(
    getattr(pygame, name)
    for name in ("VIDEORESIZE", "VIDEOEXPOSE", "WINDOWEXPOSED", "WINDOWSHOWN", "WINDOWRESTORED", "WINDOWSIZECHANGED")
)
"""After these the window may show something else than what was last drawn there."""

PAD_BUTTONS = {
    getattr(pygame, f"CONTROLLER_BUTTON_{constant}"): name
    for constant, name in {
        **{word.upper(): word for word in ("a", "b", "x", "y", "back", "start", "leftshoulder", "rightshoulder")},
        **{f"DPAD_{way.upper()}": f"dp{way}" for way in ("up", "down", "left", "right")},
    }.items()
}
PAD_STICKS = {pygame.CONTROLLER_AXIS_LEFTX: "leftx", pygame.CONTROLLER_AXIS_LEFTY: "lefty"}
STICK_RANGE = 32_767

SMALLEST = (WIDTH // 2, HEIGHT // 2)
"""A window dragged smaller than this grows back to it: below, the words could not be read."""

MOST_SPRITE_PIXELS = 4 * WIDTH * HEIGHT
"""Sprites kept ready, in pixels of 4 bytes: two places and all who stand in them. The least recently used make room."""

CLIPBOARD_KINDS = ("text/plain;charset=utf-8", "UTF8_STRING", pygame.SCRAP_TEXT)


class NoDisplay(Exception):
    """A window cannot be opened here; the text says why."""


class PygameWindow:
    """See `games.keep.window.Window`.

    Args:
        title: what the window is called.

    Raises:
        NoDisplay: no window can be opened.
    """

    def __init__(self, title: str) -> None:
        try:
            pygame.display.init()
            pygame.font.init()
            _present_without_gpu()
            pygame.display.set_mode((WIDTH, HEIGHT), pygame.RESIZABLE)
        except pygame.error as error:
            raise NoDisplay(str(error)) from error
        pygame.display.set_caption(title)
        pygame.key.set_repeat(350, 35)
        pygame.key.start_text_input()
        self._picture = pygame.Surface((WIDTH, HEIGHT)).convert()
        self._enlarged: pygame.Surface | None = None
        self._drawing: list[Drawing] = []
        self._full = False
        self._shown: list[Drawing] | None = None
        self._sprites: OrderedDict[tuple[Sprite, int, bool], pygame.Surface] = OrderedDict()
        self._sprite_pixels = 0
        self._pane = pygame.Surface((WIDTH, HEIGHT)).convert()
        self._gamepad = Gamepad()
        self._pads: dict[int, Any] = {}
        controller.init()
        self._has_sound: bool | None = None
        self._sounds: dict[Sound, pygame.mixer.Sound] = {}

    def poll(self) -> list[Input]:
        inputs: list[Input] = []
        for event in pygame.event.get():
            if event.type in DISTURBING:
                self._shown = None
            if event.type == pygame.VIDEORESIZE:
                _keep_legible(event.w, event.h)
            made = self._understand(event)
            if made is not None:
                inputs.append(made)
            inputs += self._from_gamepad(event)
        return inputs

    def fill(self, x: int, y: int, width: int, height: int, colour: Colour, alpha: int = 255) -> None:
        self._drawing.append((self._draw_fill, (x, y, width, height, colour, alpha)))

    def sprite(self, sprite: Sprite, x: int, y: int, scale: int = 1, *, mirrored: bool = False) -> None:
        self._drawing.append((self._draw_sprite, (sprite, x, y, scale, mirrored)))

    def glow(self, x: int, y: int, radius: int, colour: Colour) -> None:
        self._drawing.append((self._draw_glow, (x, y, radius, colour)))

    def text(self, x: int, y: int, text: str, size: int, colour: Colour) -> None:
        if text:
            self._drawing.append((self._draw_text, (x, y, text, size, colour)))

    def text_width(self, text: str, size: int) -> int:
        return font.text_width(text, size)

    def copy(self, text: str) -> None:
        try:
            if not pygame.scrap.get_init():
                pygame.scrap.init()
            pygame.scrap.put(pygame.SCRAP_TEXT, text.encode("utf-8"))
        except pygame.error:
            pass  # Some systems have no clipboard; nothing is lost by that.

    def full_screen(self, on: bool) -> None:
        if on != self._full:
            pygame.display.toggle_fullscreen()
            self._full, self._shown = on, None

    def play(self, sound: Sound, volume: float) -> None:
        made = self._made(sound)
        if made is not None:
            made.set_volume(volume)
            made.play()

    def surround(self, volume: float) -> None:
        if not volume and not self._has_sound:
            return
        made = self._made(AMBIENCE)
        if made is not None:
            made.set_volume(volume)
            if not volume:
                made.stop()
            elif not made.get_num_channels():
                made.play(loops=-1)

    def _made(self, sound: Sound) -> pygame.mixer.Sound | None:
        """The sound, ready to be played; None where nothing can be heard."""
        if self._has_sound is None:
            self._has_sound = _open_mixer()
        if not self._has_sound:
            return None
        if sound not in self._sounds:
            self._sounds[sound] = pygame.mixer.Sound(buffer=samples(sound))
        return self._sounds[sound]

    def present(self) -> None:
        # Most frames of a player who stands and thinks are the frame before: those cost no drawing at all.
        drawing, self._drawing = self._drawing, []
        if drawing == self._shown:
            return
        self._picture.fill(INK)
        for draw, arguments in drawing:
            draw(*arguments)
        self._shown = drawing
        screen = pygame.display.get_surface()
        area, place = self._placed()
        screen.fill(INK)
        if area == (WIDTH, HEIGHT):
            screen.blit(self._picture, place)
        else:
            self._scale_onto(screen.subsurface((place, area)))
        pygame.display.flip()

    def _scale_onto(self, target: pygame.Surface) -> None:
        """Show the picture at another size: whole dots first, and only the rest is smoothed."""
        times = -(-target.get_width() // WIDTH)
        whole = (WIDTH * times, HEIGHT * times)
        if target.get_size() == whole:
            pygame.transform.scale(self._picture, whole, target)
            return
        if self._enlarged is None or self._enlarged.get_size() != whole:
            self._enlarged = pygame.Surface(whole).convert()
        pygame.transform.scale(self._picture, whole, self._enlarged)
        pygame.transform.smoothscale(self._enlarged, target.get_size(), target)

    def save_picture(self, path: Path) -> None:
        pygame.image.save(self._picture, str(path))

    def close(self) -> None:
        pygame.quit()

    def _draw_fill(self, x: int, y: int, width: int, height: int, colour: Colour, alpha: int) -> None:
        if alpha >= 255:
            self._picture.fill(colour, (x, y, width, height))
            return
        area = (0, 0, width, height)
        self._pane.fill(colour, area)
        self._pane.set_alpha(alpha)
        self._picture.blit(self._pane, (x, y), area)

    def _draw_sprite(self, sprite: Sprite, x: int, y: int, scale: int, mirrored: bool) -> None:
        key = (sprite, scale, mirrored)
        if key in self._sprites:
            self._sprites.move_to_end(key)
        else:
            self._sprites[key] = _render(sprite, scale, mirrored)
            self._sprite_pixels += _pixels(self._sprites[key])
            while self._sprite_pixels > MOST_SPRITE_PIXELS and len(self._sprites) > 1:
                self._sprite_pixels -= _pixels(self._sprites.popitem(last=False)[1])
        self._picture.blit(self._sprites[key], (x, y))

    def _draw_glow(self, x: int, y: int, radius: int, colour: Colour) -> None:
        self._picture.blit(_light(radius, colour), (x - radius, y - radius), special_flags=pygame.BLEND_RGB_ADD)

    def _draw_text(self, x: int, y: int, text: str, size: int, colour: Colour) -> None:
        self._picture.blit(_writing(text, font.dot_size(size), colour), (x, y + font.top_of(size)))

    def _from_gamepad(self, event: pygame.event.Event) -> list[Input]:
        match event.type:
            case pygame.CONTROLLERDEVICEADDED:
                pad = controller.Controller(event.device_index)  # It sends events for as long as it is kept.
                self._pads[pad.id] = pad
            case pygame.CONTROLLERDEVICEREMOVED:
                self._pads.pop(event.instance_id, None)
                return self._gamepad.gone()
            case pygame.CONTROLLERBUTTONDOWN | pygame.CONTROLLERBUTTONUP:
                name = PAD_BUTTONS.get(event.button, "")
                return self._gamepad.button(name, down=event.type == pygame.CONTROLLERBUTTONDOWN)
            case pygame.CONTROLLERAXISMOTION:
                return self._gamepad.stick(PAD_STICKS.get(event.axis, ""), event.value / STICK_RANGE)
        return []

    def _placed(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Size and place of the picture on the screen: as large as fits, in the middle, whole multiples where close."""
        width, height = pygame.display.get_surface().get_size()
        factor = max(min(width / WIDTH, height / HEIGHT), 0.1)
        if factor >= 1 and factor - int(factor) < 0.12:
            factor = int(factor)
        area = (max(1, round(WIDTH * factor)), max(1, round(HEIGHT * factor)))
        return area, ((width - area[0]) // 2, (height - area[1]) // 2)

    def _understand(self, event: pygame.event.Event) -> Input | None:
        match event.type:
            case pygame.QUIT:
                return Close()
            case pygame.KEYDOWN:
                control = bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
                if control and event.key == pygame.K_v:
                    return Typed(_clipboard())
                if event.key == pygame.K_F11:
                    self.full_screen(not self._full)
                    return None
                return KeyDown(_key_name(event.key), bool(event.mod & pygame.KMOD_SHIFT), control)
            case pygame.KEYUP:
                return KeyUp(_key_name(event.key))
            case pygame.TEXTINPUT:
                return Typed(event.text)
            case pygame.TEXTEDITING:
                return Composed(event.text)
            case pygame.MOUSEBUTTONDOWN if event.button == 1:
                (width, height), (left, top) = self._placed()
                x = (event.pos[0] - left) * WIDTH // width
                y = (event.pos[1] - top) * HEIGHT // height
                return Click(x, y)
            case pygame.MOUSEWHEEL:
                return Scroll(event.y)
            case _:
                return None


def _open_mixer() -> bool:
    """Whether sound can be played; without a device, or leave to use it, the game is played in silence."""
    if sys.platform.startswith("linux") and "SDL_AUDIODRIVER" not in os.environ:
        runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"))
        servers = (runtime / "pulse", runtime / "pipewire-0", Path("/dev/snd"))
        if "PULSE_SERVER" not in os.environ and not any(place.exists() for place in servers):
            return False  # The system's library would complain at length before saying so.
    try:
        pygame.mixer.init(RATE, -16, 1, 512, allowedchanges=0)
    except pygame.error:
        return False
    return True


def _present_without_gpu() -> None:
    """The picture is drawn by the processor; to send it through OpenGL costs more than it saves, 80 MB where OpenGL is
    drawn by the processor too. X11 alone needs telling: SDL knows it of Windows, and elsewhere has no other way."""
    if pygame.display.get_driver() == "x11":
        os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")


def _keep_legible(width: int, height: int) -> None:
    """Grow a window that has become too small."""
    if width < SMALLEST[0] or height < SMALLEST[1]:
        pygame.display.set_mode((max(width, SMALLEST[0]), max(height, SMALLEST[1])), pygame.RESIZABLE)


def _key_name(key: int) -> str:
    return {"enter": "return"}.get(name := pygame.key.name(key), name)


def _clipboard() -> str:
    """The text that was copied elsewhere; empty where there is none or the system does not give it."""
    try:
        if not pygame.scrap.get_init():
            pygame.scrap.init()
        for kind in CLIPBOARD_KINDS:
            raw = pygame.scrap.get(kind)
            if raw:
                return raw.decode("utf-8", "replace").rstrip("\0")
    except pygame.error:
        pass
    return ""


def _pixels(surface: pygame.Surface) -> int:
    return surface.get_width() * surface.get_height()


def _render(sprite: Sprite, scale: int, mirrored: bool) -> pygame.Surface:
    surface = pygame.Surface((sprite.width, sprite.height), pygame.SRCALPHA)
    for y, row in enumerate(sprite.rows):
        for x, letter in enumerate(row):
            if letter in PALETTE:
                surface.set_at((x, y), PALETTE[letter])
    if mirrored:
        surface = pygame.transform.flip(surface, True, False)
    larger = pygame.transform.scale(surface, (sprite.width * scale, sprite.height * scale))
    opaque = not any(CLEAR in row for row in sprite.rows)
    return larger.convert() if opaque else larger.convert_alpha()


@lru_cache(maxsize=32)
def _light(radius: int, colour: Colour) -> pygame.Surface:
    """Rings of light; few of them, so that it looks drawn like the rest."""
    surface = pygame.Surface((2 * radius, 2 * radius)).convert()
    rings = 9
    for ring in range(rings):
        strength = ((ring + 1) / rings) ** 2
        tone = tuple(int(part * strength) for part in colour)
        pygame.draw.circle(surface, tone, (radius, radius), radius * (rings - ring) // rings)
    return surface


@lru_cache(maxsize=96)
def _writing(text: str, dot: int, colour: Colour) -> pygame.Surface:
    """A line of text, `dot` pixels for a dot."""
    surface = pygame.Surface((font.text_width(text, font.size_of(dot)) + dot, font.ROWS * dot), pygame.SRCALPHA)
    x = 0
    for character in text:
        letter = _letter(character, dot, colour)
        surface.blit(letter, (x, 0))
        x += letter.get_width() + font.SPACING * dot
    return surface.convert_alpha()


@lru_cache(maxsize=2048)
def _letter(character: str, dot: int, colour: Colour) -> pygame.Surface:
    rows = font.glyph(character)
    if rows is None:
        return _foreign(character, dot, colour)
    surface = pygame.Surface((len(rows[0]), len(rows)), pygame.SRCALPHA)
    for y, row in enumerate(rows):
        for x, mark in enumerate(row):
            if mark == "#":
                surface.set_at((x, y), colour)
    return pygame.transform.scale(surface, (len(rows[0]) * dot, len(rows) * dot))


def _foreign(character: str, dot: int, colour: Colour) -> pygame.Surface:
    """A character that the game's own letters lack, from the library's font, in the room there is for it."""
    surface = pygame.Surface((font.UNKNOWN * dot, font.ROWS * dot), pygame.SRCALPHA)
    drawn = pygame.font.Font(None, round(1.5 * font.CAPITAL_ROWS * dot)).render(character, True, colour)
    surface.blit(drawn, (0, (surface.get_height() - drawn.get_height()) // 2))
    return surface
