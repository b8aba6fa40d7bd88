"""When something begins and how long it takes, as schedule files say it in a dozen ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_LENGTH = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{1,2}))?", re.ASCII)
_ISO_LENGTH = re.compile(r"P(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the file: its date, and [start, end) where it says so. It may end after midnight."""

    date: date | None = None
    start: datetime | None = None
    end: datetime | None = None


def day(on: str, start: str, end: str, zone: ZoneInfo) -> Day:
    return Day(calendar_day(on or start), moment(start, zone), moment(end, zone))


def calendar_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """An aware instant; a date alone is none. What names no offset is meant in `zone`."""
    if "T" not in text and " " not in text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        aware = found if found.tzinfo is not None else found.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def start(on: str, clock: str, day: Day, zone: ZoneInfo, day_change: str) -> datetime | None:
    """By its own date and time, else by the day and the clock.

    01:00 belongs to the evening of its day: where the day's frame or `day_change` says so it is on
    the calendar's next date.
    """
    if (found := moment(on, zone)) is not None:
        return found
    hour = _clock(clock)
    if hour is None:
        return None
    if (given := calendar_day(on)) is not None:
        return _at(given, hour, zone)
    if day.date is None:
        return None
    same, next_one = (_at(day.date + timedelta(days=days), hour, zone) for days in (0, 1))
    if day.start is not None and day.end is not None and same < day.start <= next_one < day.end:
        return next_one
    change = _clock(day_change)
    return next_one if change is not None and hour < change else same


def duration(text: str) -> tuple[timedelta | None, bool]:
    """What HH:MM or HH:MM:SS say, and whether that is what was written; minutes are guessed."""
    plain = text.strip()
    if match := _LENGTH.fullmatch(plain):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds), True
    if plain.isascii() and plain.isdigit() and len(plain) <= 4:
        return timedelta(minutes=int(plain)), False
    if plain and (match := _ISO_LENGTH.fullmatch(plain)):
        days, hours, minutes = (int(part or 0) for part in match.groups())
        return timedelta(days=days, hours=hours, minutes=minutes), False
    return None, False


def _clock(text: str) -> time | None:
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    try:
        hour, minute, second = (int(part or 0) for part in match.groups())
        return time(hour, minute, second)
    except ValueError:
        return None


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
