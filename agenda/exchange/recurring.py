"""When a repeated entry of a calendar takes place, up to a bound. Knows one entry at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icalendar import Component

MOST = 50
LONGEST = timedelta(days=366)
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}  # anything quicker is no programme


def occurrences(entry: Component, start: datetime) -> tuple[list[datetime], bool]:
    """The aware beginnings by RRULE without EXDATE, `start` first, and whether these are all.

    Counted by the clock on the wall, so that a daily entry keeps its hour when the clocks change.
    """
    from dateutil.rrule import rrulestr
    from icalendar import vRecur

    rule = entry["RRULE"]
    if not isinstance(rule, vRecur) or str(rule.get("FREQ", [""])[0]).upper() not in FREQUENCIES:
        return [start], False
    here = start.replace(tzinfo=None)
    end = here + LONGEST
    bounded = {key: value for key, value in rule.items() if key != "UNTIL"}
    until = [_local(value, start) for value in rule.get("UNTIL", [])]
    words = bytes(vRecur(bounded).to_ical()).decode()  # type: ignore[no-untyped-call]
    try:
        found = list(islice(rrulestr(words, dtstart=here).xafter(here, inc=True), MOST + 1))
    except (ValueError, OverflowError):
        return [start], False
    wanted = [at for at in found if at < end and all(at <= last for last in until)]
    complete = len(wanted) <= MOST and (len(wanted) < len(found) or len(found) <= MOST)
    left_out = {_local(value, start) for value in _dates(entry)}
    kept = [at.replace(tzinfo=start.tzinfo) for at in wanted[:MOST] if at not in left_out]
    return kept, complete


def _dates(entry: Component) -> list[Any]:
    given = entry.get("EXDATE", [])
    lists = given if isinstance(given, list) else [given]
    return [item.dt for dates in lists for item in getattr(dates, "dts", [])]


def _local(value: date, start: datetime) -> datetime:
    """By the wall clock of `start`; a day means its end in UNTIL, and its `start` in EXDATE."""
    if not isinstance(value, datetime):
        return datetime.combine(value, start.time())
    if value.tzinfo is None:
        return value
    return value.astimezone(start.tzinfo or UTC).replace(tzinfo=None)
