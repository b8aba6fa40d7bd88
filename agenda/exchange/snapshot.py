"""A programme as it leaves the house: read once, with as many questions however large it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agenda.models import Event, Room, Session, Slot, Track
from eventhub.addresses import public_base

MAX_EMPTY_DAYS = 31  # between the first and the last; a longer event has a typing error


@dataclass(frozen=True)
class Day:
    """An event day: what starts in it, by room; None is everywhere."""

    index: int
    date: date
    start: datetime
    end: datetime
    rooms: list[tuple[Room | None, list[Slot]]]


@dataclass(frozen=True)
class Snapshot:
    """What takes place, without what is cancelled. `base` is scheme, host and port."""

    event: Event
    base: str
    rooms: list[Room]
    tracks: list[Track]
    slots: list[Slot]

    @property
    def version(self) -> str:
        """Another one after each change of a slot."""
        return str(max((slot.version for slot in self.slots), default=0))

    @property
    def acronym(self) -> str:
        """The address of the event as both schemas take it."""
        plain = self.event.slug.lower().replace("-", "_")
        return plain.ljust(4, "_")

    @property
    def everywhere(self) -> str:
        """What a room is called that is none; no room of the event has this name."""
        with translation.override(self.event.language):
            name = _("Everywhere")
        while any(room.name == name for room in self.rooms):
            name += " *"
        return name

    def page(self, session: Session) -> str:
        return f"{self.base}/{self.event.slug}/session/{session.pk}/"

    def origin(self, session: Session) -> str:
        """The page's address with what tells that two slots are the same session."""
        return f"{self.page(session)}#session-{session.guid}"

    def slug(self, slot: Slot) -> str:
        title = slugify(slot.session.title)[:60].strip("-_")
        return f"{self.acronym}-{slot.number:04}-{title}".strip("-")

    def at(self, moment: datetime) -> datetime:
        return moment.astimezone(self.event.tz)

    def days(self) -> list[Day]:
        """Each event day from the first to the last, also one without a programme."""
        by_day = {
            day: list(slots)
            for day, slots in groupby(self.slots, lambda slot: self.event.day_of(slot.starts_at))
        }
        dates = sorted({*self._frame(), *by_day})
        return [self._day(index, day, by_day.get(day, [])) for index, day in enumerate(dates, 1)]

    def _day(self, index: int, day: date, slots: list[Slot]) -> Day:
        start, end = self.event.day_frame(day)
        groups = [(room, [s for s in slots if s.room_id == room.pk]) for room in self.rooms]
        rooms: list[tuple[Room | None, list[Slot]]] = [
            (None, [slot for slot in slots if slot.room_id is None]),
            *groups,
        ]
        placed = [(room, inside) for room, inside in rooms if inside]
        return Day(index, day, self.at(start), self.at(end), placed)

    def _frame(self) -> Iterator[date]:
        event = self.event
        first = event.day_of(event.starts_at)
        days = (event.day_of(event.ends_at - timedelta(seconds=1)) - first).days
        for number in range(days + 1 if 0 <= days < MAX_EMPTY_DAYS else 1):
            yield first + timedelta(days=number)


def of(event: Event, *, base_url: str = "") -> Snapshot:
    """Five questions."""
    slots = Slot.objects.of(event).filter(cancelled=False).in_order()
    return Snapshot(
        event,
        base_url or public_base(),
        list(event.rooms.all()),
        list(event.tracks.all()),
        list(slots),
    )


def clock(length: timedelta) -> str:
    """HH:MM, with seconds where there are some; what is too long for the schema is cut."""
    seconds = min(int(length.total_seconds()), 99 * 3600 + 59 * 60)
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
