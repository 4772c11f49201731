"""What is heard: a few short sounds and the quiet of the courtyard, all made by sums of waves and filtered noise.

No sound is a recording. `samples` makes one, the same for the same `Sound`; a window plays it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 22_050
"""Samples a second; one channel, 16 bits."""

VOICES = {"warden": 0.72, "pedlar": 1.22, "alewife": 0.95, "clerk": 1.08, "captain": 0.86, "prisoner": 1.35}
"""How high each character speaks; 1 is the middle."""

AMBIENCE_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound to play.

    Attributes:
        name: ``blip``, ``step``, ``coin``, ``item``, ``door``, ``hit`` or ``ambience``.
        pitch: how high; 1 is as it was made.
    """

    name: str
    pitch: float = 1.0


STEP, COIN, ITEM, DOOR, HIT, AMBIENCE = map(Sound, ("step", "coin", "item", "door", "hit", "ambience"))


def blip_of(character: str) -> Sound:
    """The sound of a letter in a character's voice."""
    return Sound("blip", VOICES.get(character, 1.0))


@lru_cache(maxsize=32)
def samples(sound: Sound) -> bytes:
    """The sound as signed 16-bit samples, little-endian.

    Raises:
        KeyError: there is no such sound.
    """
    import numpy as np

    wave = _MAKERS[sound.name](sound.pitch)
    return (np.clip(wave, -1, 1) * 32_767).astype("<i2").tobytes()


def _times(seconds: float) -> NDArray[np.float64]:
    import numpy as np

    return np.arange(int(RATE * seconds)) / RATE


def _noise(count: int, smooth: int, seed: int) -> NDArray[np.float64]:
    """Noise without what is higher than about `RATE / smooth`, as loud as a full wave; its end meets its beginning."""
    import numpy as np

    rough = np.random.default_rng(seed).standard_normal(count)
    kernel = np.zeros(count)
    kernel[:smooth] = 1 / smooth
    soft = np.fft.irfft(np.fft.rfft(rough) * np.fft.rfft(kernel), count)
    loud: NDArray[np.float64] = soft / np.abs(soft).max()
    return loud


def _ring(seconds: float, *tones: tuple[float, float], fading: float) -> NDArray[np.float64]:
    """Sines of (hertz, loudness) that begin at once and fade; `fading` is how many times they halve a second."""
    import numpy as np

    t = _times(seconds)
    struck = np.minimum(1, t * 400) * 2 ** (-fading * t) * np.minimum(1, (seconds - t) * 200)
    whole: NDArray[np.float64] = struck * sum(loud * np.sin(2 * np.pi * hertz * t) for hertz, loud in tones)
    return whole


def _blip(pitch: float) -> NDArray[np.float64]:
    return _ring(0.045, (230 * pitch, 0.22), (460 * pitch, 0.1), (690 * pitch, 0.05), fading=30)


def _step(pitch: float) -> NDArray[np.float64]:
    t = _times(0.09)
    return 0.2 * _noise(len(t), 18, seed=3) * 2 ** (-60 * t) + _ring(0.09, (95 * pitch, 0.14), fading=50)


def _coin(pitch: float) -> NDArray[np.float64]:
    import numpy as np

    first = _ring(0.4, (1_980 * pitch, 0.12), (3_170 * pitch, 0.07), (5_230 * pitch, 0.03), fading=14)
    second = _ring(0.4, (2_640 * pitch, 0.12), (4_220 * pitch, 0.06), fading=12)
    wave = np.zeros(int(RATE * 0.5))
    wave[: len(first)] += first
    late = int(RATE * 0.07)
    wave[late : late + len(second)] += second
    return wave


def _item(pitch: float) -> NDArray[np.float64]:
    import numpy as np

    notes = [_ring(0.22, (hertz * pitch, 0.16), (2 * hertz * pitch, 0.05), fading=14) for hertz in (523, 659, 784)]
    wave = np.zeros(int(RATE * 0.42))
    for place, note in enumerate(notes):
        begin = int(RATE * 0.09 * place)
        wave[begin : begin + len(note)] += note
    return wave


def _door(pitch: float) -> NDArray[np.float64]:
    import numpy as np

    t = _times(1.1)
    creak = 0.09 * np.sin(2 * np.pi * (70 * pitch * t + 5 * np.sin(2 * np.pi * 3.1 * t))) * np.sin(np.pi * t / 1.1)
    thud = np.zeros(len(t))
    struck = _ring(0.4, (62 * pitch, 0.5), (124 * pitch, 0.15), fading=12)
    thud[-len(struck) :] = struck
    whole: NDArray[np.float64] = creak + 0.05 * _noise(len(t), 40, seed=5) * np.sin(np.pi * t / 1.1) + thud
    return whole


def _hit(pitch: float) -> NDArray[np.float64]:
    """Steel on steel, and the thump of it."""
    t = _times(0.3)
    scrape = 0.12 * _noise(len(t), 3, seed=17) * 2 ** (-40 * t)
    return scrape + _ring(0.3, (1_320 * pitch, 0.1), (2_210 * pitch, 0.07), (90 * pitch, 0.25), fading=18)


def _ambience(pitch: float) -> NDArray[np.float64]:
    """Wind that swells twice, and a torch that crackles; its end meets its beginning."""
    import numpy as np

    t = _times(AMBIENCE_SECONDS)
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 2 * t / AMBIENCE_SECONDS)
    wave = 0.06 * pitch * swell * _noise(len(t), 60, seed=7)
    dice = np.random.default_rng(11)
    crackle = 0.05 * _noise(int(RATE * 0.02), 4, seed=13) * np.linspace(1, 0, int(RATE * 0.02)) ** 2
    for begin in dice.integers(0, len(t) - len(crackle), 46):
        wave[begin : begin + len(crackle)] += dice.uniform(0.2, 1.0) * crackle
    return wave


_MAKERS = {
    "blip": _blip,
    "step": _step,
    "coin": _coin,
    "item": _item,
    "door": _door,
    "hit": _hit,
    "ambience": _ambience,
}
SOUNDS = tuple(_MAKERS)
"""Every sound's name."""
