"""The day grid as organizers see it: rooms beside each other, what has no place yet, what clashes.

Reads only; what is done in the grid is `agenda.placing`.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from agenda import programme
from agenda.clashes import Clash, Kind, clashes
from agenda.models import Event, Room, Session, Slot

USUAL_MINUTES = 30  # as long as nothing is placed


@dataclass(frozen=True)
class Column:
    """One room and what is in it on this day; without a room: what is everywhere."""

    room: Room | None
    slots: list[Slot] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.room.name if self.room else _("Everywhere")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One clash in words: for the list, and for the card of each of the two."""

    clash: Clash
    day: date
    words: str
    on_one: str
    on_other: str


def days(event: Event) -> list[date]:
    """The days of the event, and those on which something is placed besides. One query."""
    last = event.day_of(event.ends_at - timedelta(seconds=1))
    first = min(event.day_of(event.starts_at), last)
    found = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    starts = Slot.objects.filter(event=event).values_list("starts_at", flat=True)
    return sorted(found | {event.day_of(at) for at in starts})


def chosen(found: list[date], wanted: str, today: date) -> date:
    """The `wanted` day ("2026-10-07") if the event has it, else today's or the next, or the last.

    `found` is not empty.
    """
    named = next((day for day in found if day.isoformat() == wanted), None)
    return named or next((day for day in found if day >= today), found[-1])


def hours(event: Event, day: date) -> tuple[datetime, datetime]:
    """When the event is open on this day, as far as its beginning and end tell."""
    start, end = event.day_frame(day)
    first, last = max(start, event.starts_at), min(end, event.ends_at)
    return (first, last) if first < last else (start, end)


def columns(event: Event, day: date) -> list[Column]:
    """What starts on `day`, by room; the last column is everywhere. Four queries."""
    start, end = event.day_frame(day)
    found = {room.pk: Column(room) for room in event.rooms.all()}
    everywhere = Column(None)
    slots = Slot.objects.of(event).filter(starts_at__gte=start, starts_at__lt=end)
    for slot in slots.in_order():
        found.get(slot.room_id or 0, everywhere).slots.append(slot)
    return [*found.values(), everywhere]


def unplaced(event: Event) -> list[Session]:
    """Sessions that stand nowhere, by title, without cards that are over. Two queries."""
    waiting = programme.readable(event).filter(slots=None).order_by("title", "pk")
    return list(waiting.prefetch_related("appearances__speaker"))


def usual_minutes(event: Event) -> int:
    """How long most slots are. One query."""
    times = Slot.objects.filter(event=event).values_list("starts_at", "ends_at")
    lengths = Counter(round((end - start) / timedelta(minutes=1)) for start, end in times)
    return max(lengths, key=lambda n: (lengths[n], -n), default=USUAL_MINUTES)


def troubles(event: Event) -> list[Trouble]:
    """Every clash of the event in words, in the active language. Two queries."""
    return [_in_words(clash, event) for clash in clashes(Slot.objects.of(event))]


def _in_words(clash: Clash, event: Event) -> Trouble:
    one, other = clash.one, clash.other
    words = {"name": clash.name, "one": one.session.title, "other": other.session.title}
    words |= {"one_room": _room(one), "other_room": _room(other)}
    day = event.day_of(other.starts_at)
    if clash.kind is Kind.ROOM:
        line = _("%(name)s is taken twice: “%(one)s” and “%(other)s”.") % words
        return Trouble(clash, day, line, _("room taken twice"), _("room taken twice"))
    line = _(
        "%(name)s is in two places: “%(one)s” (%(one_room)s) and “%(other)s” (%(other_room)s)."
    )
    on_one = _("%(name)s is also in “%(other)s”") % words
    return Trouble(clash, day, line % words, on_one, _("%(name)s is also in “%(one)s”") % words)


def _room(slot: Slot) -> str:
    return slot.room.name if slot.room else _("everywhere")
