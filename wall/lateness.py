"""What a programme becomes once some rooms run late. Pure; the programme itself stays."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from wall.scenes import Days, Late, Occurrence

SHORTEST = timedelta(minutes=1)  # whatever is caught up, something is left of a session


def shifted(
    days: Days, occurrences: Iterable[Occurrence], delays: Sequence[Late]
) -> tuple[list[Occurrence], dict[str, int]]:
    """All that takes place, by its delayed start, and the minutes by which which key ends later.

    Delays add up in the order in which they were told, each on its own event day. What is over by
    then stays; what runs by then began when it began, and ends later.
    """
    told = [(days.day_of(late.since), late) for late in sorted(delays, key=lambda one: one.since)]
    found, minutes = [], {}
    for one in occurrences:
        if one.cancelled:
            continue
        moved = _moved(days, one, told) if told else one
        if late := round((moved.ends_at - one.ends_at) / timedelta(minutes=1)):
            minutes[one.key] = late
        found.append(moved)
    found.sort(key=lambda one: (one.starts_at, one.ends_at))
    return found, minutes


def _moved(days: Days, one: Occurrence, told: Sequence[tuple[object, Late]]) -> Occurrence:
    day = days.day_of(one.starts_at)
    for of_day, late in told:
        if of_day == day and late.room in (None, one.room):
            one = _shift(one, late)
    return one


def _shift(one: Occurrence, late: Late) -> Occurrence:
    if one.ends_at <= late.since:
        return one
    by = timedelta(minutes=late.minutes)
    if one.starts_at <= late.since:
        earliest = max(late.since, one.starts_at + SHORTEST)
        return replace(one, ends_at=max(one.ends_at + by, earliest))
    start = max(one.starts_at + by, late.since)
    return replace(one, starts_at=start, ends_at=start + (one.ends_at - one.starts_at))
