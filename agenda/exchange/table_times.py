"""Days, hours and lengths as people and spreadsheets write them. Knows no zone, no programme."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone

Cell = str | int | float | bool | datetime | date | time | timedelta | None

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - of spreadsheets, which know no zone
SPREADSHEETS_SINCE = 1970
SERIAL_DAYS = range(25_569, 109_575)  # 1970 to 2199
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan januar january jänner", "feb februar february", "mar mär mrz märz march"),
            *("apr april", "mai may", "jun juni june", "jul juli july", "aug august"),
            *("sep sept september", "okt oct oktober october", "nov november"),
            "dez dec dezember december",
        ),
        1,
    )
    for name in names.split()
}

_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[T ])")
_DOTTED = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?=$|[\s,])")
_SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?=$|[\s,])")
_WORDED = re.compile(r"^(\d{1,2})\.?\s+([^\W\d]+)\.?,?\s+(\d{4})(?=$|[\s,])")
_WORDED_ENGLISH = re.compile(r"^([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?=$|[\s,])")
_WEEKDAY = re.compile(
    r"^(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|tues|wednes|thurs|satur"
    r"|diens|donners|frei|sams|sonn|mitt)(?:day|tag|woch)?s?[.,]*\s+(?=[\w\d])",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"^(\d{1,2})(?:[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*h?\s*(uhr|am|pm|a\.m\.|p\.m\.)?\s*"
    r"(z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_FOUR_DIGITS = re.compile(r"^([01]\d|2[0-4])([0-5]\d)$")
_LENGTH = re.compile(
    r"^(\d+(?:[.,]\d+)?)\s*(min|minute|minutes|minuten|m|h|hour|hours|stunde|stunden|std)?\.?$",
    re.IGNORECASE,
)


def puts_month_first(cells: Iterable[Cell]) -> bool | None:
    """Whether 10/7/2026 is in October, as seen by the others; None if none of them tells."""
    for cell in cells:
        found = _SLASHED.match(_WEEKDAY.sub("", str(cell).strip()))
        if found and int(found[1]) > 12:
            return False
        if found and int(found[2]) > 12:
            return True
    return None


def is_slashed(cell: Cell) -> bool:
    return isinstance(cell, str) and _SLASHED.match(_WEEKDAY.sub("", cell.strip())) is not None


def day_of(cell: Cell, *, month_first: bool = False) -> tuple[date, str] | None:
    """The day in a cell, and what stands behind it ("10:00"). None if there is no day."""
    if isinstance(cell, datetime):
        if cell.year < SPREADSHEETS_SINCE:  # an hour alone, on the day zero of spreadsheets
            return None
        at_midnight = cell.time() == time(0)
        return cell.date(), "" if at_midnight else cell.strftime("%H:%M:%S")
    if isinstance(cell, date):
        return cell, ""
    if _is_number(cell) and int(cell) in SERIAL_DAYS:  # type: ignore[arg-type]
        at = EPOCH + timedelta(seconds=round(float(cell) * 86_400))  # type: ignore[arg-type]
        return day_of(at)
    if not isinstance(cell, str):
        return None
    text = _WEEKDAY.sub("", cell.strip())
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", text):
        return day_of(float(text.replace(",", ".")))
    found = _written_day(text, month_first)
    if found is None:
        return None
    return found[0], text[found[1] :].lstrip("T ,").strip()


def _written_day(text: str, month_first: bool) -> tuple[date, int] | None:
    if found := _ISO.match(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DOTTED.match(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _SLASHED.match(text):
        day, month, year = (int(part) for part in found.groups())
        day, month = (month, day) if month_first else (day, month)
    elif found := _WORDED.match(text):
        day, month, year = int(found[1]), MONTHS.get(found[2].casefold(), 0), int(found[3])
    elif found := _WORDED_ENGLISH.match(text):
        day, month, year = int(found[2]), MONTHS.get(found[1].casefold(), 0), int(found[3])
    else:
        return None
    try:
        return date(year + 2000 if year < 100 else year, month, day), found.end()
    except ValueError:
        return None


def hour_of(cell: Cell) -> tuple[timedelta, timezone | None] | None:
    """How long after midnight, and the offset if one is written; 24:30 is half past midnight."""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second), None
    if isinstance(cell, timedelta):
        return (cell, None) if timedelta(0) <= cell < timedelta(hours=36) else None
    if _is_number(cell):
        return _hour_of_number(float(cell))  # type: ignore[arg-type]
    text = cell.strip() if isinstance(cell, str) else ""
    if found := _FOUR_DIGITS.match(text):
        return timedelta(hours=int(found[1]), minutes=int(found[2])), None
    if re.fullmatch(r"0[.,]\d{3,}", text):
        return _hour_of_number(float(text.replace(",", ".")))
    if not (found := _CLOCK.match(text)):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    half = (found[4] or "").replace(".", "").lower()
    if half in {"am", "pm"}:
        hours = hours % 12 + (12 if half == "pm" else 0)
    if hours > 30 or minutes > 59 or seconds > 59:
        return None
    return timedelta(hours=hours, minutes=minutes, seconds=seconds), _offset(found[5])


def _hour_of_number(number: float) -> tuple[timedelta, None] | None:
    """0.4375 is 10:30, as spreadsheets count; 9 is nine o'clock."""
    if 0 <= number < 1:
        return timedelta(seconds=round(number * 86_400)), None
    if number == int(number) and number <= 24:
        return timedelta(hours=int(number)), None
    if int(number) in SERIAL_DAYS:
        return timedelta(seconds=round(number % 1 * 86_400)), None
    return None


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in "zZ":
        return timezone(timedelta(0))
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(minutes=minutes)) if minutes < 24 * 60 else None


def length_of(cell: Cell) -> timedelta | None:
    """Minutes if no unit stands there; 1:30 is an hour and a half."""
    if isinstance(cell, time | datetime | timedelta):
        found = hour_of(cell)
        return found[0] if found else None
    if _is_number(cell):
        number = float(cell)  # type: ignore[arg-type]
        # A length that a spreadsheet holds as a clock is a part of a day.
        return timedelta(days=number) if 0 < number < 1 else _minutes(number)
    text = cell.strip() if isinstance(cell, str) else ""
    if ":" in text:
        found = hour_of(text)
        return found[0] if found else None
    if not (match := _LENGTH.match(text)):
        return None
    number, unit = float(match[1].replace(",", ".")), (match[2] or "m").lower()
    return _minutes(number * (60 if unit[0] in "hs" else 1))


def _minutes(number: float) -> timedelta | None:
    return timedelta(seconds=round(number * 60)) if 0 < number <= 14 * 24 * 60 else None


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
