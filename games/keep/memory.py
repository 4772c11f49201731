"""Holds no more memory than the game needs."""

from __future__ import annotations

import ctypes
import sys

LARGE_BLOCK = 128 * 1024
"""Bytes; glibc's own first threshold, which it raises as it goes."""
_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD in glibc's malloc.h


def give_back_large_blocks() -> bool:
    """Have the C library return every large block to the system once it is freed, where that can be told to it.

    Left to itself, glibc keeps freed blocks for reuse from the first large one on: learning a character needs many that
    nothing needs afterwards. Returns whether it took the word; only glibc knows it.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, LARGE_BLOCK))
    except (OSError, AttributeError):
        return False  # another C library
