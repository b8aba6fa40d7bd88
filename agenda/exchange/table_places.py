"""When a row of a table takes place: from its day, start, end and length; if not, says why."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from agenda.exchange import table_times
from agenda.exchange.plan import Oddity
from agenda.exchange.table_times import Cell
from agenda.exchange.words import gettext as _

LONGEST_NIGHT = timedelta(hours=12)  # an hour before the start may be on the next day
EVENING, MORNING = timedelta(hours=18), timedelta(hours=6)
DEFAULT_LENGTH = timedelta(minutes=30)
YEARS = range(1970, 2200)

Row = dict[str, Cell]


@dataclass
class Places:
    """Reads the rows of a table from above: a day holds for the rows below that name none."""

    zone: ZoneInfo
    month_first: bool
    oddities: list[Oddity]
    day: date | None = None
    hour: timedelta | None = None  # at which the row above began, after midnight of `day`

    def find(self, line: str, row: Row) -> tuple[datetime, datetime] | None:
        """[start, end) of a row, or None where it has no place; if that is odd it is told."""
        start = self._start(line, row)
        if start is None:
            return None
        naive, offset = start
        starts_at = self._instant(line, naive, offset)
        ends_at = self._end(line, row, naive, starts_at)
        if ends_at is not None and ends_at <= starts_at:
            self._odd(line, _("This ends before it starts; it was not placed in the programme."))
            return None
        return (starts_at, ends_at) if ends_at else None

    def _start(self, line: str, row: Row) -> tuple[datetime, timezone | None] | None:
        written, rest = self._split(row.get("day"))
        full, cell = self._split(row.get("start"))
        if not _is_empty(row.get("day")) and written is None:
            self._odd(line, _("The day “{cell}” is not one.").format(cell=row["day"]))
            return None
        day, cell = full or written, rest if _is_empty(cell) else cell
        if _is_empty(cell):
            if day:
                self.day, self.hour = day, None
                self._odd(line, _("There is a day but no hour; it was not placed."))
            return None
        found = table_times.hour_of(cell)
        if found is None:
            self._odd(line, _("The hour “{cell}” is not one.").format(cell=cell))
            return None
        day = day or self.day
        if day is None:
            self._odd(line, _("There is an hour but no day; it was not placed."))
            return None
        hour = self._in_the_night(line, day, found[0]) if full is None else found[0]
        self.day, self.hour = day, hour
        return datetime.combine(day, time()) + hour, found[1]  # its zone comes later

    def _in_the_night(self, line: str, day: date, hour: timedelta) -> timedelta:
        """Half past midnight below an evening's row is the night after, not the one before."""
        late = self.day == day and self.hour is not None and self.hour >= EVENING
        if late and hour < MORNING:
            self._odd(line, _("This hour was taken for the night after that day."))
            return hour + timedelta(days=1)
        return hour

    def _end(self, line: str, row: Row, start: datetime, starts_at: datetime) -> datetime | None:
        day, cell = self._split(row.get("end"))
        if _is_empty(cell):
            return starts_at + self._length(line, row)
        found = table_times.hour_of(cell)
        if found is None:
            self._odd(line, _("The hour “{cell}” is not one.").format(cell=cell))
            return None
        end = datetime.combine(day or start.date(), time()) + found[0]
        if day is None and end <= start and end + timedelta(days=1) - start <= LONGEST_NIGHT:
            end += timedelta(days=1)
        return self._instant(line, end, found[1])

    def _length(self, line: str, row: Row) -> timedelta:
        length = table_times.length_of(row.get("minutes"))
        if length is None:
            self._odd(line, _("There is no end; half an hour was taken."))
        return length or DEFAULT_LENGTH

    def _instant(self, line: str, naive: datetime, offset: timezone | None) -> datetime:
        local = naive.replace(tzinfo=offset or self.zone)
        instant = local.astimezone(UTC)
        if instant.astimezone(local.tzinfo).replace(tzinfo=None) != naive:
            self._odd(line, _("This hour does not exist: the clocks are put forward that night."))
        return instant

    def _split(self, cell: Cell) -> tuple[date | None, Cell]:
        """The day in a cell and what it says of the hour."""
        found = table_times.day_of(cell, month_first=self.month_first)
        if found is None:
            return None, cell
        return (found[0], found[1]) if found[0].year in YEARS else (None, cell)

    def _odd(self, line: str, words: str) -> None:
        self.oddities.append(Oddity(line, words))


def _is_empty(cell: Cell) -> bool:
    return cell is None or cell == ""
