"""Makes the README's moving picture: ``python -m games.keep.film SCRIPT GIF``; needs Pillow.

The script is played by `games.keep.script` in a window of the real library without a screen. Every few steps a picture
is kept, smaller and in few colours.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from games.keep.casting import open_session
from games.keep.game import Game
from games.keep.script import play_script
from games.keep.simulation import STEPS_PER_SECOND
from games.keep.window import HEIGHT, WIDTH
from games.keep.window_pygame import PygameWindow

try:
    from PIL import Image
except ModuleNotFoundError:
    sys.exit("python -m games.keep.film needs Pillow: python -m pip install pillow")

EVERY = 8
"""Steps of the simulation from one kept picture to the next."""
COLOURS = 128
SIZE = (WIDTH * 2 // 3, HEIGHT * 2 // 3)


class FilmWindow(PygameWindow):
    """Keeps every picture whose number `EVERY` divides.

    Args:
        scratch: a file to write pictures to on their way.
    """

    def __init__(self, scratch: Path) -> None:
        super().__init__("film")
        self.pictures: list[Image.Image] = []
        self._scratch = scratch
        self._count = 0

    def present(self) -> None:
        """Show a picture, and keep some."""
        super().present()
        self._count += 1
        if self._count % EVERY == 0:
            self.save_picture(self._scratch)
            with Image.open(self._scratch) as picture:
                self.pictures.append(picture.convert("RGB").resize(SIZE, Image.Resampling.BOX))


def main() -> None:
    """Play a script, and write what it looks like."""
    if len(sys.argv) != 3:
        sys.exit("Usage: python -m games.keep.film SCRIPT GIF")
    script, target = map(Path, sys.argv[1:])
    os.environ |= {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
    with tempfile.TemporaryDirectory() as scratch:
        window = FilmWindow(Path(scratch) / "picture.png")
        game = Game(open_session("embedded", 3), window, with_title=False, clock=lambda: 0.0)
        played = play_script(game, script.read_text(encoding="utf-8"), script.name)
        game.close()
    window.close()
    palette = _montage(window.pictures).quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
    first, *rest = (one.quantize(palette=palette, dither=Image.Dither.NONE) for one in window.pictures)
    duration = 1000 * EVERY // STEPS_PER_SECOND
    first.save(target, save_all=True, append_images=rest, duration=duration, loop=0, optimize=True)
    seconds, size = (1 + len(rest)) * duration / 1000, target.stat().st_size / 1e6
    print(f"{target.name}: {played}; {seconds:.0f} s, {size:.1f} MB")


def _montage(pictures: list[Image.Image]) -> Image.Image:
    """Nine of the pictures in one, so that a palette made of it is for all."""
    width, height = SIZE
    whole = Image.new("RGB", (3 * width, 3 * height))
    for place in range(9):
        whole.paste(pictures[place * (len(pictures) - 1) // 8], (place % 3 * width, place // 3 * height))
    return whole


if __name__ == "__main__":
    main()
