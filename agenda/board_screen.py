"""What a board screen shows at a time: by room, at most six at once, and what is different. Pure.

Knows no topics and no pages. A screen gets every moment beforehand, so that it goes on without
network; slots are half-open: at 10:00 the slot that ends at 10:00 is over.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile, zip_longest

from agenda.models import Event, Period, Slot
from agenda.news import is_new

MOST = 6  # sessions on one page; more are not read from the last row
MOST_ROWS = {True: 3, False: 6}  # by whether what runs and what comes stand side by side
CHANGES_AHEAD = timedelta(minutes=90)
LONG_BEFORE = timedelta(days=365)  # what comes first is told from then on
LATECOMERS = timedelta(minutes=10)  # so long after its start a change is still told


@dataclass(frozen=True, slots=True)
class Row:
    """One room: what runs in it, and what comes."""

    now: Slot | None = None
    next: Slot | None = None

    @property
    def cards(self) -> int:
        return (self.now is not None) + (self.next is not None)


@dataclass(frozen=True, slots=True)
class Moment:
    """What is shown from `at` until the next moment.

    `everywhere`: what has no room, such as lunch; it stands above the rows of every page.
    `other_day`: what comes is not of the event day of `at`.
    """

    at: datetime
    everywhere: Row = field(default_factory=Row)
    pages: tuple[tuple[Row, ...], ...] = ()
    other_day: bool = False

    @property
    def has_content(self) -> bool:
        return bool(self.pages) or self.everywhere.cards > 0


def moments(event: Event, slots: Sequence[Slot], periods: Sequence[Period]) -> list[Moment]:
    """Every moment at which the board looks different, in order; `slots` as `in_order()` gives.

    Time grows with the slots, not with their square.
    """
    ends = {at for slot in slots for at in (slot.starts_at, slot.ends_at)}
    if not ends:
        return []
    # A new event day changes what "tomorrow" is.
    days = {event.day_frame(event.day_of(slot.starts_at))[0] for slot in slots}
    found: list[Moment] = []
    running: list[Slot] = []
    begun = 0
    for at in [min(ends | days) - LONG_BEFORE, *sorted(ends | days)]:
        running = [slot for slot in running if slot.ends_at > at]
        while begun < len(slots) and slots[begun].starts_at <= at:
            running.append(slots[begun])
            begun += 1
        one = _moment(event, running, _next(slots, begun, periods), at)
        if not found or _look(found[-1]) != _look(one):
            found.append(one)
    return found


def moment(event: Event, slots: Sequence[Slot], periods: Sequence[Period], at: datetime) -> Moment:
    """What the board shows at `at`: what runs, and what starts in the time row to come.

    While something runs, another day is not told yet.
    """
    begun = next((i for i, slot in enumerate(slots) if slot.starts_at > at), len(slots))
    running = [slot for slot in slots[:begun] if slot.ends_at > at]
    return _moment(event, running, _next(slots, begun, periods), at)


def changes(event: Event, slots: Iterable[Slot]) -> list[tuple[Slot, datetime, datetime]]:
    """What moved or is cancelled, with the [from, until) in which a screen tells it.

    Told before the time it was planned for and before the one it has now, so a slot may be there
    twice.
    """
    found = []
    for slot in slots:
        if not is_new(slot, event):
            continue
        starts = {slot.starts_at} if slot.cancelled else {slot.starts_at, slot.was_starts_at}
        for start in sorted(filter(None, starts)):
            found.append((slot, start - CHANGES_AHEAD, start + LATECOMERS))
    return found


def _moment(
    event: Event, running: Sequence[Slot], following: Sequence[Slot], at: datetime
) -> Moment:
    first = next((slot for slot in following if not slot.cancelled), None)
    other_day = first is not None and event.day_of(first.starts_at) != event.day_of(at)
    if other_day and any(not slot.cancelled for slot in running):
        following, other_day = [], False
    everywhere = Row(_without_room(running), _without_room(following))
    rows = list(_rows(running, following))
    return Moment(at, everywhere, _pages(rows, MOST - everywhere.cards), other_day)


def _next(slots: Sequence[Slot], begun: int, periods: Sequence[Period]) -> list[Slot]:
    """Of those from `begun` on, in each room the first of the next time row; and what is cancelled
    before it.

    Sessions of one row need not start at the same minute. Outside of rows: the next start.
    """
    rest = range(begun, len(slots))
    soonest = next((slots[i].starts_at for i in rest if not slots[i].cancelled), None)
    if soonest is None:
        return []
    row = next((one for one in periods if one.starts_at <= soonest < one.ends_at), None)
    until = row.ends_at if row is not None else soonest + timedelta.resolution
    settled: set[int | None] = set()
    found = []
    for slot in (slots[i] for i in takewhile(lambda i: slots[i].starts_at < until, rest)):
        if slot.room_id not in settled:
            found.append(slot)
            if not slot.cancelled:
                settled.add(slot.room_id)
    return found


def _without_room(slots: Sequence[Slot]) -> Slot | None:
    found = [slot for slot in slots if slot.room_id is None]
    return min(found, key=lambda slot: slot.cancelled, default=None)


def _rows(now: Sequence[Slot], following: Sequence[Slot]) -> Iterator[Row]:
    """By room, as the organizers have ordered them. Two at once in one room make two rows."""
    rooms = {
        (slot.room.position, slot.room.pk): slot.room.pk
        for slot in (*now, *following)
        if slot.room is not None
    }
    for _place, room in sorted(rooms.items()):
        running = [slot for slot in now if slot.room_id == room]
        coming = [slot for slot in following if slot.room_id == room]
        for one, other in zip_longest(running, coming):
            yield Row(one, other)


def _pages(rows: Sequence[Row], most: int) -> tuple[tuple[Row, ...], ...]:
    """As few pages as possible, each as full as the others: 4 and 3 rather than 6 and 1."""
    beside = any(row.now for row in rows) and any(row.next for row in rows)
    limit = MOST_ROWS[beside]
    count = len(_filled(rows, most, limit))
    return _filled(rows, most, -(-len(rows) // count)) if count else ()


def _filled(rows: Sequence[Row], most: int, limit: int) -> tuple[tuple[Row, ...], ...]:
    pages: list[list[Row]] = []
    for row in rows:
        last = pages[-1] if pages else None
        if last is None or len(last) >= limit or sum(r.cards for r in last) + row.cards > most:
            pages.append([row])
        else:
            last.append(row)
    return tuple(tuple(page) for page in pages)


def _look(one: Moment) -> tuple[object, ...]:
    return one.everywhere, one.pages, one.other_day
