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
    return _told("mallopt", _MMAP_THRESHOLD, LARGE_BLOCK)


def give_back_freed() -> bool:
    """Have the C library return to the system now what is free, small blocks as well, where that can be told to it.

    Takes some milliseconds, in which other threads go on. Returns whether there was anything to return.
    """
    return _told("malloc_trim", 0)


def _told(function: str, *arguments: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(getattr(ctypes.CDLL(None), function)(*arguments))
    except (OSError, AttributeError):
        return False  # another C library
