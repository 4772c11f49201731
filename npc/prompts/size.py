"""How big a prompt is, roughly."""

from __future__ import annotations

ASCII_PER_TOKEN = 4.0
OTHER_PER_TOKEN = 1.5


def estimate_tokens(text: str) -> int:
    """About how many tokens a model would count: a rule of thumb, not a tokenizer.

    Four ASCII characters to a token, one and a half of any other. English prose and pseudocode come out within about
    a quarter of the true figure; use it to see which prompt is too long, never to compute a bill.

    >>> estimate_tokens("The seal is the law.")
    5
    """
    # UTF-8 length is found in C; a scan for non-ASCII characters in Python would cost more than the rest of a turn.
    plain = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    return round(plain / ASCII_PER_TOKEN + (len(text) - plain) / OTHER_PER_TOKEN)
