"""Seeded faults: a tally that does not find them may not measure. Opens no socket."""

from collections.abc import Iterable

from bench import marks
from bench.tally import Reader, Tally

# (from, upto, numbers of the marks it carries)
_Message = tuple[int, int, tuple[int, ...]]

_SOUND: list[_Message] = [(0, 1, (0,)), (1, 3, (1, 2)), (3, 4, (3,))]
# What was done to the sound stream: the stream, and (lost, doubled, misordered) as ours and plain.
_SEEDED: dict[str, tuple[list[_Message], tuple[int, int, int], tuple[int, int, int]]] = {
    "nothing": (_SOUND, (0, 0, 0), (0, 0, 0)),
    # Ours shows a lost frame twice: as missing texts and as a hole in the ranges.
    "one lost": ([_SOUND[0], _SOUND[2]], (2, 0, 1), (2, 0, 0)),
    # A repeated frame of ours ends before the cursor: the page ignores it, and so does the tally.
    "one repeated": ([*_SOUND, _SOUND[1]], (0, 0, 0), (0, 2, 0)),
    "one text again under a new key": ([*_SOUND, (4, 5, (3,))], (0, 1, 0), (0, 1, 0)),
    "two swapped": ([_SOUND[0], _SOUND[2], _SOUND[1]], (2, 0, 1), (0, 0, 1)),
}


def check() -> None:
    """RuntimeError if one of the seeded faults is not counted exactly as it was made."""
    for name, (stream, as_ours, as_plain) in _SEEDED.items():
        for ours, expected in ((True, as_ours), (False, as_plain)):
            found = _count(stream, ours=ours)
            if found != expected:
                raise RuntimeError(f"tally, {name}, {ours=}: {found} instead of {expected}")


def _count(stream: Iterable[_Message], *, ours: bool) -> tuple[int, int, int]:
    tally, reader = Tally(ours=ours), Reader()
    for since, upto, numbers in stream:
        texts = [marks.text(number, 60) for number in numbers]
        if ours:
            items = ",".join(
                f'{{"topic":"wall","key":"k{upto}","version":{upto},"html":"{text}"}}'
                for text in texts
            )
            head = f'{{"t":"frame","g":"shared","from":{since},"upto":"{upto}.ab","items":['
            message = f"{head}{items}]}}"
        else:
            message = f'{{"html":"{" ".join(texts)}"}}'
        data = bytearray(message.encode())
        tally.take(reader, data, 0, len(data), 0)
    return tally.lost([reader], 0, 3), tally.doubled, tally.misordered
