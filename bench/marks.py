"""The mark every benchmark text carries: its number and when it was sent. Knows nothing else."""

import time

# A word no template contains; followed by five digits, a blank and twenty digits.
MARK = b"zqmark"
NUMBER = slice(6, 11)
SENT = slice(12, 32)
LENGTH = 32
_FILLER = "the quick note of a guest that stands on the wall for everybody to read "


def text(number: int, chars: int) -> str:
    """A text of `chars` characters with the mark in front, stamped with CLOCK_MONOTONIC (ns).

    That clock is one for all processes of a machine, so the reader can subtract.
    """
    filler = _FILLER * (chars // len(_FILLER) + 1)
    return f"{MARK.decode()}{number:05d} {time.monotonic_ns():020d} {filler}"[:chars].rstrip()
